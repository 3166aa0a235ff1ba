import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, afterEach, expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { createPgBossQueue } from './pgBossQueue.ts';
import type { Queue } from './queue.ts';
import { systemRandom } from './random.ts';
import { createTestDatabase } from './testDatabase.ts';

const { db, url, drop } = await createTestDatabase();
const open: Queue[] = [];
let names = 0;

afterEach(async () => {
  await Promise.all(open.splice(0).map((queue) => queue.stop()));
});
afterAll(drop);

/** Opened with a name that another has, it is another process on the same queue. */
async function openQueue(shared?: string) {
  names += 1;
  const name = shared ?? `queue-${names}`;
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const parts = { url, db, log, clock: systemClock, random: systemRandom };
  const queue = await createPgBossQueue({ ...parts, queues: [name] });
  open.push(queue);
  return { queue, name, lines };
}

/** A handler that notes what it gets, and lets the test wait for it and hold it back. */
function createAnswers() {
  const got: unknown[] = [];
  const watchers: (() => void)[] = [];
  return {
    got,
    note: (task: unknown) => {
      got.push(task);
      for (const watcher of watchers) watcher();
    },
    count: (wanted: number) =>
      new Promise<void>((resolve) => {
        const look = () => got.length >= wanted && resolve();
        watchers.push(look);
        look();
      }),
  };
}

test('two processes that start on an empty database both succeed', async () => {
  const queues = await Promise.all([openQueue(), openQueue(), openQueue()]);
  expect(queues).toHaveLength(3);
});

test('of one key at most one task waits, and it is the newest', async () => {
  const { queue, name } = await openQueue();
  for (const version of [1, 2, 3]) await queue.send(name, { version }, { key: 'a' });
  await queue.send(name, { version: 1 }, { key: 'b' });
  const answers = createAnswers();
  await queue.work(name, { concurrency: 1 }, async (task) => answers.note(task));
  await answers.count(2);
  await queue.stop();
  expect(answers.got).toEqual([{ version: 3 }, { version: 1 }]);
});

test('a bell that rings while the same key is being handled is answered afterwards', async () => {
  const { queue, name } = await openQueue();
  const answers = createAnswers();
  const hold = Promise.withResolvers<void>();
  await queue.work(name, { concurrency: 1 }, async (task) => {
    answers.note(task);
    if (answers.got.length === 1) await hold.promise;
  });
  await queue.send(name, { n: 1 }, { key: 'a' });
  await answers.count(1);
  await queue.send(name, { n: 2 }, { key: 'a' });
  hold.resolve();
  await answers.count(2);
  expect(answers.got).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a bell in a transaction that rolls back does not ring', async () => {
  const { queue, name } = await openQueue();
  const transaction = db.transaction(async (tx) => {
    await queue.send(name, { from: 'rolled back' }, { key: 'a', tx });
    throw new Error('no');
  });
  await expect(transaction).rejects.toThrow('no');
  await db.transaction((tx) => queue.send(name, { from: 'committed' }, { key: 'b', tx }));
  const answers = createAnswers();
  await queue.work(name, { concurrency: 1 }, async (task) => answers.note(task));
  await answers.count(1);
  expect(answers.got).toEqual([{ from: 'committed' }]);
});

test('a waiting bell is not answered before the transaction that rang it again commits', async () => {
  const { queue, name } = await openQueue();
  await db.execute(sql`create table news (word text)`);
  await queue.send(name, { about: 'news' }, { key: 'a' });
  const answers = createAnswers();
  await db.transaction(async (tx) => {
    await tx.execute(sql`insert into news values ('hot')`);
    await queue.send(name, { about: 'news' }, { key: 'a', tx });
    await queue.work(name, { concurrency: 1 }, async (task) => {
      const { rows } = await db.execute(sql`select word from news`);
      answers.note({ task, rows });
    });
    // The older bell would be answered first, were it not held by us.
    await queue.send(name, { about: 'nothing' }, { key: 'b' });
    await answers.count(1);
  });
  await answers.count(2);
  expect(answers.got).toEqual([
    { task: { about: 'nothing' }, rows: [] },
    { task: { about: 'news' }, rows: [{ word: 'hot' }] },
  ]);
});

test('ringing again brings a delayed task forward, but never puts one off', async () => {
  const { queue, name } = await openQueue();
  const answers = createAnswers();
  await queue.work(name, { concurrency: 1 }, async (task) => answers.note(task));
  await queue.send(name, { n: 1 }, { key: 'a', startAfterSeconds: 600 });
  await queue.send(name, { n: 2 }, { key: 'a' });
  await answers.count(1);
  await queue.stop();
  const again = await openQueue();
  await again.queue.send(again.name, { n: 3 }, { key: 'b' });
  await again.queue.send(again.name, { n: 4 }, { key: 'b', startAfterSeconds: 600 });
  await again.queue.work(again.name, { concurrency: 1 }, async (task) => answers.note(task));
  await answers.count(2);
  expect(answers.got).toEqual([{ n: 2 }, { n: 4 }]);
});

test('a delayed task comes when it is due, not before', async () => {
  const { queue, name } = await openQueue();
  const answers = createAnswers();
  await queue.work(name, { concurrency: 2 }, async () => answers.note(systemClock.now().getTime()));
  const sentAt = systemClock.now().getTime();
  await queue.send(name, {}, { key: 'a', startAfterSeconds: 1 });
  await answers.count(1);
  const waited = Number(answers.got[0]) - sentAt;
  expect(waited).toBeGreaterThanOrEqual(990);
  expect(waited).toBeLessThan(3_000);
});

test('lower priorities go first, and a less urgent bell does not demote a waiting one', async () => {
  const { queue, name } = await openQueue();
  await queue.send(name, { lane: 'backfill' }, { key: 'a', priority: 4 });
  await queue.send(name, { lane: 'poll' }, { key: 'b', priority: 3 });
  await queue.send(name, { lane: 'person' }, { key: 'c', priority: 0 });
  await queue.send(name, { lane: 'scan' }, { key: 'c', priority: 4 });
  const answers = createAnswers();
  await queue.work(name, { concurrency: 1 }, async (task) => answers.note(task));
  await answers.count(3);
  expect(answers.got).toEqual([{ lane: 'scan' }, { lane: 'poll' }, { lane: 'backfill' }]);
});

test('a handler that throws is logged and not called again', async () => {
  const { queue, name, lines } = await openQueue();
  const answers = createAnswers();
  await queue.work(name, { concurrency: 1 }, async (task) => {
    answers.note(task);
    if (answers.got.length === 1) throw new Error('a bug of ours');
  });
  await queue.send(name, { n: 1 }, { key: 'a' });
  await answers.count(1);
  await queue.send(name, { n: 2 }, { key: 'b' });
  await answers.count(2);
  await queue.stop();
  expect(answers.got).toEqual([{ n: 1 }, { n: 2 }]);
  expect(lines.join()).toContain('a bug of ours');
});

test('a slow task holds back no other: its neighbours go on filling their slots', async () => {
  const { queue, name } = await openQueue();
  for (let n = 0; n < 40; n += 1) await queue.send(name, { n }, { key: `${n}` });
  const answers = createAnswers();
  const hold = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  await queue.work(name, { concurrency: 4 }, async (task) => {
    running += 1;
    most = Math.max(most, running);
    if ((task as { n: number }).n === 0) await hold.promise;
    else await systemClock.sleep(5);
    running -= 1;
    answers.note(task);
  });
  await answers.count(39);
  expect(answers.got).not.toContainEqual({ n: 0 });
  expect(most).toBe(4);
  hold.resolve();
  await answers.count(40);
});

test('stopping waits for the task that is being handled', async () => {
  const { queue, name } = await openQueue();
  const answers = createAnswers();
  const started = Promise.withResolvers<void>();
  await queue.work(name, { concurrency: 1 }, async (task) => {
    started.resolve();
    await systemClock.sleep(100);
    answers.note(task);
  });
  await queue.send(name, { n: 1 }, { key: 'a' });
  await started.promise;
  await queue.stop();
  expect(answers.got).toEqual([{ n: 1 }]);
});

test('[F4] a task that is never finished, as in a killed process, bars no new one of its key', async () => {
  const { queue: killed, name } = await openQueue();
  const lost = createAnswers();
  const hung = Promise.withResolvers<void>();
  await killed.work(name, { concurrency: 1 }, async (task) => {
    lost.note(task);
    await hung.promise;
  });
  await killed.send(name, { n: 1 }, { key: 'a' });
  await lost.count(1);
  const { queue: other } = await openQueue(name);
  expect(await other.whichWait(name, ['a'])).toEqual(new Set());
  await other.send(name, { n: 2 }, { key: 'a' });
  expect(await other.whichWait(name, ['a', 'b'])).toEqual(new Set(['a']));
  const answers = createAnswers();
  await other.work(name, { concurrency: 1 }, async (task) => answers.note(task));
  await answers.count(1);
  expect(answers.got).toEqual([{ n: 2 }]);
  hung.resolve();
});

test('a bell is heard at once, from another process too', async () => {
  const { queue: worker, name } = await openQueue();
  const { queue: web } = await openQueue(name);
  const answers = createAnswers();
  await worker.work(name, { concurrency: 1 }, async (task) => answers.note(task));
  // Were they not heard, each would wait for a look, half a second on average.
  const began = systemClock.now().getTime();
  for (let n = 1; n <= 10; n += 1) {
    await web.send(name, { n }, { key: `${n}` });
    await answers.count(n);
  }
  expect(systemClock.now().getTime() - began).toBeLessThan(2_500);
});

test('[Q2] what a person waits for is answered before hundreds that were rung earlier', async () => {
  const { queue, name } = await openQueue();
  await db.transaction(async (tx) => {
    for (let n = 100; n < 400; n += 1)
      await queue.send(name, { n }, { key: `${n}`, priority: 3, tx });
  });
  await queue.send(name, { n: 'person' }, { key: 'person', priority: 0 });
  const answers = createAnswers();
  await queue.work(name, { concurrency: 1 }, async (task) => answers.note(task));
  await answers.count(3);
  expect(answers.got[0]).toEqual({ n: 'person' });
});

test('a waiting bell that becomes more urgent joins the group of the urgent', async () => {
  const { queue, name } = await openQueue();
  const slow = Promise.withResolvers<void>();
  const answers = createAnswers();
  await queue.work(name, { concurrency: 4, perGroup: 1 }, async (task) => {
    answers.note(task);
    if ((task as { n: number }).n === 1) await slow.promise;
  });
  await queue.send(name, { n: 1 }, { key: 'first', group: 'rest', priority: 3 });
  await answers.count(1);
  await queue.send(name, { n: 2 }, { key: 'second', group: 'rest', priority: 3 });
  await queue.send(name, { n: 3 }, { key: 'second', group: 'person', priority: 0 });
  await answers.count(2);
  expect(answers.got).toEqual([{ n: 1 }, { n: 3 }]);
  slow.resolve();
});
