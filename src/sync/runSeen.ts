import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { runSeen } from './tables.ts';

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

/** Which of these a full read has shown before: rows move between pages while it reads. */
export async function shownBefore(
  db: Queryable,
  runId: string,
  theirIds: string[],
): Promise<Set<string>> {
  const result = await db.execute<{ id: string }>(sql`
    select distinct shown.id from run_seen, unnest(their_ids) as shown(id)
    where run_id = ${runId} and shown.id = any (${sql.param(theirIds)}::text[])`);
  return new Set(result.rows.map((row) => row.id));
}
