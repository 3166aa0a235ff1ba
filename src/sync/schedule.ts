import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { type Checkpoint, claimFull, claimPoll, planFull } from './checkpoints.ts';
import { allConnections, type Connection, isWorking } from './connections.ts';
import type { ResourceConnector } from './connector.ts';
import { takeDueFailures } from './deadLetters.ts';
import { countLinked } from './links.ts';
import { isQuiet, ringDue } from './outbox.ts';
import {
  type Parts,
  type RecordTask,
  recordQueue,
  recordTaskKey,
  runQueue,
  subscriptionQueue,
} from './parts.ts';
import { requestRun } from './runs.ts';
import { subscriptionsAreDue } from './subscriptions.ts';
import { checkpoints, deliveries, links, runs } from './tables.ts';

/** A delivery whose bell was lost is rung again after this long. */
const deliveryWaitSeconds = 5;
/** A run without progress for this long may have lost its worker; its lock tells. */
const silentRunSeconds = 1;
const batch = 200;

/**
 * The timer as a door: looks what is due, from what the database knows alone, and rings. Everything
 * here may be rung twice or lost; the next look, in this process or another, repairs it. [D6] [F4]
 */
export async function lookAround(parts: Parts): Promise<void> {
  const connections = (await allConnections(parts.db)).filter(isWorking);
  for (const connection of connections) {
    await startDueRuns(parts, connection);
    if (subscriptionsAreDue(parts, connection)) await ringSubscriptions(parts, connection.id);
    const connector = parts.connectors.get(connection.provider);
    if (connector)
      await ringDue(
        parts,
        connection,
        connector.resources.map((resource) => resource.name),
      );
  }
  const working = connections.map((connection) => connection.id);
  if (working.length > 0) {
    await ringFailures(parts);
    await ringDeliveries(parts, working);
    await ringVerifies(parts, working);
  }
  await ringRuns(parts);
}

/** Asks for a look at the provider's list of subscriptions; a look under way serves. */
export async function ringSubscriptions(parts: Parts, connectionId: string): Promise<void> {
  if (!isQuiet(parts, `${subscriptionQueue}:${connectionId}`)) return;
  await parts.queue.send(subscriptionQueue, { connectionId }, { key: connectionId });
}

/**
 * A resource that was never read is read whole; later, what changed since the checkpoint. Once a
 * night everything is compared, to find what polls and webhooks missed. [D4]
 */
async function startDueRuns(parts: Parts, connection: Connection): Promise<void> {
  const known = await parts.db
    .select()
    .from(checkpoints)
    .where(eq(checkpoints.connectionId, connection.id));
  for (const resource of parts.connectors.get(connection.provider)?.resources ?? []) {
    const checkpoint = known.find((one) => one.resource === resource.name) ?? null;
    const due = { connection, resource, checkpoint };
    await startDuePoll(parts, due);
    await startDueReconciliation(parts, due);
  }
}

interface Due {
  connection: Connection;
  resource: ResourceConnector;
  checkpoint: Checkpoint | null;
}

async function startDuePoll(
  parts: Parts,
  { connection, resource, checkpoint }: Due,
): Promise<void> {
  const now = parts.clock.now();
  const later = checkpoint?.nextPollAt && checkpoint.nextPollAt > now;
  if (!resource.list || later) return;
  const kind = checkpoint?.cursor && resource.changedSince ? 'poll' : 'backfill';
  const of = { connectionId: connection.id, resource: resource.name };
  await parts.db.transaction(async (tx) => {
    // Of several processes that find it due, one moves the date on and asks for the run.
    const nextPollAt = new Date(now.getTime() + parts.pollSeconds * 1_000);
    if (!(await claimPoll(tx, of, { now, nextPollAt }))) return;
    const ask = { ...of, kind, trigger: 'schedule', requestedBy: null } as const;
    await requestRun(tx, ask, { newId: parts.newId, now });
  });
}

/** The date stands in the database: it outlives restarts, and one process of many claims it. */
async function startDueReconciliation(
  parts: Parts,
  { connection, resource, checkpoint }: Due,
): Promise<void> {
  if (!resource.list && !resource.get) return;
  const now = parts.clock.now();
  const of = { connectionId: connection.id, resource: resource.name };
  const nextFullAt = new Date(now.getTime() + parts.reconcileHours * 3_600_000);
  // The first full read is the backfill; where there is no list, nothing is linked yet.
  if (!checkpoint?.nextFullAt) return planFull(parts.db, of, nextFullAt);
  if (checkpoint.nextFullAt > now) return;
  await parts.db.transaction(async (tx) => {
    if (!(await claimFull(tx, of, { now, nextFullAt }))) return;
    if (!resource.list && (await countLinked(tx, of)) === 0) return;
    const ask = { ...of, kind: 'full', trigger: 'schedule', requestedBy: null } as const;
    await requestRun(tx, ask, { newId: parts.newId, now });
  });
}

async function ringFailures(parts: Parts): Promise<void> {
  for (const failure of await takeDueFailures(parts.db, parts.clock.now(), batch)) {
    const task: RecordTask = {
      connectionId: failure.connectionId,
      resource: failure.resource,
      ...(failure.ourId ? { ourId: failure.ourId } : { theirId: failure.theirId! }),
      door: failure.ourId ? 'push' : 'schedule',
      ...(failure.step === 'verify' ? { verify: true } : {}),
    };
    await parts.queue.send(recordQueue, task, { key: recordTaskKey(task) });
  }
}

async function ringDeliveries(parts: Parts, working: string[]): Promise<void> {
  const before = new Date(parts.clock.now().getTime() - deliveryWaitSeconds * 1_000);
  const waiting = await parts.db
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.state, 'stored'),
        lte(deliveries.receivedAt, before),
        inArray(deliveries.connectionId, working),
      ),
    )
    .limit(batch);
  for (const delivery of waiting) {
    if (!delivery.resource || !delivery.theirId) continue;
    const { connectionId, resource, theirId, id } = delivery;
    const task: RecordTask = { connectionId, resource, theirId, door: 'webhook', deliveryId: id };
    await parts.queue.send(recordQueue, task, { key: recordTaskKey(task) });
  }
}

async function ringVerifies(parts: Parts, working: string[]): Promise<void> {
  const now = parts.clock.now();
  const later = new Date(now.getTime() + 60_000);
  const due = await parts.db
    .update(links)
    .set({ verifyAt: later })
    .where(and(lte(links.verifyAt, now), inArray(links.connectionId, working)))
    .returning();
  for (const { connectionId, resource, ourId } of due) {
    const task: RecordTask = { connectionId, resource, ourId, door: 'schedule', verify: true };
    await parts.queue.send(recordQueue, task, { key: recordTaskKey(task) });
  }
}

/** Runs that wait, and runs whose worker may be gone: ringing for a live one changes nothing. [F4] */
async function ringRuns(parts: Parts): Promise<void> {
  const now = parts.clock.now();
  const silentSince = new Date(now.getTime() - silentRunSeconds * 1_000);
  const open = await parts.db
    .select({ id: runs.id })
    .from(runs)
    .where(
      or(
        and(eq(runs.state, 'waiting'), or(isNull(runs.nextTryAt), lte(runs.nextTryAt, now))),
        and(eq(runs.state, 'running'), lte(runs.progressAt, silentSince)),
      ),
    )
    .orderBy(sql`${runs.kind} = 'poll' desc`, runs.requestedAt)
    .limit(batch);
  for (const { id } of open) await parts.queue.send(runQueue, { runId: id }, { key: id });
}
