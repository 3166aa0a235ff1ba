import { and, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { balances } from './balance.ts';
import { checkpoints, runSeen, runs } from './tables.ts';

export type Run = typeof runs.$inferSelect;
export type RunState = Run['state'];

/** What happened to the records of a page; every record seen ends in exactly one of these. */
export interface Counts {
  seen: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  /** reason -> how many */
  skipped: Record<string, number>;
}

export const noCounts = (): Counts => ({
  seen: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  failed: 0,
  skipped: {},
});

export const skippedIn = (counts: Counts) =>
  Object.values(counts.skipped).reduce((sum, count) => sum + count, 0);

/**
 * Asks for a run. One run of a resource is open at a time: an open one is returned instead, since
 * it will see what the asker wants seen, unless a full read is asked for and only a poll is open.
 */
export async function requestRun(
  db: Queryable,
  ask: Pick<Run, 'connectionId' | 'resource' | 'kind' | 'trigger' | 'requestedBy'>,
  { newId, now }: { newId: NewId; now: Date },
): Promise<Run> {
  const open = await db
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.connectionId, ask.connectionId),
        eq(runs.resource, ask.resource),
        inArray(runs.state, ['waiting', 'running']),
        // A preview carries nothing out, and carrying one out reads no list.
        eq(runs.mode, 'carry out'),
        isNull(runs.previewId),
      ),
    );
  const serves = open.find((run) =>
    // A running poll may have passed what the asker has in mind; a waiting one has not begun.
    ask.kind === 'poll' ? run.state === 'waiting' || run.kind !== 'poll' : run.kind !== 'poll',
  );
  if (serves) return serves;
  const rows = await db
    .insert(runs)
    .values({ id: newId(), ...ask, state: 'waiting', requestedAt: now })
    .returning();
  return rows[0]!;
}

/** Whether any run made a step since then: somebody is at work. */
export async function hasRunMovedSince(db: Queryable, since: Date): Promise<boolean> {
  const moved = or(gte(runs.progressAt, since), gte(runs.startedAt, since));
  const moving = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.state, 'running'), moved))
    .limit(1);
  return moving.length > 0;
}

export async function runById(db: Queryable, id: string): Promise<Run | null> {
  const rows = await db.select().from(runs).where(eq(runs.id, id));
  return rows[0] ?? null;
}

/** Starts a waiting run or takes up one that was cut off; null when it has ended meanwhile. */
export async function beginRun(db: Queryable, id: string, now: Date): Promise<Run | null> {
  const rows = await db
    .update(runs)
    .set({
      state: 'running',
      startedAt: sql`coalesce(${runs.startedAt}, ${now.toISOString()}::timestamptz)`,
      progressAt: now,
      nextTryAt: null,
      reason: null,
    })
    .where(and(eq(runs.id, id), inArray(runs.state, ['waiting', 'running'])))
    .returning();
  return rows[0] ?? null;
}

/** Adds a page's counts and stores where to go on. In the transaction of the page's writes. */
export async function advanceRun(
  db: Queryable,
  id: string,
  step: { counts: Counts; checkpoint: Record<string, unknown>; expected: number | null; now: Date },
): Promise<void> {
  const { counts } = step;
  const skips = Object.entries(counts.skipped).reduce(
    (merged, [reason, count]) =>
      sql`${merged} || jsonb_build_object(${reason}::text, coalesce((${runs.skipReasons}->>${reason})::int, 0) + ${count}::int)`,
    sql`${runs.skipReasons}`,
  );
  await db
    .update(runs)
    .set({
      checkpoint: step.checkpoint,
      expected: sql`coalesce(${step.expected}::int, ${runs.expected})`,
      seen: sql`${runs.seen} + ${counts.seen}`,
      created: sql`${runs.created} + ${counts.created}`,
      updated: sql`${runs.updated} + ${counts.updated}`,
      unchanged: sql`${runs.unchanged} + ${counts.unchanged}`,
      skipped: sql`${runs.skipped} + ${skippedIn(counts)}`,
      failed: sql`${runs.failed} + ${counts.failed}`,
      skipReasons: skips,
      attempts: 0,
      progressAt: step.now,
    })
    .where(eq(runs.id, id));
}

/** Ends a run: green only when nothing failed and the sums agree. */
export async function finishRun(
  db: Queryable,
  id: string,
  { reason, now }: { reason: string | null; now: Date },
): Promise<Run> {
  const run = (await runById(db, id))!;
  const state = !balances(run) ? 'unbalanced' : run.failed > 0 || reason ? 'problems' : 'done';
  return setRunState(db, id, {
    state,
    reason: reason ?? (state === 'unbalanced' ? 'The counts do not add up.' : null),
    finishedAt: now,
  });
}

/**
 * Puts an open run off: it goes on from its checkpoint when its next try has come.
 *
 * counted  whether this was a try that failed; waiting as the provider asked is none.
 */
export async function putOffRun(
  db: Queryable,
  id: string,
  { reason, nextTryAt, counted }: { reason: string; nextTryAt: Date; counted: boolean },
): Promise<void> {
  await db
    .update(runs)
    .set({
      state: 'waiting',
      reason,
      nextTryAt,
      ...(counted ? { attempts: sql`${runs.attempts} + 1` } : {}),
    })
    .where(and(eq(runs.id, id), inArray(runs.state, ['waiting', 'running'])));
}

export async function setRunState(
  db: Queryable,
  id: string,
  change: { state: RunState; reason: string | null; finishedAt: Date | null },
): Promise<Run> {
  const rows = await db.update(runs).set(change).where(eq(runs.id, id)).returning();
  return rows[0]!;
}

export type Checkpoint = typeof checkpoints.$inferSelect;

export async function checkpointOf(
  db: Queryable,
  of: { connectionId: string; resource: string },
): Promise<Checkpoint | null> {
  const rows = await db
    .select()
    .from(checkpoints)
    .where(
      and(eq(checkpoints.connectionId, of.connectionId), eq(checkpoints.resource, of.resource)),
    );
  return rows[0] ?? null;
}

/** Moves the resource's checkpoint on, at the end of a run that read all it set out to read. */
export async function moveCheckpoint(
  db: Queryable,
  of: { connectionId: string; resource: string },
  to: { cursor: string | null; nextPollAt: Date; now: Date; full: boolean },
): Promise<void> {
  const full = to.full ? { lastFullAt: to.now } : {};
  const set = { nextPollAt: to.nextPollAt, lastDoneAt: to.now, ...full };
  await db
    .insert(checkpoints)
    .values({ ...of, cursor: to.cursor, ...set })
    .onConflictDoUpdate({
      target: [checkpoints.connectionId, checkpoints.resource],
      set: {
        ...set,
        // Never backwards: two runs may end in another order than they began.
        cursor: sql`greatest(${checkpoints.cursor}, excluded.cursor)`,
      },
    });
}

/** Notes which records a page of a full read showed. In the transaction of the page's writes. */
export async function noteSeen(
  db: Queryable,
  seen: { id: string; runId: string; theirIds: string[] },
): Promise<void> {
  if (seen.theirIds.length > 0) await db.insert(runSeen).values(seen);
}

/** How many different records a full read has shown so far. */
export async function countSeen(db: Queryable, runId: string): Promise<number> {
  const result = await db.execute<{ count: number }>(sql`
    select count(distinct shown.id)::int as count
    from run_seen, unnest(their_ids) as shown(id) where run_id = ${runId}`);
  return result.rows[0]!.count;
}

export async function forgetSeen(db: Queryable, runId: string): Promise<void> {
  await db.delete(runSeen).where(eq(runSeen.runId, runId));
}
