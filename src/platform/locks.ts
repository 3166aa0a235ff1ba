import pg from 'pg';
import type { BaseLogger } from 'pino';

const LOCK = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as done';
const UNLOCK = 'select pg_advisory_unlock(hashtextextended($1, 0)) as done';

/** A bigint key stands in two halves among the locks. */
const HELD = `
  select asked.key from unnest($1::text[]) as asked(key)
  where hashtextextended(asked.key, 0) in (
    select (classid::bigint << 32) | objid::bigint from pg_locks
    where locktype = 'advisory' and granted and objsubid = 1
      and database = (select oid from pg_database where datname = current_database()))`;

/**
 * A process that is killed closes its connection; a machine that loses its power or its cable does
 * not, and PostgreSQL would keep its locks for hours. Asked this often, it frees them in five seconds.
 */
const NOTICE_SILENCE = `
  set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3`;

type Session = {
  client: pg.Client;
  ask(statement: string, key: string): Promise<boolean>;
  held(keys: string[]): Promise<string[]>;
};

/** Locks that hold over all processes on one database, for as long as the work behind them runs. */
export type Locks = {
  /**
   * Runs `work` while nobody else, here or elsewhere, holds `key`; does not wait for it.
   *
   * The work's signal aborts when the lock is lost with its connection: from then on another process
   * may hold it, so the work must stop before its next write. It also aborts when this process ends.
   */
  tryWith<T>(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ held: true; value: T } | { held: false }>;
  /** Which of these keys somebody holds now, here or elsewhere. */
  held(keys: string[]): Promise<Set<string>>;
  close(): Promise<void>;
};

/**
 * Advisory locks of one dedicated session: a process that is killed frees its locks at once.
 *
 * stop  breaks off all work under locks, also what would begin later.
 *
 * A lost connection is made anew at the next `tryWith`, which fails while the database is away.
 */
export async function createLocks(options: {
  url: string;
  log: BaseLogger;
  stop?: AbortSignal;
}): Promise<Locks> {
  const { url, log, stop } = options;
  const working = new Map<string, AbortController>();
  let session: Promise<Session> | null = null;
  let closed = false;

  const connect = async (): Promise<Session> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'kiex locks',
      keepAlive: true,
    });
    client.on('error', (error) =>
      log.warn({ err: error }, 'The connection that holds locks broke'),
    );
    await client.connect();
    await client.query(NOTICE_SILENCE);
    client.once('end', () => {
      session = null;
      const lost = new Error('The lock was lost with its connection');
      for (const controller of working.values()) controller.abort(lost);
    });
    return { client, ...oneByOne(client) };
  };

  const ensureSession = () => {
    if (closed) throw new Error('The locks are closed');
    session ??= connect().catch((error) => {
      session = null;
      throw error;
    });
    return session;
  };

  await ensureSession();
  return {
    async tryWith(key, work) {
      // The database gives a session its own locks again and again; between ourselves, this decides.
      if (working.has(key)) return { held: false };
      const controller = new AbortController();
      working.set(key, controller);
      try {
        const { ask } = await ensureSession();
        if (!(await ask(LOCK, key))) return { held: false };
        try {
          const signals = [controller.signal, ...(stop ? [stop] : [])];
          return { held: true, value: await work(AbortSignal.any(signals)) };
        } finally {
          if (!controller.signal.aborted) await unlock(ask, key, log);
        }
      } finally {
        working.delete(key);
      }
    },
    async held(keys) {
      if (keys.length === 0) return new Set();
      const session = await ensureSession();
      return new Set(await session.held(keys));
    },
    async close() {
      closed = true;
      await (await session)?.client.end();
    },
  };
}

/** A session answers one question at a time. */
function oneByOne(client: pg.Client): Pick<Session, 'ask' | 'held'> {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Row extends pg.QueryResultRow>(text: string, values: unknown[]) => {
    const answer = last.then(() => client.query<Row>({ name: nameOf(text), text, values }));
    last = answer.catch(() => {}); // who asked hears of it; the next question is asked all the same
    return answer.then(({ rows }) => rows);
  };
  return {
    async ask(text, key) {
      const rows = await inTurn<{ done: boolean }>(text, [nameLock(key)]);
      return rows[0]?.done === true;
    },
    async held(keys) {
      const rows = await inTurn<{ key: string }>(HELD, [keys.map(nameLock)]);
      return rows.map(({ key }) => key.slice(nameLock('').length));
    },
  };
}

const nameLock = (key: string) => `kiex:lock:${key}`;

/** Names of prepared statements are cut off at 63 characters. */
const nameOf = (statement: string) => (statement === HELD ? 'which are held' : statement);

async function unlock(ask: Session['ask'], key: string, log: BaseLogger): Promise<void> {
  try {
    await ask(UNLOCK, key);
  } catch (error) {
    // The work is done and the lock gone with its connection: nothing is left to undo.
    log.warn({ err: error, key }, 'A lock went with its connection');
  }
}
