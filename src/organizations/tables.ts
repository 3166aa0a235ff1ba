import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '#src/platform/columns.ts';

/** An employer: the organisation a student sees above a job. */
export const organizations = pgTable('organizations', {
  id: uuid().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  website: text(),
  address: text(),
  description: text(),
  version: bigint({ mode: 'number' }).notNull().default(1),
  createdAt: instant().notNull(),
  updatedAt: instant().notNull(),
});
