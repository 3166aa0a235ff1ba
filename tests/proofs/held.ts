import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestLogEntry } from '#src/sandbox/requestLog.ts';
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

/** A request of the killed process may still have been on its way. */
const lastBreathMilliseconds = 100;

interface Known {
  lock: string;
  account: string;
  resource: string;
  isRun: boolean;
  /** Every id under which calls speak of the record. */
  ids: string[];
}

/**
 * What became of each piece of work, in milliseconds from the kill.
 *
 * takenUp   until another process was seen to hold its lock.
 * nextCall  until the next call to the provider about the record, or about what it needs first; for
 *           a run, which calls do not name, as takenUp. Null: no call was left to make.
 */
export async function takenUp(town: Town, pieces: Piece[], requests: RequestLogEntry[]) {
  const byLock = new Map((await knownLocks(town)).map((known) => [known.lock, known]));
  return pieces.map(({ lock, killedAt, takenUpAt }) => {
    const known = byLock.get(lock);
    const employer = town.employers.find(({ connectionId }) => connectionId === known?.account);
    const about = (path: string) => known?.ids.some((id) => path.split(/[/=&?]/).includes(id));
    const call = requests.find(
      ({ account, at, path }) =>
        account === employer?.account &&
        Date.parse(at) > killedAt + lastBreathMilliseconds &&
        about(path),
    );
    const takenUp = takenUpAt === null ? null : takenUpAt - killedAt;
    const calledAt = call ? Date.parse(call.at) : null;
    // Whoever took it up may be killed, too: from then on it is the next piece.
    const later = pieces.find(
      (other) =>
        other.lock === lock && other.killedAt > killedAt && other.killedAt < (calledAt ?? 0),
    );
    return {
      what: known ? (known.isRun ? `run of ${known.resource}` : known.resource) : 'unknown',
      takenUp,
      nextCall: known?.isRun || later ? takenUp : calledAt && calledAt - killedAt,
    };
  });
}

/** The locks of all records and runs there have been. */
const knownLocks = (town: Town) =>
  town.query<Known>(
    `select hashtextextended('kiex:lock:' || key, 0)::text as lock, account, resource,
       key like 'run:%' as "isRun", ids
     from (
       select l.connection_id || ':' || l.resource || side as key,
         l.connection_id as account, l.resource,
         array_remove(array[l.our_id, l.their_id, parent.their_id, person.their_id], null) as ids
       from links l
       left join applications on applications.id::text = l.our_id
       left join resumes on resumes.id::text = l.our_id
       left join links parent on l.resource = 'notes' and parent.resource = 'applications'
         and parent.connection_id = l.connection_id and parent.our_id = l.our_id
       left join links person on l.resource in ('applications', 'resumes')
         and person.resource = 'candidates' and person.connection_id = l.connection_id
         and person.our_id = coalesce(applications.student_id, resumes.student_id)
       cross join lateral (values (':our:' || l.our_id), (':their:' || l.their_id)) as sides (side)
       union all
       select distinct 'run:' || connection_id || ':' || resource, connection_id, resource,
         array[]::text[]
       from runs
     ) as keys where key is not null`,
  );
