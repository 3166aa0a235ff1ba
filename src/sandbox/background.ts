import type { Clock } from '#src/platform/clock.ts';

/** Work a simulator does later, on its own: downloads, webhook deliveries. */
export interface Background {
  /** Runs `task` once `milliseconds` have passed on the clock; not at all after `close`. */
  after(milliseconds: number, task: () => Promise<void> | void): void;
  /** Resolves when no task is running. Tasks that still wait for their time do not count. */
  settled(): Promise<void>;
  close(): void;
}

export function createBackground(clock: Clock): Background {
  const closing = new AbortController();
  const running = new Set<Promise<void>>();

  async function sleepThenRun(milliseconds: number, task: () => Promise<void> | void) {
    await clock.sleep(milliseconds, closing.signal);
    if (closing.signal.aborted) return;
    const run = Promise.resolve(task());
    running.add(run);
    await run.finally(() => running.delete(run));
  }

  return {
    after: (milliseconds, task) => void sleepThenRun(milliseconds, task),
    async settled() {
      while (running.size > 0) await Promise.allSettled([...running]);
    },
    close: () => closing.abort(),
  };
}
