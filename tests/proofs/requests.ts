import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestLogEntry } from '#src/sandbox/requestLog.ts';
import type { SimulatedManatal } from '../kiex/simulatedManatal.ts';

const windowMilliseconds = 60_000;
/** The provider forgets all but the last thousand. */
const collectMilliseconds = 2_000;

/** Collects the provider's log of requests while it runs. */
export function keepRequests(simulator: Pick<SimulatedManatal, 'requests'>) {
  const seen = new Map<number, RequestLogEntry>();
  const stopping = new AbortController();
  const collect = async () => {
    for (const entry of await simulator.requests()) seen.set(entry.id, entry);
  };
  const going = (async () => {
    while (!stopping.signal.aborted) {
      await collect();
      await sleep(collectMilliseconds, null, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    /** Oldest first; the gaps in its own numbering would tell of forgotten ones. */
    async all(): Promise<RequestLogEntry[]> {
      await collect();
      const entries = [...seen.values()].sort((one, other) => one.id - other.id);
      const forgotten = entries.findIndex((entry, at) => entry.id !== entries[0]!.id + at);
      if (forgotten >= 0) throw new Error(`requests before ${entries[forgotten]!.id} were lost`);
      return entries;
    },
    async stop() {
      stopping.abort();
      await going;
    },
  };
}

/** When calls of one account came, in milliseconds, in order. */
export const timesOf = (entries: RequestLogEntry[], account: number) =>
  entries
    .filter((entry) => entry.account === account)
    .map(({ at }) => Date.parse(at))
    .sort((one, other) => one - other);

/** The most calls in any 60 seconds, wherever they begin. */
export function mostInAnyMinute(times: number[]): number {
  let from = 0;
  let most = 0;
  for (const [to, time] of times.entries()) {
    while (times[from]! <= time - windowMilliseconds) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/** The longest time without a call, between two moments. */
export function longestGap(times: number[], { from, to }: { from: number; to: number }): number {
  const marks = [from, ...times.filter((time) => time > from && time < to), to];
  return Math.max(...marks.slice(1).map((time, at) => time - marks[at]!));
}

/** The value below which this share of them lies; the greatest for 1. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
