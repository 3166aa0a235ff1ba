import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { systemClock } from './clock.ts';
import { connectPool } from './database.ts';
import { embeddedFolder } from './embeddedFolder.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embeddedPostgres.ts';
import { isAlive, signalServer } from './embeddedProcess.ts';
import { migrateDatabase } from './migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The database that `createTestDatabase` copies: migrated, empty, never written. */
    testTemplateUrl: string;
  }
}

const PREFIX = 'kiex-test-';
const log = pino({ level: 'warn' });

let server: EmbeddedPostgres;
let folder: string;

/** Starts one PostgreSQL for the whole run, with a migrated template to copy from. */
export async function setup(project: TestProject): Promise<void> {
  clearAbandonedRuns();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  const settings = {
    // Nothing here must outlive a power cut.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    // Every test file at work has its own pools.
    max_connections: '300',
  };
  server = await openEmbeddedPostgres({ dataDir: folder, log, clock: systemClock, settings });
  try {
    project.provide('testTemplateUrl', await makeTemplate(server.url));
  } catch (error) {
    await teardown(); // a broken migration; the runner calls no teardown for a failed setup
    throw error;
  }
}

/** Stops the server, also when tests crashed and left connections open. */
export async function teardown(): Promise<void> {
  await server.close();
  signalServer(embeddedFolder(folder).pgdata, 'SIGQUIT');
  fs.rmSync(folder, { recursive: true, force: true });
}

async function makeTemplate(url: string): Promise<string> {
  const admin = connectPool(url, log, 1);
  await admin.pool.query('create database kiex_template');
  await admin.pool.end();
  const templateUrl = url.replace('/postgres?', '/kiex_template?');
  const template = connectPool(templateUrl, log, 1);
  await migrateDatabase(template.pool);
  await template.pool.end();
  return templateUrl;
}

// A run that was killed could not clear up after itself; the next one does.
function clearAbandonedRuns() {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (!pid || isAlive(Number(pid))) continue;
    const abandoned = path.join(os.tmpdir(), name);
    signalServer(embeddedFolder(abandoned).pgdata, 'SIGQUIT');
    fs.rmSync(abandoned, { recursive: true, force: true });
  }
}
