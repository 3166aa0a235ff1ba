import { eq, sql } from 'drizzle-orm';
import { users } from '#src/accounts/tables.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Queryable, Tx } from '#src/platform/database.ts';
import { findFacts, lockStudent } from '#src/students/store.ts';
import type { Students } from '#src/students/students.ts';
import { agreedCategories } from './sharing.ts';
import { employerWords } from './store.ts';
import { asOnProfile, isSuggestedField, type SuggestedField } from './suggestion.ts';
import { offersSuggestions } from './suggestionOption.ts';
import { isOne } from './suggestionRows.ts';
import { suggestions } from './tables.ts';

/** What an employer's account holds in place of what the student gave. */
export interface Suggestion {
  connectionId: string;
  employer: string;
  field: SuggestedField;
  value: string;
}

/** An answer names the value that was on the page: another one was never seen. */
export interface Answer {
  connectionId: string;
  field: string;
  value: string;
}

/** What recruiters changed of a student's name, phone and address, for the student to decide. */
export interface Suggestions {
  offersTo(studentId: string): Promise<Suggestion[]>;
  /** Makes it the student's own, as an edit of theirs. False: it is not on offer any more. */
  take(studentId: string, answer: Answer): Promise<boolean>;
  /** Not offered again until the account holds another value. False as above. */
  keep(studentId: string, answer: Answer): Promise<boolean>;
}

export function createSuggestions(needs: {
  db: Db;
  clock: Clock;
  students: Pick<Students, 'writeProfile'>;
}): Suggestions {
  const { db, clock } = needs;
  const answer = (tx: Tx, studentId: string, given: Answer, state: 'taken' | 'kept') =>
    tx
      .update(suggestions)
      .set({ state, at: clock.now() })
      .where(isOne({ ...given, studentId }));
  return {
    offersTo: (studentId) => offersTo(db, studentId),
    take: (studentId, given) =>
      db.transaction(async (tx) => {
        await lockStudent(tx, studentId);
        const offer = await standing(tx, studentId, given);
        if (!offer) return false;
        const { name, ...facts } = await profileOf(tx, studentId);
        const value = asOnProfile(offer.field, offer.value, facts.territory);
        if (value === null) return false;
        const profile = { name, ...facts, [offer.field]: value };
        await needs.students.writeProfile(tx, studentId, profile);
        await answer(tx, studentId, given, 'taken');
        return true;
      }),
    keep: (studentId, given) =>
      db.transaction(async (tx) => {
        await lockStudent(tx, studentId);
        if (!(await standing(tx, studentId, given))) return false;
        await answer(tx, studentId, given, 'kept');
        return true;
      }),
  };
}

const standing = async (tx: Tx, studentId: string, given: Answer) =>
  (await offersTo(tx, studentId, true)).find(
    ({ connectionId, field, value }) =>
      connectionId === given.connectionId && field === given.field && value === given.value,
  );

async function profileOf(db: Queryable, studentId: string) {
  const [account] = await db
    .select({ name: users.name })
    .from(users)
    .where(eq(users.id, studentId));
  return { name: account?.name ?? '', ...(await findFacts(db, studentId)) };
}

type OfferRow = {
  connection_id: string;
  settings: Record<string, unknown>;
  employer: string | null;
  field: string;
  value: string;
};

/**
 * What is offered as things stand at this moment: the option, the sharing and the student's own value
 * may have changed since it was read there. [P1] [P2]
 *
 * hold  to the end of the transaction.
 */
async function offersTo(db: Queryable, studentId: string, hold = false): Promise<Suggestion[]> {
  const { rows } = await db.execute<OfferRow>(sql`
    select mine.connection_id, connections.settings, organizations.name as employer, mine.field,
      mine.value
    from suggestions as mine
    join connections on connections.id = mine.connection_id
      and connections.state not in ('disconnecting', 'disconnected')
    join links as candidate on candidate.connection_id = mine.connection_id
      and candidate.resource = 'candidates' and candidate.our_id = mine.student_id
      and candidate.their_id is not null and candidate.gone_at is null
    left join organizations on organizations.id = connections.organization_id
    where mine.student_id = ${studentId} and mine.state = 'offered'
    order by organizations.name, mine.connection_id, mine.field
    ${hold ? sql`for update of mine` : sql``}`);
  if (rows.length === 0) return [];
  const own = await profileOf(db, studentId);
  const offers: Suggestion[] = [];
  for (const { connection_id: connectionId, settings, employer, field, value } of rows) {
    if (!isSuggestedField(field) || !offersSuggestions(settings) || own[field] === value) continue;
    const agreed = (await agreedCategories(db, connectionId, [studentId])).get(studentId);
    if (!agreed?.has(field)) continue;
    offers.push({ connectionId, employer: employerWords(employer), field, value });
  }
  return offers;
}
