import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { ringRecords, ringUnattended, runBell, subscriptionBell } from './bells.ts';
import { type Checkpoint, claimFull, claimPoll, planFull } from './checkpoints.ts';
import { allConnections, type Connection, isWorking } from './connections.ts';
import type { ResourceConnector } from './connector.ts';
import { dueFailures } from './deadLetters.ts';
import { disconnectIsDue } from './disconnect.ts';
import { deliveryIsDue, dueWork, verifyIsDue } from './dueWork.ts';
import { isLeftOut } from './leftOut.ts';
import { countLinked } from './links.ts';
import { tellMissed } from './missedEvents.ts';
import { ringDue } from './outbox.ts';
import { type Parts, type RecordTask, runLock, subscriptionLock } from './parts.ts';
import { reopenChanged } from './reopen.ts';
import { requestRun } from './runs.ts';
import { subscriptionsAreDue } from './subscriptions.ts';
import { checkpoints, deliveries, failures, links, runs } from './tables.ts';

/**
 * A delivery that is not handled this long after it came may have lost its bell or its worker: longer
 * than handling takes when nothing is in the way, and with a look and its wait still under five. [F4]
 */
const deliveryWaitSeconds = 1;
/** A run without progress for this long may have lost its worker; its lock tells. */
const silentRunSeconds = 1;
const batch = 200;

/**
 * The timer as a door: looks what is due, from what the database knows alone, and rings. Everything
 * here may be rung twice or lost; the next look, in this process or another, repairs it. [D6] [F4]
 */
export async function lookAround(parts: Parts): Promise<void> {
  const all = await allConnections(parts.db);
  for (const connection of all) {
    if (disconnectIsDue(parts, connection)) await ringSubscriptions(parts, connection.id);
  }
  const connections = all.filter(isWorking);
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
    // One by one: a connection with a long pile hides no work of another. [F3]
    await reopenChanged(parts, connection);
    const now = parts.clock.now();
    const receivedBefore = waitingSince(now);
    const due = await dueWork(parts.db, { connectionId: connection.id, now, receivedBefore });
    if (due.failures) await ringFailures(parts, connection.id);
    if (due.deliveries) await ringDeliveries(parts, connection.id);
    if (due.verifies) await ringVerifies(parts, connection.id);
    if (due.missed) await tellMissed(parts, connection);
  }
  await ringRuns(
    parts,
    connections.map(({ id }) => id),
  );
}

/** Asks for a look at the provider's list of subscriptions; a look under way serves. */
async function ringSubscriptions(parts: Parts, connectionId: string): Promise<void> {
  const bell = subscriptionBell(connectionId);
  await ringUnattended(parts, [{ bell, lock: subscriptionLock(connectionId) }]);
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
  if (!resource.list || later || isLeftOut(resource, connection)) return;
  // Where nobody tells what changed, everything is read each time.
  const read = resource.changedSince ? checkpoint?.cursor : checkpoint?.lastFullAt;
  const kind = !read ? 'backfill' : resource.changedSince ? 'poll' : 'full';
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
    const isRead = resource.list && !isLeftOut(resource, connection);
    if (!isRead && (await countLinked(tx, of)) === 0) return;
    const ask = { ...of, kind: 'full', trigger: 'schedule', requestedBy: null } as const;
    await requestRun(tx, ask, { newId: parts.newId, now });
  });
}

/** Tries that have come due, and those whose worker was lost in the middle of one. [F4] */
async function ringFailures(parts: Parts, connectionId: string): Promise<void> {
  const due = await dueFailures(parts.db, { connectionId, now: parts.clock.now(), limit: batch });
  const tasks = due.map(
    (failure): RecordTask => ({
      connectionId,
      resource: failure.resource,
      ...(failure.ourId ? { ourId: failure.ourId } : { theirId: failure.theirId! }),
      door: failure.ourId ? 'push' : 'schedule',
      ...(failure.step === 'verify' ? { verify: true } : {}),
    }),
  );
  await ringRecords(parts, tasks);
}

const waitingSince = (now: Date) => new Date(now.getTime() - deliveryWaitSeconds * 1_000);

async function ringDeliveries(parts: Parts, connectionId: string): Promise<void> {
  const waiting = await parts.db
    .select()
    .from(deliveries)
    .where(deliveryIsDue(connectionId, waitingSince(parts.clock.now())))
    .orderBy(deliveries.receivedAt)
    .limit(batch);
  const tasks = waiting.flatMap(({ resource, theirId, id }): RecordTask[] =>
    resource && theirId
      ? [{ connectionId, resource, theirId, door: 'webhook', deliveryId: id }]
      : [],
  );
  await ringRecords(parts, tasks);
}

/** Looks whose time has come; one that failed has a next try of its own. */
async function ringVerifies(parts: Parts, connectionId: string): Promise<void> {
  const due = await parts.db
    .select({ resource: links.resource, ourId: links.ourId })
    .from(links)
    .where(
      and(
        verifyIsDue(connectionId, parts.clock.now()),
        sql`not exists (select from ${failures} where ${failures.connectionId} = ${connectionId}
          and ${failures.resource} = ${links.resource} and ${failures.ourId} = ${links.ourId}
          and ${failures.state} in ('retrying', 'dead', 'dismissed'))`,
      ),
    )
    .orderBy(links.verifyAt)
    .limit(batch);
  const tasks = due.map(
    (link): RecordTask => ({ connectionId, ...link, door: 'schedule', verify: true }),
  );
  await ringRecords(parts, tasks);
}

/** Runs that wait, and runs whose worker is gone; one that is being worked on is left alone. [F4] */
async function ringRuns(parts: Parts, working: string[]): Promise<void> {
  const now = parts.clock.now();
  const silentSince = new Date(now.getTime() - silentRunSeconds * 1_000);
  const { id, connectionId, resource, kind, trigger } = runs;
  const open = await parts.db
    .select({ id, connectionId, resource, kind, trigger })
    .from(runs)
    .where(
      or(
        and(eq(runs.state, 'waiting'), or(isNull(runs.nextTryAt), lte(runs.nextTryAt, now))),
        and(eq(runs.state, 'running'), lte(runs.progressAt, silentSince)),
        // Held while the connection was being mended: the mender may have come a moment too early. [F2]
        and(eq(runs.state, 'held'), inArray(runs.connectionId, working)),
      ),
    )
    .orderBy(sql`${runs.kind} = 'poll' desc`, runs.requestedAt)
    .limit(batch);
  await ringUnattended(
    parts,
    open.map((run) => ({ bell: runBell(run), lock: runLock(run) })),
  );
}
