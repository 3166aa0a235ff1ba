import { inArray } from 'drizzle-orm';
import type { Tx } from '#src/platform/database.ts';
import type { Lane } from '#src/platform/quota.ts';
import {
  laneFor,
  type Parts,
  type RecordTask,
  recordQueue,
  recordTaskKey,
  runQueue,
  subscriptionQueue,
} from './parts.ts';
import { links } from './tables.ts';

/** One doorbell: what it is about, and who waits for it. */
export interface Bell {
  queue: string;
  key: string;
  task: object;
  lane: Lane;
  connectionId: string;
}

export const recordBell = (parts: Parts, task: RecordTask): Bell => ({
  queue: recordQueue,
  key: recordTaskKey(task),
  task,
  lane: laneFor(parts, task),
  connectionId: task.connectionId,
});

export const runBell = (run: {
  id: string;
  connectionId: string;
  kind: string;
  trigger: string;
}): Bell => ({
  queue: runQueue,
  key: run.id,
  task: { runId: run.id },
  lane: askedByPerson.has(run.trigger) ? 'person' : run.kind === 'poll' ? 'poll' : 'backfill',
  connectionId: run.connectionId,
});

const askedByPerson: ReadonlySet<string> = new Set(['manual', 'command']);

export const subscriptionBell = (connectionId: string): Bell => ({
  queue: subscriptionQueue,
  key: connectionId,
  task: { connectionId },
  lane: 'backfill',
  connectionId,
});

/** How soon each lane's bells are answered, the lowest first: thousands of polled records wait. [Q2] */
export const urgencyOf: Record<Lane, number> = {
  person: 0,
  webhook: 1,
  push: 2,
  poll: 3,
  backfill: 4,
};

/** Rings in the lane of the door, and among the bells of its connection. [Q2] */
export async function ring(
  parts: Parts,
  bell: Bell,
  when: { startAfterSeconds?: number; tx?: Tx } = {},
): Promise<void> {
  const { queue, task, key, lane, connectionId } = bell;
  // Whoever a person waits for never stands behind other work of the same connection.
  const group = `${connectionId}:${lane === 'person' ? 'person' : 'rest'}`;
  await parts.queue.send(queue, task, { key, group, priority: urgencyOf[lane], ...when });
}

/**
 * A bell that this process looked after is left alone for this long, so that a look every second
 * does not ask for each waiting record every second. With the second between two looks, work that
 * lost its worker is rung for within three. [F4]
 */
const quietSeconds = 2;

/**
 * Rings for work that nobody has in hand: its bell does not wait, and its lock is free. A worker's
 * lock goes with the worker, so work of one that was killed is found by the next look, and work that
 * merely takes long is never rung for. [F4] [D6]
 *
 * lock     what whoever works on it holds.
 * Returns  the bells that were rung.
 */
export async function ringUnattended(
  parts: Parts,
  work: { bell: Bell; lock: string }[],
): Promise<Bell[]> {
  const quiet = work.filter(({ bell }) => isQuiet(parts, `${bell.queue} ${bell.key}`));
  if (quiet.length === 0) return [];
  const locked = await parts.locks.held(quiet.map(({ lock }) => lock));
  const free = quiet.filter(({ lock }) => !locked.has(lock)).map(({ bell }) => bell);
  const rung: Bell[] = [];
  for (const [queue, bells] of Map.groupBy(free, (bell) => bell.queue)) {
    const waiting = await parts.queue.whichWait(
      queue,
      bells.map(({ key }) => key),
    );
    for (const bell of bells) {
      if (waiting.has(bell.key)) continue;
      await ring(parts, bell);
      rung.push(bell);
    }
  }
  return rung;
}

/** Rings for those of these records that nobody works on. Returns how many bells were rung. */
export async function ringRecords(parts: Parts, tasks: RecordTask[]): Promise<number> {
  if (tasks.length === 0) return 0;
  const locks = await recordLocks(parts, tasks);
  const work = tasks.map((task, index) => ({ bell: recordBell(parts, task), lock: locks[index]! }));
  return (await ringUnattended(parts, work)).length;
}

/** One lock per record, whichever side's id the task names, in one query for all. [D7] */
export async function recordLocks(parts: Parts, tasks: RecordTask[]): Promise<string[]> {
  const theirIds = tasks.flatMap(({ ourId, theirId }) => (ourId || !theirId ? [] : [theirId]));
  const { connectionId, resource, ourId, theirId } = links;
  const known =
    theirIds.length > 0
      ? await parts.db
          .select({ connectionId, resource, ourId, theirId })
          .from(links)
          .where(inArray(theirId, theirIds))
      : [];
  const placeOf = (of: { connectionId: string; resource: string }) =>
    `${of.connectionId}:${of.resource}`;
  const ours = new Map(known.map((link) => [`${placeOf(link)}:${link.theirId}`, link.ourId]));
  return tasks.map((task) => {
    const mine = task.ourId ?? ours.get(`${placeOf(task)}:${task.theirId}`);
    return `${placeOf(task)}:${mine ? `our:${mine}` : `their:${task.theirId}`}`;
  });
}

/** Bells looked after lately by this process. */
const lookedAt = new WeakMap<Parts, Map<string, number>>();
const bellsRememberedMax = 10_000;

/** Asking counts as looking. */
function isQuiet(parts: Parts, bell: string): boolean {
  const bells = lookedAt.get(parts) ?? new Map<string, number>();
  lookedAt.set(parts, bells);
  const now = parts.clock.now().getTime();
  const last = bells.get(bell);
  if (last !== undefined && now - last < quietSeconds * 1_000) return false;
  if (bells.size > bellsRememberedMax) bells.clear();
  bells.set(bell, now);
  return true;
}
