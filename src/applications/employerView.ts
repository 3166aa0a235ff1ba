import { and, count, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { users } from '#src/accounts/tables.ts';
import { jobsWithin } from '#src/jobs/jobReach.ts';
import { type JobWay, waysOf } from '#src/jobs/jobWay.ts';
import { jobs } from '#src/jobs/tables.ts';
import type { OwnReach } from '#src/organizations/reach.ts';
import { organizations } from '#src/organizations/tables.ts';
import type { Db } from '#src/platform/database.ts';
import { agreedWith } from '#src/privacy/store.ts';
import type { Students } from '#src/students/students.ts';
import { shownStatus, statusWord } from './application.ts';
import { type PublicApplicant, publicApplicantsOf } from './publicApplicants.ts';
import { applications } from './tables.ts';

/** One of an employer's jobs, with how many applied. */
export interface EmployerJob {
  id: string;
  slug: string;
  title: string;
  employer: string | null;
  status: string;
  published: boolean;
  closesAt: Date | null;
  applicants: number;
  /** Those nobody has looked at yet. */
  unseen: number;
  way: JobWay;
}

/** One applicant, with what of them was agreed to be shared with this employer. [P1] */
export interface Applicant {
  applicationId: string;
  /** Null: the student does not share it (any more). */
  name: string | null;
  status: string;
  statusWord: string;
  /** The employer's own name for where it stands. */
  stageName: string | null;
  submittedAt: Date;
  updatedAt: Date;
  /** Whether there is a resume that may be opened. */
  hasResume: boolean;
}

export interface ApplicantsOfJob {
  job: EmployerJob;
  applicants: Applicant[];
  total: number;
  pages: number;
  /** Those who did not come through KiEX, where the connection shows them; on the first page only. */
  fromElsewhere: { applicants: PublicApplicant[]; more: boolean };
}

/** An employer's jobs and applicants; nothing outside of the reach that is given. */
export interface EmployerView {
  /** Open ones first, then the newest. `page` from 1. */
  jobs(
    reach: OwnReach,
    page: number,
  ): Promise<{ jobs: EmployerJob[]; total: number; pages: number }>;
  /** The last sent first; null for a job that is not theirs. */
  applicants(reach: OwnReach, jobId: string, page: number): Promise<ApplicantsOfJob | null>;
  /** Null where it is not theirs, there is none, or the student does not share it. */
  openResume(
    reach: OwnReach,
    applicationId: string,
  ): Promise<{ bytes: Uint8Array; fileName: string; contentType: string } | null>;
}

export const JOBS_PER_PAGE = 30;
export const APPLICANTS_PER_PAGE = 50;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function createEmployerView({
  db,
  students,
}: {
  db: Db;
  students: Pick<Students, 'openResume'>;
}): EmployerView {
  return {
    async jobs(reach, page) {
      const where = jobsWithin(reach);
      const [rows, [counted]] = await Promise.all([
        jobRows(db, where)
          .orderBy(
            sql`(${jobs.status} = 'open' and ${jobs.published}) desc`,
            desc(jobs.postedAt),
            desc(jobs.id),
          )
          .limit(JOBS_PER_PAGE)
          .offset((page - 1) * JOBS_PER_PAGE),
        db.select({ total: count() }).from(jobs).where(where),
      ]);
      const total = counted?.total ?? 0;
      return { jobs: await withWays(db, rows), total, pages: pagesOf(total, JOBS_PER_PAGE) };
    },

    async applicants(reach, jobId, page) {
      if (!uuid.test(jobId)) return null;
      const rows = await jobRows(db, and(eq(jobs.id, jobId), jobsWithin(reach)));
      const [job] = await withWays(db, rows);
      if (!job) return null;
      const total = job.applicants;
      const listed = await listApplicants(db, reach, { jobId, page });
      const fromElsewhere =
        page === 1 ? await publicApplicantsOf(db, reach, jobId) : { applicants: [], more: false };
      const pages = pagesOf(total, APPLICANTS_PER_PAGE);
      return { job, applicants: listed, total, pages, fromElsewhere };
    },

    async openResume(reach, applicationId) {
      if (!uuid.test(applicationId)) return null;
      const [row] = await db
        .select({ studentId: applications.studentId, resumeId: applications.resumeId })
        .from(applications)
        .innerJoin(jobs, eq(jobs.id, applications.jobId))
        .where(
          and(eq(applications.id, applicationId), jobsWithin(reach), agreedWith('resume', reach)),
        );
      return row?.resumeId ? students.openResume(row.studentId, row.resumeId) : null;
    },
  };
}

const pagesOf = (total: number, perPage: number) => Math.max(1, Math.ceil(total / perPage));

const jobRows = (db: Db, where: SQL | undefined) =>
  db
    .select({
      id: jobs.id,
      slug: jobs.slug,
      title: jobs.title,
      employer: organizations.name,
      status: jobs.status,
      published: jobs.published,
      closesAt: jobs.closesAt,
    })
    .from(jobs)
    .leftJoin(organizations, eq(organizations.id, jobs.organizationId))
    .where(where)
    .$dynamic();

async function withWays(
  db: Db,
  rows: Omit<EmployerJob, 'way' | 'applicants' | 'unseen'>[],
): Promise<EmployerJob[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [ways, counts] = await Promise.all([
    waysOf(db, ids),
    db
      .select({
        jobId: applications.jobId,
        applicants: count(),
        unseen: sql<number>`count(*) filter (where ${applications.status} = 'sent'
          and ${applications.withdrawnAt} is null)`.mapWith(Number),
      })
      .from(applications)
      .where(inArray(applications.jobId, ids))
      .groupBy(applications.jobId),
  ]);
  const countsOf = new Map(counts.map(({ jobId, ...rest }) => [jobId, rest]));
  return rows.map((row) => ({
    ...row,
    ...(countsOf.get(row.id) ?? { applicants: 0, unseen: 0 }),
    way: ways.get(row.id)!,
  }));
}

async function listApplicants(
  db: Db,
  reach: OwnReach,
  { jobId, page }: { jobId: string; page: number },
): Promise<Applicant[]> {
  const shares = (category: 'name' | 'resume') => sql<boolean>`${agreedWith(category, reach)}`;
  const rows = await db
    .select({
      application: applications,
      name: users.name,
      sharesName: shares('name'),
      sharesResume: shares('resume'),
    })
    .from(applications)
    .leftJoin(users, eq(users.id, applications.studentId))
    .where(eq(applications.jobId, jobId))
    .orderBy(desc(applications.submittedAt), desc(applications.id))
    .limit(APPLICANTS_PER_PAGE)
    .offset((page - 1) * APPLICANTS_PER_PAGE);
  return rows.map(({ application, name, sharesName, sharesResume }) => ({
    applicationId: application.id,
    name: sharesName ? name : null,
    status: shownStatus(application),
    statusWord: statusWord(shownStatus(application)),
    stageName: application.stageName,
    submittedAt: application.submittedAt,
    updatedAt: application.updatedAt,
    hasResume: sharesResume && application.resumeId !== null,
  }));
}
