import { sql } from 'drizzle-orm';
import type { Queryable, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { closeIssue, isIssueOpen, keepIssue, openIssue } from '#src/sync/issues.ts';
import { guessStatus, isUnknownStage, type StageMap, type StageStatus } from './stageMap.ts';
import type { applications } from './tables.ts';

type Row = typeof applications.$inferSelect;
interface Tools {
  newId: NewId;
  now: Date;
}

const againKind = 'applied again';
const stagesKind = 'unknown stages';
/** An account has one such issue, whatever the number of stages. */
const stagesKey = 'stages';

/** Waits for the employer: it was sent again, and what stands there has ended. */
export const isUnanswered = ({ status, appliedAgainAt, withdrawnAt }: Row) =>
  appliedAgainAt !== null && withdrawnAt === null && status === 'not_selected';

/**
 * An application that was sent again where it had ended is not re-opened there by KiEX: a person is
 * told, until the employer's side moves or the student takes it back. reference/manatal.md 12
 */
export async function tellAppliedAgain(
  tx: Queryable,
  connectionId: string,
  { row, next }: { row: Row; next: Row },
  { newId, now }: Tools,
): Promise<void> {
  const issue = { connectionId, kind: againKind, key: next.id };
  if (isUnanswered(next) && !isUnanswered(row)) {
    const detail =
      'The student sent this application again after it had ended. KiEX left a note there and did ' +
      'not re-open it: that is for the recruiter to do.';
    const about = { resource: 'applications', ourId: next.id, detail };
    await openIssue(tx, { ...issue, ...about }, { newId, now });
  }
  if (!isUnanswered(next) && isUnanswered(row)) {
    const reason = next.withdrawnAt ? 'The student took it back.' : 'The employer has answered.';
    await closeIssue(tx, issue, { reason, now });
  }
}

/**
 * Opens, words anew or closes the issue about stages that nobody here has looked at and in which
 * applications stand.
 *
 * isNews  one of them was just moved to such a stage; else an issue that is open is looked at alone.
 */
export async function tellUnknownStages(
  tx: Tx,
  { connectionId, map, isNews }: { connectionId: string; map: StageMap; isNews: boolean },
  { newId, now }: Tools,
): Promise<void> {
  const issue = { connectionId, kind: stagesKind, key: stagesKey };
  if (!isNews && !(await isIssueOpen(tx, issue))) return;
  const standing = await countByStage(tx, connectionId);
  const unknown = standing.filter(({ stageId }) => isUnknownStage(map, stageId));
  const count = unknown.reduce((sum, { total }) => sum + total, 0);
  if (count === 0) {
    const reason = 'No application stands in a stage that nobody has looked at.';
    return closeIssue(tx, issue, { reason, now });
  }
  const ids = unknown.map(({ stageId }) => stageId).join(', ');
  const detail =
    count === 1
      ? `1 application stands in a stage KiEX does not know (${ids}).`
      : `${count} applications stand in ${unknown.length === 1 ? 'a stage' : 'stages'} KiEX does not know (${ids}).`;
  await keepIssue(tx, { ...issue, resource: 'applications', detail, count }, { newId, now });
}

/** How many applications of a connection stand in each stage. */
export async function countByStage(
  db: Queryable,
  connectionId: string,
): Promise<{ stageId: string; total: number }[]> {
  const { rows } = await db.execute<{ stageId: string; total: number }>(sql`
    select a.stage_id as "stageId", count(*)::int as total
    from applications a
    join links l on l.connection_id = ${connectionId} and l.resource = 'applications'
      and l.our_id = a.id::text and l.their_id is not null and l.gone_at is null
    where a.stage_id is not null
    group by a.stage_id order by a.stage_id`);
  return rows;
}

/** The stages in which applications of a connection stand, as those applications tell them. */
export async function nameOfStages(
  db: Queryable,
  connectionId: string,
): Promise<{ stageId: string; name: string | null; status: StageStatus }[]> {
  const { rows } = await db.execute<{ stageId: string; name: string | null }>(sql`
    select distinct on (a.stage_id) a.stage_id as "stageId", a.stage_name as name
    from applications a
    join links l on l.connection_id = ${connectionId} and l.resource = 'applications'
      and l.our_id = a.id::text and l.their_id is not null and l.gone_at is null
    where a.stage_id is not null
    order by a.stage_id, a.updated_at desc`);
  return rows.map(({ stageId, name }) => ({
    ...{ stageId, name },
    status: name === null ? 'sent' : guessStatus(name, false),
  }));
}
