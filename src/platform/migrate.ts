import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type pg from 'pg';

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
const LOCK = `hashtextextended('kiex:migrate', 0)`;

/**
 * Brings the schema up to date. Processes that start together take turns, and all but the first
 * find nothing left to do.
 */
export async function migrateDatabase(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`select pg_advisory_lock(${LOCK})`);
    await migrate(drizzle(client), { migrationsFolder });
    await client.query(`select pg_advisory_unlock(${LOCK})`);
  } catch (error) {
    client.release(true); // ends the session, and with it the lock
    throw error;
  }
  client.release();
}
