import { and, count, eq, getTableColumns, sql } from 'drizzle-orm';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Tx } from '#src/platform/database.ts';
import type { Live } from '#src/platform/live.ts';
import { isUuid, type NewId } from '#src/platform/random.ts';
import { record } from '#src/sync/activity.ts';
import type { Values } from '#src/sync/canonical.ts';
import {
  type ContactErrors,
  type EditableField,
  editableFields,
  readContact,
  type TypedContact,
} from './contactChanges.ts';
import { type ContactRow, syncedContacts } from './synced.ts';
import { contacts } from './tables.ts';

/** A contact as staff see it. */
export interface StaffContact extends Record<EditableField, string | null> {
  id: string;
  /** A student of KiEX keeps it: nobody else edits it. */
  isStudents: boolean;
  subscription: string | null;
  updatedAt: Date;
}

export type ContactAnswer =
  | { ok: true; changed: string[] }
  | { ok: false; reason: 'unknown' | 'a student’s' }
  | { ok: false; reason: 'fields'; errors: ContactErrors };

/** What staff may do with the website's people. */
export interface ContactEditing {
  /** By name, in the order of the alphabet; `page` from 1. */
  list(search: { text: string; page: number }): Promise<{
    contacts: StaffContact[];
    total: number;
    pages: number;
  }>;
  byId(id: string): Promise<StaffContact | null>;
  /** Changes a contact and orders the push to every website that knows it, in one transaction. [D6] */
  edit(id: string, typed: TypedContact, person: { by: string }): Promise<ContactAnswer>;
}

export interface ContactEditingNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  live: Pick<Live, 'publish'>;
  announce(tx: Tx, contactId: string): Promise<void>;
}

export const CONTACTS_PER_PAGE = 30;

export function createContactEditing(needs: ContactEditingNeeds): ContactEditing {
  const { db } = needs;
  const searched = sql`lower(concat_ws(' ', ${contacts.firstName}, ${contacts.lastName},
    ${contacts.email}, ${contacts.company}, ${contacts.city}))`;
  return {
    async list({ text, page }) {
      const words = text.trim().split(/\s+/).filter(Boolean);
      const where = and(...words.map((word) => sql`strpos(${searched}, lower(${word})) > 0`));
      const name = sql`lower(coalesce(${contacts.lastName}, ${contacts.firstName}))`;
      const rows = await db
        .select(getTableColumns(contacts))
        .from(contacts)
        .where(where)
        .orderBy(name, sql`lower(${contacts.firstName})`, contacts.id)
        .limit(CONTACTS_PER_PAGE)
        .offset((page - 1) * CONTACTS_PER_PAGE);
      const [counted] = await db.select({ total: count() }).from(contacts).where(where);
      const total = counted?.total ?? 0;
      const pages = Math.max(1, Math.ceil(total / CONTACTS_PER_PAGE));
      return { contacts: rows.map(asShown), total, pages };
    },

    async byId(id) {
      if (!isUuid(id)) return null;
      const [row] = await db.select().from(contacts).where(eq(contacts.id, id));
      return row ? asShown(row) : null;
    },

    async edit(id, typed, person) {
      const known = await this.byId(id);
      if (!known) return { ok: false, reason: 'unknown' };
      const read = readContact(typed, known);
      if (!read.ok) return { ...read, reason: 'fields' };
      return db.transaction((tx) => write(needs, tx, { id, values: read.values, ...person }));
    },
  };
}

function asShown(row: ContactRow): StaffContact {
  const { id, studentId, subscription, updatedAt } = row;
  const fields = Object.fromEntries(editableFields.map((name) => [name, row[name]]));
  const own = fields as Record<EditableField, string | null>;
  return { ...own, id, isStudents: studentId !== null, subscription, updatedAt };
}

/** The one transaction: the changed row, its line of history, and the order to push it. */
async function write(
  { clock, newId, live, announce }: ContactEditingNeeds,
  tx: Tx,
  asked: { id: string; values: Values; by: string },
): Promise<ContactAnswer> {
  const of = eq(contacts.id, asked.id);
  const [row] = await tx.select().from(contacts).where(of).for('update');
  if (!row) return { ok: false, reason: 'unknown' };
  if (row.studentId !== null) return { ok: false, reason: 'a student’s' };
  const changed = editableFields.filter(
    (field) => field in asked.values && asked.values[field] !== row[field],
  );
  if (changed.length === 0) return { ok: true, changed };
  const now = clock.now();
  const values = Object.fromEntries(changed.map((field) => [field, asked.values[field]!]));
  const context = { connectionId: '', organizationId: null, now };
  await syncedContacts.write!(tx, context, [
    { ourId: row.id, version: row.version, values, refs: {} },
  ]);
  const about = { connectionId: null, resource: 'contacts', ourId: row.id } as const;
  const line = { ...about, door: 'staff', direction: 'none', action: 'edited', ok: true } as const;
  await record(tx, [{ ...line, fields: [...changed], detail: `by ${asked.by}` }], { newId, now });
  await announce(tx, row.id);
  await live.publish('contacts', tx);
  return { ok: true, changed };
}
