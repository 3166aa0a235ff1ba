import { eq, sql } from 'drizzle-orm';
import { findAccount } from '#src/accounts/store.ts';
import type { Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { agreesTo } from '#src/privacy/store.ts';
import { findFacts } from '#src/students/store.ts';
import { type ContactRow, contactColumns } from './synced.ts';
import { contacts } from './tables.ts';

type Taken = ContactRow['taken'];

/**
 * Brings the contact of a student up to what the student says now, if that student agreed to be known
 * on the website. A contact of the same e-mail that nobody has is taken for it; else one is made.
 * Only what the student said anew is written over: what the website's staff changed stays. [P1] [M1]
 *
 * isNew  the student agreed just now: the contact is looked at there once, changed or not.
 * Returns  the contact, when there is something to push; null otherwise.
 */
export async function keepStudentContact(
  tx: Tx,
  { studentId, isNew = false }: { studentId: string; isNew?: boolean },
  { newId, now }: { newId: NewId; now: Date },
): Promise<string | null> {
  if (!(await agreesTo(tx, { studentId, provider: 'wix' }))) return null;
  const says = await saidBy(tx, studentId);
  if (!says) return null;
  const row = await contactFor(tx, { studentId, email: says.email! });
  const news = changedSince(row?.studentId === studentId ? row.taken : {}, says);
  if (row && !isNew && Object.keys(news).length === 0) return null;
  const set = { ...news, studentId, taken: says, updatedAt: now };
  const id = row?.id ?? newId();
  if (row) {
    await tx
      .update(contacts)
      .set({ ...set, version: row.version + 1 })
      .where(eq(contacts.id, id));
  } else await tx.insert(contacts).values({ id, ...set, createdAt: now });
  return id;
}

/** The contact of a student, held to the end of the transaction; null: none was made yet. */
export async function contactOfStudent(tx: Tx, studentId: string): Promise<ContactRow | null> {
  const of = eq(contacts.studentId, studentId);
  const [row] = await tx.select().from(contacts).where(of).for('update');
  return row ?? null;
}

async function contactFor(
  tx: Tx,
  { studentId, email }: { studentId: string; email: string },
): Promise<ContactRow | null> {
  const own = await contactOfStudent(tx, studentId);
  if (own) return own;
  const [same] = await tx
    .select()
    .from(contacts)
    .where(sql`${contacts.email} = ${email} and ${contacts.studentId} is null`)
    .orderBy(contacts.createdAt, contacts.id)
    .limit(1)
    .for('update');
  return same ?? null;
}

/** What the student says of themselves, under a contact's columns. */
async function saidBy(tx: Tx, studentId: string): Promise<Taken | null> {
  const account = await findAccount(tx, studentId);
  if (!account) return null;
  const { phone, address, territory } = await findFacts(tx, studentId);
  const words = account.name.trim().split(/\s+/);
  const last = words.length > 1 ? words.pop()! : null;
  return {
    firstName: words.join(' ') || null,
    lastName: last,
    email: account.email.toLowerCase(),
    phone,
    addressLine: address,
    country: territory,
  };
}

/** What is said now and was not before; what was never said takes nothing away. */
const changedSince = (taken: Taken, says: Taken): Partial<ContactRow> =>
  Object.fromEntries(
    contactColumns.flatMap((name) =>
      name in says && says[name] !== (taken[name] ?? null) ? [[name, says[name]!]] : [],
    ),
  );
