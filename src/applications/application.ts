import { APPLICATION_STATUS, statusWords } from '#src/look/tones.ts';

/** Where an application stands, in the order it goes; the last two end it early. */
export const STATUSES = [
  'sent',
  'in_review',
  'interview',
  'offer',
  'hired',
  'not_selected',
  'withdrawn',
] as const;
export type Status = (typeof STATUSES)[number];

export const isStatus = (text: string): text is Status => STATUSES.includes(text as Status);

/** The word people read. A status that we do not know is shown as it came. [M7] */
export function statusWord(status: string): string {
  return statusWords(APPLICATION_STATUS, status).word;
}

/** What is shown to the student beside what the employer's side says. */
export interface Standing {
  status: string;
  withdrawnAt: Date | null;
  appliedAgainAt: Date | null;
  droppedAt: Date | null;
}

/**
 * Where the student sees it stand. Taken back stays taken back, wherever the employer moves it; and
 * one that was sent again is not answered by how it ended before.
 */
export function shownStatus({ status, withdrawnAt, appliedAgainAt, droppedAt }: Standing): string {
  if (withdrawnAt) return 'withdrawn';
  const endedBefore =
    status === 'not_selected' && appliedAgainAt && (!droppedAt || droppedAt <= appliedAgainAt);
  return endedBefore ? 'sent' : status;
}

/** It ended without a job: it may be sent again. */
const mayApplyAgain: ReadonlySet<string> = new Set(['not_selected', 'withdrawn']);

/** Nothing is left to take back of the others. */
const mayWithdraw: ReadonlySet<string> = new Set(['sent', 'in_review', 'interview', 'offer']);

export const canWithdraw = (shown: string) => mayWithdraw.has(shown) || !isStatus(shown);

/** What deciding needs to know of a job. */
export interface JobFacts {
  status: string;
  published: boolean;
  closesAt: Date | null;
}

export type ApplyDecision =
  /** `again`: the application that it renews. */
  | { ok: true; again: string | null }
  | { ok: false; reason: 'already_applied'; applicationId: string }
  | { ok: false; reason: 'job_paused' | 'job_closed' | 'job_not_found' };

/** May a student apply now? Pure: the caller loads, this decides, the caller stores. */
export function decideApply(
  job: JobFacts | null,
  earlier: (Standing & { id: string; answers?: unknown }) | null,
  now: Date,
): ApplyDecision {
  // The employer's own form knows nobody: a second answer would be a second applicant.
  const isFinal = Boolean(earlier?.answers);
  if (earlier && (isFinal || !mayApplyAgain.has(shownStatus(earlier))))
    return { ok: false, reason: 'already_applied', applicationId: earlier.id };
  if (!job?.published) return { ok: false, reason: 'job_not_found' };
  if (job.closesAt && job.closesAt <= now) return { ok: false, reason: 'job_closed' };
  if (job.status === 'open') return { ok: true, again: earlier?.id ?? null };
  // A word of theirs that we do not know may mean anything: no new applications until we do. [M7]
  const paused = job.status === 'paused' || job.status.startsWith('other:');
  return { ok: false, reason: paused ? 'job_paused' : 'job_closed' };
}
