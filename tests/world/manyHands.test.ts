import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '#src/platform/clock.ts';
import { createLocks } from '#src/platform/locks.ts';
import { createPgBossQueue } from '#src/platform/pgBossQueue.ts';
import { createQuota } from '#src/platform/quota.ts';
import { createIds, systemRandom } from '#src/platform/random.ts';
import { createTestDatabase } from '#src/platform/testDatabase.ts';
import { createVault } from '#src/platform/vault.ts';
import { recordBell, ring } from '#src/sync/bells.ts';
import { keyBinding } from '#src/sync/connections.ts';
import type { CallContext, Connector } from '#src/sync/connector.ts';
import { type Parts, queueNames } from '#src/sync/parts.ts';
import type { Synced } from '#src/sync/synced.ts';
import { connections } from '#src/sync/tables.ts';
import { startWorker } from '#src/worker.ts';

const log = pino({ level: 'silent' });
const clock = systemClock;
const newId = createIds(clock, systemRandom);
const vault = createVault({ keys: [Buffer.alloc(32, 7)], random: systemRandom });
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Doing {
  looking?(): Promise<void>;
  making?(context: CallContext, ourId: string): Promise<void>;
}

/** Records of ours that only have to be made there, and a provider that makes them. */
async function openTown({ looking, making }: Doing) {
  const database = await createTestDatabase();
  closers.push(database.drop);
  const made: string[] = [];
  const due = new Map<string, string[]>();
  const record = (ourId: string) => ({
    id: `their ${ourId}`,
    revision: null,
    changedAt: null,
    values: {},
    ourId,
    refs: {},
    keepOut: null,
  });
  const connector: Connector = {
    provider: 'town',
    label: 'Town',
    callsPerMinute: 60,
    probes: [],
    quotaKeyOf: (key) => key,
    resources: [
      {
        name: 'things',
        label: 'Things',
        fields: [],
        async find() {
          await looking?.();
          return { ok: true, value: { found: null } };
        },
        async create(context, { ourId }) {
          await making?.(context, ourId);
          made.push(ourId);
          return { ok: true, value: record(ourId) };
        },
      },
    ],
  };
  const things: Synced = {
    resource: 'things',
    read: async (_db, _context, ourIds) =>
      new Map(
        ourIds.map((id) => [id, { id, version: 1, values: {}, changedAt: new Date(0), refs: {} }]),
      ),
    due(connectionId) {
      const ids = (due.get(connectionId) ?? []).filter((id) => !made.includes(id));
      return sql`select unnest(${sql.param(ids)}::text[]) as id`;
    },
  };
  /** What one process has of its own. */
  async function openProcess() {
    const { db, url } = database;
    const locks = await createLocks({ url, log });
    const queue = await createPgBossQueue({
      url,
      db,
      log,
      queues: queueNames,
      clock,
      random: systemRandom,
    });
    const live = { publish: async () => undefined, subscribe: () => () => undefined };
    const parts: Parts = {
      db,
      clock,
      random: systemRandom,
      newId,
      log,
      vault,
      locks,
      queue,
      quota: createQuota({ db, clock }),
      live: { ...live, close: async () => undefined },
      connectors: new Map([['town', connector]]),
      synced: new Map([['things', things]]),
      pollSeconds: 120,
      reconcileHours: 24,
      publicUrl: null,
    };
    return { parts, worker: await startWorker(parts) };
  }
  async function connect(label: string, ourIds: string[]): Promise<string> {
    const id = newId();
    due.set(id, ourIds);
    const now = clock.now();
    await database.db.insert(connections).values({
      id,
      provider: 'town',
      label,
      state: 'connected',
      credentials: vault.seal('key', keyBinding(id)),
      keyLastFour: 'key',
      quotaKey: label,
      webhookSecret: '',
      webhookSecretHash: label,
      settings: {},
      createdAt: now,
      updatedAt: now,
    });
    return id;
  }
  return { ...database, made, connect, openProcess };
}

async function until(isSo: () => boolean, secondsMax: number): Promise<number> {
  const began = clock.now().getTime();
  const waited = () => (clock.now().getTime() - began) / 1_000;
  while (!isSo() && waited() < secondsMax) await clock.sleep(20);
  return waited();
}

test('[Q2] a connection with a long pile and a small quota keeps no other waiting', async () => {
  let waiting = 0;
  const town = await openTown({
    async making({ account, lane, signal }) {
      waiting += 1;
      await parts.quota.take(account.quotaKey, lane, signal);
      waiting -= 1;
    },
  });
  const pile = Array.from({ length: 200 }, (_, n) => `slow ${n}`);
  const { parts, worker } = await town.openProcess();
  closers.push(
    () => parts.locks.close(),
    async () => void parts.queue.stop(),
    () => worker.stop(),
  );
  await parts.quota.ensure('slow', 3);
  await parts.quota.ensure('quick', 90);
  await town.connect('slow', pile);
  await until(() => waiting >= 4, 10);
  // Nobody looks after more of them than its share of hands.
  expect(waiting).toBe(4);
  const ourId = 'an application';
  const connectionId = await town.connect('quick', []);
  await ring(parts, recordBell(parts, { connectionId, resource: 'things', ourId, door: 'push' }));
  expect(await until(() => town.made.includes(ourId), 10)).toBeLessThan(2);
  // Less urgent work of the other has hands too, while all of the pile is more urgent than it.
  const hinted = 'hinted at';
  await ring(
    parts,
    recordBell(parts, { connectionId, resource: 'things', ourId: hinted, door: 'webhook' }),
  );
  expect(await until(() => town.made.includes(hinted), 10)).toBeLessThan(2);
  expect(waiting).toBe(4);
});

test('[F4] the work of a killed worker is taken up by another within five seconds', async () => {
  let begun = false;
  let killed = false;
  const never = Promise.withResolvers<void>();
  // Before anything was sent; what may have been sent waits until it must have arrived. [I3]
  const town = await openTown({
    async looking() {
      if (killed) return;
      begun = true;
      await never.promise;
    },
  });
  const first = await town.openProcess();
  await town.connect('town', ['a thing']);
  await until(() => begun, 10);
  const second = await town.openProcess();
  // While the first is at work, the second rings for nothing.
  await clock.sleep(3_500);
  const rung = await town.db.execute(
    `select count(*)::int as count from pgboss.job where name = 'sync-record'`,
  );
  expect(rung.rows).toEqual([{ count: 1 }]);
  await first.worker.stop();
  void first.parts.queue.stop();
  killed = true;
  await first.parts.locks.close();
  closers.push(
    () => second.parts.locks.close(),
    () => second.parts.queue.stop(),
    () => second.worker.stop(),
  );
  expect(await until(() => town.made.length > 0, 10)).toBeLessThan(5);
  never.resolve();
});
