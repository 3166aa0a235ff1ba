import { and, count, eq, gt, inArray, isNull, lte, ne, type SQL, sql } from 'drizzle-orm';
import type { Clock } from '#src/platform/clock.ts';
import type { Queryable } from '#src/platform/database.ts';
import type { Failure } from '#src/platform/failure.ts';
import type { NewId, Random } from '#src/platform/random.ts';
import { afterFailure } from './backOff.ts';
import type { Step } from './passed.ts';
import { failures, links } from './tables.ts';

export type RecordFailure = typeof failures.$inferSelect;

/** Whose failure, and at what. */
export interface Failed {
  connectionId: string;
  resource: string;
  ourId: string | null;
  theirId: string | null;
  runId?: string | null;
  step: Step | 'decode';
  failure: Failure;
  /** What the try was made with, where it came so far. */
  ourVersion?: number | null;
  theirRevision?: string | null;
}

const unanswered: Step = 'unanswered';

interface Tools {
  clock: Clock;
  random: Random;
  newId: NewId;
}

export const recordKey = (of: { ourId: string | null; theirId: string | null }) =>
  of.ourId ? `our:${of.ourId}` : `their:${of.theirId}`;

/**
 * Stores that work on a record failed, with the next try or as a dead letter. One open failure per
 * record: a further one counts up the attempts. [F1] [F5]
 */
export async function noteFailure(db: Queryable, failed: Failed, tools: Tools): Promise<void> {
  const { connectionId, resource, ourId, theirId, failure, step } = failed;
  const key = recordKey(failed);
  const of = and(
    eq(failures.connectionId, connectionId),
    eq(failures.resource, resource),
    eq(failures.recordKey, key),
  );
  const [before] = await db.select().from(failures).where(of);
  const open = before && (before.state === 'retrying' || before.state === 'dead');
  const attempts = open ? before.attempts + 1 : 1;
  const next = afterFailure(failure, attempts, tools.random);
  const now = tools.clock.now();
  const row = {
    state: 'dead' in next ? ('dead' as const) : ('retrying' as const),
    kind: failure.kind,
    step,
    runId: failed.runId ?? null,
    path: failure.kind === 'surprising' ? failure.path : firstField(failure),
    detail: failure.detail.slice(0, 1_000),
    status: 'status' in failure ? (failure.status ?? null) : null,
    requestId: failure.requestId ?? null,
    attempts,
    lastAt: now,
    nextTryAt: 'dead' in next ? null : new Date(now.getTime() + next.retryInSeconds * 1_000),
    firstAt: open ? before.firstAt : now,
    closedAt: null,
    closedReason: null,
    ourId,
    theirId,
    ourVersion: failed.ourVersion ?? null,
    theirRevision: failed.theirRevision ?? null,
  };
  await db
    .insert(failures)
    .values({ id: tools.newId(), connectionId, resource, recordKey: key, ...row })
    .onConflictDoUpdate({
      target: [failures.connectionId, failures.resource, failures.recordKey],
      set: row,
    });
}

const firstField = (failure: Failure) =>
  failure.kind === 'refused' && failure.fields ? (Object.keys(failure.fields)[0] ?? null) : null;

/** The record passed: what stood open for it is resolved. Writes nothing when nothing did. */
export async function resolveFailures(
  db: Queryable,
  of: { connectionId: string; resource: string; keys: string[] },
  now: Date,
): Promise<void> {
  if (of.keys.length === 0) return;
  await db
    .update(failures)
    .set({ state: 'resolved', closedAt: now, nextTryAt: null })
    .where(
      and(
        eq(failures.connectionId, of.connectionId),
        eq(failures.resource, of.resource),
        sql`${failures.recordKey} = any(${sql.param(of.keys)})`,
        inArray(failures.state, ['retrying', 'dead']),
      ),
    );
}

/** A failure of this connection whose next try has come. */
export const failureIsDue = (connectionId: string, now: Date) =>
  and(
    eq(failures.connectionId, connectionId),
    eq(failures.state, 'retrying'),
    lte(failures.nextTryAt, now),
  );

/**
 * Failures of one connection whose next try has come, the longest due first. One that is being tried
 * stays among them until that try ends: the record's lock says so, and goes with a lost worker. [F4]
 */
export async function dueFailures(
  db: Queryable,
  { connectionId, now, limit }: { connectionId: string; now: Date; limit: number },
): Promise<RecordFailure[]> {
  return db
    .select()
    .from(failures)
    .where(failureIsDue(connectionId, now))
    .orderBy(failures.nextTryAt)
    .limit(limit);
}

/** The provider answers again: what failed because it did not need not sit out its wait. [F2] */
export async function hurryFailures(db: Queryable, connectionId: string, now: Date): Promise<void> {
  await db
    .update(failures)
    .set({ nextTryAt: now })
    .where(
      and(
        eq(failures.connectionId, connectionId),
        eq(failures.state, 'retrying'),
        inArray(failures.kind, ['unreachable', 'unauthorised']),
        gt(failures.nextTryAt, now),
      ),
    );
}

/**
 * A person asks for another try now. Of a create whose end is not known, that is the word that it may
 * be sent again. Returns false when there is no such open failure.
 */
export async function retryNow(db: Queryable, failureId: string, now: Date): Promise<boolean> {
  await forgetUnanswered(db, eq(failures.id, failureId));
  const rows = await db
    .update(failures)
    .set({ state: 'retrying', nextTryAt: now })
    .where(and(eq(failures.id, failureId), inArray(failures.state, ['retrying', 'dead'])))
    .returning({ id: failures.id });
  return rows.length > 0;
}

/**
 * Takes back the note that a create was sent. Before the failure is opened for another try: stopped
 * in between, it still waits for a person.
 */
async function forgetUnanswered(db: Queryable, which: SQL | undefined): Promise<void> {
  await db
    .update(links)
    .set({ createIntent: null, createSentAt: null, createSettlesAt: null })
    .where(
      and(
        isNull(links.theirId),
        sql`exists (select from ${failures} where ${and(
          eq(failures.connectionId, links.connectionId),
          eq(failures.resource, links.resource),
          eq(failures.ourId, links.ourId),
          eq(failures.step, unanswered),
          // Asked for twice, the second word must not reach a try that is under way already.
          eq(failures.state, 'dead'),
          which,
        )})`,
      ),
    );
}

/** A person says that this needs no more work, and why. */
export async function dismiss(
  db: Queryable,
  failureId: string,
  { reason, now }: { reason: string; now: Date },
): Promise<boolean> {
  const rows = await db
    .update(failures)
    .set({ state: 'dismissed', closedAt: now, closedReason: reason, nextTryAt: null })
    .where(and(eq(failures.id, failureId), inArray(failures.state, ['retrying', 'dead'])))
    .returning({ id: failures.id });
  return rows.length > 0;
}

/** Which open failures are meant; what is not given does not matter. */
export interface FailureFilter {
  connectionId?: string | null;
  resource?: string;
  kind?: string;
  step?: string;
}

/** Open failures that fit. */
export const fitting = ({ connectionId, resource, kind, step }: FailureFilter) =>
  and(
    inArray(failures.state, ['retrying', 'dead']),
    connectionId ? eq(failures.connectionId, connectionId) : undefined,
    resource ? eq(failures.resource, resource) : undefined,
    kind ? sql`${failures.kind} = ${kind}` : undefined,
    step ? eq(failures.step, step) : undefined,
  );

/**
 * A person asks for another try of all that fit. Returns how many there are. What may have arrived is
 * among them only when it was asked for by that name: sent again, it may be there twice.
 */
export async function retryAll(db: Queryable, filter: FailureFilter, now: Date): Promise<number> {
  const meant = filter.step === unanswered;
  if (meant) await forgetUnanswered(db, fitting(filter));
  const { rowCount } = await db
    .update(failures)
    .set({ state: 'retrying', nextTryAt: now })
    .where(and(fitting(filter), meant ? undefined : ne(failures.step, unanswered)));
  return rowCount ?? 0;
}

/** A person says that all that fit need no more work, and why. Returns how many there are. */
export async function dismissAll(
  db: Queryable,
  filter: FailureFilter,
  { reason, now }: { reason: string; now: Date },
): Promise<number> {
  const { rowCount } = await db
    .update(failures)
    .set({ state: 'dismissed', closedAt: now, closedReason: reason, nextTryAt: null })
    .where(fitting(filter));
  return rowCount ?? 0;
}

/** How many records of a resource a failure may hold. */
export async function countHeld(
  db: Queryable,
  of: { connectionId: string; resource: string },
): Promise<number> {
  const [row] = await db
    .select({ held: count() })
    .from(failures)
    .where(
      and(
        eq(failures.connectionId, of.connectionId),
        eq(failures.resource, of.resource),
        inArray(failures.state, ['retrying', 'dead', 'dismissed']),
      ),
    );
  return row!.held;
}

/** Our ids on this connection whose work waits for its next try or for a person: not to be pushed now. */
export async function heldByFailure(
  db: Queryable,
  of: { connectionId: string; resource: string; ourIds: string[] },
): Promise<Set<string>> {
  if (of.ourIds.length === 0) return new Set();
  const rows = await db
    .select({ ourId: failures.ourId })
    .from(failures)
    .where(
      and(
        eq(failures.connectionId, of.connectionId),
        eq(failures.resource, of.resource),
        inArray(failures.ourId, of.ourIds),
        inArray(failures.state, ['retrying', 'dead', 'dismissed']),
      ),
    );
  return new Set(rows.map((row) => row.ourId!));
}
