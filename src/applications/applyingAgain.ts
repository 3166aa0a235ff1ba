import type { Tx } from '#src/platform/database.ts';
import { forgetGone } from '#src/sync/links.ts';
import { decideApply } from './application.ts';
import { tellAppliedAgain } from './applicationIssues.ts';
import type { ApplicationsNeeds } from './applications.ts';
import { standsThere } from './providerSide.ts';
import * as store from './store.ts';

/**
 * Revives an application that had ended: a new line in its timeline, and the employer's side is told
 * by a note. What is dropped there is not re-opened by us: staff are told. What is not there, be it
 * never sent or removed since, is sent like a new one. reference/manatal.md 12
 *
 * Returns  false when it had been sent again already, be it by pressing twice.
 */
export async function applyAgain(
  { clock, newId, announceEvent }: ApplicationsNeeds,
  tx: Tx,
  sent: { applicationId: string; studentId: string; job: store.JobRow } & Words,
): Promise<boolean> {
  const { applicationId, studentId, job, resumeId, note } = sent;
  const at = clock.now();
  const of = { applicationId };
  await standsThere(tx, of);
  const row = await store.lockApplication(tx, { applicationId, studentId });
  if (!row || !decideApply(job, row, at).ok) return false;
  await forgetGone(tx, { resource: 'applications', ourId: applicationId });
  const there = await standsThere(tx, of);
  const way = there?.isThere ? 'again' : 'first';
  const change = {
    ...{ resumeId, submittedAt: at, withdrawnAt: null, version: row.version + 1 },
    // Also when what ended it is our own drop and has not been read back yet.
    appliedAgainAt: there?.isThere ? at : null,
    ...(there?.isThere ? {} : nothingThere),
  };
  const event = { id: newId(), at, status: 'sent', way, note } as const;
  const next = await store.storeStep(tx, { row, change, event });
  if (there) await tellAppliedAgain(tx, there.connectionId, { row, next }, { newId, now: at });
  await announceEvent(tx, { eventId: event.id, applicationId });
  return true;
}

interface Words {
  resumeId: string | null;
  note: string | null;
}

/** What was known of a match that is no more. */
const nothingThere = {
  ...{ status: 'sent', active: null, stageId: null, stageName: null, presentedAt: null },
  ...{ interviewAt: null, offerAt: null, hiredAt: null, droppedAt: null },
};
