import { boolean, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { connections, runs } from './tables.ts';

/**
 * Records of ours that a run would close or unlink: put aside while it reads, judged together at its
 * end. What a person refused stays, so that the same is not asked again. [A3]
 */
export const closings = pgTable(
  'closings',
  {
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    resource: text().notNull(),
    ourId: text().notNull(),
    theirId: text().notNull(),
    /** gone: it no longer exists there; closes: what they changed closes it here. */
    why: text().$type<'gone' | 'closes'>().notNull(),
    /** Whether a read by id said so; a list alone proves nothing. [A1] */
    confirmed: boolean().notNull(),
    state: text().$type<'aside' | 'asked' | 'approved' | 'refused'>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.ourId] }),
    index('closings_answers').on(table.connectionId, table.resource),
  ],
);
