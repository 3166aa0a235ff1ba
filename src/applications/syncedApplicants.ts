import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { users } from '#src/accounts/tables.ts';
import type { Queryable } from '#src/platform/database.ts';
import { standsAgreed } from '#src/privacy/store.ts';
import { readPhone } from '#src/students/phone.ts';
import { ADDRESS_LENGTH_MAX, characterCount } from '#src/students/profile.ts';
import { correctFacts } from '#src/students/store.ts';
import { profileParts, resumes, students } from '#src/students/tables.ts';
import type { Mended, OurRecord, Synced } from '#src/sync/synced.ts';
import { agreedCategories, arrivedWith } from './sharing.ts';
import { forgetAccount, noteTheirs } from './suggestionRows.ts';

/** Where students work now: the job that began last of those they work in. */
async function currentWork(
  db: Queryable,
  studentIds: string[],
): Promise<Map<string, { currentPosition: unknown; currentEmployer: unknown }>> {
  const rows = await db
    .select({ studentId: profileParts.studentId, values: profileParts.values })
    .from(profileParts)
    .where(
      and(
        inArray(profileParts.studentId, studentIds),
        eq(profileParts.kind, 'experiences'),
        isNull(profileParts.removedAt),
        sql`${profileParts.values} ->> 'isCurrent' = 'true'`,
      ),
    )
    // The last of them stays in the map.
    .orderBy(sql`${profileParts.values} ->> 'startedOn' nulls first`, profileParts.id);
  return new Map(
    rows.map(({ studentId, values }) => [
      studentId,
      { currentPosition: values.title, currentEmployer: values.employer },
    ]),
  );
}

/** Students as applicants of one account: only what they agreed to share with it. */
export const syncedApplicants: Synced = {
  resource: 'candidates',

  async read(db, { connectionId }, ourIds) {
    if (ourIds.length === 0) return new Map();
    const agreed = await agreedCategories(db, connectionId, ourIds);
    const rows = await db
      .select({
        id: users.id,
        name: users.name,
        email: users.email,
        phone: students.phone,
        address: students.address,
        about: students.about,
        version: students.version,
        changedAt: users.updatedAt,
      })
      .from(users)
      .leftJoin(students, sql`${students.userId} = ${users.id}`)
      .where(inArray(users.id, ourIds));
    const works = await currentWork(db, ourIds);
    const records = new Map<string, OurRecord>();
    for (const row of rows) {
      const categories = agreed.get(row.id);
      if (!categories) continue;
      const shared = (name: 'phone' | 'address') => (categories.has(name) ? row[name] : null);
      const values = {
        name: row.name,
        email: row.email,
        phone: shared('phone'),
        address: shared('address'),
        externalId: row.id,
        consent: true,
        ...(categories.has('profile') ? { about: row.about, ...works.get(row.id) } : {}),
      };
      const { id, version, changedAt } = row;
      records.set(id, { id, version: version ?? 1, values, changedAt, refs: {} });
    }
    return records;
  },

  due: (connectionId) => sql`
      select mine.our_id as id from links as mine
      join students on students.user_id = mine.our_id
      where mine.connection_id = ${connectionId} and mine.resource = 'candidates'
        and mine.their_id is not null and mine.gone_at is null
        and mine.agreed_version < students.version
        and ${arrivedWith({ studentId: sql`mine.our_id`, connectionId, category: null })}
      order by students.updated_at`,

  seen: noteTheirs,

  // No record of ours closes with the account: only what is known of its own goes.
  async standAside(tx, { connectionId, aside }) {
    if (aside) await forgetAccount(tx, connectionId);
    return 0;
  },

  // Only what the student shares with this account: what staff do not see they cannot mend. [P1]
  correct: {
    async fields(db, { connectionId }, ourId) {
      const agreed = (await agreedCategories(db, connectionId, [ourId])).get(ourId);
      return ['phone', 'address'].filter((name) => agreed?.has(name));
    },
    async store(tx, { now }, { ourId, version, values }): Promise<Mended> {
      const { phone, address } = values;
      if (typeof phone === 'string' && !readPhone(phone, null).ok) {
        return {
          errors: { phone: 'Write a phone number with its country code, like +1 671 555 0123.' },
        };
      }
      if (typeof address === 'string' && characterCount(address) > ADDRESS_LENGTH_MAX) {
        return { errors: { address: `Write at most ${ADDRESS_LENGTH_MAX} characters.` } };
      }
      const change = {
        ...(phone !== undefined && { phone: phone as string | null }),
        ...(address !== undefined && { address: address as string | null }),
      };
      const raised = await correctFacts(tx, { userId: ourId, version, at: now, change });
      return { version: raised };
    },
  },

  topics: async () => [],
};

/** Which files go with which application: the one it was sent with, and newer ones sent after it. */
const sentFiles = sql`(
  select id as application_id, resume_id, submitted_at as sent_at from applications
  union all select application_id, resume_id, added_at from application_resumes)`;

/** The file goes with at least one application that its student agreed to share it through. [P1] */
const agreedSomewhere = sql`exists (select from ${sentFiles} as sent
  join applications on applications.id = sent.application_id
  where sent.resume_id = ${resumes.id} and ${standsAgreed('resume')})`;

/** Resume files, each sent once to an account however many applications of it refer to it. */
export const syncedResumes: Synced = {
  resource: 'resumes',

  async read(db, { connectionId }, ourIds) {
    if (ourIds.length === 0) return new Map();
    const rows = await db
      .select()
      .from(resumes)
      .where(and(inArray(resumes.id, ourIds), agreedSomewhere));
    const titles = await jobTitles(db, connectionId, ourIds);
    return new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          version: 1,
          values: {
            storageKey: row.storageKey,
            fileName: row.fileName,
            contentType: row.contentType,
            bytes: row.bytes,
            jobTitle: titles.get(row.id) ?? null,
            uploadedAt: row.uploadedAt,
          },
          changedAt: row.uploadedAt,
          refs: { candidates: row.studentId },
        },
      ]),
    );
  },

  due: (connectionId) => sql`
      select distinct resumes.id from resumes
      join ${sentFiles} as sent on sent.resume_id = resumes.id
      join applications on applications.id = sent.application_id
      join links as match on match.connection_id = ${connectionId}
        and match.resource = 'applications' and match.our_id = applications.id::text
        and match.their_id is not null and match.gone_at is null
      left join links as file on file.connection_id = ${connectionId}
        and file.resource = 'resumes' and file.our_id = resumes.id::text
      where file.their_id is null
        and ${standsAgreed('resume')}`,

  topics: async () => [],
};

/** The title of the first job each file was sent for, to name an attachment by. */
async function jobTitles(
  db: Queryable,
  connectionId: string,
  resumeIds: string[],
): Promise<Map<string, string>> {
  const result = await db.execute<{ resume_id: string; title: string }>(sql`
    select distinct on (sent.resume_id) sent.resume_id, jobs.title
    from ${sentFiles} as sent join applications on applications.id = sent.application_id
    join jobs on jobs.id = applications.job_id
    join links as job on job.connection_id = ${connectionId} and job.resource = 'jobs'
      and job.our_id = jobs.id::text
    where sent.resume_id = any (${sql.param(resumeIds)}::uuid[])
    order by sent.resume_id, sent.sent_at, sent.application_id`);
  return new Map(result.rows.map((row) => [row.resume_id, row.title]));
}
