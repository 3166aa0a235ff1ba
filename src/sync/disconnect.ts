import { and, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm';
import type { Tx } from '#src/platform/database.ts';
import type { Failure } from '#src/platform/failure.ts';
import { secretToken } from '#src/platform/random.ts';
import { record } from './activity.ts';
import { ring, subscriptionBell } from './bells.ts';
import {
  type Connection,
  connectionById,
  endedStates,
  hashSecret,
  patchSettings,
  secretBinding,
} from './connections.ts';
import { unlessBrokenOff } from './engine.ts';
import { type Parts, subscriptionLock } from './parts.ts';
import { type Removed, removeSubscriptions } from './subscriptions.ts';
import { checkpoints, connections, deliveries, failures, runs } from './tables.ts';
import { issues } from './trailTables.ts';

/** An end that has begun; in the connection's settings until it is done, so that a crash loses none. [F4] */
interface Ending {
  at: string;
  by: string;
  nextTryAt?: string;
}

/** So long the other side may be away before a connection ends without it. */
const patienceSeconds = 600;
/** Between two tries to reach it. */
const tryAgainSeconds = 20;
/** What becomes of what was open. */
const words = 'The connection was disconnected.';

/**
 * Begins the end of a connection: from here on nothing is read or sent over it. The rest is done by
 * `finishDisconnect`, by whoever comes to it first, as often as it takes. [F4]
 * Returns  false when it has ended or is about to.
 */
export async function beginDisconnect(
  parts: Parts,
  connectionId: string,
  by: string,
): Promise<boolean> {
  const now = parts.clock.now();
  const ending: Ending = { at: now.toISOString(), by };
  const begun = await parts.db
    .update(connections)
    .set({
      state: 'disconnecting',
      stateReason: 'Its webhooks are being removed at the other side; then the key is destroyed.',
      settings: sql`${connections.settings} || ${JSON.stringify({ ending })}::jsonb`,
      updatedAt: now,
    })
    .where(and(eq(connections.id, connectionId), notInArray(connections.state, [...endedStates])))
    .returning({ id: connections.id });
  if (begun.length === 0) return false;
  await ring(parts, subscriptionBell(connectionId));
  await parts.live.publish('connections');
  return true;
}

/** Should an end that has begun be gone on with now? */
export function disconnectIsDue(parts: Parts, connection: Connection): boolean {
  if (connection.state !== 'disconnecting') return false;
  const { nextTryAt } = endingOf(connection);
  return !nextTryAt || Date.parse(nextTryAt) <= parts.clock.now().getTime();
}

const endingOf = ({ settings }: Connection) => (settings.ending ?? {}) as Partial<Ending>;

/**
 * Goes on with an end that has begun: removes the subscriptions there, as well as can be done, then
 * destroys the credentials and drops the open work in one transaction. Links, history and records
 * stay: with a key of the same account all of it goes on. [P5] [A1]
 */
export async function finishDisconnect(parts: Parts, connectionId: string): Promise<void> {
  await parts.locks.tryWith(subscriptionLock(connectionId), async (signal) => {
    const connection = await connectionById(parts.db, connectionId);
    if (!connection || !disconnectIsDue(parts, connection)) return;
    const removed = await unlessBrokenOff(signal, removeThere(parts, connection, signal));
    if (!removed) return;
    const later = 'failure' in removed ? secondsUntilNextTry(parts, connection, removed) : null;
    if (later !== null) return tryLater(parts, connection, later);
    await parts.db.transaction((tx) => end(tx, parts, connection, removed));
    for (const topic of ['connections', 'runs', 'failures', 'issues', 'activity', 'jobs'])
      await parts.live.publish(topic);
  });
}

async function removeThere(
  parts: Parts,
  connection: Connection,
  signal: AbortSignal,
): Promise<Removed> {
  try {
    return await removeSubscriptions(parts, connection, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    // A key that cannot be opened any more can remove nothing; it must be destroyed all the same.
    parts.log.error({ err: error, connectionId: connection.id }, 'webhooks could not be removed');
    return { failure: { kind: 'refused', status: 0, detail: 'KiEX could not use its key.' } };
  }
}

/** Null: there is nothing to wait for, or it has been waited for long enough. */
function secondsUntilNextTry(
  parts: Parts,
  connection: Connection,
  { failure }: { failure: Failure },
): number | null {
  if (failure.kind !== 'unreachable' && failure.kind !== 'throttled') return null;
  const began = Date.parse(endingOf(connection).at ?? '') || 0;
  if (parts.clock.now().getTime() - began > patienceSeconds * 1_000) return null;
  return failure.kind === 'throttled' ? failure.retryAfterSeconds : tryAgainSeconds;
}

async function tryLater(parts: Parts, connection: Connection, seconds: number): Promise<void> {
  const now = parts.clock.now();
  const nextTryAt = new Date(now.getTime() + seconds * 1_000).toISOString();
  const ending = { ...endingOf(connection), nextTryAt };
  await patchSettings(parts.db, connection.id, { patch: { ending }, now });
}

async function end(tx: Tx, parts: Parts, connection: Connection, removed: Removed): Promise<void> {
  const now = parts.clock.now();
  const { id } = connection;
  const reason = endWords(parts, connection, removed);
  const secret = secretToken(parts.random);
  const ended = await tx
    .update(connections)
    .set({
      state: 'disconnected',
      stateReason: reason,
      credentials: '',
      keyLastFour: '',
      // Names no budget: what is still answered to the old key is about nobody's key any more.
      quotaKey: `none:${id}`,
      webhookSecret: parts.vault.seal(secret, secretBinding(id)),
      webhookSecretHash: hashSecret(secret),
      formerSecretHash: null,
      settings: sql`${connections.settings} - 'ending' - 'webhooks'`,
      updatedAt: now,
    })
    .where(and(eq(connections.id, id), eq(connections.state, 'disconnecting')))
    .returning({ id: connections.id });
  if (ended.length === 0) return;
  const dropped = await dropWork(tx, id, now);
  let aside = 0;
  for (const room of parts.synced.values())
    aside += (await room.standAside?.(tx, { connectionId: id, aside: true, now })) ?? 0;
  const counts = { ...dropped, 'records closed here': aside };
  const told = Object.entries(counts).map(([what, count]) => `${what}: ${count}`);
  const line = {
    connectionId: id,
    door: 'staff' as const,
    direction: 'none' as const,
    action: 'connection disconnected',
    ok: !('failure' in removed),
    detail: `by ${endingOf(connection).by ?? 'staff'}: ${reason} ${told.join(', ')}`.slice(0, 500),
  };
  await record(tx, [line], { newId: parts.newId, now });
}

function endWords(parts: Parts, { provider }: Connection, removed: Removed): string {
  const label = parts.connectors.get(provider)?.label ?? provider;
  const kept = 'Its key is destroyed. Its jobs are closed for applicants and kept here.';
  if ('removed' in removed) return `Disconnected. Its webhooks at ${label} were removed. ${kept}`;
  return (
    `Disconnected. Its webhooks at ${label} could not be removed (${removed.failure.detail}); ` +
    `what they still send is turned away. ${kept}`
  );
}

/** What is open ends in words, where people look for it. Nothing is lost by it: a full read finds it again. */
async function dropWork(tx: Tx, connectionId: string, now: Date) {
  const interrupted = await tx
    .update(runs)
    .set({ state: 'interrupted', reason: words, finishedAt: now, nextTryAt: null })
    .where(
      and(
        eq(runs.connectionId, connectionId),
        inArray(runs.state, ['waiting', 'running', 'held', 'asks']),
      ),
    )
    .returning({ id: runs.id });
  const resolved = await tx
    .update(failures)
    .set({ state: 'resolved', closedAt: now, closedReason: words, nextTryAt: null })
    .where(
      and(eq(failures.connectionId, connectionId), inArray(failures.state, ['retrying', 'dead'])),
    )
    .returning({ id: failures.id });
  const ignored = await tx
    .update(deliveries)
    .set({ state: 'ignored', reason: words, handledAt: now })
    .where(and(eq(deliveries.connectionId, connectionId), eq(deliveries.state, 'stored')))
    .returning({ id: deliveries.id });
  await tx
    .update(issues)
    .set({ closedAt: now, closedReason: words })
    .where(and(eq(issues.connectionId, connectionId), isNull(issues.closedAt)));
  return {
    'runs stopped': interrupted.length,
    'problems closed': resolved.length,
    'webhooks dropped': ignored.length,
  };
}

/**
 * The account is connected again: what was taken from applicants is theirs again, and everything is
 * compared at once, for what happened there meanwhile. In the transaction that brings the key.
 */
export async function takeUpAgain(tx: Tx, parts: Parts, connectionId: string): Promise<void> {
  const now = parts.clock.now();
  for (const room of parts.synced.values())
    await room.standAside?.(tx, { connectionId, aside: false, now });
  await tx
    .update(checkpoints)
    .set({ nextFullAt: now })
    .where(eq(checkpoints.connectionId, connectionId));
}
