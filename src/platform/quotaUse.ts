import { sql } from 'drizzle-orm';
import type { Db } from './database.ts';

/** What passed and what was refused in one stretch of time. */
export type UseBar = { from: Date; calls: number; throttled: number };

/** Stretches without a call are there too, so that a picture of them has no gaps. */
export type QuotaUse = { hour: UseBar[]; day: UseBar[] };

const MINUTE = 60_000;
/** The last hour by minutes, the last day by quarters of an hour. */
const SPANS = {
  hour: { bars: 60, milliseconds: MINUTE },
  day: { bars: 96, milliseconds: 15 * MINUTE },
} as const;

const DAYS_KEPT = 14;
const PRUNED_AT_ONCE_MAX = 5_000;

/** How the budgets of these keys were used, up to now. */
export async function quotaUseOf(
  db: Db,
  keys: string[],
  now: Date,
): Promise<Map<string, QuotaUse>> {
  const [hour, day] = await Promise.all([
    barsOf(db, keys, { ...SPANS.hour, now }),
    barsOf(db, keys, { ...SPANS.day, now }),
  ]);
  return new Map(keys.map((key) => [key, { hour: hour.get(key)!, day: day.get(key)! }]));
}

async function barsOf(
  db: Db,
  keys: string[],
  { bars, milliseconds, now }: { bars: number; milliseconds: number; now: Date },
): Promise<Map<string, UseBar[]>> {
  const last = Math.floor(now.getTime() / milliseconds) * milliseconds;
  const first = last - (bars - 1) * milliseconds;
  const since = new Date(first).toISOString();
  const { rows } = await db.execute<{ key: string; bar: number; calls: number; throttled: number }>(
    sql`
      select key, sum(calls)::int as calls, sum(throttled)::int as throttled,
        floor(extract(epoch from minute - ${since}::timestamptz) * 1000 / ${milliseconds}::int)::int as bar
      from quota_use
      where key = any(${sql.param(keys)}::text[]) and minute >= ${since}::timestamptz
      group by key, bar`,
  );
  const used = new Map(rows.map(({ key, bar, ...use }) => [`${bar} ${key}`, use]));
  return new Map(
    keys.map((key) => [
      key,
      Array.from({ length: bars }, (_, bar) => ({
        from: new Date(first + bar * milliseconds),
        ...(used.get(`${bar} ${key}`) ?? { calls: 0, throttled: 0 }),
      })),
    ]),
  );
}

/** Forgets what is older than two weeks, some thousand rows at a time. Returns how many went. */
export async function pruneUse(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - DAYS_KEPT * 24 * 60 * MINUTE).toISOString();
  const { rowCount } = await db.execute(sql`
    delete from quota_use where (key, minute, lane) in (
      select key, minute, lane from quota_use where minute < ${before}::timestamptz
      limit ${PRUNED_AT_ONCE_MAX})`);
  return rowCount ?? 0;
}
