import { sql } from 'drizzle-orm';
import { createIntegrations } from '#src/integrations/integrations.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { createLog } from '#src/platform/log.ts';
import { createQuota } from '#src/platform/quota.ts';
import { createIds, seededRandom } from '#src/platform/random.ts';
import { createTestDatabase } from '#src/platform/testDatabase.ts';
import { createVault } from '#src/platform/vault.ts';
import { hashSecret, keyBinding, secretBinding } from '#src/sync/connections.ts';
import { chooseFields } from '#src/sync/fieldSettings.ts';
import { type Parts, type RecordTask, recordQueue, recordTaskKey } from '#src/sync/parts.ts';
import { lookAround } from '#src/sync/schedule.ts';
import { connections, links } from '#src/sync/tables.ts';
import { conflicts, issues } from '#src/sync/trailTables.ts';
import { answerBells } from '#src/worker.ts';
import { memoryLocks } from './memoryPlaces.ts';
import { createMemoryQueue } from './memoryQueue.ts';
import { createOtherSide, type OtherSideOptions, type Thing } from './otherSide.ts';
import { makeThings, syncedThings } from './thingsRoom.ts';

/**
 * The real engine between two plain sides that may both change everything: things here, and things
 * at a provider in memory. For the engine's own rules, without the quirks of a real provider.
 */
export async function createTwoSides(
  options: Omit<OtherSideOptions, 'clock'> & { seed?: number } = {},
) {
  const clock = new ManualClock();
  const random = seededRandom(options.seed ?? 1);
  const newId = createIds(clock, random);
  const database = await createTestDatabase();
  const { db } = database;
  await makeThings(db);
  const there = createOtherSide({ clock, ...options });
  const queue = createMemoryQueue(clock);
  const parts: Parts = {
    db,
    clock,
    random,
    newId,
    log: createLog({ level: 'error', pretty: false }),
    vault: createVault({ keys: [Buffer.alloc(32, 7)], random }),
    locks: memoryLocks(),
    queue,
    quota: createQuota({ db, clock }),
    live: {
      publish: async () => undefined,
      subscribe: () => () => undefined,
      close: async () => undefined,
    },
    connectors: new Map([[there.connector.provider, there.connector]]),
    synced: new Map([[syncedThings.resource, syncedThings]]),
    pollSeconds: 120,
    reconcileHours: 24,
    publicUrl: null,
  };
  const integrations = createIntegrations(parts);
  await answerBells(parts);
  const connectionId = await connect(parts);

  /** Lets everything that is due happen, without time passing but for the moments work takes. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 200; round++) {
      await lookAround(parts);
      const answered = await queue.drain();
      await clock.advance(1);
      if (answered === 0 && !queue.waiting().some(({ at }) => at <= clock.now().getTime())) return;
    }
    throw new Error('the two sides do not come to rest');
  }

  return {
    parts,
    db,
    clock,
    queue,
    integrations,
    connectionId,
    there,
    here: hereOf(parts, connectionId),
    settle,
    async advance(seconds: number) {
      for (let passed = 0; passed < seconds; passed++) {
        await clock.advance(1_000);
        await settle();
      }
    },
    /** Reads and compares everything, until nothing is left to do. */
    async compareAll() {
      const ask = {
        connectionId,
        resource: null,
        full: true,
        trigger: 'manual',
        by: null,
      } as const;
      await integrations.requestRuns(ask);
      await settle();
    },
    /** Staff choose for fields of this connection; what they do not name stays as it is. */
    chooseFields: (things: Partial<Record<keyof Thing, { policy?: string; on?: boolean }>>) =>
      chooseFields(parts, {
        connectionId,
        by: 'staff-1',
        choices: Object.entries(things).map(([field, { policy = null, on = true }]) => ({
          resource: 'things',
          field,
          policy,
          on,
        })),
      }),
    links: () => db.select().from(links).orderBy(links.ourId),
    conflicts: () => db.select().from(conflicts).orderBy(conflicts.foundAt, conflicts.field),
    issues: () => db.select().from(issues).orderBy(issues.openedAt),
    end: () => database.drop(),
  };
}

export type TwoSides = Awaited<ReturnType<typeof createTwoSides>>;

async function connect(parts: Parts): Promise<string> {
  const id = parts.newId();
  const now = parts.clock.now();
  await parts.db.insert(connections).values({
    id,
    provider: 'otherSide',
    label: 'The other side',
    state: 'connected',
    credentials: parts.vault.seal('key', keyBinding(id)),
    keyLastFour: 'key',
    quotaKey: 'otherSide',
    webhookSecret: parts.vault.seal('secret', secretBinding(id)),
    webhookSecretHash: hashSecret('secret'),
    settings: {},
    createdAt: now,
    updatedAt: now,
  });
  return id;
}

/** People on our side; each change rings its bell, as the rooms of the product do. [D6] */
function hereOf({ db, clock, newId, queue }: Parts, connectionId: string) {
  const read = async (id: string) => {
    const found = await syncedThings.read(db, { connectionId }, [id]);
    return found.get(id);
  };
  const ring = (ourId: string) => {
    const task: RecordTask = { connectionId, resource: 'things', ourId, door: 'push' };
    return queue.send(recordQueue, task, { key: recordTaskKey(task) });
  };
  return {
    async add(values: Thing): Promise<string> {
      const id = newId();
      const now = clock.now().toISOString();
      await db.execute(
        sql`insert into things values (${id}, ${JSON.stringify(values)}::jsonb, 1, ${now})`,
      );
      await ring(id);
      return id;
    },
    async edit(id: string, values: Thing): Promise<void> {
      await db.execute(sql`update things set fields = fields || ${JSON.stringify(values)}::jsonb,
        version = version + 1, changed_at = ${clock.now().toISOString()} where id = ${id}`);
      await ring(id);
    },
    values: async (id: string) => (await read(id))?.values,
    version: async (id: string) => (await read(id))?.version,
    async ids(): Promise<string[]> {
      const found = await db.execute<{ id: string }>(sql`select id from things order by id`);
      return found.rows.map((row) => row.id);
    },
  };
}
