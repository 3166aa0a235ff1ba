import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { systemClock } from '#src/platform/clock.ts';
import { connectPool, type Db } from '#src/platform/database.ts';
import { embeddedFolder } from '#src/platform/embeddedFolder.ts';
import { openEmbeddedPostgres } from '#src/platform/embeddedPostgres.ts';
import { isAlive, signalServer } from '#src/platform/embeddedProcess.ts';
import { migrateDatabase } from '#src/platform/migrate.ts';

/** A real PostgreSQL of one simulating process, in which world after world is made. */
export interface WorldServer {
  /** All simulated processes speak over this one. */
  connection: pg.Client;
  /** For checkers, outside the simulation. */
  db: Db;
  /** Makes the database as good as new; takes a few milliseconds. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Nothing here may depend on what ran before: no vacuum moves rows at its own time, no statistics
 * change a plan, and plans do not change with the number of times they were used.
 */
const settings = {
  autovacuum: 'off',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  plan_cache_mode: 'force_generic_plan',
  checkpoint_timeout: '1h',
  track_counts: 'off',
};

export async function openWorldServer(): Promise<WorldServer> {
  clearAbandoned();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `${prefix}${process.pid}-`));
  const log = pino({ level: 'silent' });
  const server = await openEmbeddedPostgres({ dataDir: folder, log, clock: systemClock, settings });
  const { db, pool } = connectPool(server.url, log, 1);
  await migrateDatabase(pool);
  const connection = new pg.Client({ connectionString: server.url });
  await connection.connect();
  return {
    connection,
    db,
    empty: () => empty(connection),
    async close() {
      await connection.end();
      await pool.end();
      await server.close();
      signalServer(embeddedFolder(folder).pgdata, 'SIGQUIT');
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

const prefix = 'kiex-simulation-';

/** Whoever was killed could not clear up after himself; the next one does. */
function clearAbandoned(): void {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (!pid || isAlive(Number(pid))) continue;
    const abandoned = path.join(os.tmpdir(), name);
    signalServer(embeddedFolder(abandoned).pgdata, 'SIGQUIT');
    fs.rmSync(abandoned, { recursive: true, force: true });
  }
}

/** Only tables that were written to have a file with something in it; the others stay as they are. */
async function empty(connection: pg.Client): Promise<void> {
  const { rows } = await connection.query<{ name: string }>(`
    select quote_ident(relname) as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0
    order by relname`);
  if (rows.length > 0) {
    await connection.query(`truncate ${rows.map(({ name }) => name).join(', ')} cascade`);
  }
  // A plan made for the tables of the world before would read these in another order.
  await connection.query('discard plans');
}
