import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant } from '#src/platform/columns.ts';
import type { Value } from './canonical.ts';
import type { Holds } from './flow.ts';

/** One account at a provider, with its own credentials, settings and quota. */
export const connections = pgTable('connections', {
  id: uuid().primaryKey(),
  provider: text().notNull(),
  label: text().notNull().unique(),
  /** The employer this account belongs to. Null for the platform's own connections. */
  organizationId: uuid(),
  state: text()
    .$type<
      | 'not_tested'
      | 'connected'
      | 'degraded'
      | 'needs_attention'
      | 'paused'
      | 'disconnecting'
      | 'disconnected'
    >()
    .notNull(),
  /** In words for staff: why it is degraded or needs attention. */
  stateReason: text(),
  /** The key, sealed with the key ring and bound to this connection; '' once it was destroyed. [P5] */
  credentials: text().notNull(),
  keyLastFour: text().notNull(),
  /** Which row of provider_quota this connection draws on. */
  quotaKey: text().notNull(),
  /** The secret part of this connection's webhook address: sealed, and hashed for look-up. */
  webhookSecret: text().notNull(),
  webhookSecretHash: text().notNull().unique(),
  /** The secret before, hashed: heard until every subscription carries the present one. */
  formerSecretHash: text().unique(),
  settings: jsonb().$type<Record<string, unknown>>().notNull(),
  testedAt: instant(),
  lastHeardAt: instant(),
  createdAt: instant().notNull(),
  updatedAt: instant().notNull(),
});

/** The tie between one of our records and one of theirs, on one connection. [I1] */
export const links = pgTable(
  'links',
  {
    id: uuid().primaryKey(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    resource: text().notNull(),
    ourId: text().notNull(),
    /** Null while a create is under way and its answer not yet known. */
    theirId: text(),
    /** The mapped values both sides last agreed on; null before the first agreement. */
    base: jsonb().$type<Record<string, unknown>>(),
    /** Fields that stay as they are on both sides, each while both values are those. [M3] */
    held: jsonb().$type<Holds>().notNull().default({}),
    /** field -> what was written there and never agreed on: should it stand there, it is ours. [M1] */
    sent: jsonb().$type<Record<string, Value[]>>(),
    /** Their own revision or change time at the last read, as they wrote it. */
    theirRevision: text(),
    /** The version of our row at the last agreement. A newer row is due. [D6] */
    agreedVersion: bigint({ mode: 'number' }).notNull().default(0),
    /** What was seen before a create was sent, so that a lost answer can be told from an old record. [I3] */
    createIntent: jsonb().$type<Record<string, unknown>>(),
    createSentAt: instant(),
    /** Until then, not finding it there does not prove that a create was not carried out. [I3] */
    createSettlesAt: instant(),
    /** When to look whether what we sent really arrived (files are fetched later, silently). */
    verifyAt: instant(),
    verifyAttempts: integer().notNull().default(0),
    /** Set when a read by id answered "gone". [A1] */
    goneAt: instant(),
    /** Rises with every write of this row; a writer that read an older one must read again. */
    fence: integer().notNull().default(0),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    unique('links_ours').on(table.connectionId, table.resource, table.ourId),
    unique('links_theirs').on(table.connectionId, table.resource, table.theirId),
    index('links_verify').on(table.verifyAt).where(sql`verify_at is not null`),
  ],
);

/** Where polling of one resource stands. */
export const checkpoints = pgTable(
  'checkpoints',
  {
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    resource: text().notNull(),
    /** The greatest change time seen, as the provider wrote it. Null before the first full read. */
    cursor: text(),
    nextPollAt: instant(),
    lastDoneAt: instant(),
    lastFullAt: instant(),
    /** When everything is compared next; moved on by the process that starts it. */
    nextFullAt: instant(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.resource] })],
);

/** One poll, full reconciliation, backfill or manual sync, with its progress and counts. */
export const runs = pgTable(
  'runs',
  {
    id: uuid().primaryKey(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    resource: text().notNull(),
    kind: text().$type<'poll' | 'full' | 'backfill'>().notNull(),
    /** preview: what it would do is collected in preview_records, and nothing is written. */
    mode: text().$type<'carry out' | 'preview'>().notNull().default('carry out'),
    /** The preview that this run carries out. */
    previewId: uuid(),
    /** Settings of the connection that are tried, or saved with carrying it out. */
    settings: jsonb().$type<Record<string, unknown>>(),
    /** Which door: schedule | webhook | manual | command | connection. */
    trigger: text().notNull(),
    requestedBy: text(),
    state: text()
      .$type<
        | 'waiting'
        | 'running'
        | 'done'
        | 'problems'
        | 'unbalanced'
        | 'partial'
        | 'empty'
        | 'implausible'
        | 'asks'
        | 'refused'
        | 'interrupted'
        | 'failed'
        | 'held'
      >()
      .notNull(),
    /** Where to go on after a stop. */
    checkpoint: jsonb().$type<Record<string, unknown>>(),
    /** What the provider said there is; null when it does not say. */
    expected: integer(),
    /** How many different records a full read of their list showed; null until it was read. */
    shown: integer(),
    // What was seen there, and what became of it here.
    seen: integer().notNull().default(0),
    created: integer().notNull().default(0),
    updated: integer().notNull().default(0),
    unchanged: integer().notNull().default(0),
    skipped: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    /** reason -> how many */
    skipReasons: jsonb().$type<Record<string, number>>().notNull().default({}),
    failReasons: jsonb().$type<Record<string, number>>().notNull().default({}),
    // Which records of ours were looked at, and what became of them there.
    oursSeen: integer().notNull().default(0),
    oursCreated: integer().notNull().default(0),
    oursUpdated: integer().notNull().default(0),
    oursUnchanged: integer().notNull().default(0),
    oursSkipped: integer().notNull().default(0),
    oursFailed: integer().notNull().default(0),
    oursSkipReasons: jsonb().$type<Record<string, number>>().notNull().default({}),
    oursFailReasons: jsonb().$type<Record<string, number>>().notNull().default({}),
    /** In words: why it stopped, failed or is held. */
    reason: text(),
    attempts: integer().notNull().default(0),
    nextTryAt: instant(),
    requestedAt: instant().notNull(),
    startedAt: instant(),
    progressAt: instant(),
    finishedAt: instant(),
  },
  (table) => [
    index('runs_recent').on(table.requestedAt),
    index('runs_open').on(table.state).where(sql`state in ('waiting', 'running')`),
  ],
);

/** Which records a full read has shown so far; part of its checkpoint, dropped when it ends. */
export const runSeen = pgTable('run_seen', {
  id: uuid().primaryKey(),
  runId: uuid()
    .notNull()
    .references(() => runs.id, { onDelete: 'cascade' }),
  theirIds: text().array().notNull(),
});

/** One line of history: what was done to which record, through which door, with what outcome. */
export const activity = pgTable(
  'activity',
  {
    id: uuid().primaryKey(),
    at: instant().notNull(),
    connectionId: uuid(),
    resource: text(),
    ourId: text(),
    theirId: text(),
    runId: uuid(),
    deliveryId: uuid(),
    /** webhook | poll | push | manual | schedule | staff */
    door: text().notNull(),
    /** in: they to us; out: we to them; none: nothing moved. */
    direction: text().$type<'in' | 'out' | 'none'>().notNull(),
    /** created | updated | linked | closed | sent | ignored | failed | connection… */
    action: text().notNull(),
    ok: boolean().notNull(),
    /** Names of the fields that moved; never their values. [P3] */
    fields: text().array().notNull().default([]),
    detail: text(),
    milliseconds: integer(),
  },
  (table) => [
    index('activity_recent').on(table.at),
    index('activity_record').on(table.resource, table.ourId),
  ],
);

/** One webhook request we received. Stored before it is answered. [D1] */
export const deliveries = pgTable(
  'deliveries',
  {
    id: uuid().primaryKey(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    receivedAt: instant().notNull(),
    event: text().notNull(),
    /** The raw body, sealed. [P3] */
    body: text().notNull(),
    bytes: integer().notNull(),
    resource: text(),
    theirId: text(),
    state: text().$type<'stored' | 'handled' | 'ignored'>().notNull(),
    /** Why it was ignored, in words. [D5] */
    reason: text(),
    handledAt: instant(),
  },
  (table) => [
    index('deliveries_recent').on(table.receivedAt),
    index('deliveries_waiting').on(table.receivedAt).where(sql`state = 'stored'`),
    index('deliveries_heard').on(table.connectionId, table.event, table.receivedAt),
  ],
);

/** Work on one record that did not succeed: being retried, or dead until a person acts. [F5] */
export const failures = pgTable(
  'failures',
  {
    id: uuid().primaryKey(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    resource: text().notNull(),
    /** 'our:<id>' or 'their:<id>': one open failure per record. */
    recordKey: text().notNull(),
    ourId: text(),
    theirId: text(),
    runId: uuid(),
    state: text().$type<'retrying' | 'dead' | 'resolved' | 'dismissed'>().notNull(),
    kind: text()
      .$type<'throttled' | 'unreachable' | 'unauthorised' | 'refused' | 'surprising'>()
      .notNull(),
    /** What was being done: read | find | create | update | verify | decode. */
    step: text().notNull(),
    /** The field or path that surprised us, when known. */
    path: text(),
    /** The provider's own words, redacted. */
    detail: text().notNull(),
    status: integer(),
    requestId: text(),
    attempts: integer().notNull(),
    /** The version of our row, and their revision, that the last try was made with. */
    ourVersion: bigint({ mode: 'number' }),
    theirRevision: text(),
    firstAt: instant().notNull(),
    lastAt: instant().notNull(),
    nextTryAt: instant(),
    closedAt: instant(),
    closedReason: text(),
  },
  (table) => [
    unique('failures_record').on(table.connectionId, table.resource, table.recordKey),
    index('failures_due').on(table.nextTryAt).where(sql`state = 'retrying'`),
  ],
);
