import { pino } from 'pino';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createLive, type Live } from './live.ts';
import { createTestDatabase } from './testDatabase.ts';

const { db, pool, url, drop } = await createTestDatabase();
const log = pino({ level: 'silent' });
const open: Live[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((live) => live.close()));
});
afterAll(drop);

async function openLive(): Promise<Live> {
  const live = await createLive({ url, db, log });
  open.push(live);
  return live;
}

/** Notes the words on some topics, and resolves when the last of them has come. */
function hear(live: Live, topics: string[], until: string) {
  const heard: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const stop = live.subscribe(topics, (topic) => {
    heard.push(topic);
    if (topic === until) resolve(heard);
  });
  return { heard: promise, stop, soFar: heard };
}

test('word goes to every process that asked for the topic, and to nobody else', async () => {
  const [here, there] = [await openLive(), await openLive()];
  const ears = [hear(here, ['runs', 'end'], 'end'), hear(there, ['jobs', 'end'], 'end')];
  for (const topic of ['runs', 'jobs', 'applications:7', 'end']) await here.publish(topic);
  expect(await ears[0]?.heard).toEqual(['runs', 'end']);
  expect(await ears[1]?.heard).toEqual(['jobs', 'end']);
});

test('inside a transaction word goes out once, when it commits, and never when it rolls back', async () => {
  const live = await openLive();
  const { heard } = hear(live, ['runs', 'jobs', 'end'], 'end');
  const rolledBack = db.transaction(async (tx) => {
    await live.publish('jobs', tx);
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  await db.transaction(async (tx) => {
    await live.publish('runs', tx);
    await live.publish('runs', tx);
  });
  await live.publish('end');
  expect(await heard).toEqual(['runs', 'end']);
});

test('who has stopped listening hears nothing, and one that fails does not silence the others', async () => {
  const live = await openLive();
  const gone = hear(live, ['runs'], 'runs');
  gone.stop();
  live.subscribe(['runs'], () => {
    throw new Error('a bug of ours');
  });
  const { heard } = hear(live, ['runs'], 'runs');
  await live.publish('runs');
  expect(await heard).toEqual(['runs']);
  expect(gone.soFar).toEqual([]);
});

test('after a broken connection listeners look again, and hear what comes', async () => {
  const live = await openLive();
  const { heard } = hear(live, ['runs', 'end'], 'end');
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'kiex live' and datname = current_database()`);
  expect(await heard).toEqual(['runs', 'end']);
  const again = hear(live, ['jobs'], 'jobs');
  await live.publish('jobs');
  expect(await again.heard).toEqual(['jobs']);
});
