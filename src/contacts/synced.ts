import { and, getTableColumns, inArray, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { Queryable, Tx } from '#src/platform/database.ts';
import { insertMany } from '#src/platform/manyRows.ts';
import { isUuid } from '#src/platform/random.ts';
import { standsAgreedByStudent } from '#src/privacy/store.ts';
import { folded, jsonOf, type Values } from '#src/sync/canonical.ts';
import type { OurRecord, Synced, Write } from '#src/sync/synced.ts';
import { contacts } from './tables.ts';

export type ContactRow = typeof contacts.$inferSelect;

/** The columns that travel as they are, under the names the mapping tables use. */
export const contactColumns = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'company',
  'jobTitle',
  'birthdate',
  'locale',
  'addressLine',
  'addressLine2',
  'city',
  'subdivision',
  'country',
  'postalCode',
  'subscription',
] as const satisfies readonly (keyof ContactRow)[];
const listColumns = [
  'otherEmails',
  'otherPhones',
  'otherAddresses',
  'labels',
] as const satisfies readonly (keyof ContactRow)[];

/** Nothing of a student's contact moves in either direction while that student does not agree. [P1] [P2] */
const mayMove = sql`(${contacts.studentId} is null
  or ${standsAgreedByStudent('wix', sql`${contacts.studentId}`)})`;

/** The website's people as the engine reads and writes them. */
export const syncedContacts: Synced = {
  resource: 'contacts',

  async read(db, { connectionId }, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return new Map();
    const rows = await db
      .select()
      .from(contacts)
      .where(and(inArray(contacts.id, ids), mayMove, concerns(connectionId)));
    return new Map(rows.map((row) => [row.id, asRecord(row)]));
  },

  async write(tx, context, writes) {
    const current = await lockRows(tx, writes);
    const rows = writes.flatMap((write) => {
      const before = write.version === null ? null : current.get(write.ourId);
      // Moved on since it was read: the engine looks again.
      if (write.version !== null && before?.version !== write.version) return [];
      return [mergedRow(write, before ?? null, context.now)];
    });
    return upsert(tx, rows);
  },

  // Students who agreed and are not there yet are made there; nobody else is. [P1]
  due: (connectionId) => sql`
    select contacts.id from links
    join contacts on contacts.id = links.our_id::uuid and contacts.version > links.agreed_version
    where links.connection_id = ${connectionId} and links.resource = 'contacts'
      and links.their_id is not null and links.gone_at is null and ${mayMove}
    union all
    select contacts.id from contacts
    where contacts.student_id is not null and ${mayMove} and not exists (select from links
      where links.connection_id = ${connectionId} and links.resource = 'contacts'
        and links.our_id = contacts.id::text and links.their_id is not null)`,

  async mayLeave(db, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return new Set();
    const rows = await db
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(inArray(contacts.id, ids), mayMove));
    return new Set(rows.map(({ id }) => id));
  },

  match: (db, { connectionId }, values) => matching(db, connectionId, values),

  likeness({ email, phone, ...name }) {
    if (email) return `e-mail ${email}`;
    return phone ? `phone ${phone} ${nameIn(name)}` : null;
  },

  topics: async () => ['contacts'],
};

/** A website knows the people who are tied to it, and students who agreed to be known there. */
const concerns = (connectionId: string) => sql`(${contacts.studentId} is not null or exists (
  select from links where links.connection_id = ${connectionId}
    and links.resource = 'contacts' and links.our_id = ${contacts.id}::text))`;

function asRecord(row: ContactRow): OurRecord {
  const isStudents = row.studentId !== null;
  const values: Record<string, unknown> = {
    // KiEX marks its own there, and nobody who came from there.
    kiexId: isStudents ? row.id : null,
    kiexLabel: isStudents ? true : null,
  };
  for (const name of [...contactColumns, ...listColumns]) values[name] = row[name];
  return { id: row.id, version: row.version, values, changedAt: row.updatedAt, refs: {} };
}

/**
 * One of ours of this e-mail; without one on either side, of this phone and this name: families share
 * a phone. Of several, one that is not tied to this website yet, then the oldest. [I5]
 */
async function matching(
  db: Queryable,
  connectionId: string,
  values: Values,
): Promise<string | null> {
  const { email, phone } = values;
  if (!email && !phone) return null;
  const isTied = sql`exists (select from links where links.connection_id = ${connectionId}
    and links.resource = 'contacts' and links.our_id = ${contacts.id}::text)`;
  const rows = await db
    .select()
    .from(contacts)
    .where(and(mayMove, sql`(${contacts.email} = ${email} or ${contacts.phone} = ${phone})`))
    .orderBy(isTied, contacts.createdAt, contacts.id);
  const same = rows.find((row) => row.email !== null && row.email === email);
  const alike = rows.find(
    (row) =>
      row.phone === phone && !(row.email && email) && nameIn(row) === nameIn(values) && nameIn(row),
  );
  return (same ?? alike)?.id ?? null;
}

const nameIn = ({ firstName, lastName }: { firstName?: unknown; lastName?: unknown }) =>
  folded(`${firstName ?? ''} ${lastName ?? ''}`);

async function lockRows(tx: Tx, writes: Write[]): Promise<Map<string, ContactRow>> {
  const ids = writes.flatMap((write) => (write.version === null ? [] : [write.ourId]));
  if (ids.length === 0) return new Map();
  // In the order of their ids, so that two pages with the same rows cannot wait for each other.
  const rows = await tx
    .select()
    .from(contacts)
    .where(inArray(contacts.id, ids))
    .orderBy(contacts.id)
    .for('update');
  return new Map(rows.map((row) => [row.id, row]));
}

/** The whole row after a write. */
function mergedRow({ ourId, values }: Write, before: ContactRow | null, now: Date): ContactRow {
  const columns = Object.fromEntries(
    contactColumns.map((name) => [name, name in values ? values[name] : (before?.[name] ?? null)]),
  );
  const lists = Object.fromEntries(
    listColumns.map((name) => [
      name,
      name in values ? jsonOf(values[name] ?? null) : (before?.[name] ?? null),
    ]),
  );
  return {
    ...(columns as Pick<ContactRow, (typeof contactColumns)[number]>),
    ...(lists as Pick<ContactRow, (typeof listColumns)[number]>),
    id: ourId,
    studentId: before?.studentId ?? null,
    taken: before?.taken ?? {},
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
}

const written = sql.raw(
  Object.values(getTableColumns(contacts))
    .map(({ name }) => toSnakeCase(name))
    .filter((column) => !['id', 'created_at', 'student_id', 'taken'].includes(column))
    .map((column) => `${column} = excluded.${column}`)
    .join(', '),
);

async function upsert(tx: Tx, rows: ContactRow[]): Promise<Map<string, number>> {
  if (rows.length === 0) return new Map();
  await tx.execute(sql`${insertMany(contacts, rows)} on conflict (id) do update set ${written}`);
  return new Map(rows.map((row) => [row.id, row.version]));
}
