import type { Locks } from '#src/platform/locks.ts';
import { type Ground, note } from './ground.ts';
import type { Life } from './scheduler.ts';
import type { SharedDatabase } from './sharedDatabase.ts';

/** The locks of all simulated processes: they behave as `platform/locks.ts` does. */
export interface SharedLocks {
  locksOf(life: Life): Locks;
  /** A killed process frees its locks at once. */
  free(life: Life): void;
  /** Its session broke: its locks are free, and the work behind them is told to stop. */
  lose(life: Life): void;
}

interface Held {
  life: Life;
  controller: AbortController;
}

export function createSharedLocks(ground: Ground, database: SharedDatabase): SharedLocks {
  const held = new Map<string, Held>();

  const free = (life: Life): Held[] => {
    const freed: Held[] = [];
    for (const [key, holder] of held) {
      if (holder.life !== life) continue;
      held.delete(key);
      freed.push(holder);
    }
    return freed;
  };

  return {
    free: (life) => void free(life),
    lose(life) {
      const reason = new Error('The lock was lost with its connection');
      for (const { controller } of free(life)) controller.abort(reason);
    },
    locksOf(life) {
      // The database gives a session its own locks again and again; between ourselves, this decides.
      const working = new Set<string>();
      return {
        async tryWith(key, work) {
          if (working.has(key)) return { held: false };
          working.add(key);
          const holder: Held = { life, controller: new AbortController() };
          try {
            const taken = await database.pretend(life, `lock ${key}`, () => {
              if (held.has(key)) return false;
              held.set(key, holder);
              return true;
            });
            if (!taken) {
              note(ground, life, `found ${key} locked`);
              return { held: false };
            }
            try {
              return { held: true, value: await work(holder.controller.signal) };
            } finally {
              if (!holder.controller.signal.aborted) await unlock(life, key, holder);
            }
          } finally {
            working.delete(key);
          }
        },
        held: (keys) =>
          database.pretend(
            life,
            'asks which locks are held',
            () => new Set(keys.filter((key) => held.has(key))),
          ),
        close: async () => undefined,
      };
    },
  };

  /** Its failure is logged and not thrown, as in the real one: the lock goes with its connection. */
  async function unlock(life: Life, key: string, holder: Held): Promise<void> {
    const letGo = () => {
      if (held.get(key) === holder) held.delete(key);
    };
    await database.pretend(life, `unlock ${key}`, letGo).catch(letGo);
  }
}
