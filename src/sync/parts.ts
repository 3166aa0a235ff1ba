import type { Clock } from '#src/platform/clock.ts';
import type { Db } from '#src/platform/database.ts';
import type { Live } from '#src/platform/live.ts';
import type { Locks } from '#src/platform/locks.ts';
import type { Log } from '#src/platform/log.ts';
import type { Queue } from '#src/platform/queue.ts';
import type { Lane, Quota } from '#src/platform/quota.ts';
import type { NewId, Random } from '#src/platform/random.ts';
import type { Vault } from '#src/platform/vault.ts';
import type { Door } from './activity.ts';
import type { Connection } from './connections.ts';
import type { CallContext, Connector, ResourceConnector } from './connector.ts';
import type { Consent } from './intended.ts';
import type { Synced } from './synced.ts';

/** What the engine is made of; put together once, in `app.ts`. */
export interface Parts {
  db: Db;
  clock: Clock;
  random: Random;
  newId: NewId;
  log: Log;
  vault: Vault;
  locks: Locks;
  queue: Queue;
  quota: Quota;
  live: Live;
  connectors: ReadonlyMap<string, Connector>;
  synced: ReadonlyMap<string, Synced>;
  /** Seconds between polls of one resource. [D4] */
  pollSeconds: number;
  /** Hours between full reconciliations of one resource. */
  reconcileHours: number;
  /** Where providers reach us; null: nowhere, and no webhooks are registered. */
  publicUrl: string | null;
}

/** The names of the doorbells. */
export const recordQueue = 'sync-record';
export const runQueue = 'sync-run';
export const subscriptionQueue = 'sync-subscriptions';
export const queueNames = [recordQueue, runQueue, subscriptionQueue];

/** A doorbell for one record: a key, never data. */
export interface RecordTask {
  connectionId: string;
  resource: string;
  ourId?: string;
  theirId?: string;
  door: Door;
  deliveryId?: string;
  /** The run that came upon it. */
  runId?: string;
  /** How urgent it is, where its door alone does not say. [Q2] */
  lane?: Lane;
  /** Another record of ours needs it: if it is gone there, it is looked for, or made, anew. */
  renew?: boolean;
  /** Look whether what was sent has arrived, instead of comparing. */
  verify?: boolean;
}

/** One kind of record on one connection, with everything needed to work on it. */
export interface Workplace {
  connection: Connection;
  connector: Connector;
  resource: ResourceConnector;
  synced: Synced;
  call: CallContext;
  /** Whether work on the connection may go on, as it stands now. */
  mayWork(connection: Connection): boolean;
  /** Asked before a record is written to; without it, everything is agreed to. */
  consent?: Consent;
}

/** What whoever works on a run of a resource holds. */
export const runLock = (of: { connectionId: string; resource: string }) =>
  `run:${of.connectionId}:${of.resource}`;

/** What whoever looks at a connection's subscriptions holds. */
export const subscriptionLock = (connectionId: string) => `subscriptions:${connectionId}`;

/** How urgent the work behind a door is. A student's application is what somebody waits for. [Q1] */
const laneOf: Record<Door, Lane> = {
  manual: 'person',
  staff: 'person',
  push: 'person',
  webhook: 'webhook',
  poll: 'poll',
  schedule: 'poll',
};

/**
 * The lane of a task: that of its door, except that what follows another record (a resume, a note)
 * lets the next student's application pass first. [Q2]
 */
export function laneFor(parts: Pick<Parts, 'connectors'>, task: RecordTask): Lane {
  const follows = [...parts.connectors.values()].some(({ resources }) =>
    resources.some(({ followers }) => followers?.includes(task.resource)),
  );
  return task.lane ?? (task.door === 'push' && follows ? 'push' : laneOf[task.door]);
}

/** Coalesces bells for one record: the same key waits only once. [D7] */
export const recordTaskKey = (task: RecordTask) =>
  [
    task.connectionId,
    task.resource,
    task.ourId ?? `their:${task.theirId}`,
    task.verify ? 'verify' : '',
  ].join(':');
