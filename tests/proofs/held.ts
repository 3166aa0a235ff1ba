import { setTimeout as sleep } from 'node:timers/promises';
import type { Town } from './town.ts';

const lookMilliseconds = 25;

/** A lock that a killed process held: a piece of work it was in the middle of. */
export interface Piece {
  lock: string;
  /** What the killed process called its sessions. */
  killed: string;
  killedAt: number;
  /** When another session was seen to hold the lock; null: never. */
  takenUpAt: number | null;
}

/** Looks who holds which lock, all the time, and remembers what was taken from the killed. */
export function watchLocks(town: Town) {
  const pieces: Piece[] = [];
  const stopping = new AbortController();
  const look = async () => {
    const rows = await town.query<{ lock: string; name: string }>(
      `select ((l.classid::bigint << 32) | l.objid::bigint)::text as lock, a.application_name as name
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
         and a.application_name like 'worker%'`,
    );
    return { rows, at: Date.now() };
  };
  const going = (async () => {
    while (!stopping.signal.aborted) {
      const waiting = pieces.filter((piece) => piece.takenUpAt === null);
      if (waiting.length > 0) {
        const { rows, at } = await look();
        for (const piece of waiting) {
          const { lock, killed } = piece;
          if (rows.some((row) => row.lock === lock && row.name !== killed)) piece.takenUpAt = at;
        }
      }
      await sleep(lookMilliseconds);
    }
  })();
  return {
    /** Ends the process and writes down what it was in the middle of. */
    async kill(name: string, end: () => Promise<unknown>): Promise<number> {
      const { rows } = await look();
      const killedAt = Date.now();
      await end();
      const mine = rows.filter((row) => row.name === name);
      for (const { lock } of mine) pieces.push({ lock, killed: name, killedAt, takenUpAt: null });
      return mine.length;
    },
    async stop(): Promise<Piece[]> {
      stopping.abort();
      await going;
      return pieces;
    },
  };
}

/**
 * For each piece of work the milliseconds until it went on in another process: until its lock was
 * seen with another, or else until the next line of activity about its record. Null: nothing was
 * left to do, since its end had been stored before the kill.
 */
export async function takenUp(town: Town, pieces: Piece[]) {
  const known = await town.query<{ lock: string; key: string; resource: string; our: string }>(
    `select hashtextextended('kiex:lock:' || key, 0)::text as lock, key, resource, our
     from (
       select connection_id || ':' || resource || ':our:' || our_id as key, resource, our_id as our
       from links
       union all
       select connection_id || ':' || resource || ':their:' || their_id, resource, our_id
       from links
       union all
       select distinct 'run:' || connection_id || ':' || resource, 'run of ' || resource, ''
       from runs
     ) as keys`,
  );
  const byLock = new Map(known.map((row) => [row.lock, row]));
  const lines = await town.query<{ at: Date; our: string }>(
    `select at, our_id as our from activity where our_id is not null order by at`,
  );
  return pieces.map((piece) => {
    const record = byLock.get(piece.lock);
    const line = lines.find(({ at, our }) => our === record?.our && at.getTime() > piece.killedAt);
    const at = piece.takenUpAt ?? line?.at.getTime() ?? null;
    return {
      resource: record?.resource ?? 'unknown',
      milliseconds: at === null ? null : at - piece.killedAt,
    };
  });
}
