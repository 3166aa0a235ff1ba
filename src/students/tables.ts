import { bigint, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { instant } from '#src/platform/columns.ts';

/** What a student says about themselves. Name and e-mail live with the account. */
export const students = pgTable('students', {
  userId: text().primaryKey(),
  /** E.164 */
  phone: text(),
  /** Village, street or P.O. box, as the student writes it. */
  address: text(),
  /** GU | MP | PW | FM | MH, or null for elsewhere. */
  territory: text(),
  about: text(),
  version: bigint({ mode: 'number' }).notNull().default(1),
  createdAt: instant().notNull(),
  updatedAt: instant().notNull(),
});

/** A resume file. Never changed: a newer one is another row. */
export const resumes = pgTable(
  'resumes',
  {
    id: uuid().primaryKey(),
    studentId: text().notNull(),
    fileName: text().notNull(),
    contentType: text().notNull(),
    bytes: integer().notNull(),
    sha256: text().notNull(),
    storageKey: text().notNull(),
    uploadedAt: instant().notNull(),
    /** Taken off the profile by the student; kept while an application refers to it. */
    removedAt: instant(),
  },
  // The same file twice is one row, also when both arrive at once.
  (table) => [unique('resumes_once').on(table.studentId, table.sha256)],
);
