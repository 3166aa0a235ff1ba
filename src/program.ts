import { createHmac } from 'node:crypto';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { createAccounts } from './accounts/accounts.ts';
import type { App, SandboxSigns } from './app.ts';
import type { Config } from './config.ts';
import { createDashboard } from './integrations/dashboard.ts';
import { openDesk } from './integrations/desk.ts';
import { createEmployers } from './organizations/employers.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { type Database, openDatabase } from './platform/database.ts';
import { createFileLinks, type FileLinks } from './platform/fileLinks.ts';
import { createFiles } from './platform/files.ts';
import { createHttpClient } from './platform/httpClient.ts';
import { createLive } from './platform/live.ts';
import { createLocks } from './platform/locks.ts';
import type { Log } from './platform/log.ts';
import { migrateDatabase } from './platform/migrate.ts';
import { createPgBossQueue } from './platform/pgBossQueue.ts';
import { createQuota } from './platform/quota.ts';
import { createIds, type Random, systemRandom } from './platform/random.ts';
import { createVault, loadKeys } from './platform/vault.ts';
import { createConnectors } from './providers/index.ts';
import { createRooms, syncedRooms } from './rooms.ts';
import { secretBinding } from './sync/connections.ts';
import { isLeftOut } from './sync/leftOut.ts';
import { type Parts, queueNames } from './sync/parts.ts';
import { webhookAddress } from './sync/subscriptions.ts';

/** The running program, put together: what pages, doors, worker and command line draw on. */
export interface Program {
  app: App;
  parts: Parts;
  database: Database;
  fileLinks: FileLinks;
  checkReady(): Promise<void>;
  close(): Promise<void>;
}

/**
 * How long work under way may take to its end when the program closes. A long read is broken off
 * where it stands, and the next start goes on from its checkpoint.
 */
const patienceMilliseconds = 1_500;

/** Hours a provider may fetch a file; Manatal asks for one at least. */
const fileHours = 2;

/**
 * Puts the program together: config -> database -> connectors -> rooms. Nothing runs yet.
 *
 * Fails  StartProblem, with what to do about it.
 */
export async function openProgram(options: {
  config: Config;
  log: Log;
  sandbox: SandboxSigns | null;
  clock?: Clock;
  random?: Random;
}): Promise<Program> {
  const { config, log, clock = systemClock, random = systemRandom } = options;
  const keys = await loadKeys({ secretKeys: config.secretKeys, dataDir: config.dataDir });
  const database = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log });
  try {
    return await compose({ ...options, clock, random, keys, database });
  } catch (error) {
    // Our own PostgreSQL outlives us unless it is closed.
    await database.close();
    throw error;
  }
}

async function compose(given: {
  config: Config;
  log: Log;
  sandbox: SandboxSigns | null;
  clock: Clock;
  random: Random;
  keys: Buffer[];
  database: Database;
}): Promise<Program> {
  const { config, log, clock, random, keys, database } = given;
  const { db, pool, url } = database;
  await migrateDatabase(pool);
  const newId = createIds(clock, random);
  const files = createFiles({ directory: path.join(config.dataDir, 'files') });
  const fileLinks = createFileLinks({ db, clock, random, files });
  const quota = createQuota({ db, clock });
  const live = await createLive({ url, db, log });
  const breakOff = new AbortController();
  const locks = await createLocks({ url, log, stop: breakOff.signal });
  const queue = await createPgBossQueue({ url, db, log, queues: queueNames, clock, random });
  const connectors = createConnectors({
    manatal: {
      http: createHttpClient({
        allowedOrigins: [config.manatalUrl, config.manahookUrl],
        userAgent: 'KiEX',
      }),
      quota,
      baseUrl: config.manatalUrl,
      manahookUrl: config.manahookUrl,
      callsPerMinute: config.manatalCallsPerMinute,
      source: 'KiEX',
      verifyAfterSeconds: config.resumeVerifySeconds,
      publish: (file) => publishFile(config.publicUrl, fileLinks, file),
    },
    wix: {
      http: createHttpClient({ allowedOrigins: [config.wixUrl], userAgent: 'KiEX' }),
      quota,
      baseUrl: config.wixUrl,
      callsPerMinute: config.wixCallsPerMinute,
    },
  });
  const parts: Parts = {
    db,
    clock,
    random,
    newId,
    log,
    vault: createVault({ keys, random }),
    locks,
    queue,
    quota,
    live,
    connectors,
    synced: syncedRooms(newId),
    pollSeconds: config.pollSeconds,
    reconcileHours: config.reconcileHours,
    publicUrl: config.publicUrl,
  };
  const app = composeApp({
    config,
    parts,
    secret: authSecret(keys),
    sandbox: given.sandbox,
    files,
  });
  return {
    app,
    parts,
    database,
    fileLinks,
    checkReady: async () => {
      await db.execute(sql`select 1`);
    },
    async close() {
      const ended = new AbortController();
      void clock.sleep(patienceMilliseconds, ended.signal).then(() => breakOff.abort());
      await queue.stop();
      ended.abort();
      await Promise.all([locks.close(), live.close()]);
      await database.close();
    },
  };
}

async function publishFile(
  publicUrl: string | null,
  fileLinks: FileLinks,
  file: { storageKey: string; fileName: string; contentType: string },
): Promise<string | null> {
  if (!publicUrl) return null;
  const token = await fileLinks.create({ ...file, purpose: 'manatal resume', hours: fileHours });
  return `${publicUrl}/files/${token}/${encodeURIComponent(file.fileName)}`;
}

/** Signs session cookies; from the key ring, so that there is one secret to keep. */
const authSecret = (keys: Buffer[]) =>
  createHmac('sha256', keys[0]!).update('kiex sessions').digest('base64url');

/** The rooms and the people, on an engine that is put together. */
export function composeApp(options: {
  config: Pick<Config, 'port' | 'publicUrl' | 'pollSeconds'>;
  parts: Parts;
  secret: string;
  sandbox: SandboxSigns | null;
  files: ReturnType<typeof createFiles>;
}): App {
  const { config, parts, secret, sandbox, files } = options;
  const { db, clock, log } = parts;
  const local = [`http://localhost:${config.port}`, `http://127.0.0.1:${config.port}`];
  const publicUrl = config.publicUrl ?? local[0]!;
  const accounts = createAccounts({
    db,
    clock,
    random: parts.random,
    log,
    publicUrl,
    trustedOrigins: [...local, publicUrl],
    secret,
  });
  const rooms = createRooms(parts, files);
  const dashboardOf = (within: readonly string[] | null) =>
    createDashboard({
      db,
      clock,
      targetSeconds: config.pollSeconds,
      webhookAddress: ({ id, provider, webhookSecret }) =>
        webhookAddress(publicUrl, provider, parts.vault.open(webhookSecret, secretBinding(id))),
      leftOut: (connection) =>
        (parts.connectors.get(connection.provider)?.resources ?? [])
          .filter((resource) => isLeftOut(resource, connection))
          .map(({ name }) => name),
      within,
    });
  return {
    clock,
    publicUrl,
    sandbox,
    accounts,
    employers: createEmployers({ db, clock, newId: parts.newId, accounts, publicUrl }),
    ...rooms,
    dashboard: dashboardOf(null),
    deskOf: (viewer) => openDesk({ db, ...rooms, dashboardOf }, viewer),
  };
}
