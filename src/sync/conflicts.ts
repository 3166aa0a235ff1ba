import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '#src/platform/database.ts';
import { placeOf } from './createTheirs.ts';
import type { Link } from './links.ts';
import type { Parts, Workplace } from './parts.ts';
import type { Conflict, Plan } from './plan.ts';
import { conflicts } from './trailTables.ts';

type Place = Pick<Workplace, 'connection' | 'resource'>;
export type StoredConflict = typeof conflicts.$inferSelect;

/** What a plan found on one record. */
export interface FoundConflicts {
  ourId: string;
  theirId: string;
  /** New ones. */
  conflicts: readonly Conflict[];
  /** Fields whose open one is over, because a person's choice is carried, or because values moved. */
  carried: readonly string[];
  past: readonly string[];
}

/** What is to be kept of a plan's conflicts, given what the link said before it. */
export function foundIn({
  link,
  theirId,
  made,
}: {
  link: Pick<Link, 'ourId' | 'held'>;
  theirId: string;
  made: Pick<Plan, 'held' | 'conflicts' | 'why'>;
}): FoundConflicts {
  const over = Object.keys(link.held).filter((field) => !made.held[field]);
  const isCarried = (field: string) => made.why[field] === 'chosen';
  return {
    ourId: link.ourId,
    theirId,
    conflicts: made.conflicts,
    carried: over.filter(isCarried),
    past: over.filter((field) => !isCarried(field)),
  };
}

/** What is over when a record goes: everything that was open. */
export const allPast = (link: Pick<Link, 'ourId' | 'held' | 'theirId'>): FoundConflicts =>
  foundIn({ link, theirId: link.theirId!, made: { held: {}, conflicts: [], why: {} } });

/**
 * Keeps what was found, in the transaction of the write: both values, what they grew from, who won
 * and why. One is open per record and field; when its values move, it takes the new ones. Finding
 * nothing new writes nothing. [M3] [M6]
 */
export async function keepConflicts(
  tx: Tx,
  parts: Pick<Parts, 'newId' | 'live'>,
  place: Place,
  { found, runId, now }: { found: readonly FoundConflicts[]; runId: string | null; now: Date },
): Promise<void> {
  let kept = 0;
  for (const { ourId, theirId, conflicts: met, carried, past } of found) {
    const of = { ...placeOf(place), ourId };
    await close(tx, of, { fields: carried, state: 'chosen', now });
    await close(tx, of, { fields: past, state: 'past', now });
    for (const conflict of met) {
      const row = rowOf(conflict, now);
      const about = { id: parts.newId(), ...placeOf(place), ourId, theirId, runId, foundAt: now };
      await tx
        .insert(conflicts)
        .values({ ...about, ...row })
        .onConflictDoUpdate({
          target: [conflicts.connectionId, conflicts.resource, conflicts.ourId, conflicts.field],
          targetWhere: sql`state = 'open'`,
          set: { theirId, ...row, chosen: null, chosenBy: null },
        });
    }
    kept += carried.length + past.length + met.length;
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

async function close(
  tx: Tx,
  of: { connectionId: string; resource: string; ourId: string },
  { fields, state, now }: { fields: readonly string[]; state: 'chosen' | 'past'; now: Date },
): Promise<void> {
  if (fields.length === 0) return;
  await tx
    .update(conflicts)
    .set({ state, closedAt: now })
    .where(
      and(
        eq(conflicts.connectionId, of.connectionId),
        eq(conflicts.resource, of.resource),
        eq(conflicts.ourId, of.ourId),
        inArray(conflicts.field, [...fields]),
        eq(conflicts.state, 'open'),
      ),
    );
}

/** SQL: a select of `resource` and `id`, records whose conflict a person has decided. */
export const chosenToCarry = (connectionId: string): SQL => sql`
  select distinct ${conflicts.resource}, ${conflicts.ourId} as id from ${conflicts}
  where ${conflicts.connectionId} = ${connectionId} and ${conflicts.state} = 'open'
    and ${conflicts.chosen} is not null`;
