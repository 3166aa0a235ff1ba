import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededRandom } from '#src/platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#src/platform/testDatabase.ts';
import { createDoorbells } from './doorbells.ts';
import type { Ground } from './ground.ts';
import { createScheduler, newLife } from './scheduler.ts';
import { drawSettings } from './settings.ts';
import { createSharedDatabase } from './sharedDatabase.ts';
import { isSimulated } from './simulatedFault.ts';
import { createTrace } from './trace.ts';

let database: TestDatabase;
let connection: pg.Client;
beforeEach(async () => {
  database = await createTestDatabase();
  connection = new pg.Client({ connectionString: database.url });
  await connection.connect();
  await connection.query('create table lines (word text)');
});
afterEach(async () => {
  await connection.end();
  await database.drop();
});

/** A world of nothing but processes and their database. */
function world(seed: number, connectionLost = 0) {
  const random = seededRandom(seed);
  const scheduler = createScheduler({ random, start: 0, stickiness: 0, turns: 1 });
  const { faults } = drawSettings(1);
  const ground: Ground = {
    scheduler,
    trace: createTrace({ start: 0, keepsAll: true }),
    chance: random,
    faults: { ...faults, areOn: true, connectionLost, bellLost: 0 },
    struck: new Map(),
    doomed: new Set(),
  };
  const shared = createSharedDatabase(ground, connection);
  return { scheduler, ground, shared, settle: () => scheduler.runUntil(scheduler.now() + 60_000) };
}

const words = async () =>
  (await connection.query<{ word: string }>('select word from lines')).rows.map((row) => row.word);

const insert = (word: string) => sql`insert into lines values (${word})`;

test('a transaction has the database to itself until it ends', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    await connection.query('truncate lines');
    const { shared, settle } = world(seed);
    for (const name of ['a', 'b', 'c']) {
      const db = shared.dbOf(newLife(name));
      void db.transaction(async (tx) => {
        for (let at = 0; at < 3; at++) await tx.execute(insert(name));
      });
    }
    await settle();
    expect((await words()).join('')).toMatch(/^(aaa|bbb|ccc){3}$/);
  }
});

test('a process killed inside a transaction leaves nothing of it, and others go on', async () => {
  const { shared, scheduler, settle } = world(1);
  const life = newLife('worker');
  void shared.dbOf(life).transaction(async (tx) => {
    await tx.execute(insert('half'));
    await new Promise(() => undefined);
  });
  await settle();
  life.isDead = true;
  scheduler.bury(life, () => false);
  await shared.rollBack(life);
  const other = shared.dbOf(newLife('other')).transaction((tx) => tx.execute(insert('whole')));
  await settle();
  await other;
  expect(await words()).toEqual(['whole']);
});

test('a lost connection takes a transaction back, or hides that it was committed', async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 30; seed++) {
    await connection.query('truncate lines');
    const { shared, settle } = world(seed, 0.2);
    let told = 'waits';
    shared
      .dbOf(newLife('worker'))
      .transaction((tx) => tx.execute(insert('one')))
      .then(
        () => {
          told = 'done';
        },
        (error: unknown) => {
          told = isSimulated(error) ? 'lost' : String(error);
        },
      );
    await settle();
    seen.add(`${told} ${(await words()).length}`);
  }
  // What was said to be done is there; what was said to be lost is not, or is all the same.
  expect([...seen].toSorted()).toEqual(['done 1', 'lost 0', 'lost 1']);
});

test('a bell of a transaction is heard when it commits, and never when it does not', async () => {
  for (const commits of [true, false]) {
    const { shared, ground, settle } = world(1);
    const bells = createDoorbells(ground, shared, () => undefined);
    const life = newLife('web');
    const work = shared.dbOf(life).transaction(async (tx) => {
      await bells.queueOf(life).send('sync-record', { a: 1 }, { key: 'one', tx });
      expect(bells.waiting()).toEqual([]);
      if (!commits) tx.rollback();
    });
    work.catch(() => undefined);
    await settle();
    expect(bells.waiting().length).toBe(commits ? 1 : 0);
  }
});
