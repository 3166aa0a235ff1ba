import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATUSES } from './application.ts';
import { timelineOf } from './timeline.ts';

const at = (day: number) => new Date(Date.UTC(2027, 0, day));
const event = (status: string, day: number) => ({
  status,
  at: at(day),
  stageName: null,
  by: status === 'sent' ? 'student' : 'employer',
});
const drawn = (status: string, ...events: ReturnType<typeof event>[]) =>
  timelineOf(status, events).map(({ word, state }) => `${word} ${state}`);

test('just sent', () => {
  expect(timelineOf('sent', [event('sent', 1)])).toEqual([
    { status: 'sent', word: 'Sent', state: 'now', at: at(1) },
    { status: 'in_review', word: 'In review', state: 'ahead', at: null },
    { status: 'interview', word: 'Interview', state: 'ahead', at: null },
    { status: 'offer', word: 'Offer', state: 'ahead', at: null },
    { status: 'hired', word: 'Hired', state: 'ahead', at: null },
  ]);
});

test('a step that was skipped counts as passed, without a time', () => {
  const steps = timelineOf('interview', [event('sent', 1), event('interview', 3)]);
  expect(steps[1]).toEqual({ status: 'in_review', word: 'In review', state: 'done', at: null });
  expect(steps[2]).toMatchObject({ state: 'now', at: at(3) });
});

test('an employer may go back: what was ahead is ahead again', () => {
  const steps = drawn('in_review', event('sent', 1), event('interview', 2), event('in_review', 3));
  expect(steps).toEqual([
    'Sent done',
    'In review now',
    'Interview ahead',
    'Offer ahead',
    'Hired ahead',
  ]);
});

test('not selected ends it where it had come to', () => {
  const steps = drawn(
    'not_selected',
    event('sent', 1),
    event('interview', 2),
    event('not_selected', 3),
  );
  expect(steps).toEqual(['Sent done', 'In review done', 'Interview done', 'Not selected ended']);
});

test('withdrawn at once', () => {
  expect(drawn('withdrawn', event('sent', 1), event('withdrawn', 2))).toEqual([
    'Sent done',
    'Withdrawn ended',
  ]);
});

test('[M7] a stage that we cannot place stands after what was reached', () => {
  const steps = drawn(
    'other:Drug test',
    event('sent', 1),
    event('offer', 2),
    event('other:Drug test', 3),
  );
  expect(steps).toEqual([
    'Sent done',
    'In review done',
    'Interview done',
    'Offer done',
    'Drug test now',
    'Hired ahead',
  ]);
});

test('whatever happened, one step is where it stands, nothing is done after it', () => {
  const status = fc.constantFrom(...STATUSES, 'other:Else');
  fc.assert(
    fc.property(fc.array(status, { maxLength: 8 }), status, (before, now) => {
      const events = ['sent', ...before, now].map((name, index) => event(name, index + 1));
      const states = timelineOf(now, events).map(({ state }) => state);
      expect(states.join(' ')).toMatch(/^(done )*(ended|now( ahead)*)$/);
    }),
  );
});
