import { sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { optionOf } from '#src/sync/options.ts';
import type { DeliveryFacts } from './delivery.ts';
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
  }>(sql`
    select c.id as connection_id, c.settings,
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
  const way = optionOf(row.settings, withdrawalOption) as ThereNow['way'];
  return { connectionId: row.connection_id, isThere: row.is_there, way };
}

type DeliveryRow = { id: string } & { [Fact in keyof DeliveryFacts]: DeliveryFacts[Fact] };

/** How far each of a student's applications has come on its way to Manatal. */
export async function listDeliveries(
  db: Queryable,
  studentId: string,
): Promise<Map<string, DeliveryFacts>> {
  // Links are read through their connection: their index begins with it. A student who cannot be
  // made an applicant there holds the application up too.
  const { rows } = await db.execute<DeliveryRow>(sql`
    select a.id, coalesce(way.linked, false) as linked, coalesce(way.gone, false) as gone,
      way.failure, way.connection,
      case when taken.way is null then null
        when taken.way = 'nothing' then 'never'
        when exists (select from links told where told.our_id = taken.id::text
          and told.resource = case taken.way when 'drop' then 'withdrawals' else 'notes' end
          and told.their_id is not null) then 'told'
        when exists (select from failures where failures.our_id = taken.id::text
          and failures.state = 'dead') then 'stuck'
        else 'telling' end as withdrawal
    from applications a
    left join application_events taken on taken.application_id = a.id
      and taken.status = 'withdrawn' and taken.at = a.withdrawn_at
    left join lateral (
      select mine.their_id is not null as linked, mine.gone_at is not null as gone,
        trouble.state as failure, c.state as connection
      from connections c
      left join links mine on mine.connection_id = c.id
        and mine.resource = 'applications' and mine.our_id = a.id::text
      left join links job on job.connection_id = c.id
        and job.resource = 'jobs' and job.our_id = a.job_id::text
      left join failures trouble on trouble.connection_id = c.id
        and trouble.state in ('retrying', 'dead')
        and (trouble.resource, trouble.our_id)
          in (('applications', a.id::text), ('candidates', a.student_id))
      where mine.id is not null or job.id is not null
      order by mine.their_id is not null desc, mine.gone_at is null desc, trouble.state, c.id
      limit 1
    ) way on true
    where a.student_id = ${studentId}`);
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}
