import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { OwnReach } from '#src/organizations/reach.ts';
import type { Queryable } from '#src/platform/database.ts';
import { jobs } from './tables.ts';

/**
 * SQL, beside a row of `jobs`: it is one of these employers', or stands in an account of theirs.
 * Their account may keep jobs under the names of several houses, each an organisation of its own.
 */
export function jobsWithin({ organizationIds, connectionIds }: OwnReach): SQL {
  return sql`(${jobs.organizationId} = any (${sql.param([...organizationIds])}::uuid[])
    or ${jobs.connectionId} = any (${sql.param([...connectionIds])}::uuid[])
    or exists (select from links where links.connection_id = any (${sql.param([...connectionIds])}::uuid[])
      and links.resource = 'jobs' and links.our_id = ${jobs.id}::text))`;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Is this job within reach? False also where there is no such job. */
export async function isJobWithin(db: Queryable, reach: OwnReach, jobId: string): Promise<boolean> {
  if (!uuid.test(jobId)) return false;
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.id, jobId), jobsWithin(reach)));
  return rows.length > 0;
}
