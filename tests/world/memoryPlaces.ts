import type { Files } from '#src/platform/files.ts';
import type { Locks } from '#src/platform/locks.ts';

/** Files that last as long as the test. */
export function memoryFiles(): Files {
  const kept = new Map<string, Uint8Array>();
  return {
    async put(key, bytes) {
      kept.set(key, bytes);
    },
    async get(key) {
      const bytes = kept.get(key);
      if (!bytes) throw new Error(`no file ${key}`);
      return bytes;
    },
    async remove(key) {
      kept.delete(key);
    },
    exists: async (key) => kept.has(key),
  };
}

/** Locks within one process. */
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
    held: async (keys) => new Set(keys.filter((key) => held.has(key))),
    close: async () => undefined,
  };
}
