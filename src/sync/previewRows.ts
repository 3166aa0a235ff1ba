import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { insertMany } from '#src/platform/manyRows.ts';
import type { NewId } from '#src/platform/random.ts';
import type { ResourceConnector } from './connector.ts';
import type { Intended } from './intended.ts';
import { type PreviewRecord, previewRecords } from './trailTables.ts';

/**
 * Calls that carrying an intent out costs: one read of the record, one write for a change, and for a
 * create a look and the create itself; what must be there first costs a look and a create each.
 */
export function callsFor(
  { there, first, theirId }: Intended,
  resource: Pick<ResourceConnector, 'get'>,
): number {
  const read = theirId && resource.get ? 1 : 0;
  const writes = { none: 0, update: 1, create: 2 }[there];
  return read + writes + 2 * first.length;
}

/** Keeps what would be done to records; one that was looked at before stays as it was. */
export async function keepIntents(
  db: Queryable,
  runId: string,
  intents: { intended: Intended; calls: number }[],
  newId: NewId,
): Promise<void> {
  if (intents.length === 0) return;
  const rows = intents.map(({ intended: { first, ...intended }, calls }) => ({
    id: newId(),
    runId,
    ...intended,
    calls,
    state: 'planned' as const,
    detail: first.length > 0 ? `Needs ${first.join(' and ')} first, which goes with it.` : null,
  }));
  await db.execute(sql`${insertMany(previewRecords, rows)} on conflict do nothing`);
}

/** What was previewed and is not carried out yet, in the order in which it was looked at. */
export const plannedRecords = (
  db: Queryable,
  previewId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<PreviewRecord[]> =>
  db
    .select()
    .from(previewRecords)
    .where(
      and(
        eq(previewRecords.runId, previewId),
        eq(previewRecords.state, 'planned'),
        after ? gt(previewRecords.id, after) : undefined,
      ),
    )
    .orderBy(asc(previewRecords.id))
    .limit(limit);

/** What became of a previewed record, in words for staff; field names and ids only. [P3] */
export async function settlePreviewed(
  db: Queryable,
  id: string,
  { state, detail }: Pick<PreviewRecord, 'state' | 'detail'>,
): Promise<void> {
  await db
    .update(previewRecords)
    .set({ state, ...(detail ? { detail } : {}) })
    .where(eq(previewRecords.id, id));
}

export async function countPreviewed(
  db: Queryable,
  previewId: string,
  state: PreviewRecord['state'],
): Promise<number> {
  return db.$count(
    previewRecords,
    and(eq(previewRecords.runId, previewId), eq(previewRecords.state, state)),
  );
}
