import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { BaseLogger } from 'pino';
import { type Clock, systemClock } from './clock.ts';
import { openEmbeddedPostgres } from './embeddedPostgres.ts';
import { errorCode, StartProblem } from './startProblem.ts';

export type Db = NodePgDatabase;
/** A transaction that is open: what `db.transaction` hands to its callback. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
export type Queryable = Db | Tx;

export type Database = {
  db: Db;
  pool: pg.Pool;
  /** For what needs connections of its own: the queue, the locks, live events. */
  url: string;
  kind: 'embedded' | 'server';
  close(): Promise<void>;
};

const POOL_MAX = 10;
const SERVER_VERSION_MIN = 150_000;
/** A database that is started together with KiEX may need a moment. */
const SERVER_WAIT_SECONDS = 10;

/**
 * Opens the database: the server at `url`, or the built-in PostgreSQL in the data folder.
 *
 * url    null for the built-in one, which is started if it does not run.
 * Fails  StartProblem, with what to do about it.
 */
export async function openDatabase(options: {
  url: string | null;
  dataDir: string;
  log: BaseLogger;
  poolMax?: number;
  clock?: Clock;
}): Promise<Database> {
  const { url, dataDir, log, poolMax = POOL_MAX, clock = systemClock } = options;
  if (url) {
    await checkServer(url, log, clock);
    const { db, pool } = connectPool(url, log, poolMax);
    return { db, pool, url, kind: 'server', close: () => pool.end() };
  }
  const embedded = await openEmbeddedPostgres({ dataDir, log, clock });
  const { db, pool } = connectPool(embedded.url, log, poolMax);
  const close = async () => {
    await pool.end();
    await embedded.close();
  };
  return { db, pool, url: embedded.url, kind: 'embedded', close };
}

/** A pool of connections, opened as they are needed, and Drizzle on top of it. */
export function connectPool(url: string, log: BaseLogger, max: number): { db: Db; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'kiex',
    max,
    keepAlive: true,
    // Waiting longer than this for a free connection is a fault to be seen, not to be sat out.
    connectionTimeoutMillis: 30_000,
  });
  // An idle connection that breaks is replaced at the next need; unheard, it would end the process.
  pool.on('error', (error) => {
    // Ended, yet not quite gone as our own server stops: nobody needs to hear of it.
    if (!pool.ending) log.warn({ err: error }, 'A database connection broke');
  });
  return { db: drizzle(pool, { casing: 'snake_case' }), pool };
}

async function checkServer(url: string, log: BaseLogger, clock: Clock) {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new StartProblem('DATABASE_URL is not the address of a PostgreSQL server.', {
      remedy: 'Write it as postgres://user:password@host:5432/database, special signs %-encoded.',
    });
  }
  const giveUpAt = clock.now().getTime() + SERVER_WAIT_SECONDS * 1000;
  for (let tries = 1; ; tries += 1) {
    try {
      return await checkVersion(url);
    } catch (error) {
      if (error instanceof StartProblem) throw error;
      const mayComeUp = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', '57P03'].includes(
        errorCode(error) ?? '',
      );
      if (!mayComeUp || clock.now().getTime() >= giveUpAt) throw serverProblem(url, error);
      if (tries === 1) log.info(`Waiting for the database server ${hostOf(url)}`);
      await clock.sleep(1_000);
    }
  }
}

async function checkVersion(url: string) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // the query below reports it
  try {
    await client.connect();
    const { rows } = await client.query(`select current_setting('server_version') as name,
      current_setting('server_version_num')::int as number`);
    if (rows[0].number >= SERVER_VERSION_MIN) return;
    throw new StartProblem(`The server at ${hostOf(url)} is PostgreSQL ${rows[0].name}.`, {
      remedy: 'KiEX needs PostgreSQL 15 or newer. Without DATABASE_URL it brings its own.',
    });
  } finally {
    await client.end().catch(() => {});
  }
}

function serverProblem(url: string, cause: unknown): StartProblem {
  const reason = (cause as Error).message || errorCode(cause);
  // 28…: who we are; 3D…: no such database; 42501: what we may.
  const refused = /^(28|3D|42501)/.test(errorCode(cause) ?? '');
  const verb = refused ? 'refuses us' : 'does not answer';
  return new StartProblem(`The database server ${hostOf(url)} ${verb}: ${reason}.`, {
    remedy:
      'Check DATABASE_URL and that the server runs. Without DATABASE_URL KiEX brings its own.',
    cause,
  });
}

/** Host and port of a connection address; never its user or password. */
function hostOf(url: string): string {
  const { searchParams, hostname, port } = new URL(url);
  return searchParams.get('host') ?? `${hostname}:${port || 5432}`;
}
