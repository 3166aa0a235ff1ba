import { asc, count, eq, getTableColumns, isNotNull } from 'drizzle-orm';
import { organizations } from '#src/organizations/tables.ts';
import type { Db } from '#src/platform/database.ts';
import type { QuotaUse } from '#src/platform/quotaUse.ts';
import { providerQuota } from '#src/platform/tables.ts';
import type { Closing } from '#src/sync/closings.ts';
import {
  type activity,
  checkpoints,
  connections,
  deliveries,
  type failures,
  links,
  runs,
} from '#src/sync/tables.ts';
import type { QuotaNow } from './progress.ts';

export interface ResourceState {
  resource: string;
  lastDoneAt: Date | null;
  lastFullAt: Date | null;
  nextPollAt: Date | null;
  /** How many records are tied to one of theirs. */
  linked: number;
}

export interface ConnectionSummary {
  id: string;
  provider: string;
  label: string;
  organizationName: string | null;
  state: typeof connections.$inferSelect.state;
  stateReason: string | null;
  keyLastFour: string;
  webhookAddress: string;
  testedAt: Date | null;
  lastHeardAt: Date | null;
  quota: QuotaNow | null;
  /** Calls and 429s over time, of all connections with this key. */
  use: QuotaUse;
  resources: ResourceState[];
  /** Kinds of record that staff chose to leave out: they are not read. */
  leftOut: string[];
  /** Webhooks that were due in the last day and did not come, or came late. */
  missed: { event: string; lost: number; late: number }[];
  openFailures: number;
}

export type RunRow = Omit<typeof runs.$inferSelect, 'checkpoint'> & {
  connectionLabel: string;
  provider: string;
};
export type ClosingRow = Closing & {
  /** The title of the job it is about; people are shown by id only. [P3] */
  recordName: string | null;
};
export type FailureRow = typeof failures.$inferSelect & {
  connectionLabel: string;
  provider: string;
  /** The title of the job it is about; people are shown by id only. [P3] */
  recordName: string | null;
};
export type ActivityRow = typeof activity.$inferSelect & { connectionLabel: string | null };
export type DeliveryRow = Omit<typeof deliveries.$inferSelect, 'body'> & {
  connectionLabel: string;
};

/** Connections with their employer and their budget of calls. */
export function connectionRows(db: Db) {
  const { callsPerMinute, theoreticalArrival, blockedUntil, reducedPace, reducedAt } =
    providerQuota;
  return db
    .select({
      connection: connections,
      organizationName: organizations.name,
      quota: { callsPerMinute, theoreticalArrival, blockedUntil, reducedPace, reducedAt },
    })
    .from(connections)
    .leftJoin(organizations, eq(organizations.id, connections.organizationId))
    .leftJoin(providerQuota, eq(providerQuota.key, connections.quotaKey))
    .orderBy(asc(connections.label));
}

/** Per connection and resource: when it was read, and how many records are tied. */
export async function resourceStates(db: Db) {
  const [points, tied] = await Promise.all([
    db.select().from(checkpoints),
    db
      .select({ connectionId: links.connectionId, resource: links.resource, linked: count() })
      .from(links)
      .where(isNotNull(links.theirId))
      .groupBy(links.connectionId, links.resource),
  ]);
  const keyOf = (row: { connectionId: string; resource: string }) =>
    `${row.connectionId} ${row.resource}`;
  const states = new Map<string, ResourceState & { connectionId: string }>();
  for (const { connectionId, resource, lastDoneAt, lastFullAt, nextPollAt } of points) {
    const state = { connectionId, resource, lastDoneAt, lastFullAt, nextPollAt, linked: 0 };
    states.set(keyOf(state), state);
  }
  for (const row of tied) {
    const unread = { lastDoneAt: null, lastFullAt: null, nextPollAt: null };
    states.set(keyOf(row), { ...unread, ...states.get(keyOf(row)), ...row });
  }
  return [...states.values()];
}

/** Runs with the connection they belong to; the caller narrows and orders. */
export function runRows(db: Db) {
  return db
    .select({ ...RUN, connectionLabel: connections.label, provider: connections.provider })
    .from(runs)
    .innerJoin(connections, eq(connections.id, runs.connectionId))
    .$dynamic();
}

const { checkpoint: _checkpoint, ...RUN } = getTableColumns(runs);
// The sealed body is never read for a page.
export const { body: _body, ...DELIVERY } = getTableColumns(deliveries);
