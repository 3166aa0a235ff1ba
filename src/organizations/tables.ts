import { bigint, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from '#src/accounts/tables.ts';
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

/** Who acts for which employer: one person may for several, and an employer has many. */
export const memberships = pgTable(
  'memberships',
  {
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    addedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.organizationId] }),
    index('memberships_organization').on(table.organizationId),
  ],
);
