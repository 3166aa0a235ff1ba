import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '#src/platform/columns.ts';

/** What a student agreed to share, with whom and when. A row is never changed except to be withdrawn. [P1] */
export const agreements = pgTable(
  'agreements',
  {
    id: uuid().primaryKey(),
    studentId: text().notNull(),
    applicationId: uuid(),
    organizationId: uuid(),
    /** The provider that keeps it: manatal, or wix, which no application is needed for. */
    provider: text().notNull(),
    /** name, email, phone, address, resume, note, answers, profile */
    categories: text().array().notNull(),
    /** Which wording was on the page. */
    textVersion: text().notNull(),
    agreedAt: instant().notNull(),
    withdrawnAt: instant(),
  },
  (table) => [index('agreements_student').on(table.studentId)],
);
