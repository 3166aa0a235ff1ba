import { and, eq, inArray } from 'drizzle-orm';
import type { Tx } from '#src/platform/database.ts';
import { record } from './activity.ts';
import { ring, runBell } from './bells.ts';
import { closingsOf, forgetRefusals, markClosings } from './closings.ts';
import { countEnd, noCounts } from './counts.ts';
import { closeIssue } from './issues.ts';
import { massChange } from './judge.ts';
import type { Parts } from './parts.ts';
import { forgetSeen } from './runSeen.ts';
import { advanceRun, type Run, type RunState } from './runs.ts';
import type { Standing } from './standing.ts';
import { runs } from './tables.ts';

/**
 * A person says that a run which asks may close what it would: it goes on, reads each by id once
 * more, and closes those that are still to be closed. [A3]
 * Returns  false when the run does not ask, or does not any more.
 */
export function approveRun(parts: Parts, runId: string, by: string): Promise<boolean> {
  return answer(
    parts,
    { runId, by, from: ['asks'], action: 'closing approved' },
    async (tx, run) => {
      await markClosings(tx, run.id, 'approved');
      await wake(parts, tx, run);
    },
  );
}

/**
 * A person says no: nothing is closed, and the run ends. The same records are not asked about again
 * until theirs changes back, or until staff ask for a full comparison themselves. [A3]
 */
export function refuseRun(parts: Parts, runId: string, by: string): Promise<boolean> {
  return answer(
    parts,
    { runId, by, from: ['asks'], action: 'closing refused' },
    async (tx, run) => {
      const rows = await closingsOf(tx, run.id);
      const { connectionId, resource } = run;
      const ourIds = rows.map(({ ourId }) => ourId);
      // An older answer about the same records is replaced by this one.
      await forgetRefusals(tx, { connectionId, resource }, ourIds);
      await markClosings(tx, run.id, 'refused');
      const counts = noCounts();
      const end = { skipped: 'a person refused to close it' };
      countEnd(counts.theirs, end, rows.length);
      countEnd(counts.ours, end, rows.length);
      const now = parts.clock.now();
      const standing = { ...(run.checkpoint as unknown as Standing), phase: 'end' as const };
      await advanceRun(tx, run.id, { counts, standing, now });
      await forgetSeen(tx, run.id);
      const reason = 'A person refused it; nothing was closed.';
      await tx
        .update(runs)
        .set({ state: 'refused', reason, finishedAt: now })
        .where(eq(runs.id, run.id));
    },
  );
}

/** A person has a run go on from where it was cut off. */
export function resumeRun(parts: Parts, runId: string, by: string): Promise<boolean> {
  const from = ['interrupted', 'failed'] as const;
  return answer(parts, { runId, by, from, action: 'run resumed' }, (tx, run) =>
    wake(parts, tx, run),
  );
}

/** In one transaction, with the row locked: two people who answer at once answer once. */
async function answer(
  parts: Parts,
  ask: { runId: string; by: string; from: readonly RunState[]; action: string },
  carryOut: (tx: Tx, run: Run) => Promise<void>,
): Promise<boolean> {
  const { runId, by, from, action } = ask;
  const done = await parts.db.transaction(async (tx) => {
    const [run] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.id, runId), inArray(runs.state, [...from])))
      .for('update');
    if (!run) return false;
    await carryOut(tx, run);
    const now = parts.clock.now();
    const { connectionId, resource } = run;
    const issue = { connectionId, kind: massChange, key: runId };
    await closeIssue(tx, issue, { reason: `${action} by ${by}`, now });
    const line = {
      connectionId,
      resource,
      runId,
      door: 'staff' as const,
      direction: 'none' as const,
      action,
      ok: true,
      detail: `by ${by}`,
    };
    await record(tx, [line], { newId: parts.newId, now });
    return true;
  });
  if (!done) return false;
  await parts.live.publish('runs');
  await parts.live.publish('activity');
  return true;
}

async function wake(parts: Parts, tx: Tx, run: Run): Promise<void> {
  await tx
    .update(runs)
    .set({ state: 'waiting', reason: null, nextTryAt: null, attempts: 0, finishedAt: null })
    .where(eq(runs.id, run.id));
  await ring(parts, runBell(run), { tx });
}
