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

/** What deciding needs to know of a job. */
export interface JobFacts {
  status: string;
  published: boolean;
  closesAt: Date | null;
}

export type ApplyDecision =
  | { ok: true }
  | { ok: false; reason: 'already_applied'; applicationId: string }
  | { ok: false; reason: 'job_paused' | 'job_closed' | 'job_not_found' };

/** May a student apply now? Pure: the caller loads, this decides, the caller stores. */
export function decideApply(
  job: JobFacts | null,
  earlier: { id: string } | null,
  now: Date,
): ApplyDecision {
  if (earlier) return { ok: false, reason: 'already_applied', applicationId: earlier.id };
  if (!job?.published) return { ok: false, reason: 'job_not_found' };
  if (job.closesAt && job.closesAt <= now) return { ok: false, reason: 'job_closed' };
  if (job.status === 'open') return { ok: true };
  // A word of theirs that we do not know may mean anything: no new applications until we do. [M7]
  const paused = job.status === 'paused' || job.status.startsWith('other:');
  return { ok: false, reason: paused ? 'job_paused' : 'job_closed' };
}
