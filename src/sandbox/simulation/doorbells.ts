import type { Hands, Queue } from '#src/platform/queue.ts';
import { type Ground, note, strikes } from './ground.ts';
import type { Candidate, Life } from './scheduler.ts';
import type { SharedDatabase } from './sharedDatabase.ts';

/** The queue of a simulated world; it stands outside its processes, as the real one does. */
export interface Doorbells {
  queueOf(life: Life): Queue;
  /** A killed process answers nothing any more; what it was at is lost. */
  forget(life: Life): void;
  /** Bells that wait, due or not. */
  waiting(): readonly Readonly<Bell>[];
}

interface Bell {
  queue: string;
  key: string;
  task: object;
  at: number;
  priority: number;
  group: string | null;
}

/** The hands of one process at one queue. */
interface Answering {
  life: Life;
  queue: string;
  hands: Hands;
  busy: number;
  /** Of each group, how many are being handled. */
  groups: Map<string, number>;
  handler: (task: unknown) => Promise<void>;
}

/**
 * Coalesces as `pgBossQueue.ts` does: of one queue and key one bell waits, and those being answered
 * do not count. A bell of a transaction is heard when it commits.
 *
 * heard  called for what a handler throws: the real queue only logs it.
 */
export function createDoorbells(
  ground: Ground,
  database: SharedDatabase,
  heard: (error: unknown, queue: string) => void,
): Doorbells {
  const bells = new Map<string, Bell>();
  let answering: Answering[] = [];

  function ring(bell: Bell): void {
    if (strikes(ground, 'bell lost', ground.faults.bellLost)) {
      note(ground, 'queue', `lost ${bell.queue} ${bell.key}`);
      return;
    }
    database.stir();
    const id = `${bell.queue} ${bell.key}`;
    const known = bells.get(id);
    bells.set(id, {
      ...bell,
      at: Math.min(bell.at, known?.at ?? bell.at),
      priority: Math.min(bell.priority, known?.priority ?? bell.priority),
      group: bell.group ?? known?.group ?? null,
    });
  }

  function answer(bell: Bell, by: Answering): void {
    bells.delete(`${bell.queue} ${bell.key}`);
    hold(by, bell, 1);
    note(ground, by.life, `answers ${bell.queue} ${bell.key}`);
    void by
      .handler(bell.task)
      .catch((error: unknown) => heard(error, bell.queue))
      .finally(() => {
        hold(by, bell, -1);
      });
  }

  ground.scheduler.addSource({
    candidates(now) {
      const found: Candidate[] = [];
      for (const bell of bells.values()) {
        if (bell.at > now) continue;
        for (const by of answering) {
          if (mayTake(by, bell) && by.life.stalledUntil <= now)
            found.push({ life: by.life, take: () => answer(bell, by) });
        }
      }
      return found;
    },
    nextAt() {
      let next: number | null = null;
      const now = ground.scheduler.now();
      for (const { at } of bells.values()) if (at > now && (next === null || at < next)) next = at;
      return next;
    },
  });

  database.onCommit((committed) => {
    for (const happen of committed) happen();
  });

  return {
    queueOf: (life) => ({
      send(queue, task, { key, startAfterSeconds = 0, priority = 0, group, tx }) {
        const ringNow = () => {
          const at = ground.scheduler.now() + startAfterSeconds * 1_000;
          // What is sent is written down: a later change of the object changes no bell.
          ring({ queue, key, task: structuredClone(task), at, priority, group: group ?? null });
        };
        const label = `rings ${queue} ${key}`;
        if (!tx) return database.pretend(life, label, ringNow);
        return database.inTransaction(tx, label, (client) => {
          client.afterCommit.push(ringNow);
        });
      },
      whichWait: (queue, keys) =>
        database.pretend(
          life,
          `asks which bells of ${queue} wait`,
          () => new Set(keys.filter((key) => bells.has(`${queue} ${key}`))),
        ),
      async work(queue, hands, handler) {
        answering.push({ life, queue, hands, busy: 0, groups: new Map(), handler });
      },
      async stop() {
        answering = answering.filter((one) => one.life !== life);
      },
    }),
    forget(life) {
      answering = answering.filter((one) => one.life !== life);
    },
    waiting: () => [...bells.values()],
  };
}

/** As `platform/hands.ts` decides it. */
function mayTake({ queue, hands, busy, groups }: Answering, bell: Bell): boolean {
  if (queue !== bell.queue) return false;
  const { concurrency, perGroup = Number.POSITIVE_INFINITY, kept } = hands;
  if (bell.group !== null && (groups.get(bell.group) ?? 0) >= perGroup) return false;
  if (busy < concurrency) return true;
  if (!kept || busy >= concurrency + kept.concurrency) return false;
  return bell.priority <= kept.priorityMax;
}

function hold(by: Answering, { group }: Bell, change: 1 | -1): void {
  by.busy += change;
  if (group !== null) by.groups.set(group, (by.groups.get(group) ?? 0) + change);
}
