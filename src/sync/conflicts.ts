import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Tx } from '#src/platform/database.ts';
import { placeOf } from './createTheirs.ts';
import type { Link } from './links.ts';
import type { Parts, Workplace } from './parts.ts';
import type { Conflict, Plan } from './plan.ts';
import { conflicts } from './trailTables.ts';

export type StoredConflict = typeof conflicts.$inferSelect;

/** What a plan found on one record: conflicts that are new, and fields whose open one is over. */
export interface FoundConflicts {
  ourId: string;
  theirId: string;
  conflicts: readonly Conflict[];
  over: readonly string[];
}

/** What is to be kept of a plan's conflicts, given what the link said before it. */
export function foundIn({
  link,
  theirId,
  made,
}: {
  link: Pick<Link, 'ourId' | 'held'>;
  theirId: string;
  made: Pick<Plan, 'held' | 'conflicts'>;
}): FoundConflicts {
  const over = Object.keys(link.held).filter((field) => !made.held[field]);
  return { ourId: link.ourId, theirId, conflicts: made.conflicts, over };
}

/**
 * Keeps what was found, in the transaction of the write: both values, what they grew from, who won
 * and why. One is open per record and field; when its values move, it takes the new ones. Finding
 * nothing new writes nothing. [M3] [M6]
 */
export async function keepConflicts(
  tx: Tx,
  parts: Pick<Parts, 'newId' | 'live'>,
  place: Pick<Workplace, 'connection' | 'resource'>,
  { found, runId, now }: { found: readonly FoundConflicts[]; runId: string | null; now: Date },
): Promise<void> {
  let kept = 0;
  for (const { ourId, theirId, conflicts: met, over } of found) {
    if (over.length > 0) await makePast(tx, { ...placeOf(place), ourId, fields: over }, now);
    for (const conflict of met) {
      const row = rowOf(conflict, now);
      const about = { id: parts.newId(), ...placeOf(place), ourId, theirId, runId, foundAt: now };
      await tx
        .insert(conflicts)
        .values({ ...about, ...row })
        .onConflictDoUpdate({
          target: [conflicts.connectionId, conflicts.resource, conflicts.ourId, conflicts.field],
          targetWhere: sql`state = 'open'`,
          set: { theirId, base: row.base, ours: row.ours, theirs: row.theirs, reason: row.reason },
        });
    }
    kept += over.length + met.length;
  }
  if (kept > 0) await parts.live.publish('conflicts', tx);
}

const rowOf = ({ field, ours, theirs, before, winner, reason }: Conflict, now: Date) => ({
  field,
  base: before === undefined ? null : { value: before },
  ours: { value: ours },
  theirs: { value: theirs },
  winner,
  reason,
  state: winner ? ('settled' as const) : ('open' as const),
  closedAt: winner ? now : null,
});

/** The record moved on: nobody need choose any more. */
export async function makePast(
  tx: Tx,
  of: { connectionId: string; resource: string; ourId: string; fields: readonly string[] },
  now: Date,
): Promise<void> {
  await tx
    .update(conflicts)
    .set({ state: 'past', closedAt: now })
    .where(
      and(
        eq(conflicts.connectionId, of.connectionId),
        eq(conflicts.resource, of.resource),
        eq(conflicts.ourId, of.ourId),
        inArray(conflicts.field, [...of.fields]),
        eq(conflicts.state, 'open'),
      ),
    );
}
