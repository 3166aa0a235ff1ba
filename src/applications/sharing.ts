import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { Category } from '#src/privacy/agreement.ts';

/**
 * What a student agreed to share over this connection, by student: through any application for a job
 * that came by it. [P1]
 */
export async function agreedCategories(
  db: Queryable,
  connectionId: string,
  studentIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const result = await db.execute<{ student_id: string; category: string }>(sql`
    select distinct agreements.student_id, category
    from agreements cross join unnest(agreements.categories) as category
    join applications on applications.id = agreements.application_id
    join links as job on job.connection_id = ${connectionId} and job.resource = 'jobs'
      and job.our_id = applications.job_id::text
    where agreements.provider = 'manatal' and agreements.withdrawn_at is null
      and agreements.student_id = any (${sql.param(studentIds)}::text[])`);
  const agreed = new Map<string, Set<string>>();
  for (const row of result.rows) {
    const categories = agreed.get(row.student_id) ?? new Set();
    agreed.set(row.student_id, categories.add(row.category));
  }
  return agreed;
}

/**
 * SQL: this student's application stands at this connection's provider, and its student agreed to
 * share this kind of data through it. What follows an application waits for it. [P1]
 */
export const arrivedWith = (of: {
  studentId: SQL;
  connectionId: string;
  category: Category | null;
}): SQL => sql`exists (
  select from applications
  join links as match on match.connection_id = ${of.connectionId}
    and match.resource = 'applications' and match.our_id = applications.id::text
    and match.their_id is not null and match.gone_at is null
  join agreements on agreements.application_id = applications.id
    and agreements.provider = 'manatal' and agreements.withdrawn_at is null
    and (${of.category}::text is null or ${of.category} = any (agreements.categories))
  where applications.student_id = ${of.studentId})`;
