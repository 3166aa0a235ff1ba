import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { jobs } from '#src/jobs/tables.ts';
import type { Queryable, Tx } from '#src/platform/database.ts';
import { insertMany } from '#src/platform/manyRows.ts';
import type { NewId } from '#src/platform/random.ts';
import { record } from '#src/sync/activity.ts';
import { links } from '#src/sync/tables.ts';
import { history } from '#src/sync/trailTables.ts';
import { shownStatus } from './application.ts';
import { type StageMap, type StageStatus, statusOf } from './stageMap.ts';
import type { ApplicationRow } from './syncedApplications.ts';
import { applicationEvents, applications } from './tables.ts';

/** An application whose status follows otherwise from the same facts. */
export interface Restated {
  row: ApplicationRow;
  theirId: string;
  jobTitle: string;
  before: string;
  after: StageStatus;
}

/** Rows that are read and written in one go. */
const batch = 500;

/**
 * The applications of a connection to which another stage map gives another status, in the order of
 * their ids. Nothing is written. What was never read since KiEX keeps facts is left alone: it is
 * worked out when it is read next.
 */
export async function* restatedBy(
  db: Queryable,
  { connectionId, map }: { connectionId: string; map: StageMap },
): AsyncGenerator<Restated[]> {
  for (let after = ''; ; ) {
    const rows = await db
      .select({ row: applications, theirId: links.theirId, jobTitle: jobs.title })
      .from(applications)
      .innerJoin(jobs, sql`${jobs.id} = ${applications.jobId}`)
      .innerJoin(
        links,
        sql`${links.connectionId} = ${connectionId} and ${links.resource} = 'applications'
          and ${links.ourId} = ${applications.id}::text and ${links.theirId} is not null
          and ${links.goneAt} is null and ${links.ourId} > ${after}`,
      )
      .orderBy(links.ourId)
      .limit(batch);
    if (rows.length === 0) return;
    after = rows.at(-1)!.row.id;
    yield rows.flatMap(({ row, theirId, jobTitle }) => {
      const isKnown = row.stageId !== null || row.active !== null;
      const status = isKnown ? statusOf(row, map) : row.status;
      if (status === row.status) return [];
      return [
        { row, theirId: theirId!, jobTitle, before: row.status, after: status as StageStatus },
      ];
    });
  }
}

/**
 * Gives these applications their new status, here only: nothing is sent, and the version stays, for
 * there is nothing to agree on. One line of history each says why; the student's timeline too, once.
 * The caller holds the connection's row, so that no pass stores a status of the old map after it.
 *
 * Returns  whose pages should hear of it.
 */
export async function restate(
  tx: Tx,
  connectionId: string,
  changes: readonly Restated[],
  { by, newId, now }: { by: string; newId: NewId; now: Date },
): Promise<Set<string>> {
  if (changes.length === 0) return new Set();
  const rows = changes.map(({ row, after }) => ({ id: row.id, status: after }));
  await tx.execute(sql`
    update applications set status = fresh.status, updated_at = ${now.toISOString()}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as fresh(id uuid, status text)
    where applications.id = fresh.id`);
  const seen = changes.filter(isSeen);
  if (seen.length > 0) {
    const events = seen.map(({ row, after }) => ({
      id: newId(),
      applicationId: row.id,
      at: now,
      status: shownStatus({ ...row, status: after }),
      stageName: row.stageName,
      by: 'kiex',
    }));
    await tx.insert(applicationEvents).values(events);
  }
  const shared = { connectionId, resource: 'applications', door: 'staff' } as const;
  const lines = changes.map(({ row, theirId }) => ({
    ...{ ...shared, ourId: row.id, theirId, direction: 'in' as const, action: 'updated', ok: true },
    ...{ fields: ['status'], detail: `by ${by}: its stage has another meaning in the stage map` },
  }));
  await record(tx, lines, { newId, now });
  const kept = changes.map(({ row, theirId, before, after }) => ({
    ...{ id: newId(), ...shared, at: now, ourId: row.id, theirId, runId: null, deliveryId: null },
    ...{ direction: 'in' as const, action: 'updated', version: row.version, undoneAt: null },
    fields: { status: { before, after, rule: 'stage map' } },
  }));
  await tx.execute(insertMany(history, kept));
  return new Set(seen.map(({ row }) => row.studentId));
}

const isSeen = ({ row, after }: Restated) =>
  shownStatus(row) !== shownStatus({ ...row, status: after });

/** Tells one stage map from another: what was previewed is applied to no other. */
export const fingerprintOf = (map: StageMap): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1))))
    .digest('hex')
    .slice(0, 16);
