import { and, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { standsAgreed } from '#src/privacy/store.ts';
import type { OurRecord, Synced } from '#src/sync/synced.ts';
import { isUuid } from './syncedApplications.ts';
import { applicationEvents, applications } from './tables.ts';

/**
 * What a note tells the employer's side.
 * cover      the student's words with the application, under the application's own id.
 * withdrawn  that it was taken back; the others: that it was sent again, with the student's words.
 */
export type NoteKind = 'cover' | 'withdrawn' | 'again' | 'first';

/** Once it was taken back, its first cover note is not sent any more. [P2] */
const neverWithdrawn = sql`not exists (select from ${applicationEvents} as taken
  where taken.application_id = applications.id and taken.status = 'withdrawn')`;

/** Still the last thing that the student did with it. */
const isLatest = sql`not exists (select from ${applicationEvents} as later
  where later.application_id = application_events.application_id and later.by = 'student'
    and (later.at, later.id) > (application_events.at, application_events.id))`;

/** Of the events, those that the employer's side is told of by a note. */
const tells = sql`(application_events.way in ('drop', 'note') and application_events.status = 'withdrawn')
  or (application_events.way = 'again' and ${standsAgreed(null)})
  or (application_events.way = 'first' and application_events.note is not null
    and ${standsAgreed('note')})`;

/** Notes of an application, as records of their own: each is sent once, after the match. */
export const syncedNotes: Synced = {
  resource: 'notes',

  async read(db, _context, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return new Map();
    const records = [...(await coverNotes(db, ids)), ...(await eventNotes(db, ids))];
    return new Map(records.map((record) => [record.id, record]));
  },

  due: (connectionId) => sql`
        select wanted.id from (
          select applications.id, applications.id as application_id, applications.submitted_at as at
          from applications
          where applications.note is not null and ${standsAgreed('note')} and ${neverWithdrawn}
          union all
          select application_events.id, applications.id, application_events.at
          from application_events join applications
            on applications.id = application_events.application_id
          where application_events.way is not null and (${tells}) and ${isLatest}
        ) as wanted
        join links as match on match.connection_id = ${connectionId}
          and match.resource = 'applications' and match.our_id = wanted.application_id::text
          and match.their_id is not null and match.gone_at is null
        left join links as note on note.connection_id = ${connectionId}
          and note.resource = 'notes' and note.our_id = wanted.id::text
        where note.their_id is null
        order by wanted.at`,

  // A note of an application that is not there yet goes when it is.
  async mayLeave(db, ourIds) {
    const { rows } = await db.execute<{ id: string }>(sql`
      select wanted.id from unnest(${sql.param(ourIds)}::text[]) as wanted(id)
      left join application_events on application_events.id::text = wanted.id
      join links as match on match.resource = 'applications'
        and match.our_id = coalesce(application_events.application_id::text, wanted.id)
        and match.their_id is not null and match.gone_at is null`);
    return new Set(rows.map(({ id }) => id));
  },

  async topics(db, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return [];
    const rows = await db
      .selectDistinct({ studentId: applications.studentId })
      .from(applications)
      .innerJoin(applicationEvents, eq(applicationEvents.applicationId, applications.id))
      .where(or(inArray(applications.id, ids), inArray(applicationEvents.id, ids)));
    return rows.map(({ studentId }) => `applications:${studentId}`);
  },
};

async function coverNotes(db: Queryable, ids: string[]): Promise<OurRecord[]> {
  const rows = await db
    .select()
    .from(applications)
    .where(
      and(
        inArray(applications.id, ids),
        isNotNull(applications.note),
        standsAgreed('note'),
        neverWithdrawn,
      ),
    );
  return rows.map((row) => ({
    id: row.id,
    version: 1,
    values: { kind: 'cover', note: row.note },
    changedAt: row.submittedAt,
    refs: { applications: row.id },
  }));
}

async function eventNotes(db: Queryable, ids: string[]): Promise<OurRecord[]> {
  const mayShare = sql<boolean>`${standsAgreed('note')}`;
  const rows = await db
    .select({ event: applicationEvents, mayShare })
    .from(applicationEvents)
    .innerJoin(applications, eq(applications.id, applicationEvents.applicationId))
    .where(and(inArray(applicationEvents.id, ids), tells, isLatest));
  return rows.map(({ event, mayShare }) => ({
    id: event.id,
    version: 1,
    values: {
      kind: event.status === 'withdrawn' ? 'withdrawn' : event.way,
      note: mayShare ? event.note : null,
      at: event.at,
    },
    changedAt: event.at,
    refs: { applications: event.applicationId },
  }));
}
