import type { Clock } from '#src/platform/clock.ts';

/** A clock that can be pushed forward by hand while the real one keeps running underneath. */
export interface MovableClock extends Clock {
  /** How far this clock is ahead of the one below, in milliseconds. */
  shiftedMilliseconds(): number;
  /** Moves time forward; sleepers whose time has come wake, the others wait for what is left. */
  shift(milliseconds: number): void;
}

/** Puts a hand on `base`, so that a person in the sandbox can let an hour pass without waiting. */
export function movableClock(base: Clock, shiftedMilliseconds = 0): MovableClock {
  let shifted = shiftedMilliseconds;
  const naps = new Set<AbortController>();
  const now = () => base.now().getTime() + shifted;

  return {
    now: () => new Date(now()),
    shiftedMilliseconds: () => shifted,
    shift(milliseconds) {
      if (milliseconds < 0) throw new RangeError('the clock only moves forward');
      shifted += milliseconds;
      for (const nap of [...naps]) nap.abort();
    },
    async sleep(milliseconds, signal) {
      const wakeAt = now() + milliseconds;
      // A shift ends the nap early; what is left of the sleep is then slept again.
      while (!signal?.aborted && now() < wakeAt) {
        const nap = new AbortController();
        const stop = () => nap.abort();
        naps.add(nap);
        signal?.addEventListener('abort', stop, { once: true });
        await base.sleep(wakeAt - now(), nap.signal);
        signal?.removeEventListener('abort', stop);
        naps.delete(nap);
      }
    },
  };
}
