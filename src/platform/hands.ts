import type { Clock } from './clock.ts';
import type { Hands } from './queue.ts';

/** A task as it was taken from the queue. */
export type Taken = { id: string; task: unknown; group: string | null };

/** Which task is wanted next. */
export type Wanted = { exceptGroups: string[]; priorityMax: number | null };

/** The hands of one process for one queue. */
export type HandsAtWork = {
  /** There may be something to take. */
  wake(): void;
  /** Takes no more; resolves when what is under way has come to its end. */
  stop(): Promise<void>;
};

/** The most a task may be late whose time came with no word of it. */
const LOOK_SECONDS = 1;

/**
 * Takes tasks while there are hands for them, each as soon as a hand is free. One taker for all hands:
 * it knows whose are full, so a group at its limit is passed over, and a word of a new task costs one
 * question and not one for each hand. The count is this process's own: one over all of them would go
 * on counting the tasks of a process that was killed.
 *
 * take    the most urgent task of those wanted; null when there is none.
 * handle  never throws.
 */
export function putToWork(parts: {
  clock: Clock;
  hands: Hands;
  take(wanted: Wanted): Promise<Taken | null>;
  handle(taken: Taken): Promise<void>;
  stumble(error: unknown): void;
}): HandsAtWork {
  const { clock, hands, take, handle, stumble } = parts;
  const { concurrency, perGroup = Number.POSITIVE_INFINITY, kept } = hands;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const groups = new Map<string, number>();
  let taking = false;
  let woken = false;

  const wanted = (): Wanted | null => {
    const exceptGroups = [...groups].flatMap(([group, count]) =>
      count >= perGroup ? [group] : [],
    );
    if (underWay.size < concurrency) return { exceptGroups, priorityMax: null };
    if (!kept || underWay.size >= concurrency + kept.concurrency) return null;
    return { exceptGroups, priorityMax: kept.priorityMax };
  };
  const count = (group: string | null, change: 1 | -1) => {
    if (group === null) return;
    const left = (groups.get(group) ?? 0) + change;
    if (left > 0) groups.set(group, left);
    else groups.delete(group);
  };
  const begin = (taken: Taken) => {
    count(taken.group, 1);
    const work = handle(taken).finally(() => {
      count(taken.group, -1);
      underWay.delete(work);
      wake();
    });
    underWay.add(work);
  };
  const takeAll = async () => {
    for (let next = wanted(); next && !stopping.signal.aborted; next = wanted()) {
      const taken = await take(next);
      if (!taken) return;
      begin(taken);
    }
  };
  const wake = () => {
    woken = true;
    if (!taking && !stopping.signal.aborted) void takeWhileWoken();
  };
  const takeWhileWoken = async () => {
    taking = true;
    while (woken) {
      woken = false;
      await takeAll().catch(stumble);
    }
    taking = false;
  };
  const lookNowAndThen = async () => {
    while (!stopping.signal.aborted) {
      wake();
      await clock.sleep(LOOK_SECONDS * 1_000, stopping.signal);
    }
  };
  void lookNowAndThen();

  return {
    wake,
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}
