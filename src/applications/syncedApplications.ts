import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { agreedTo, standsAgreed } from '#src/privacy/store.ts';
import { resumes } from '#src/students/tables.ts';
import type { Synced, Write } from '#src/sync/synced.ts';
import { connections } from '#src/sync/tables.ts';
import { shownStatus } from './application.ts';
import { tellAppliedAgain, tellUnknownStages } from './applicationIssues.ts';
import { categoryOf, type FormAnswer } from './employerForm.ts';
import { isUnknownStage, type StageMap, stageMapOf, statusOf } from './stageMap.ts';
import { applicationEvents, applications } from './tables.ts';

export type ApplicationRow = typeof applications.$inferSelect;

/** The columns that travel, under the names the mapping tables use. */
const fields = [
  'active',
  'stageId',
  'stageName',
  'presentedAt',
  'interviewAt',
  'offerAt',
  'hiredAt',
  'droppedAt',
] as const;
const isInstant = (name: string) => name.endsWith('At');

/** Applications as the engine reads and writes them. */
export function createSyncedApplications({ newId }: { newId: NewId }): Synced {
  return {
    resource: 'applications',
    worksOut: ['status'],

    async read(db, _context, ourIds) {
      const ids = ourIds.filter(isUuid);
      if (ids.length === 0) return new Map();
      const rows = await db.select().from(applications).where(inArray(applications.id, ids));
      const sent = await formsOf(db, rows);
      return new Map(rows.map((row) => [row.id, asRecord(row, sent.get(row.id))]));
    },

    async write(tx, context, writes) {
      // Applications are only ever made here, by a student.
      const old = writes.filter(({ version }) => version !== null);
      const versions = new Map<string, number>();
      if (old.length === 0) return versions;
      const { connectionId, now } = context;
      const map = await stageMapFor(tx, connectionId);
      const before = await rowsToWrite(tx, old);
      const tools = { newId, now };
      const moved: { row: ApplicationRow; next: ApplicationRow }[] = [];
      for (const write of old) {
        const row = before.get(write.ourId);
        if (!row || row.version !== write.version) continue;
        const next = afterWrite(row, write, { map, now });
        const { id, ...change } = next;
        await tx.update(applications).set(change).where(eq(applications.id, id));
        if (isSeen(row, next)) await tx.insert(applicationEvents).values(eventOf(next, tools));
        versions.set(id, next.version);
        moved.push({ row, next });
      }
      for (const change of moved) await tellAppliedAgain(tx, connectionId, change, tools);
      const stages = moved.flatMap(({ row, next }) =>
        row.stageId === next.stageId ? [] : [next.stageId],
      );
      const isNews = stages.some((id) => id !== null && isUnknownStage(map, id));
      if (stages.length > 0) await tellUnknownStages(tx, { connectionId, map, isNews }, tools);
      return versions;
    },

    due: (connectionId) => sql`
          select applications.id from applications
          join links as job on job.connection_id = ${connectionId} and job.resource = 'jobs'
            and job.our_id = applications.job_id::text
          left join links as match on match.connection_id = ${connectionId}
            and match.resource = 'applications' and match.our_id = applications.id::text
          where (match.their_id is null or match.agreed_version < applications.version)
            and match.gone_at is null and job.gone_at is null
            and ${standsAgreed(null)}
          order by applications.submitted_at`,

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

export const isUuid = (text: string) => /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text);

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
  values: {
    ...Object.fromEntries(fields.map((name) => [name, row[name]])),
    status: row.status,
    ...form,
  },
  changedAt: row.updatedAt,
  refs: { candidates: row.studentId, jobs: row.jobId },
});

/**
 * The stage map as it stands in this transaction. Whoever gives stages another meaning holds the
 * connection's row, so that no status worked out from the old map is stored after the new one.
 */
async function stageMapFor(tx: Tx, connectionId: string): Promise<StageMap> {
  const [row] = await tx
    .select({ settings: connections.settings })
    .from(connections)
    .where(eq(connections.id, connectionId))
    .for('key share');
  return stageMapOf(row?.settings ?? {});
}

async function rowsToWrite(tx: Tx, writes: Write[]): Promise<Map<string, ApplicationRow>> {
  const ids = writes.map(({ ourId }) => ourId);
  const rows = await tx
    .select()
    .from(applications)
    .where(inArray(applications.id, ids))
    .orderBy(applications.id)
    .for('update');
  return new Map(rows.map((row) => [row.id, row]));
}

/** Pure: the row with what they say now, and what follows from it. */
function afterWrite(
  row: ApplicationRow,
  { values }: Write,
  { map, now }: { map: StageMap; now: Date },
): ApplicationRow {
  const change = Object.fromEntries(
    fields.flatMap((name) => {
      const value = values[name];
      if (value === undefined) return [];
      return [[name, isInstant(name) && value !== null ? new Date(String(value)) : value]];
    }),
  );
  const facts: ApplicationRow = { ...row, ...change, version: row.version + 1, updatedAt: now };
  const next = { ...facts, status: statusOf(facts, map) };
  return isAnswered(row, next) ? { ...next, appliedAgainAt: null } : next;
}

/** The employer did something with an application that was sent again. */
function isAnswered(row: ApplicationRow, next: ApplicationRow): boolean {
  if (next.status !== 'not_selected') return true;
  const dropped = next.droppedAt !== null || next.active === false;
  return !dropped && row.stageId !== next.stageId;
}

/** Is it another for the student? What follows a withdrawal is for staff alone. */
function isSeen(row: ApplicationRow, next: ApplicationRow): boolean {
  if (next.withdrawnAt) return false;
  const dates = ['interviewAt', 'offerAt'] as const;
  return (
    shownStatus(row) !== shownStatus(next) ||
    row.stageName !== next.stageName ||
    dates.some((name) => row[name]?.getTime() !== next[name]?.getTime())
  );
}

function eventOf(row: ApplicationRow, { newId, now }: { newId: NewId; now: Date }) {
  const { id: applicationId, stageName, interviewAt, offerAt } = row;
  const status = shownStatus(row);
  return {
    ...{ id: newId(), applicationId, at: now, status, stageName, interviewAt, offerAt },
    by: 'employer',
  };
}
