import { eq, inArray, sql } from 'drizzle-orm';
import { insertMany } from '#src/platform/manyRows.ts';
import { isUuid } from '#src/platform/random.ts';
import type { OurRecord, Synced, Write } from '#src/sync/synced.ts';
import { publicApplicants } from './publicTables.ts';

type Row = typeof publicApplicants.$inferSelect;

/** The columns that travel, under the names the mapping tables use. */
const fields = [
  'candidateId',
  'addedByStaff',
  'appliedAt',
  'active',
  'stageId',
  'stageName',
  'presentedAt',
  'interviewAt',
  'offerAt',
  'hiredAt',
  'droppedAt',
] as const satisfies readonly (keyof Row)[];

/** Those who came to a job without KiEX, as the engine writes them: read there, and never sent. */
export const syncedPublicApplicants: Synced = {
  resource: 'publicApplicants',
  below: { resource: 'jobs', otherwise: 'on a job that is not in KiEX' },

  async read(db, { connectionId }, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return new Map();
    const rows = await db.select().from(publicApplicants).where(inArray(publicApplicants.id, ids));
    const own = rows.filter((row) => row.connectionId === connectionId);
    return new Map(own.map((row) => [row.id, asRecord(row)]));
  },

  async write(tx, { connectionId, now }, writes) {
    const versions = new Map<string, number>();
    const news = writes.filter(({ version }) => version === null);
    if (news.length > 0) {
      const rows = news.map(({ ourId, values, refs }) => {
        const known = { id: ourId, connectionId, jobId: refs.jobs!, version: 1, updatedAt: now };
        return { ...valuesOf(values, { whole: true }), ...known };
      });
      await tx.execute(insertMany(publicApplicants, rows));
      for (const { id, version } of rows) versions.set(id, version);
    }
    for (const { ourId, version, values } of writes) {
      if (version === null) continue;
      const change = { ...valuesOf(values, { whole: false }), updatedAt: now };
      const [row] = await tx
        .update(publicApplicants)
        .set({ ...change, version: version + 1, goneAt: null })
        .where(sql`${publicApplicants.id} = ${ourId} and ${publicApplicants.version} = ${version}`)
        .returning({ version: publicApplicants.version });
      if (row) versions.set(ourId, row.version);
    }
    return versions;
  },

  async closeGone(tx, { now }, ourIds) {
    const rows = await tx
      .update(publicApplicants)
      .set({ goneAt: now, version: sql`${publicApplicants.version} + 1`, updatedAt: now })
      .where(inArray(publicApplicants.id, ourIds))
      .returning({ id: publicApplicants.id, version: publicApplicants.version });
    return new Map(rows.map((row) => [row.id, row.version]));
  },

  async letGo(tx, { connectionId }) {
    const rows = await tx
      .delete(publicApplicants)
      .where(eq(publicApplicants.connectionId, connectionId))
      .returning({ id: publicApplicants.id });
    return rows.length;
  },

  topics: async () => [],
};

function asRecord(row: Row): OurRecord {
  const { id, version, updatedAt: changedAt } = row;
  const values = Object.fromEntries(fields.map((name) => [name, row[name]]));
  return { id, version, values, changedAt, refs: { jobs: row.jobId } };
}

/** The columns of a write: all of a new row, only what changed of an old one. */
function valuesOf(values: Write['values'], { whole }: { whole: boolean }): Partial<Row> {
  const named = fields.filter((name) => whole || values[name] !== undefined);
  return Object.fromEntries(
    named.map((name) => {
      const value = values[name] ?? null;
      return [name, name.endsWith('At') && value !== null ? new Date(String(value)) : value];
    }),
  );
}
