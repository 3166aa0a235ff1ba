import type pg from 'pg';
import type { Clock } from '#src/platform/clock.ts';
import { type HandsAtWork, putToWork, type Taken } from '#src/platform/hands.ts';
import type { Queue } from '#src/platform/queue.ts';
import type { MemoryQueue } from './memoryQueue.ts';

type Bell = ReturnType<MemoryQueue['waiting']>[number] & { group: string | null };

/** Turns of the event loop in which nothing asked the database: then all wait for the clock. */
const quietTurns = 40;

/**
 * A queue in memory with the hands of the real one: as many tasks at once as a process takes, and of
 * one connection no more than its share. What hangs, hangs on the clock, beside all others.
 */
export function createHandsQueue(clock: Clock, pool: pg.Pool): MemoryQueue {
  const bells = new Map<string, Bell>();
  const atWork: HandsAtWork[] = [];
  let answered = 0;
  let order = 0;

  const take =
    (queue: string) =>
    async ({
      exceptGroups,
      priorityMax,
    }: Parameters<Parameters<typeof putToWork>[0]['take']>[0]) => {
      const now = clock.now().getTime();
      const [next] = [...bells.values()]
        .filter((bell) => bell.queue === queue && bell.at <= now)
        .filter(({ group }) => group === null || !exceptGroups.includes(group))
        .filter(({ priority }) => priorityMax === null || priority <= priorityMax)
        .sort((a, b) => a.priority - b.priority || a.at - b.at || a.order - b.order);
      if (!next) return null;
      bells.delete(`${next.queue} ${next.key}`);
      return { id: next.key, task: next.task, group: next.group } satisfies Taken;
    };

  const isBusy = () => pool.waitingCount > 0 || pool.idleCount < pool.totalCount;
  async function rest(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; quiet = isBusy() ? 0 : quiet + 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const work: Queue['work'] = async (queue, hands, handler) => {
    atWork.push(
      putToWork({
        clock,
        hands,
        take: take(queue),
        async handle({ task }) {
          answered += 1;
          // The real queue logs what a handler throws, and goes on.
          await handler(task).catch(() => undefined);
        },
        stumble: () => undefined,
      }),
    );
  };

  return {
    work,
    async send(queue, task, { key, startAfterSeconds = 0, priority = 0, group }) {
      const id = `${queue} ${key}`;
      const at = clock.now().getTime() + startAfterSeconds * 1_000;
      const waiting = bells.get(id);
      bells.set(id, {
        ...{ queue, key, task },
        at: Math.min(at, waiting?.at ?? at),
        order: waiting?.order ?? order++,
        priority: Math.min(priority, waiting?.priority ?? priority),
        group: group ?? waiting?.group ?? null,
      });
    },
    whichWait: async (queue, keys) => new Set(keys.filter((key) => bells.has(`${queue} ${key}`))),
    async stop() {
      // What hangs is left hanging: its clock stands still from now on.
      for (const hands of atWork) void hands.stop();
    },
    async drain() {
      const before = answered;
      for (const hands of atWork) hands.wake();
      await rest();
      return answered - before;
    },
    waiting: () => [...bells.values()],
    lose: () => bells.clear(),
  };
}
