import pg from 'pg';
import type { BaseLogger } from 'pino';

const LOCK = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as done';
const UNLOCK = 'select pg_advisory_unlock(hashtextextended($1, 0)) as done';

type Session = {
  client: pg.Client;
  ask(statement: string, key: string): Promise<boolean>;
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
    client.once('end', () => {
      session = null;
      const lost = new Error('The lock was lost with its connection');
      for (const controller of working.values()) controller.abort(lost);
    });
    return { client, ask: oneByOne(client) };
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
    async close() {
      closed = true;
      await (await session)?.client.end();
    },
  };
}

/** A session answers one question at a time. */
function oneByOne(client: pg.Client): Session['ask'] {
  let last: Promise<unknown> = Promise.resolve();
  return (text, key) => {
    const values = [`kiex:lock:${key}`];
    const answer = last.then(() => client.query<{ done: boolean }>({ name: text, text, values }));
    last = answer.catch(() => {}); // who asked hears of it; the next question is asked all the same
    return answer.then(({ rows }) => rows[0]?.done === true);
  };
}

async function unlock(ask: Session['ask'], key: string, log: BaseLogger): Promise<void> {
  try {
    await ask(UNLOCK, key);
  } catch (error) {
    // The work is done and the lock gone with its connection: nothing is left to undo.
    log.warn({ err: error, key }, 'A lock went with its connection');
  }
}
