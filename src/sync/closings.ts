import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { closings } from './closingTables.ts';
import type { Of } from './links.ts';

export type Closing = typeof closings.$inferSelect;

/** Up to here a run closes by itself, whatever share of all it is. [A3] */
export const closingsMax = 10;
/** Of those linked; beyond this and `closingsMax` a person is asked. [A3] */
export const closingShareMax = 0.2;

/** More than 10 records and more than a fifth of those linked: a person must say so. Pure. [A3] */
export const needsPerson = ({ closing, linked }: { closing: number; linked: number }) =>
  closing > closingsMax && closing > linked * closingShareMax;

/** Ours that a person was asked about, or refused to close, and what came of it. */
export type Answers = ReadonlyMap<string, 'asked' | 'refused'>;

/** Why a record that would close is left as it is; a reason of the run's counts. */
export const answerWords = {
  asked: 'waits for a person to say whether it may close',
  refused: 'a person refused to close it',
} as const;

/** Puts records aside that the run would close; one that is aside already takes the newer word. */
export async function putClosingsAside(
  tx: Queryable,
  runId: string,
  rows: Omit<Closing, 'runId' | 'state'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insert(closings)
    .values(rows.map((row) => ({ ...row, runId, state: 'aside' as const })))
    .onConflictDoUpdate({
      target: [closings.runId, closings.ourId],
      set: {
        theirId: sql`excluded.their_id`,
        why: sql`excluded.why`,
        confirmed: sql`excluded.confirmed`,
      },
    });
}

/** What a run has put aside, in the order of their ids. */
export async function closingsOf(
  db: Queryable,
  runId: string,
  limit = 1_000_000,
): Promise<Closing[]> {
  return db
    .select()
    .from(closings)
    .where(eq(closings.runId, runId))
    .orderBy(closings.theirId)
    .limit(limit);
}

/** They are settled in another way now: nothing is left to close. */
export async function takeUp(tx: Queryable, runId: string, theirIds: string[]): Promise<void> {
  if (theirIds.length === 0) return;
  await tx
    .delete(closings)
    .where(and(eq(closings.runId, runId), inArray(closings.theirId, theirIds)));
}

export async function takeUpAll(tx: Queryable, runId: string): Promise<number> {
  const rows = await tx
    .delete(closings)
    .where(eq(closings.runId, runId))
    .returning({ ourId: closings.ourId });
  return rows.length;
}

/** Marks all that a run has put aside: a person is asked about them, or has answered. */
export async function markClosings(
  tx: Queryable,
  runId: string,
  state: Closing['state'],
): Promise<number> {
  const rows = await tx
    .update(closings)
    .set({ state })
    .where(eq(closings.runId, runId))
    .returning({ ourId: closings.ourId });
  return rows.length;
}

/**
 * What a person was asked about in other runs of this resource. A refusal holds until theirs no
 * longer closes the record, or until staff ask for a full comparison themselves.
 */
export async function standingAnswers(
  db: Queryable,
  of: Of,
  { runId, refusalsHold }: { runId: string; refusalsHold: boolean },
): Promise<Answers> {
  const states = refusalsHold ? (['asked', 'refused'] as const) : (['asked'] as const);
  const rows = await db
    .select({ ourId: closings.ourId, state: closings.state })
    .from(closings)
    .where(and(isOf(of), ne(closings.runId, runId), inArray(closings.state, [...states])));
  return new Map(rows.map((row) => [row.ourId, row.state as 'asked' | 'refused']));
}

/** What was refused earlier is used up: theirs is open again, or a person is asked anew. */
export async function forgetRefusals(tx: Queryable, of: Of, ourIds: string[]): Promise<void> {
  if (ourIds.length === 0) return;
  await tx
    .delete(closings)
    .where(and(isOf(of), eq(closings.state, 'refused'), inArray(closings.ourId, ourIds)));
}

const isOf = (of: Of) =>
  and(eq(closings.connectionId, of.connectionId), eq(closings.resource, of.resource));
