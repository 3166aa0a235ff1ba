import { and, eq, inArray } from 'drizzle-orm';
import type { Result } from '#src/platform/failure.ts';
import type { Lane } from '#src/platform/quota.ts';
import { record } from './activity.ts';
import { waitsForPerson } from './backOff.ts';
import { recordBell, recordLocks, ring } from './bells.ts';
import {
  accountOf,
  type Connection,
  connectionById,
  isWorking,
  keyIsCurrent,
  noteConnectionFailure,
} from './connections.ts';
import type { CallContext } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { noteFailure, recordKey, resolveFailures } from './deadLetters.ts';
import type { Consent } from './intended.ts';
import { noteArrived } from './missedEvents.ts';
import { ringDue } from './outbox.ts';
import { laneFor, type Parts, type RecordTask, type Workplace } from './parts.ts';
import { notAgreed, type Passed, type PassOther, topicsOf } from './passed.ts';
import { passRecord } from './recordPass.ts';
import { deliveries } from './tables.ts';
import { verifyArrival } from './verify.ts';

/** A record whose lock is held is looked at again this much later. [D7] */
const busySeconds = 1;
/** Passes over one record under one lock, when it keeps moving. */
const passesMax = 3;

/** Everything needed to work on one kind of record of one connection; null when it is held or unknown. */
export async function workplaceOf(
  parts: Parts,
  of: { connectionId: string; resource: string },
  lane: Lane,
  mayWork: Workplace['mayWork'] = isWorking,
): Promise<Workplace | null> {
  const connection = await connectionById(parts.db, of.connectionId);
  if (!connection || !mayWork(connection)) return null;
  const connector = parts.connectors.get(connection.provider);
  const resource = connector?.resources.find((one) => one.name === of.resource);
  const synced = parts.synced.get(of.resource);
  if (!connector || !resource || !synced) return null;
  const call: CallContext = {
    ...workplaceCall(parts, connection, lane),
    async stillWanted() {
      const now = await connectionById(parts.db, connection.id);
      return now !== null && mayWork(now);
    },
  };
  return { connection, connector, resource, synced, call, mayWork };
}

/** What calls over a connection are made with. */
export const workplaceCall = (parts: Parts, connection: Connection, lane: Lane): CallContext => ({
  account: accountOf(connection, parts.vault),
  lane,
});

/**
 * Answers the doorbell of one record: takes its lock, passes it through the corridor, and stores
 * what failed with its next try. Never throws for the outside's sake. [F4]
 *
 * A slow answer cannot put an older value over a newer one: other passes over this record wait for
 * its lock, and a page, which takes no such lock, raises the fence of the link that was read here
 * before the provider was asked, so that the older answer is not stored and the pass begins anew.
 *
 * consent  asked before anything is written; a record that is busy is then left to the caller.
 * mayWork  which connections it may use; those that are working when it is left out.
 */
export async function syncRecord(
  parts: Parts,
  task: RecordTask,
  { consent, mayWork }: { consent?: Consent; mayWork?: Workplace['mayWork'] } = {},
): Promise<Passed | { kind: 'held' } | { kind: 'busy' }> {
  const found = await workplaceOf(parts, task, laneFor(parts, task), mayWork);
  if (!found) return { kind: 'held' };
  const place = consent ? { ...found, consent } : found;
  const blocked = await blockedSeconds(parts, place);
  if (blocked > 0) return later(parts, place, { task, seconds: blocked });
  const began = parts.clock.now();
  const [key] = await recordLocks(parts, [task]);
  const turn = await parts.locks.tryWith(key!, (signal) => {
    const call = { ...place.call, signal };
    return unlessBrokenOff(signal, passSeveralTimes(parts, { ...place, call }, task));
  });
  if (!turn.held || turn.value === null) {
    return later(parts, place, { task, seconds: busySeconds });
  }
  await bookkeep(parts, place, task, { passed: turn.value, began });
  return turn.value;
}

/**
 * Null when the work was told to stop: what it met then is our own doing and says nothing of the
 * record or the provider.
 */
export async function unlessBrokenOff<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  try {
    const value = await work;
    return signal.aborted ? null : value;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** A bell that is rung for later asks nobody's consent, so what needs it is not rung. */
const later = async (
  parts: Parts,
  place: Workplace,
  { task, seconds }: { task: RecordTask; seconds: number },
): Promise<{ kind: 'busy' }> =>
  place.consent ? { kind: 'busy' } : ringAgain(parts, task, seconds);

/** Later, with the worker free for other connections meanwhile. */
async function ringAgain(
  parts: Parts,
  task: RecordTask,
  seconds: number,
): Promise<{ kind: 'busy' }> {
  await ring(parts, recordBell(parts, task), { startAfterSeconds: Math.ceil(seconds) });
  return { kind: 'busy' };
}

/** How long the provider still wants to be left alone; nobody waits for that with a worker's hands. [Q3] */
export async function blockedSeconds(parts: Parts, place: Workplace): Promise<number> {
  const state = await parts.quota.state(place.connection.quotaKey);
  const until = state?.blockedUntil?.getTime() ?? 0;
  return Math.max(0, (until - parts.clock.now().getTime()) / 1_000);
}

async function passSeveralTimes(parts: Parts, place: Workplace, task: RecordTask): Promise<Passed> {
  if (task.verify) return verifyArrival(parts, place, task);
  const passOther = passOtherOf(parts, place, task);
  let passed: Passed = { kind: 'again' };
  for (let pass = 0; pass < passesMax && passed.kind === 'again'; pass++) {
    passed = await passRecord(parts, place, task, passOther);
  }
  return passed;
}

/** A record that this one needs goes through the whole corridor first, with its own lock. */
export function passOtherOf(
  parts: Parts,
  place: Workplace,
  task: Pick<RecordTask, 'door' | 'lane' | 'runId'>,
) {
  return async (of: Parameters<PassOther>[0]): Promise<Result<null>> => {
    const other: RecordTask = {
      connectionId: place.connection.id,
      door: task.door,
      ...(task.lane ? { lane: task.lane } : {}),
      ...(task.runId ? { runId: task.runId } : {}),
      ...of,
    };
    const passed = await syncRecord(parts, other, { mayWork: place.mayWork });
    if (passed.kind === 'failed') return { ok: false, failure: passed.failure };
    if (passed.kind === 'busy' || passed.kind === 'again') {
      const detail = `${of.resource} is being worked on just now.`;
      return { ok: false, failure: { kind: 'throttled', retryAfterSeconds: busySeconds, detail } };
    }
    return { ok: true, value: null };
  };
}

async function bookkeep(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  { passed, began }: { passed: Passed; began: Date },
): Promise<void> {
  const now = parts.clock.now();
  if (passed.kind === 'again' || (await oldKeyRefused(parts, place, passed))) {
    await later(parts, place, { task, seconds: busySeconds });
    return;
  }
  if (passed === notAgreed) return;
  if (passed.kind === 'failed') {
    const dead = waitsForPerson(passed.failure);
    // Who asked for consent tries again itself: a try by the clock would ask nobody.
    if (dead || !place.consent) await bookFailure(parts, place, task, passed);
  }
  // Nothing is left to do for it, so nothing waits for another try either.
  if (passed.kind === 'skipped') {
    const keys = [recordKey({ ourId: task.ourId ?? null, theirId: task.theirId ?? null })];
    await resolveFailures(parts.db, { ...placeOf(place), keys }, now);
  }
  if (passed.kind === 'done' && passed.linked && place.resource.followers) {
    await ringDue(parts, place.connection, place.resource.followers);
  }
  if (task.door === 'webhook' && task.theirId) {
    const reason = passed.kind === 'skipped' ? passed.reason : null;
    await settleDeliveries(parts, task, { began, now, reason });
  }
}

/** The key was replaced while this was under way: the record is at fault as little as the new key. [F2] */
const oldKeyRefused = async (parts: Parts, { connection }: Workplace, passed: Passed) =>
  passed.kind === 'failed' &&
  passed.failure.kind === 'unauthorised' &&
  !(await keyIsCurrent(parts.db, connection));

async function bookFailure(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  passed: Passed & { kind: 'failed' },
): Promise<void> {
  const now = parts.clock.now();
  const { failure, step } = passed;
  const ourId = passed.ourId ?? task.ourId ?? null;
  const theirId = passed.theirId ?? task.theirId ?? null;
  const runId = task.runId ?? null;
  const failed = { ...placeOf(place), ourId, theirId, runId, step, failure, ...passed.tried };
  await noteFailure(parts.db, failed, parts);
  const changed = await noteConnectionFailure(parts.db, place.connection, { failure, now });
  const dead = waitsForPerson(failure);
  const line = {
    ...placeOf(place),
    ourId,
    theirId,
    runId,
    deliveryId: task.deliveryId ?? null,
    door: task.door,
    direction: step === 'read' || step === 'needs' ? ('in' as const) : ('out' as const),
    action: dead ? 'failed' : 'put off',
    ok: false,
    detail: `${step}: ${failure.kind}: ${failure.detail}`.slice(0, 500),
  };
  await record(parts.db, [line], { newId: parts.newId, now });
  await parts.live.publish('failures');
  for (const topic of ourId ? await topicsOf(parts, place, ourId) : [])
    await parts.live.publish(topic);
  if (changed) await parts.live.publish('connections');
}

/** The record was read after these were received, so it has seen what they hinted at. [D2] [D3] */
async function settleDeliveries(
  parts: Parts,
  task: RecordTask,
  { began, now, reason }: { began: Date; now: Date; reason: string | null },
): Promise<void> {
  const waiting = await parts.db
    .select({ id: deliveries.id, receivedAt: deliveries.receivedAt, event: deliveries.event })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.connectionId, task.connectionId),
        eq(deliveries.resource, task.resource),
        eq(deliveries.theirId, task.theirId!),
        eq(deliveries.state, 'stored'),
      ),
    );
  const seen = waiting.filter((row) => row.receivedAt <= began);
  const ids = seen.map((row) => row.id);
  if (ids.length === 0) return;
  const { connectionId, resource, theirId } = task;
  const of = { connectionId, resource, theirId: theirId! };
  await noteArrived(parts.db, of, { events: seen.map(({ event }) => event), at: now });
  await parts.db
    .update(deliveries)
    .set({ state: 'handled', handledAt: now, reason })
    .where(inArray(deliveries.id, ids));
}
