import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { agreedTo, standsAgreed } from '#src/privacy/store.ts';
import { resumes } from '#src/students/tables.ts';
import type { Synced } from '#src/sync/synced.ts';
import { categoryOf, type FormAnswer } from './employerForm.ts';
import { applicationEvents, applications } from './tables.ts';

type ApplicationRow = typeof applications.$inferSelect;

/** The columns that travel, under the names the mapping tables use. */
const fields = ['status', 'stageName', 'interviewAt', 'offerAt', 'hiredAt', 'droppedAt'] as const;
const instants: ReadonlySet<string> = new Set(['interviewAt', 'offerAt', 'hiredAt', 'droppedAt']);

/** Applications as the engine reads and writes them. */
export function createSyncedApplications({ newId }: { newId: NewId }): Synced {
  return {
    resource: 'applications',

    async read(db, _context, ourIds) {
      const ids = ourIds.filter(isUuid);
      if (ids.length === 0) return new Map();
      const rows = await db.select().from(applications).where(inArray(applications.id, ids));
      const sent = await formsOf(db, rows);
      return new Map(rows.map((row) => [row.id, asRecord(row, sent.get(row.id))]));
    },

    async write(tx, context, writes) {
      const versions = new Map<string, number>();
      for (const write of writes) {
        // Applications are only ever made here, by a student.
        if (write.version === null) continue;
        const version = write.version + 1;
        const change = Object.fromEntries(
          Object.entries(write.values).map(([name, value]) => [
            name,
            instants.has(name) && value !== null ? new Date(value as string) : value,
          ]),
        );
        const [row] = await tx
          .update(applications)
          .set({ ...change, version, updatedAt: context.now })
          .where(and(eq(applications.id, write.ourId), eq(applications.version, write.version)))
          .returning();
        if (!row) continue;
        versions.set(row.id, version);
        if (!('status' in write.values) && !('stageName' in write.values)) continue;
        await tx.insert(applicationEvents).values({
          id: newId(),
          applicationId: row.id,
          at: context.now,
          status: row.status,
          stageName: row.stageName,
          by: 'employer',
        });
      }
      return versions;
    },

    due: (db, connectionId, limit) =>
      dueIds(
        db.execute<{ id: string }>(sql`
          select applications.id from applications
          join links as job on job.connection_id = ${connectionId} and job.resource = 'jobs'
            and job.our_id = applications.job_id::text
          left join links as match on match.connection_id = ${connectionId}
            and match.resource = 'applications' and match.our_id = applications.id::text
          where (match.their_id is null or match.agreed_version < applications.version)
            and match.gone_at is null and job.gone_at is null
            and ${standsAgreed(null)}
          order by applications.submitted_at limit ${limit}`),
      ),

    async mayLeave(db, ourIds) {
      const rows = await db
        .select({ id: applications.id })
        .from(applications)
        .where(and(inArray(applications.id, ourIds), standsAgreed(null)));
      return new Set(rows.map(({ id }) => id));
    },

    async topics(db, ourIds) {
      const rows = await db
        .selectDistinct({ studentId: applications.studentId })
        .from(applications)
        .where(inArray(applications.id, ourIds));
      return rows.map((row) => `applications:${row.studentId}`);
    },
  };
}

const isUuid = (text: string) => /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text);

interface SentForm {
  answers: FormAnswer[];
  resume: { storageKey: string; fileName: string; contentType: string } | null;
}

/** What goes into the employers' own forms: only the kinds of data that were agreed to. [P1] [P2] */
async function formsOf(db: Queryable, rows: ApplicationRow[]): Promise<Map<string, SentForm>> {
  const withForm = rows.filter(({ answers }) => answers !== null);
  if (withForm.length === 0) return new Map();
  const ids = withForm.map(({ id }) => id);
  const agreed = await agreedTo(db, ids);
  const files = await db
    .select({
      ...{ id: applications.id, storageKey: resumes.storageKey },
      ...{ fileName: resumes.fileName, contentType: resumes.contentType },
    })
    .from(applications)
    .innerJoin(resumes, eq(resumes.id, applications.resumeId))
    .where(and(inArray(applications.id, ids), standsAgreed('resume')));
  return new Map(
    withForm.map(({ id, answers }) => {
      const file = files.find((one) => one.id === id);
      return [
        id,
        {
          answers: answers!.filter((answer) => agreed.get(id)?.has(categoryOf(answer))),
          resume: file ? { ...file } : null,
        },
      ];
    }),
  );
}

const asRecord = (row: ApplicationRow, form: SentForm | undefined) => ({
  id: row.id,
  version: row.version,
  values: { ...Object.fromEntries(fields.map((name) => [name, row[name]])), ...form },
  changedAt: row.updatedAt,
  refs: { candidates: row.studentId, jobs: row.jobId },
});

async function dueIds(query: Promise<{ rows: { id: string }[] }>): Promise<string[]> {
  return (await query).rows.map((row) => row.id);
}

/** The cover note of an application, as a record of its own: it is sent once, after the match. */
export const syncedNotes: Synced = {
  resource: 'notes',

  async read(db, _context, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return new Map();
    const rows = await db
      .select()
      .from(applications)
      .where(and(inArray(applications.id, ids), standsAgreed('note')));
    return new Map(
      rows.flatMap((row) =>
        row.note
          ? [
              [
                row.id,
                {
                  id: row.id,
                  version: 1,
                  values: { note: row.note },
                  changedAt: row.submittedAt,
                  refs: { applications: row.id },
                },
              ],
            ]
          : [],
      ),
    );
  },

  due: (db, connectionId, limit) =>
    dueIds(
      db.execute<{ id: string }>(sql`
        select applications.id from applications
        join links as match on match.connection_id = ${connectionId}
          and match.resource = 'applications' and match.our_id = applications.id::text
          and match.their_id is not null and match.gone_at is null
        left join links as note on note.connection_id = ${connectionId}
          and note.resource = 'notes' and note.our_id = applications.id::text
        where applications.note is not null and note.their_id is null
          and ${standsAgreed('note')}
        order by applications.submitted_at limit ${limit}`),
    ),

  topics: async () => [],
};
