import { expect, test } from 'vitest';
import { decideApply, STATUSES, statusWord } from './application.ts';
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
  expect(decideApply(open, null, now)).toEqual({ ok: true });
  const closesAt = new Date(now.getTime() + 1);
  expect(decideApply({ ...open, closesAt }, null, now)).toEqual({ ok: true });
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
  expect(decideApply(closed, { id: 'a' }, now)).toEqual({
    ok: false,
    reason: 'already_applied',
    applicationId: 'a',
  });
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
