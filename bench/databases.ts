import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '#src/platform/clock.ts';
import { connectPool } from '#src/platform/database.ts';
import { openEmbeddedPostgres } from '#src/platform/embeddedPostgres.ts';
import type { Log } from '#src/platform/log.ts';
import { migrateDatabase } from '#src/platform/migrate.ts';

/** Databases of one PostgreSQL server with the settings KiEX ships, so that commits are durable. */
export interface Databases {
  /** The address of a new database with the whole schema and no rows. */
  fresh(): Promise<string>;
  close(): Promise<void>;
}

const template = 'bench_template';

export async function openDatabases(log: Log): Promise<Databases> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kiex-bench-'));
  const server = await openEmbeddedPostgres({ dataDir: folder, log, clock: systemClock });
  const { pool: admin } = connectPool(server.url, log, 1);
  const addressOf = (name: string) => server.url.replace('/postgres?', `/${name}?`);
  await admin.query(`create database ${template}`);
  const { pool } = connectPool(addressOf(template), log, 1);
  await migrateDatabase(pool);
  await pool.end();
  let made = 0;
  return {
    async fresh() {
      const name = `bench_${++made}`;
      await admin.query(`create database ${name} template ${template}`);
      return addressOf(name);
    },
    async close() {
      await admin.end();
      await server.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
