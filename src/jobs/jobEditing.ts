import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Reach } from '#src/organizations/reach.ts';
import { organizations } from '#src/organizations/tables.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Queryable, Tx } from '#src/platform/database.ts';
import type { Live } from '#src/platform/live.ts';
import { isUuid, type NewId } from '#src/platform/random.ts';
import { foldText } from '#src/platform/words.ts';
import type { Values } from '#src/sync/canonical.ts';
import type { CustomFields } from './customFields.ts';
import type { EditableField, EditErrors, JobChanges } from './jobChanges.ts';
import { type JobWay, waysOf } from './jobWay.ts';
import { type NewJob, type NewJobAnswer, newJobChoices, writeNewJob } from './newJob.ts';
import { jobs } from './tables.ts';
import { standingOf, writeEdit } from './writeEdit.ts';

/** A job as a line of the staff's list. */
export interface ListedJob {
  id: string;
  slug: string;
  title: string;
  employer: string | null;
  status: string;
  /** Do people see it? */
  published: boolean;
  updatedAt: Date;
  way: JobWay;
}

/** A job as it is edited. */
export interface EditedJob extends ListedJob {
  version: number;
  /** The editable fields and no others, in canonical form. */
  values: Values;
  /** As the employer's system says it. */
  publishedThere: boolean;
  /** Publishing here publishes there too: one state for both. */
  publishesThere: boolean;
  customFields: CustomFields;
}

export type EditAnswer =
  | { ok: true; changed: string[] }
  | { ok: false; reason: 'unknown job' | 'moved on' }
  | { ok: false; reason: 'fields'; errors: EditErrors };

/** Who edits: the person's id, for the history. */
export interface Editor {
  by: string;
}

/** What may be done with jobs here: find any of them, make one, and change what they say. */
export interface JobEditing {
  /** Newest change first; closed and unpublished ones too. `page` from 1. */
  list(search: { text: string; page: number }): Promise<{
    jobs: ListedJob[];
    total: number;
    pages: number;
  }>;
  byId(id: string): Promise<EditedJob | null>;
  /**
   * Changes fields of a job and orders the push, in one transaction. [D6]
   *
   * version  the one they looked at, when a newer one must not be written over unseen.
   * Returns  the fields that really changed; nothing is written when none did.
   */
  edit(
    jobId: string,
    changes: JobChanges,
    person: Editor & { version?: number; custom?: CustomFields },
  ): Promise<EditAnswer>;
  /** What a new job may be made for and sent to. */
  choices(within?: Reach): Promise<{ employers: Choice[]; accounts: Choice[] }>;
  /** Makes a job within what somebody reaches, and orders that it is made at its account. [D6] */
  create(job: NewJob, person: Editor & { within?: Reach }): Promise<NewJobAnswer>;
}

export interface Choice {
  id: string;
  label: string;
}

export interface JobEditingNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  live: Pick<Live, 'publish'>;
  /**
   * Orders the push of a changed job, in the transaction that changes it. [D6]
   *
   * to  the account that the job is meant for, tied to it or not yet.
   */
  announce(tx: Tx, changed: { jobId: string; to: string | null }): Promise<void>;
  /** Can a job be made at accounts of this provider? Some only show theirs. */
  takesJobs(provider: string): boolean;
  /** Does a change of this field travel to an account that has the job, or is to have it? */
  reaches(
    db: Queryable,
    of: { jobId: string; field: EditableField | 'published'; to: string | null },
  ): Promise<boolean>;
}

export const LISTED_JOBS_PER_PAGE = 30;

export function createJobEditing(needs: JobEditingNeeds): JobEditing {
  const { db } = needs;
  return {
    async list({ text, page }) {
      const where = matches(text);
      const [found, [counted]] = await Promise.all([
        listed(db, where)
          .orderBy(desc(jobs.updatedAt), desc(jobs.id))
          .limit(LISTED_JOBS_PER_PAGE)
          .offset((page - 1) * LISTED_JOBS_PER_PAGE),
        db
          .select({ total: count() })
          .from(jobs)
          .leftJoin(organizations, eq(organizations.id, jobs.organizationId))
          .where(where),
      ]);
      const total = counted?.total ?? 0;
      const pages = Math.max(1, Math.ceil(total / LISTED_JOBS_PER_PAGE));
      return { jobs: await withWays(db, found), total, pages };
    },

    async byId(id) {
      if (!isUuid(id)) return null;
      const [row] = await db.select().from(jobs).where(eq(jobs.id, id));
      const [job] = row ? await withWays(db, await listed(db, eq(jobs.id, id))) : [];
      if (!row || !job) return null;
      const { values, publishesThere } = await standingOf(needs, db, row);
      const { version, published, customFields } = row;
      return { ...job, version, values, publishedThere: published, publishesThere, customFields };
    },

    edit: (jobId, changes, person) => writeEdit(needs, jobId, changes, person),

    choices: (within = 'all') => newJobChoices(db, needs, within),

    create: (job, person) => writeNewJob(needs, job, person),
  };
}

const LISTED = {
  id: jobs.id,
  slug: jobs.slug,
  title: jobs.title,
  employer: organizations.name,
  status: jobs.status,
  published: jobs.shown,
  updatedAt: jobs.updatedAt,
};

const listed = (db: Queryable, where: SQL | undefined) =>
  db
    .select(LISTED)
    .from(jobs)
    .leftJoin(organizations, eq(organizations.id, jobs.organizationId))
    .where(where)
    .$dynamic();

async function withWays(db: Queryable, rows: Omit<ListedJob, 'way'>[]): Promise<ListedJob[]> {
  const ways = await waysOf(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({ ...row, way: ways.get(row.id)! }));
}

/** Every word, somewhere in what the search reads of a job. */
function matches(typed: string): SQL | undefined {
  const words = foldText(typed).split(' ').filter(Boolean);
  return and(...words.map((word) => sql`${jobs.searchText} like ${`%${word}%`}`));
}
