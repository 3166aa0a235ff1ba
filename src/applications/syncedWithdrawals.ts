import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Synced } from '#src/sync/synced.ts';
import { isUuid } from './syncedApplications.ts';
import { applicationEvents, applications } from './tables.ts';

/**
 * SQL, beside a row of `applications` and one of its events: it is taken back, by this event, and is
 * to be closed on the employer's side too. What the student has sent again since is left alone.
 */
const standsWithdrawn: SQL = sql`application_events.status = 'withdrawn'
  and application_events.way = 'drop' and application_events.at = applications.withdrawn_at`;

/**
 * An application taken back, as a record of its own: closed on the employer's side once, and never
 * again for the same withdrawal, whatever the recruiter does with it afterwards.
 */
export const syncedWithdrawals: Synced = {
  resource: 'withdrawals',

  async read(db, _context, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return new Map();
    const rows = await db
      .select({ event: applicationEvents })
      .from(applicationEvents)
      .innerJoin(applications, eq(applications.id, applicationEvents.applicationId))
      .where(and(inArray(applicationEvents.id, ids), standsWithdrawn));
    return new Map(
      rows.map(({ event }) => [
        event.id,
        {
          id: event.id,
          version: 1,
          values: { at: event.at },
          changedAt: event.at,
          refs: { applications: event.applicationId },
        },
      ]),
    );
  },

  due: (connectionId) => sql`
        select application_events.id from applications
        join application_events on application_events.application_id = applications.id
        join links as match on match.connection_id = ${connectionId}
          and match.resource = 'applications' and match.our_id = applications.id::text
          and match.their_id is not null and match.gone_at is null
        left join links as drop on drop.connection_id = ${connectionId}
          and drop.resource = 'withdrawals' and drop.our_id = application_events.id::text
        where applications.withdrawn_at is not null and ${standsWithdrawn}
          and drop.their_id is null
        order by application_events.at`,

  // One that never arrived there has nothing to be taken back. [P2]
  async mayLeave(db, ourIds) {
    const { rows } = await db.execute<{ id: string }>(sql`
      select application_events.id from application_events
      join applications on applications.id = application_events.application_id
      join links as match on match.resource = 'applications'
        and match.our_id = application_events.application_id::text
        and match.their_id is not null and match.gone_at is null
      where application_events.id = any (${sql.param(ourIds.filter(isUuid))}::uuid[])
        and ${standsWithdrawn}`);
    return new Set(rows.map(({ id }) => id));
  },

  async topics(db, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return [];
    const rows = await db
      .selectDistinct({ studentId: applications.studentId })
      .from(applications)
      .innerJoin(applicationEvents, eq(applicationEvents.applicationId, applications.id))
      .where(inArray(applicationEvents.id, ids));
    return rows.map(({ studentId }) => `applications:${studentId}`);
  },
};
