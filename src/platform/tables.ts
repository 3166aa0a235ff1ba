import { doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** One budget of calls per provider account, shared by all processes. [Q1] */
export const providerQuota = pgTable('provider_quota', {
  /** Provider and a fingerprint of the account's key: two connections with one key share one budget. */
  key: text().primaryKey(),
  callsPerMinute: doublePrecision().notNull(),
  /** GCRA's theoretical arrival time: when the budget so far promised would be used up. */
  theoreticalArrival: instant().notNull(),
  blockedUntil: instant(),
  /** Calls let through since the row was made; for the dashboard's use over time. */
  calls: integer().notNull().default(0),
  throttledAt: instant(),
  /** What the last 429 left of the pace, and from when on it comes back; null: all of it. */
  reducedPace: doublePrecision(),
  reducedAt: instant(),
});

/** How a budget was used, minute by minute and lane by lane; kept for two weeks. */
export const quotaUse = pgTable(
  'quota_use',
  {
    key: text().notNull(),
    minute: instant().notNull(),
    lane: text().notNull(),
    calls: integer().notNull(),
    /** Answers that were a 429. */
    throttled: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.key, table.minute, table.lane] }),
    index('quota_use_old').on(table.minute),
  ],
);

/** A file that an outside system may fetch once or twice, by a secret address that dies. */
export const fileLinks = pgTable('file_links', {
  /** SHA-256 of the secret in the address: the table alone opens nothing. */
  tokenHash: text().primaryKey(),
  storageKey: text().notNull(),
  fileName: text().notNull(),
  contentType: text().notNull(),
  purpose: text().notNull(),
  createdAt: instant().notNull(),
  expiresAt: instant().notNull(),
  fetchedAt: instant(),
});

/** Facts about this installation, such as whether the sandbox world has been made. */
export const installation = pgTable('installation', {
  key: text().primaryKey(),
  value: text().notNull(),
});
