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
import type { Value } from './canonical.ts';
import { connections, runs } from './tables.ts';

/** field -> what stood there, and what was written; `rule` says what let it move. */
export type FieldChanges = Record<string, { before: Value; after: Value; rule?: string }>;

/** What every table here says about which record it speaks of. */
const ofRecord = {
  connectionId: uuid()
    .notNull()
    .references(() => connections.id, { onDelete: 'cascade' }),
  resource: text().notNull(),
};

/** Every write to a record, with its values: where a value came from, and the way back. */
export const history = pgTable(
  'history',
  {
    id: uuid().primaryKey(),
    ...ofRecord,
    at: instant().notNull(),
    ourId: text().notNull(),
    theirId: text(),
    runId: uuid(),
    deliveryId: uuid(),
    /** webhook | poll | push | manual | schedule | staff */
    door: text().notNull(),
    /** in: they to us; out: we to them. */
    direction: text().$type<'in' | 'out'>().notNull(),
    action: text().notNull(),
    fields: jsonb().$type<FieldChanges>().notNull(),
    /** The version of our row after it. */
    version: bigint({ mode: 'number' }).notNull(),
    /** When it was taken back. */
    undoneAt: instant(),
  },
  (table) => [
    index('history_record').on(table.resource, table.ourId, table.at),
    index('history_run').on(table.runId).where(sql`run_id is not null`),
  ],
);

/** A field that both sides changed to different values: both are kept, and a person may choose. [M3] */
export const conflicts = pgTable(
  'conflicts',
  {
    id: uuid().primaryKey(),
    ...ofRecord,
    ourId: text().notNull(),
    theirId: text().notNull(),
    field: text().notNull(),
    base: jsonb().$type<{ value: Value }>(),
    ours: jsonb().$type<{ value: Value }>().notNull(),
    theirs: jsonb().$type<{ value: Value }>().notNull(),
    /** Who won by policy; null: nobody yet, a person is asked. */
    winner: text().$type<'ours' | 'theirs'>(),
    /** The policy, or what else made it: in words for staff. */
    reason: text().notNull(),
    /** open: a person is asked; settled: the policy decided; chosen: a person did; past: it moved on. */
    state: text().$type<'open' | 'settled' | 'chosen' | 'past'>().notNull(),
    runId: uuid(),
    foundAt: instant().notNull(),
    chosen: text().$type<'ours' | 'theirs'>(),
    chosenBy: text(),
    closedAt: instant(),
  },
  (table) => [
    uniqueIndex('conflicts_open')
      .on(table.connectionId, table.resource, table.ourId, table.field)
      .where(sql`state = 'open'`),
    index('conflicts_recent').on(table.foundAt),
    index('conflicts_record').on(table.resource, table.ourId),
  ],
);

/** Something a person should know of: it opens, ages, and closes when it is over. */
export const issues = pgTable(
  'issues',
  {
    id: uuid().primaryKey(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    resource: text(),
    /** ambiguity | missed events | … */
    kind: text().notNull(),
    /** What tells two issues of a kind apart. */
    key: text().notNull(),
    ourId: text(),
    theirId: text(),
    /** In words for staff; ids and field names, never personal values. [P3] */
    detail: text().notNull(),
    count: integer().notNull().default(1),
    openedAt: instant().notNull(),
    lastAt: instant().notNull(),
    closedAt: instant(),
    closedReason: text(),
    /** The person who closed it; null: it was over by itself. */
    closedBy: text(),
  },
  (table) => [
    uniqueIndex('issues_open')
      .on(table.connectionId, table.kind, table.key)
      .where(sql`closed_at is null`),
    index('issues_recent').on(table.lastAt),
  ],
);

/** A change that a poll or reconciliation found, for which a webhook was due and never came. */
export const missedEvents = pgTable(
  'missed_events',
  {
    id: uuid().primaryKey(),
    ...ofRecord,
    event: text().notNull(),
    theirId: text().notNull(),
    foundAt: instant().notNull(),
    runId: uuid(),
    /** When it came after all: late, not lost. */
    arrivedAt: instant(),
    /** When it was counted as missed; before, it may still be on its way. */
    notedAt: instant(),
  },
  (table) => [
    index('missed_events_new').on(table.connectionId).where(sql`noted_at is null`),
    index('missed_events_recent').on(table.connectionId, table.event, table.foundAt),
    index('missed_events_record').on(table.connectionId, table.resource, table.theirId),
  ],
);

/** One record of a preview: what would be done to it on each side, and what became of it. */
export const previewRecords = pgTable(
  'preview_records',
  {
    id: uuid().primaryKey(),
    /** The run that looked. */
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    ourId: text(),
    theirId: text(),
    /** What would happen here, and there. */
    here: text().$type<'create' | 'update' | 'close' | 'link' | 'none'>().notNull(),
    there: text().$type<'create' | 'update' | 'none'>().notNull(),
    toUs: jsonb().$type<FieldChanges>().notNull(),
    toThem: jsonb().$type<FieldChanges>().notNull(),
    /** Fields that both sides changed. */
    conflicts: jsonb().$type<Record<string, { ours: Value; theirs: Value }>>().notNull(),
    /** Calls that carrying it out costs. */
    calls: integer().notNull(),
    state: text().$type<'planned' | 'applied' | 'moved' | 'failed'>().notNull(),
    detail: text(),
  },
  (table) => [
    unique('preview_records_record').on(table.runId, table.ourId, table.theirId).nullsNotDistinct(),
  ],
);

export type PreviewRecord = typeof previewRecords.$inferSelect;
