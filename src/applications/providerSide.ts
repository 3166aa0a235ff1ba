import { sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { optionOf } from '#src/sync/options.ts';
import { withdrawalOption } from './withdrawalOption.ts';

/** Where an application stands at the employer's system, so far as KiEX knows. */
export interface ThereNow {
  connectionId: string;
  /** It arrived, or may be arriving at this moment. */
  isThere: boolean;
  /** What the connection's option says of withdrawals. */
  way: 'drop' | 'note' | 'nothing';
}

/**
 * Null: the job did not come through a connection that KiEX has. The connection is held first of all:
 * whoever gives stages another meaning holds it too, and then the applications.
 */
export async function standsThere(
  db: Queryable,
  { applicationId }: { applicationId: string },
): Promise<ThereNow | null> {
  const { rows } = await db.execute<{
    connection_id: string;
    settings: Record<string, unknown>;
    is_there: boolean;
    by_form: boolean;
  }>(sql`
    select c.id as connection_id, c.settings, a.answers is not null as by_form,
      coalesce(mine.gone_at is null and (mine.their_id is not null or mine.create_sent_at is not null),
        false) as is_there
    from applications a
    join links job on job.resource = 'jobs' and job.our_id = a.job_id::text
    join connections c on c.id = job.connection_id
    left join links mine on mine.connection_id = c.id
      and mine.resource = 'applications' and mine.our_id = a.id::text
    where a.id::text = ${applicationId}
    order by is_there desc, job.gone_at is null desc, c.id
    limit 1 for key share of c`);
  const [row] = rows;
  if (!row) return null;
  // A form takes answers and hears nothing afterwards.
  const way = row.by_form
    ? 'nothing'
    : (optionOf(row.settings, withdrawalOption) as ThereNow['way']);
  return { connectionId: row.connection_id, isThere: row.is_there, way };
}
