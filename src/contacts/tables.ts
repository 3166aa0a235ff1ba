import { bigint, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '#src/platform/columns.ts';

/**
 * A person whom KiEX and a website know: who wrote there, signed up there, or is a student who agreed to
 * be known there. Nobody's account.
 */
export const contacts = pgTable(
  'contacts',
  {
    id: uuid().primaryKey(),
    /** Whose details these are, since that student agreed; null: nobody's of KiEX. [P1] */
    studentId: text().unique(),
    /** What was taken over from the student last, by the columns below: only what differs is news. */
    taken: jsonb().$type<Record<string, string | null>>().notNull().default({}),
    firstName: text(),
    lastName: text(),
    /** Lower case. */
    email: text(),
    /** E.164 where it can be read as one. */
    phone: text(),
    company: text(),
    jobTitle: text(),
    /** YYYY-MM-DD */
    birthdate: text(),
    /** BCP 47 */
    locale: text(),
    addressLine: text(),
    addressLine2: text(),
    city: text(),
    /** ISO 3166-2, with the hyphen. */
    subdivision: text(),
    /** ISO 3166-1, two letters; the islands by their own. */
    country: text(),
    postalCode: text(),
    /** What the website has besides, as it has it. */
    otherEmails: jsonb().$type<unknown>(),
    otherPhones: jsonb().$type<unknown>(),
    otherAddresses: jsonb().$type<unknown>(),
    labels: jsonb().$type<unknown>(),
    /** Whether they let the website write to them: not_set | pending | subscribed | unsubscribed. */
    subscription: text(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    index('contacts_email').on(table.email),
    index('contacts_phone').on(table.phone),
    index('contacts_name').on(table.lastName, table.firstName),
  ],
);
