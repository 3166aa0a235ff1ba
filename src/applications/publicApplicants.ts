import { and, desc, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm';
import type { OwnReach } from '#src/organizations/reach.ts';
import type { Queryable } from '#src/platform/database.ts';
import { endedStates } from '#src/sync/connections.ts';
import { connections } from '#src/sync/tables.ts';
import { showsPublic } from './publicOption.ts';
import { publicApplicants } from './publicTables.ts';
import { type StageStatus, stageMapOf, statusOf } from './stageMap.ts';

/** Somebody on a job who did not come through KiEX. */
export interface PublicApplicant {
  id: string;
  /** The number that they have in the employer's system. */
  candidateId: string | null;
  addedByStaff: boolean;
  status: StageStatus;
  /** The employer's own name for where it stands. */
  stageName: string | null;
  appliedAt: Date | null;
  interviewAt: Date | null;
  offerAt: Date | null;
}

/** More than this many of one job are read in the employer's own system. */
export const PUBLIC_SHOWN_MAX = 200;

/**
 * Who came to a job without KiEX, the last first, as far as its connection's option shows them, and
 * only those in the reader's own accounts: another account may keep the same job. A match that a
 * student's application took over is that application, and is not shown a second time.
 */
export async function publicApplicantsOf(
  db: Queryable,
  { connectionIds }: Pick<OwnReach, 'connectionIds'>,
  jobId: string,
): Promise<{ applicants: PublicApplicant[]; more: boolean }> {
  const rows = await db
    .select({ applicant: publicApplicants, settings: connections.settings })
    .from(publicApplicants)
    .innerJoin(connections, eq(connections.id, publicApplicants.connectionId))
    .where(
      and(
        eq(publicApplicants.jobId, jobId),
        inArray(publicApplicants.connectionId, [...connectionIds]),
        isNull(publicApplicants.goneAt),
        notInArray(connections.state, [...endedStates]),
        sql`not exists (select from links own
          join links taken on taken.connection_id = own.connection_id
            and taken.resource = 'applications' and taken.their_id = own.their_id
          where own.connection_id = ${publicApplicants.connectionId}
            and own.resource = 'publicApplicants' and own.our_id = ${publicApplicants.id}::text)`,
      ),
    )
    .orderBy(sql`${publicApplicants.appliedAt} desc nulls last`, desc(publicApplicants.id))
    .limit(PUBLIC_SHOWN_MAX + 1);
  const shown = rows.filter(({ settings }) => showsPublic(settings));
  const applicants = shown.slice(0, PUBLIC_SHOWN_MAX).map(({ applicant, settings }) => ({
    id: applicant.id,
    candidateId: applicant.candidateId,
    addedByStaff: applicant.addedByStaff === true,
    status: statusOf(applicant, stageMapOf(settings)),
    stageName: applicant.stageName,
    appliedAt: applicant.appliedAt,
    interviewAt: applicant.interviewAt,
    offerAt: applicant.offerAt,
  }));
  return { applicants, more: shown.length > PUBLIC_SHOWN_MAX };
}
