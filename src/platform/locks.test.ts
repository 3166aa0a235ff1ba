import { pino } from 'pino';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createLocks, type Locks } from './locks.ts';
import { createTestDatabase } from './testDatabase.ts';

const { pool, url, drop } = await createTestDatabase();
const log = pino({ level: 'silent' });
const open: Locks[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((locks) => locks.close()));
});
afterAll(drop);

/** Each has a session of its own, as each process has. */
async function openLocks(): Promise<Locks> {
  const locks = await createLocks({ url, log });
  open.push(locks);
  return locks;
}

/** Ends the session that holds a lock, as a restart of the database or a cut cable does. */
const breakHolder = () =>
  pool.query(`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())`);

/** Work that lasts until it is told to end, and tells when it has begun. */
function createWork() {
  const begun = Promise.withResolvers<AbortSignal>();
  const end = Promise.withResolvers<void>();
  const work = async (signal: AbortSignal) => {
    begun.resolve(signal);
    await end.promise;
    return 'done';
  };
  return { work, begun: begun.promise, end: () => end.resolve() };
}

test('one key is held once, here and in other processes; other keys are free', async () => {
  const [here, there] = [await openLocks(), await openLocks()];
  const { work, begun, end } = createWork();
  const holding = here.tryWith('link:1', work);
  await begun;
  expect(await here.tryWith('link:1', async () => 'twice')).toEqual({ held: false });
  expect(await there.tryWith('link:1', async () => 'twice')).toEqual({ held: false });
  expect(await here.tryWith('link:2', async () => 2)).toEqual({ held: true, value: 2 });
  expect(await there.tryWith('link:3', async () => 3)).toEqual({ held: true, value: 3 });
  end();
  expect(await holding).toEqual({ held: true, value: 'done' });
  expect(await there.tryWith('link:1', async () => 'free')).toEqual({ held: true, value: 'free' });
});

test('work that fails frees its lock and passes its error on', async () => {
  const [here, there] = [await openLocks(), await openLocks()];
  const failing = here.tryWith('link:1', async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await there.tryWith('link:1', async () => 1)).toEqual({ held: true, value: 1 });
});

test('a lost connection aborts the work behind its locks, and the next lock finds a new one', async () => {
  const [here, there] = [await openLocks(), await openLocks()];
  const { work, begun, end } = createWork();
  const holding = here.tryWith('link:1', work);
  const signal = await begun;
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
  await breakHolder();
  await aborted;
  expect(signal.reason.message).toContain('lost');
  // Here it stays taken until the work has seen the signal; elsewhere it is free at once.
  expect(await here.tryWith('link:1', async () => 'twice')).toEqual({ held: false });
  expect(await there.tryWith('link:1', async () => 1)).toEqual({ held: true, value: 1 });
  end();
  await holding;
  expect(await here.tryWith('link:1', async () => 2)).toEqual({ held: true, value: 2 });
});

test('many keys at the same time share the one connection', async () => {
  const locks = await openLocks();
  const keys = Array.from({ length: 200 }, (_, index) => `link:${index % 100}`);
  const answers = await Promise.all(keys.map((key) => locks.tryWith(key, async () => key)));
  expect(answers.filter(({ held }) => held)).toHaveLength(100);
  const { rows } = await pool.query(`select count(*)::int as connections from pg_stat_activity
    where application_name = 'kiex locks' and datname = current_database()`);
  expect(rows).toEqual([{ connections: 1 }]);
});

test('the end of the process breaks off work under locks, also what begins then', async () => {
  const stop = new AbortController();
  const locks = await createLocks({ url, log, stop: stop.signal });
  open.push(locks);
  const { work, begun, end } = createWork();
  const holding = locks.tryWith('link:1', work);
  const signal = await begun;
  expect(signal.aborted).toBe(false);
  stop.abort();
  expect(signal.aborted).toBe(true);
  const later = await locks.tryWith('link:2', async ({ aborted }) => aborted);
  expect(later).toEqual({ held: true, value: true });
  end();
  await holding;
});

test('anybody can see which locks are held, here or elsewhere, and that a lost session frees its own', async () => {
  const [here, there] = [await openLocks(), await openLocks()];
  const { work, begun, end } = createWork();
  const holding = here.tryWith('link:held', work);
  await begun;
  const keys = Array.from({ length: 50 }, (_, n) => `link:${n}`);
  expect(await there.held([...keys, 'link:held'])).toEqual(new Set(['link:held']));
  expect(await here.held(['link:held'])).toEqual(new Set(['link:held']));
  await breakHolder();
  // The database ends a session a moment after it is told to.
  while ((await there.held(['link:held'])).size > 0) await pool.query('select 1');
  end();
  await holding;
});
