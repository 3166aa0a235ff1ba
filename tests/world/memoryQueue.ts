import type { Clock } from '#src/platform/clock.ts';
import type { Queue } from '#src/platform/queue.ts';

interface Bell {
  queue: string;
  key: string;
  task: object;
  at: number;
  order: number;
  priority: number;
}

export interface MemoryQueue extends Queue {
  /** Answers every bell that is due now, one after the other, and those they ring. Returns how many. */
  drain(): Promise<number>;
  /** Bells that wait, due or not. */
  waiting(): readonly Readonly<Bell>[];
  /** Forgets every waiting bell, as a crash of the queue would. */
  lose(): void;
}

/** A drain longer than this is work that feeds itself. */
const bellsMax = 100_000;

/** The queue for tests and the simulation: in memory, in the order of their times, nothing by itself. */
export function createMemoryQueue(clock: Clock): MemoryQueue {
  const bells = new Map<string, Bell>();
  const handlers = new Map<string, (task: unknown) => Promise<void>>();
  let order = 0;
  const next = () => {
    const now = clock.now().getTime();
    const due = [...bells.values()].filter((bell) => bell.at <= now && handlers.has(bell.queue));
    return due.sort((a, b) => a.priority - b.priority || a.at - b.at || a.order - b.order)[0];
  };
  return {
    async send(queue, task, { key, startAfterSeconds = 0, priority = 0 }) {
      const id = `${queue} ${key}`;
      const at = clock.now().getTime() + startAfterSeconds * 1_000;
      const waiting = bells.get(id);
      // At most one waits for a key; ringing again may only make it sooner.
      bells.set(id, {
        queue,
        key,
        task,
        at: Math.min(at, waiting?.at ?? at),
        order: waiting?.order ?? order++,
        priority: Math.min(priority, waiting?.priority ?? priority),
      });
    },
    async whichWait(queue, keys) {
      return new Set(keys.filter((key) => bells.has(`${queue} ${key}`)));
    },
    async work(queue, _options, handler) {
      handlers.set(queue, handler);
    },
    async stop() {
      handlers.clear();
    },
    async drain() {
      for (let answered = 0; answered < bellsMax; answered++) {
        const bell = next();
        if (!bell) return answered;
        bells.delete(`${bell.queue} ${bell.key}`);
        await handlers.get(bell.queue)!(bell.task);
      }
      throw new Error(`more than ${bellsMax} bells: work feeds itself`);
    },
    waiting: () => [...bells.values()],
    lose: () => bells.clear(),
  };
}
