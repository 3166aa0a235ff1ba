import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm';
import { organizations } from '#src/organizations/tables.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Queryable, Tx } from '#src/platform/database.ts';
import type { Live } from '#src/platform/live.ts';
import type { NewId } from '#src/platform/random.ts';
import { foldText } from '#src/platform/words.ts';
import { record } from '#src/sync/activity.ts';
import type { Values } from '#src/sync/canonical.ts';
import {
  changeErrors,
  type EditableField,
  type EditErrors,
  editableFields,
  editableValues,
  type JobChanges,
  readJobChanges,
} from './jobChanges.ts';
import { type JobWay, waysOf } from './jobWay.ts';
import { syncedJobs } from './synced.ts';
import { jobs } from './tables.ts';

/** A job as a line of the staff's list. */
export interface ListedJob {
  id: string;
  slug: string;
  title: string;
  employer: string | null;
  status: string;
  published: boolean;
  updatedAt: Date;
  way: JobWay;
}

/** A job as staff edit it. */
export interface EditedJob extends ListedJob {
  version: number;
  /** The editable fields and no others, in canonical form. */
  values: Values;
}

export type EditAnswer =
  | { ok: true; changed: EditableField[] }
  | { ok: false; reason: 'unknown job' | 'moved on' }
  | { ok: false; reason: 'fields'; errors: EditErrors };

/** What staff may do with jobs: find any of them, and change what they say. */
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
   * by       the person's id, for the history.
   * version  the one they looked at, when a newer one must not be written over unseen.
   * Returns  the fields that really changed; nothing is written when none did.
   */
  edit(
    jobId: string,
    changes: JobChanges,
    person: { by: string; version?: number },
  ): Promise<EditAnswer>;
}

export interface JobEditingNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  live: Pick<Live, 'publish'>;
  /** Orders the push of a changed job, in the transaction that changes it. [D6] */
  announce(tx: Tx, changed: { jobId: string }): Promise<void>;
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
      const values = isUuid(id) && (await valuesOf(db, id));
      if (!values) return null;
      const [job] = await withWays(db, await listed(db, eq(jobs.id, id)));
      return job ? { ...job, ...values } : null;
    },

    async edit(jobId, changes, person) {
      const read = readJobChanges(changes);
      if (!read.ok) return { ...read, reason: 'fields' };
      if (!isUuid(jobId)) return { ok: false, reason: 'unknown job' };
      return db.transaction((tx) => write(needs, tx, { jobId, changes: read.values, ...person }));
    },
  };
}

const LISTED = {
  id: jobs.id,
  slug: jobs.slug,
  title: jobs.title,
  employer: organizations.name,
  status: jobs.status,
  published: jobs.published,
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

const isUuid = (text: string) => /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text);

async function valuesOf(db: Queryable, id: string) {
  const [row] = await db.select().from(jobs).where(eq(jobs.id, id));
  return row ? { version: row.version, values: editableValues(row) } : null;
}

/** The one transaction: the changed row, its line of history, and the order to push it. */
async function write(
  { clock, newId, live, announce }: JobEditingNeeds,
  tx: Tx,
  asked: { jobId: string; changes: Values; by: string; version?: number },
): Promise<EditAnswer> {
  const { jobId, changes, by, version } = asked;
  const [row] = await tx.select().from(jobs).where(eq(jobs.id, jobId)).for('update');
  if (!row) return { ok: false, reason: 'unknown job' };
  if (version !== undefined && row.version !== version) return { ok: false, reason: 'moved on' };
  const before = editableValues(row);
  const changed = editableFields.filter(
    (name) => name in changes && changes[name] !== before[name],
  );
  const values = Object.fromEntries(changed.map((name) => [name, changes[name]!]));
  const errors = changeErrors(before, values);
  if (Object.keys(errors).length > 0) return { ok: false, reason: 'fields', errors };
  if (changed.length === 0) return { ok: true, changed };
  const now = clock.now();
  const context = { connectionId: '', organizationId: null, now };
  await syncedJobs.write!(tx, context, [{ ourId: jobId, version: row.version, values, refs: {} }]);
  const line = {
    connectionId: null,
    resource: 'jobs',
    ourId: jobId,
    door: 'staff' as const,
    direction: 'none' as const,
    action: 'edited',
    ok: true,
    fields: [...changed],
    detail: `by ${by}`,
  };
  await record(tx, [line], { newId, now });
  await announce(tx, { jobId });
  await live.publish('jobs', tx);
  return { ok: true, changed };
}
