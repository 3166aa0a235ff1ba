import { expect, test } from 'vitest';
import {
  canWithdraw,
  decideApply,
  STATUSES,
  type Standing,
  shownStatus,
  statusWord,
} from './application.ts';
import { NOTE_LENGTH_MAX, readApply } from './applyForm.ts';

const now = new Date('2027-01-12T00:00:00Z');
const open = { status: 'open', published: true, closesAt: null };

test('the words are those of every page', () => {
  expect(STATUSES.map(statusWord)).toEqual([
    'Sent',
    'In review',
    'Interview',
    'Offer',
    'Hired',
    'Not selected',
    'Withdrawn',
  ]);
});

test('[M7] a status we do not know is shown as it is', () => {
  expect(statusWord('other:Background check')).toBe('Background check');
});

test('an open job can be applied for until it closes', () => {
  expect(decideApply(open, null, now)).toEqual({ ok: true, again: null });
  const closesAt = new Date(now.getTime() + 1);
  expect(decideApply({ ...open, closesAt }, null, now)).toMatchObject({ ok: true });
  expect(decideApply({ ...open, closesAt: now }, null, now)).toMatchObject({
    reason: 'job_closed',
  });
});

test.each([
  ['paused', 'job_paused'],
  ['other:Needs budget', 'job_paused'],
  ['filled', 'job_closed'],
  ['closed', 'job_closed'],
  ['removed', 'job_closed'],
])('a job that is %s answers %s', (status, reason) => {
  expect(decideApply({ ...open, status }, null, now)).toEqual({ ok: false, reason });
});

test('a job that is not published is not there', () => {
  expect(decideApply({ ...open, published: false }, null, now)).toMatchObject({
    reason: 'job_not_found',
  });
  expect(decideApply(null, null, now)).toMatchObject({ reason: 'job_not_found' });
});

test('an earlier application comes first, whatever became of the job', () => {
  const closed = { ...open, status: 'closed' };
  expect(decideApply(closed, standing({}), now)).toEqual({
    ok: false,
    reason: 'already_applied',
    applicationId: 'a',
  });
});

const standing = (more: Partial<Standing>) => ({
  ...{ id: 'a', status: 'in_review', withdrawnAt: null, appliedAgainAt: null, droppedAt: null },
  ...more,
});
const earlier = new Date(now.getTime() - 60_000);

test('what has ended may be sent again while its job is open, and nothing else may', () => {
  const ended = [{ withdrawnAt: now }, { status: 'not_selected' }];
  for (const how of ended) {
    expect(decideApply(open, standing(how), now)).toEqual({ ok: true, again: 'a' });
    const closed = decideApply({ ...open, status: 'closed' }, standing(how), now);
    expect(closed).toMatchObject({ ok: false, reason: 'job_closed' });
  }
  for (const status of ['sent', 'in_review', 'interview', 'offer', 'hired'])
    expect(decideApply(open, standing({ status }), now)).toMatchObject({ ok: false });
});

test('withdrawn stays withdrawn wherever the employer moves it; an old end answers nothing new', () => {
  const shown = (more: Partial<Standing>) => shownStatus(standing(more));
  for (const status of ['sent', 'interview', 'hired', 'not_selected'])
    expect(shown({ status, withdrawnAt: earlier })).toBe('withdrawn');
  const again = { status: 'not_selected', appliedAgainAt: now };
  expect(shown({ ...again, droppedAt: earlier })).toBe('sent');
  expect(shown({ ...again, droppedAt: null })).toBe('sent');
  expect(shown({ ...again, droppedAt: new Date(now.getTime() + 1) })).toBe('not_selected');
  expect(shown({ ...again, status: 'interview' })).toBe('interview');
});

test('what stands can be taken back; what has ended cannot', () => {
  const open = ['sent', 'in_review', 'interview', 'offer'];
  expect(STATUSES.filter(canWithdraw)).toEqual(open);
});

test('an application needs a resume and agreement; a note is free', () => {
  const read = readApply({ resumeId: null, note: '', agreed: false });
  expect(read.ok ? [] : Object.keys(read.errors)).toEqual(['resume', 'agreed']);
  expect(readApply({ resumeId: 'r', note: ' \r\n ', agreed: true })).toEqual({
    ok: true,
    value: { resumeId: 'r', note: null },
  });
});

test('a note is counted in characters as a reader sees them', () => {
  const full = 'm\u0327'.repeat(NOTE_LENGTH_MAX);
  expect(readApply({ resumeId: 'r', note: full, agreed: true }).ok).toBe(true);
  expect(readApply({ resumeId: 'r', note: `${full}x`, agreed: true })).toEqual({
    ok: false,
    errors: { note: 'Write at most 4000 characters. These are 4001.' },
  });
});
