import pg from 'pg';
import type { Log } from '#src/platform/log.ts';
import type { Databases } from './databases.ts';
import { openKiex } from './kiex.ts';
import { startSimulator } from './simulator.ts';

/** Rows written per table by one run: inserted, updated, deleted. */
export type Writes = Record<string, { inserted: number; updated: number; deleted: number }>;

export interface QuietFigures {
  jobs: number;
  calls: { poll: number; full: number };
  poll: Writes;
  full: Writes;
}

/** What a run and its checkpoint are kept in; a full read's `run_seen` is emptied at its end. */
const ownTables = new Set(['runs', 'checkpoints', 'run_seen']);

/**
 * What a second run over unchanged data writes, as PostgreSQL itself counts.
 * Fails  when it writes to any table but those of the run and its checkpoint.
 */
export async function measureQuiet(
  tools: { databases: Databases; log: Log },
  { jobs }: { jobs: number },
): Promise<QuietFigures> {
  const { databases, log } = tools;
  const switches = { quotaEnforced: false } as const;
  const simulator = await startSimulator({ key: 'bench-key-0002', jobs, switches });
  const databaseUrl = await databases.fresh();
  const kiex = await openKiex({ simulator, databaseUrl, callsPerMinute: 0, log });
  try {
    await kiex.run('backfill');
    const carryOut = async (kind: 'poll' | 'full') => {
      await simulator.forgetRequests();
      const before = await countWrites(databaseUrl);
      const { run } = await kiex.run(kind);
      if (run.seen !== jobs || run.unchanged !== jobs) throw new Error(JSON.stringify(run));
      const writes = difference(before, await countWrites(databaseUrl));
      const others = Object.keys(writes).filter((table) => !ownTables.has(table));
      if (others.length > 0) throw new Error(`a quiet ${kind} run wrote ${JSON.stringify(writes)}`);
      return { writes, calls: (await simulator.requests()).length };
    };
    // The jobs were all made just now, so a poll with its overlap reads them all again.
    const poll = await carryOut('poll');
    const full = await carryOut('full');
    const calls = { poll: poll.calls, full: full.calls };
    return { jobs, calls, poll: poll.writes, full: full.writes };
  } finally {
    await kiex.close();
    await simulator.close();
  }
}

/** A session may keep its counts to itself until it has been idle for ten seconds. */
const reportedAfterMs = 11_000;

async function countWrites(databaseUrl: string): Promise<Writes> {
  await new Promise((resolve) => setTimeout(resolve, reportedAfterMs));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(`select relname, n_tup_ins::int as inserted,
    n_tup_upd::int as updated, n_tup_del::int as deleted
    from pg_stat_user_tables where schemaname = 'public'`);
  await client.end();
  return Object.fromEntries(rows.map(({ relname, ...counts }) => [relname, counts]));
}

function difference(before: Writes, after: Writes): Writes {
  const moved = Object.entries(after).map(([table, now]) => {
    const then = before[table]!;
    const inserted = now.inserted - then.inserted;
    const updated = now.updated - then.updated;
    const deleted = now.deleted - then.deleted;
    return [table, { inserted, updated, deleted }] as const;
  });
  return Object.fromEntries(
    moved.filter(([, { inserted, updated, deleted }]) => inserted + updated + deleted > 0),
  );
}
