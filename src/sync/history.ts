import { and, desc, eq, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { Value } from './canonical.ts';
import { history } from './trailTables.ts';

export type HistoryRow = typeof history.$inferSelect;

/** One record of ours, on whatever connections it lives. */
export interface RecordOf {
  resource: string;
  ourId: string;
}

/** The newest writes of a record that are shown; a record has few. */
const writesMax = 500;

/**
 * Every write to a record, newest first: through which door, by which run or delivery, and per field
 * what stood there before and after. Values of people are in it: for staff only. [P3]
 */
export async function storyOf(
  db: Queryable,
  { resource, ourId }: RecordOf,
  limit = writesMax,
): Promise<HistoryRow[]> {
  return db
    .select()
    .from(history)
    .where(and(eq(history.resource, resource), eq(history.ourId, ourId)))
    .orderBy(desc(history.at), desc(history.id))
    .limit(limit);
}

/** The write that set a field. */
export type Origin = Pick<
  HistoryRow,
  'at' | 'connectionId' | 'runId' | 'deliveryId' | 'door' | 'direction'
> & {
  /** What it wrote. */
  value: Value;
  /** What let it move, when a policy or a person did. */
  rule: string | null;
};

/** field -> who last set it here, and who last set it at the provider. Null: no sync ever did. */
export type Origins = Map<string, { here: Origin | null; there: Origin | null }>;

/** Where each value of a record comes from. */
export async function originOf(db: Queryable, { resource, ourId }: RecordOf): Promise<Origins> {
  const found = await db.execute<OriginRow>(sql`
    select distinct on (field.name, direction) field.name, field.change, direction, door,
      at, connection_id, run_id, delivery_id
    from history, jsonb_each(fields) as field(name, change)
    where resource = ${resource} and our_id = ${ourId}
    order by field.name, direction, at desc, id desc`);
  const origins: Origins = new Map();
  for (const row of found.rows) {
    const known = origins.get(row.name) ?? { here: null, there: null };
    known[row.direction === 'in' ? 'here' : 'there'] = asOrigin(row);
    origins.set(row.name, known);
  }
  return origins;
}

interface OriginRow extends Record<string, unknown> {
  name: string;
  change: { after: Value; rule?: string };
  direction: 'in' | 'out';
  door: string;
  at: Date | string;
  connection_id: string;
  run_id: string | null;
  delivery_id: string | null;
}

const asOrigin = (row: OriginRow): Origin => ({
  at: new Date(row.at),
  connectionId: row.connection_id,
  runId: row.run_id,
  deliveryId: row.delivery_id,
  door: row.door,
  direction: row.direction,
  value: row.change.after,
  rule: row.change.rule ?? null,
});
