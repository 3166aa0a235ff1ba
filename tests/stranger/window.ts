const windowMilliseconds = 60_000;
export const callsMax = 100;

/** The last minute of each key's calls, over both hosts; the strictest reading of the limit. */
export interface Window {
  /** Counts one call. False: it is one too many. */
  pass(key: string): boolean;
  /** The most calls that any minute has had. */
  largest(): number;
  /** When a call was refused for the limit. */
  violations: number[];
}

/** A window that slides with each call, unlike a counter that starts anew each minute. */
export function createWindow(): Window {
  const calls = new Map<string, number[]>();
  const violations: number[] = [];
  let largest = 0;
  return {
    violations,
    largest: () => largest,
    pass(key) {
      const now = Date.now();
      const recent = (calls.get(key) ?? []).filter((at) => at > now - windowMilliseconds);
      recent.push(now);
      calls.set(key, recent);
      largest = Math.max(largest, recent.length);
      if (recent.length <= callsMax) return true;
      violations.push(now);
      return false;
    },
  };
}
