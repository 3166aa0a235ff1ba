import {
  and,
  type Column,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  ne,
  or,
  sql,
} from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { type Counts, totalOf } from './counts.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Standing } from './standing.ts';
import { runs } from './tables.ts';

export type Run = typeof runs.$inferSelect;
export type RunState = Run['state'];

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

/** Starts a waiting or held run, or takes up one that was cut off; null when it has ended meanwhile. */
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
    .where(and(eq(runs.id, id), inArray(runs.state, ['waiting', 'running', 'held'])))
    .returning();
  return rows[0] ?? null;
}

/** Thrown when somebody else has carried the run on: what was worked out is taken back. */
export class CarriedOn extends Error {}

/**
 * Adds what a step counted and stores where to go on, in the transaction of the step's writes. Each
 * step is stored once: a worker that lost its lock and came late adds nothing. [F4]
 */
export async function advanceRun(
  db: Queryable,
  id: string,
  step: { counts: Counts; standing: Standing; now: Date },
): Promise<void> {
  const { counts, standing } = step;
  const rows = await db
    .update(runs)
    .set({
      checkpoint: { ...standing, step: standing.step + 1 },
      expected: sql`coalesce(${standing.total}::int, ${runs.expected})`,
      shown: standing.shown,
      ...sideColumns(counts),
      attempts: 0,
      progressAt: step.now,
    })
    .where(
      and(eq(runs.id, id), sql`coalesce((${runs.checkpoint}->>'step')::int, 0) = ${standing.step}`),
    )
    .returning({ id: runs.id });
  if (rows.length === 0) throw new CarriedOn(`run ${id} was carried on by another worker`);
}

function sideColumns({ theirs, ours }: Counts) {
  const more = (column: Column, by: number) => sql`${column} + ${by}`;
  return {
    seen: more(runs.seen, theirs.seen),
    created: more(runs.created, theirs.created),
    updated: more(runs.updated, theirs.updated),
    unchanged: more(runs.unchanged, theirs.unchanged),
    skipped: more(runs.skipped, totalOf(theirs.skipped)),
    failed: more(runs.failed, totalOf(theirs.failed)),
    skipReasons: moreReasons(runs.skipReasons, theirs.skipped),
    failReasons: moreReasons(runs.failReasons, theirs.failed),
    oursSeen: more(runs.oursSeen, ours.seen),
    oursCreated: more(runs.oursCreated, ours.created),
    oursUpdated: more(runs.oursUpdated, ours.updated),
    oursUnchanged: more(runs.oursUnchanged, ours.unchanged),
    oursSkipped: more(runs.oursSkipped, totalOf(ours.skipped)),
    oursFailed: more(runs.oursFailed, totalOf(ours.failed)),
    oursSkipReasons: moreReasons(runs.oursSkipReasons, ours.skipped),
    oursFailReasons: moreReasons(runs.oursFailReasons, ours.failed),
  };
}

const moreReasons = (column: Column, reasons: Readonly<Record<string, number>>) =>
  Object.entries(reasons).reduce(
    (merged, [reason, count]) =>
      sql`${merged} || jsonb_build_object(${reason}::text, coalesce((${column}->>${reason})::int, 0) + ${count}::int)`,
    sql`${column}`,
  );

/** Full reads that what a list shows is held against. */
const readsRemembered = 5;

/**
 * What the full reads of this resource before this one showed, newest first.
 * Returns  doubted: what the newest of all showed, if it was not believed.
 */
export async function readsBefore(
  db: Queryable,
  run: Run,
): Promise<{ believed: number[]; doubted: number | null }> {
  const of = and(
    eq(runs.connectionId, run.connectionId),
    eq(runs.resource, run.resource),
    ne(runs.id, run.id),
    isNotNull(runs.shown),
    isNotNull(runs.finishedAt),
  );
  const rows = await db
    .select({ shown: runs.shown, state: runs.state })
    .from(runs)
    .where(of)
    .orderBy(desc(runs.finishedAt))
    .limit(readsRemembered * 4);
  const isDoubted = (state: RunState) => state === 'empty' || state === 'implausible';
  const believed = rows.filter(({ state }) => !isDoubted(state)).map(({ shown }) => shown!);
  const [newest] = rows;
  const doubted = newest && isDoubted(newest.state) ? newest.shown : null;
  return { believed: believed.slice(0, readsRemembered), doubted };
}

/** Ends a run in the state that its own counts and what is known of the resource allow. [F6] */
export async function finishRun(
  db: Queryable,
  id: string,
  { doubt, now }: { doubt: Outcome | null; now: Date },
): Promise<Run> {
  const run = (await runById(db, id))!;
  return setRunState(db, id, { ...outcomeOf(run, doubt), finishedAt: now });
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
