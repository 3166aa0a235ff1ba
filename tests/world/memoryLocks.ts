import type { Locks } from '#src/platform/locks.ts';

/** Locks of one process, for worlds in which all workers are in it. */
export function memoryLocks(): Locks {
  const held = new Set<string>();
  return {
    async tryWith(key, work) {
      if (held.has(key)) return { held: false };
      held.add(key);
      try {
        return { held: true, value: await work(new AbortController().signal) };
      } finally {
        held.delete(key);
      }
    },
    close: async () => undefined,
  };
}
