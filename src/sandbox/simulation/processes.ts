import { Hono } from 'hono';
import { createFileLinks, type FileLinks } from '#src/platform/fileLinks.ts';
import type { Files } from '#src/platform/files.ts';
import { createHttpClient } from '#src/platform/httpClient.ts';
import type { Log } from '#src/platform/log.ts';
import { createQuota } from '#src/platform/quota.ts';
import { createIds } from '#src/platform/random.ts';
import { createVault } from '#src/platform/vault.ts';
import { createConnectors } from '#src/providers/index.ts';
import { createRooms, syncedRooms } from '#src/rooms.ts';
import type { Parts } from '#src/sync/parts.ts';
import { fileDoor } from '#src/web/fileDoor.ts';
import { mountWebhooks } from '#src/web/webhookDoor.ts';
import type { Doorbells } from './doorbells.ts';
import { type Ground, note } from './ground.ts';
import type { Network } from './network.ts';
import type { Life } from './scheduler.ts';
import { type RunSettings, streamOf } from './settings.ts';
import type { SharedDatabase } from './sharedDatabase.ts';
import type { SharedLocks } from './sharedLocks.ts';

export const publicUrl = 'http://kiex.test';
export const manatalUrl = 'http://manatal.test';
export const manahookUrl = 'http://manahook.test';

/** What processes share: the world outside them. */
export interface Surroundings {
  ground: Ground;
  settings: RunSettings;
  database: SharedDatabase;
  locks: SharedLocks;
  doorbells: Doorbells;
  network: Network;
  /** The folder of files, which outlives every process. */
  files: Map<string, Uint8Array>;
  log: Log;
}

/** The engine's parts as one simulated process holds them. A new life has a new memory. */
export function partsOf(
  around: Surroundings,
  life: Life,
): { parts: Parts; fileLinks: FileLinks; files: Files } {
  const { ground, settings, database, log } = around;
  const clock = ground.scheduler.clockOf(life);
  // Each life draws other numbers than the one before it did: ids must not come again.
  const random = streamOf(settings.seed, `${life.name} ${ground.scheduler.now()}`);
  const newId = createIds(clock, random);
  const db = database.dbOf(life);
  const files = filesOf(around, life);
  const fileLinks = createFileLinks({ db, clock, random, files });
  const connectors = createConnectors({
    manatal: {
      http: createHttpClient({
        allowedOrigins: [manatalUrl, manahookUrl],
        userAgent: 'KiEX',
        fetch: around.network.fetchOf(life),
        clock,
      }),
      quota: createQuota({ db, clock }),
      baseUrl: `${manatalUrl}/open/v3`,
      manahookUrl: `${manahookUrl}/v1`,
      callsPerMinute: settings.callsPerMinute,
      source: 'KiEX',
      verifyAfterSeconds: 1_200,
      async publish(file) {
        const token = await fileLinks.create({ ...file, purpose: 'simulation', hours: 2 });
        return `${publicUrl}/files/${token}/${encodeURIComponent(file.fileName)}`;
      },
    },
  });
  const parts: Parts = {
    db,
    clock,
    random,
    newId,
    log,
    vault: createVault({ keys: [Buffer.alloc(32, 7)], random }),
    locks: around.locks.locksOf(life),
    queue: around.doorbells.queueOf(life),
    quota: createQuota({ db, clock }),
    live: {
      // A notification is a statement, and may fail as one.
      publish: (topic, tx) =>
        tx
          ? database.inTransaction(tx, `tells ${topic}`, () => undefined)
          : database.pretend(life, `tells ${topic}`, () => undefined),
      subscribe: () => () => undefined,
      close: async () => undefined,
    },
    connectors,
    synced: syncedRooms(newId),
    pollSeconds: settings.pollSeconds,
    reconcileHours: 24,
    publicUrl,
  };
  return { parts, fileLinks, files };
}

/** The product as pages use it, and the site at our public address. */
export function webOf(around: Surroundings, life: Life) {
  const { parts, fileLinks, files } = partsOf(around, life);
  const site = new Hono();
  site.onError((error, c) => {
    parts.log.error({ err: error }, 'A request failed');
    return c.text('Something went wrong.', 500);
  });
  mountWebhooks(site, parts);
  site.get('/files/:token/:name', fileDoor(fileLinks));
  return {
    parts,
    rooms: createRooms(parts, files),
    fetch: async (request: Request) => site.fetch(request),
  };
}

export type Web = ReturnType<typeof webOf>;

/** Files are steps too: a process may be killed between a file and its row. */
function filesOf({ ground, files: kept }: Surroundings, life: Life): Files {
  const step = <T>(what: string, key: string, run: () => T) =>
    ground.scheduler.step(life, () => {
      note(ground, life, `${what} ${key}`);
      return run();
    });
  return {
    put: (key, bytes) => step('keeps file', key, () => void kept.set(key, bytes)),
    get: (key) =>
      step('reads file', key, () => {
        const bytes = kept.get(key);
        if (!bytes) throw new Error(`no file ${key}`);
        return bytes;
      }),
    remove: (key) => step('removes file', key, () => void kept.delete(key)),
    exists: (key) => step('looks for file', key, () => kept.has(key)),
  };
}
