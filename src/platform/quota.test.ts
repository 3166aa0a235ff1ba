import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Clock, ManualClock } from './clock.ts';
import { createQuota, type Lane } from './quota.ts';
import { createTestDatabase } from './testDatabase.ts';

const { db, pool, drop } = await createTestDatabase();
afterAll(drop);

const CALLS_PER_MINUTE = 90;
const CALLS_PER_MINUTE_MAX = 98;
const LANES: Lane[] = ['person', 'webhook', 'push', 'poll', 'backfill'];
let keys = 0;

/** A clock for one actor at a time: whoever sleeps is at once at the end of the sleep. */
function createLeapingClock() {
  let now = Date.parse('2027-01-12T00:00:00.000Z');
  const clock: Clock = {
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
  return {
    clock,
    milliseconds: () => now,
    idle: (milliseconds: number) => clock.sleep(milliseconds),
  };
}

async function openQuota(clock: Clock, callsPerMinute = CALLS_PER_MINUTE) {
  keys += 1;
  const key = `manatal-${keys}`;
  const quota = createQuota({ db, clock });
  await quota.ensure(key, callsPerMinute);
  return { quota, key };
}

/** The most calls that fall into any 60 seconds, wherever they begin. */
function busiestMinute(times: number[]): number {
  let first = 0;
  let most = 0;
  times.forEach((time, index) => {
    while (times[first]! <= time - 60_000) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

test('[Q1] no 60 seconds see more calls than the provider allows, whoever asks and when', async () => {
  const someone = fc.record({
    lane: fc.constantFrom(...LANES),
    calls: fc.integer({ min: 1, max: 60 }),
    pause: fc.constantFrom(0, 0, 10, 700, 5_000, 70_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(someone, { minLength: 5, maxLength: 10 }), async (people) => {
      const { clock, milliseconds, idle } = createLeapingClock();
      const { quota, key } = await openQuota(clock);
      const times: number[] = [];
      for (const { lane, calls, pause } of people) {
        await idle(pause);
        for (let call = 0; call < calls; call += 1) {
          await quota.take(key, lane);
          times.push(milliseconds());
        }
      }
      expect(busiestMinute(times)).toBeLessThanOrEqual(CALLS_PER_MINUTE_MAX);
    }),
    { numRuns: 15, seed: 4 },
  );
});

test('[Q1] a backfill that never rests uses at least 95 percent of the budget', async () => {
  const { clock, milliseconds } = createLeapingClock();
  const { quota, key } = await openQuota(clock);
  const start = milliseconds();
  let calls = 0;
  for (; milliseconds() < start + 300_000; calls += 1) await quota.take(key, 'backfill');
  expect(calls).toBeGreaterThanOrEqual(0.95 * 5 * CALLS_PER_MINUTE);
  expect(calls).toBeLessThanOrEqual(5 * CALLS_PER_MINUTE + 2);
});

test('[Q1] waking up late, as real sleepers do, costs no calls', async () => {
  const { clock, milliseconds } = createLeapingClock();
  const late: Clock = { ...clock, sleep: (wanted) => clock.sleep(wanted + 120) };
  const { quota, key } = await openQuota(late);
  const start = milliseconds();
  let calls = 0;
  for (; milliseconds() < start + 300_000; calls += 1) await quota.take(key, 'backfill');
  expect(calls).toBeGreaterThanOrEqual(0.95 * 5 * CALLS_PER_MINUTE);
});

test('[Q2] a person passes at once while every other lane is saturated', async () => {
  const { clock, milliseconds } = createLeapingClock();
  const { quota, key } = await openQuota(clock);
  for (const lane of ['backfill', 'poll', 'push', 'webhook'] as const) {
    for (let call = 0; call < 100; call += 1) await quota.take(key, lane);
    const before = milliseconds();
    await quota.take(key, 'person');
    expect(milliseconds()).toBe(before);
  }
});

test('[Q2] a person whose application takes eight calls waits a second or two, not minutes', async () => {
  const { clock, milliseconds } = createLeapingClock();
  const { quota, key } = await openQuota(clock);
  for (let call = 0; call < 100; call += 1) await quota.take(key, 'backfill');
  const before = milliseconds();
  for (let call = 0; call < 8; call += 1) await quota.take(key, 'person');
  expect(milliseconds() - before).toBeLessThan(2_000);
});

test('[Q3] after a 429 nobody passes until its time is over, and a shorter one does not shorten it', async () => {
  const { clock, milliseconds } = createLeapingClock();
  const { quota, key } = await openQuota(clock);
  await quota.take(key, 'backfill');
  const blockedAt = milliseconds();
  await quota.block(key, 37);
  await quota.block(key, 5);
  await quota.take(key, 'person');
  expect(milliseconds() - blockedAt).toBeGreaterThanOrEqual(37_000);
  expect(milliseconds() - blockedAt).toBeLessThan(37_100);
  expect(await quota.state(key)).toEqual({
    callsPerMinute: 90,
    calls: 2,
    blockedUntil: new Date(blockedAt + 37_000),
    throttledAt: new Date(blockedAt),
  });
});

test('[Q1] processes share one budget', async () => {
  const { clock, milliseconds } = createLeapingClock();
  const { quota, key } = await openQuota(clock);
  const other = createQuota({ db, clock });
  await other.ensure(key, CALLS_PER_MINUTE);
  const start = milliseconds();
  for (let call = 0; call < 45; call += 1) {
    await quota.take(key, 'backfill');
    await other.take(key, 'backfill');
  }
  expect(milliseconds() - start).toBeGreaterThanOrEqual(58_000);
  expect((await quota.state(key))?.calls).toBe(90);
});

test('without a limit calls pass at once and write nothing, but a 429 is still obeyed', async () => {
  const { clock, milliseconds } = createLeapingClock();
  const { quota, key } = await openQuota(clock, 0);
  const start = milliseconds();
  for (let call = 0; call < 1_000; call += 1) await quota.take(key, 'backfill');
  expect(milliseconds()).toBe(start);
  expect((await quota.state(key))?.calls).toBe(0);
  await quota.block(key, 10);
  await quota.take(key, 'person');
  expect(milliseconds() - start).toBe(10_000);
});

test('a changed limit counts from the next call', async () => {
  const { clock, milliseconds } = createLeapingClock();
  const { quota, key } = await openQuota(clock, 6);
  for (let call = 0; call < 3; call += 1) await quota.take(key, 'backfill');
  await quota.ensure(key, 6_000);
  const before = milliseconds();
  for (let call = 0; call < 100; call += 1) await quota.take(key, 'person');
  expect(milliseconds() - before).toBeLessThan(25_000);
});

test('who gives up waiting leaves the line without holding it up', async () => {
  const clock = new ManualClock();
  const { quota, key } = await openQuota(clock);
  await quota.take(key, 'backfill');
  const [first, second] = [new AbortController(), new AbortController()];
  const asleep = quota.take(key, 'backfill', first.signal);
  const inLine = quota.take(key, 'backfill', second.signal);
  const last = quota.take(key, 'backfill');
  second.abort(new Error('shutting down'));
  await expect(inLine).rejects.toThrow('shutting down');
  first.abort(new Error('shutting down'));
  await expect(asleep).rejects.toThrow('shutting down');
  await advanceUntil(clock, last);
  expect((await quota.state(key))?.calls).toBe(2);
});

test('a call for a budget that was never set is a fault of ours', async () => {
  const quota = createQuota({ db, clock: new ManualClock() });
  await expect(quota.take('nobody', 'person')).rejects.toThrow('nobody');
});

/** Moves time on until the promise settles; the database answers in real time meanwhile. */
async function advanceUntil(clock: ManualClock, promise: Promise<void>) {
  let settled = false;
  const done = promise.finally(() => {
    settled = true;
  });
  while (!settled) {
    await clock.advance(50);
    await pool.query('select 1');
  }
  await done;
}
