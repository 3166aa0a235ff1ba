import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
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

/** A line of a student's profile that there may be many of: a school, a job, a skill, a link. */
export const profileParts = pgTable(
  'profile_parts',
  {
    id: uuid().primaryKey(),
    studentId: text().notNull(),
    /** educations | experiences | skills | socialLinks */
    kind: text().notNull(),
    /** By the field names of its kind: texts, months (2024 or 2024-08), yes or no. */
    values: jsonb().$type<Record<string, string | boolean | null>>().notNull(),
    /** What tells it from the others of its kind: school, degree and start, for one. */
    key: text().notNull(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    /** Taken off the profile. Kept, so that the same again is the same row and the same record there. */
    removedAt: instant(),
  },
  (table) => [
    index('profile_parts_student').on(table.studentId, table.kind),
    uniqueIndex('profile_parts_once')
      .on(table.studentId, table.kind, table.key)
      .where(sql`${table.removedAt} is null`),
  ],
);
