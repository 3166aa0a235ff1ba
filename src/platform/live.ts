import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { BaseLogger } from 'pino';
import { type Clock, systemClock } from './clock.ts';
import type { Db, Tx } from './database.ts';

const CHANNEL = 'kiex_live';
const RETRY_MS_FIRST = 250;
const RETRY_MS_MAX = 10_000;

/** Word between processes that something on a topic has changed; what changed is read from the tables. */
export type Live = {
  /** With `tx`, the word goes out when that transaction commits; the same word twice goes once. */
  publish(topic: string, tx?: Tx): Promise<void>;
  /**
   * Calls `listener` for each word on these topics, and once for each topic when the connection was
   * broken, because words may have been missed. Returns the way to stop.
   */
  subscribe(topics: string[], listener: (topic: string) => void): () => void;
  close(): Promise<void>;
};

/**
 * LISTEN/NOTIFY over one connection per process, made anew when it breaks.
 *
 * channel  where words are heard and said; by default that of live events.
 */
export async function createLive(options: {
  url: string;
  db: Db;
  log: BaseLogger;
  clock?: Clock;
  channel?: string;
}): Promise<Live> {
  const { url, db, log, clock = systemClock, channel = CHANNEL } = options;
  const listeners = new Map<string, Set<(topic: string) => void>>();
  const closing = new AbortController();

  const tell = (topic: string) => {
    for (const listener of listeners.get(topic) ?? []) {
      try {
        listener(topic);
      } catch (error) {
        log.error({ err: error, topic }, 'A listener of live events failed');
      }
    }
  };

  const listen = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'kiex live',
      keepAlive: true,
    });
    client.on('error', (error) => log.warn({ err: error }, 'The live connection broke'));
    client.on('notification', ({ payload }) => tell(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    client.once('end', () => {
      if (!closing.signal.aborted) current = listenAgain();
    });
    return client;
  };

  const listenAgain = async (): Promise<pg.Client | null> => {
    let wait = RETRY_MS_FIRST;
    while (!closing.signal.aborted) {
      await clock.sleep(wait, closing.signal);
      wait = Math.min(wait * 2, RETRY_MS_MAX);
      const client = await listen().catch(() => null); // its loss is logged already
      if (!client) continue;
      for (const topic of [...listeners.keys()]) tell(topic);
      return client;
    }
    return null;
  };

  let current: Promise<pg.Client | null> = listen();
  await current;

  return {
    async publish(topic, tx) {
      await (tx ?? db).execute(sql`select pg_notify(${channel}, ${topic})`);
    },
    subscribe(topics, listener) {
      for (const topic of topics) {
        const others = listeners.get(topic) ?? new Set();
        listeners.set(topic, others.add(listener));
      }
      return () => {
        for (const topic of topics) {
          listeners.get(topic)?.delete(listener);
          if (listeners.get(topic)?.size === 0) listeners.delete(topic);
        }
      };
    },
    async close() {
      closing.abort();
      await (await current)?.end();
    },
  };
}
