import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { jobs, shownStatus } from '#src/jobs/tables.ts';
import { organizations } from '#src/organizations/tables.ts';
import type { Queryable, Tx } from '#src/platform/database.ts';
import type { DeliveryFacts } from './delivery.ts';
import type { FormAnswer } from './employerForm.ts';
import { applicationEvents, applications } from './tables.ts';

export type ApplicationRow = typeof applications.$inferSelect;
export type EventRow = typeof applicationEvents.$inferSelect;

const jobColumns = {
  id: jobs.id,
  slug: jobs.slug,
  title: jobs.title,
  status: shownStatus,
  published: jobs.shown,
  closesAt: jobs.closesAt,
  organizationId: jobs.organizationId,
  employer: organizations.name,
};

export async function findJob(db: Queryable, by: { id: string } | { slug: string }) {
  const [row] = await db
    .select(jobColumns)
    .from(jobs)
    .leftJoin(organizations, eq(organizations.id, jobs.organizationId))
    .where('id' in by ? eq(jobs.id, by.id) : eq(jobs.slug, by.slug));
  return row ?? null;
}

/** An employer that has no name here is still someone. */
export const employerWords = (name: string | null): string => name ?? 'the employer';

export type JobRow = NonNullable<Awaited<ReturnType<typeof findJob>>>;

export async function findApplication(
  db: Queryable,
  { studentId, jobId }: { studentId: string; jobId: string },
): Promise<ApplicationRow | null> {
  const [row] = await db
    .select()
    .from(applications)
    .where(and(eq(applications.studentId, studentId), eq(applications.jobId, jobId)));
  return row ?? null;
}

/**
 * Stores an application that was just sent, with the first line of its timeline. Returns false,
 * and stores nothing, when this student has already applied for this job, even a moment ago.
 */
export async function insertSent(
  db: Queryable,
  { eventId, ...application }: NewApplication,
): Promise<boolean> {
  const at = application.submittedAt;
  const inserted = await db
    .insert(applications)
    .values({ ...application, status: 'sent', updatedAt: at })
    .onConflictDoNothing({ target: [applications.studentId, applications.jobId] })
    .returning({ id: applications.id });
  if (inserted.length === 0) return false;
  const event = { id: eventId, applicationId: application.id, at, status: 'sent', by: 'student' };
  await db.insert(applicationEvents).values(event);
  return true;
}

export interface NewApplication {
  id: string;
  eventId: string;
  studentId: string;
  jobId: string;
  resumeId: string | null;
  note: string | null;
  answers: FormAnswer[] | null;
  submittedAt: Date;
}

/** One application of a student, held until the transaction ends. */
export async function lockApplication(
  tx: Tx,
  { applicationId, studentId }: { applicationId: string; studentId: string },
): Promise<ApplicationRow | null> {
  const [row] = await tx
    .select()
    .from(applications)
    .where(and(eq(applications.id, applicationId), eq(applications.studentId, studentId)))
    .for('update');
  return row ?? null;
}

/** Stores what a student did with an application of theirs, with its line in the timeline. */
export async function storeStep(
  tx: Tx,
  { row, change, event }: { row: ApplicationRow; change: Partial<ApplicationRow>; event: Step },
): Promise<ApplicationRow> {
  const [stored] = await tx
    .update(applications)
    .set({ ...change, updatedAt: event.at })
    .where(eq(applications.id, row.id))
    .returning();
  await tx.insert(applicationEvents).values({ ...event, applicationId: row.id, by: 'student' });
  return stored!;
}

type Step = Pick<EventRow, 'id' | 'at' | 'status' | 'way'> & { note?: string | null };

/** A student's applications with their jobs, the last sent first: a change moves none of them. */
export async function listOfStudent(db: Queryable, studentId: string) {
  return db
    .select({ application: applications, job: jobColumns })
    .from(applications)
    .innerJoin(jobs, eq(jobs.id, applications.jobId))
    .leftJoin(organizations, eq(organizations.id, jobs.organizationId))
    .where(eq(applications.studentId, studentId))
    .orderBy(desc(applications.submittedAt), desc(applications.id));
}

/** The timelines of these applications, oldest first. */
export async function listEvents(db: Queryable, applicationIds: string[]): Promise<EventRow[]> {
  if (applicationIds.length === 0) return [];
  return db
    .select()
    .from(applicationEvents)
    .where(inArray(applicationEvents.applicationId, applicationIds))
    .orderBy(asc(applicationEvents.at), asc(applicationEvents.id));
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
      way.failure, coalesce(way.unanswered, false) as unanswered, way.connection,
      a.answers is not null as "byForm",
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
        trouble.state as failure, trouble.step = 'unanswered' as unanswered,
        c.state as connection
      from connections c
      left join links mine on mine.connection_id = c.id
        and mine.resource = 'applications' and mine.our_id = a.id::text
      left join links job on job.connection_id = c.id
        and job.resource = 'jobs' and job.our_id = a.job_id::text
      left join failures trouble on trouble.connection_id = c.id
        and (trouble.state in ('retrying', 'dead')
          or (trouble.state = 'dismissed' and trouble.step = 'unanswered'))
        and (trouble.resource, trouble.our_id)
          in (('applications', a.id::text), ('candidates', a.student_id))
      where mine.id is not null or job.id is not null
      order by mine.their_id is not null desc, mine.gone_at is null desc, trouble.state, c.id
      limit 1
    ) way on true
    where a.student_id = ${studentId}`);
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}
