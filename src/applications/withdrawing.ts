import type { Tx } from '#src/platform/database.ts';
import { withdrawAgreements } from '#src/privacy/store.ts';
import { canWithdraw, shownStatus } from './application.ts';
import { tellAppliedAgain } from './applicationIssues.ts';
import type { ApplicationsNeeds } from './applications.ts';
import { standsThere } from './providerSide.ts';
import * as store from './store.ts';
import { forgetUnshared } from './suggestionRows.ts';

export type WithdrawAnswer =
  /** `already`: it was taken back before, be it by pressing twice. */
  { ok: true; already: boolean } | { ok: false; reason: 'not_found' | 'ended' };

/**
 * A student takes an application back: Withdrawn here at once, nothing more of it leaves, and the
 * order to tell the employer's side goes with it, all in one transaction. [D6] [P2]
 */
export async function withdraw(
  { clock, newId, live, announceEvent }: ApplicationsNeeds,
  tx: Tx,
  { studentId, applicationId }: { studentId: string; applicationId: string },
): Promise<WithdrawAnswer> {
  const there = await standsThere(tx, { applicationId });
  const row = await store.lockApplication(tx, { applicationId, studentId });
  if (!row) return { ok: false, reason: 'not_found' };
  if (row.withdrawnAt) return { ok: true, already: true };
  if (!canWithdraw(shownStatus(row))) return { ok: false, reason: 'ended' };
  const at = clock.now();
  const event = { id: newId(), at, status: 'withdrawn', way: there?.way ?? 'nothing' } as const;
  const next = await store.storeStep(tx, { row, change: { withdrawnAt: at }, event });
  await withdrawAgreements(tx, { applicationId, at });
  await forgetUnshared(tx, studentId);
  if (there) await tellAppliedAgain(tx, there.connectionId, { row, next }, { newId, now: at });
  await announceEvent(tx, { eventId: event.id, applicationId });
  await live.publish(`applications:${studentId}`, tx);
  return { ok: true, already: false };
}
