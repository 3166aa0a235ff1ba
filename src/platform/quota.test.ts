import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Clock, ManualClock } from './clock.ts';
import { createQuota, type Lane } from './quota.ts';
import { pruneUse, quotaUseOf } from './quotaUse.ts';
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
  await quota.block(key, 37, 'poll');
  await quota.block(key, 5, 'poll');
  await quota.take(key, 'person');
  expect(milliseconds() - blockedAt).toBeGreaterThanOrEqual(37_000);
  expect(milliseconds() - blockedAt).toBeLessThan(37_100);
  expect(await quota.state(key)).toEqual({
    callsPerMinute: 90,
    // Two 429s of one pause count as one.
    pace: 72,
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
  await quota.block(key, 10, 'poll');
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

const minutes = (count: number) => count * 60_000;

test('[Q3] each 429 lowers the pace, down to a quarter, and it comes back step by step', async () => {
  const { clock, idle } = createLeapingClock();
  const { quota, key } = await openQuota(clock, 100);
  const pace = async () => Math.round((await quota.state(key))!.pace * 10) / 10;
  expect(await pace()).toBe(100);
  const paces: number[] = [];
  for (let refusal = 0; refusal < 8; refusal += 1) {
    await quota.block(key, 1, 'poll');
    await idle(1_001);
    paces.push(await pace());
  }
  expect(paces).toEqual([80, 64, 51.2, 41, 32.8, 26.2, 25, 25]);
  await idle(minutes(0.9));
  expect(await pace()).toBe(25);
  await idle(minutes(0.2));
  expect(await pace()).toBe(30);
  await idle(minutes(10));
  expect(await pace()).toBe(80);
  await quota.block(key, 30, 'poll');
  await idle(30_001);
  expect(await pace()).toBe(64);
  await idle(minutes(60));
  expect(await pace()).toBe(100);
});

test('[Q1] calls pass at the present pace, in every process, and at the set one after it is back', async () => {
  const { clock, milliseconds, idle } = createLeapingClock();
  const { quota, key } = await openQuota(clock, 100);
  const other = createQuota({ db, clock });
  await other.ensure(key, 100);
  const passIn = async (span: number) => {
    const end = milliseconds() + span;
    let calls = 0;
    for (; milliseconds() < end; calls += 1) await other.take(key, 'backfill');
    return calls;
  };
  await quota.block(key, 5, 'poll');
  await quota.take(key, 'backfill');
  await idle(minutes(0.05));
  expect(await passIn(50_000)).toBeLessThanOrEqual(Math.ceil((80 * 50) / 60) + 2);
  await idle(minutes(30));
  expect(await passIn(minutes(3))).toBeGreaterThanOrEqual(0.95 * 300);
});

test('[Q1] no 60 seconds see too many calls while 429s lower the pace and it comes back', async () => {
  const step = fc.record({
    lane: fc.constantFrom(...LANES),
    calls: fc.integer({ min: 1, max: 60 }),
    pause: fc.constantFrom(0, 0, 10, 700, 5_000, 61_000, 200_000),
    refusedFor: fc.constantFrom(0, 0, 0, 1, 3, 40),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 12 }), async (steps) => {
      const { clock, milliseconds, idle } = createLeapingClock();
      const { quota, key } = await openQuota(clock);
      const times: number[] = [];
      for (const { lane, calls, pause, refusedFor } of steps) {
        await idle(pause);
        if (refusedFor > 0) await quota.block(key, refusedFor, lane);
        for (let call = 0; call < calls; call += 1) {
          await quota.take(key, lane);
          times.push(milliseconds());
        }
      }
      expect(busiestMinute(times)).toBeLessThanOrEqual(CALLS_PER_MINUTE_MAX);
    }),
    { numRuns: 8, seed: 7 },
  );
});

test('what passed and what was refused is told by the minute, and forgotten after two weeks', async () => {
  const { clock, idle } = createLeapingClock();
  const { quota, key } = await openQuota(clock);
  for (let call = 0; call < 3; call += 1) await quota.take(key, 'person');
  await quota.take(key, 'poll');
  await idle(minutes(2));
  await quota.take(key, 'poll');
  await quota.block(key, 10, 'poll');
  const { hour, day } = (await quotaUseOf(db, [key, 'nobody'], clock.now())).get(key)!;
  expect(hour.slice(-4).map(({ calls, throttled }) => [calls, throttled])).toEqual([
    [0, 0],
    [4, 0],
    [0, 0],
    [1, 1],
  ]);
  expect([hour.length, day.length]).toEqual([60, 96]);
  expect(day.reduce((sum, { calls }) => sum + calls, 0)).toBe(5);
  await idle(minutes(13.9 * 24 * 60));
  expect(await pruneUse(db, clock.now())).toBe(0);
  await idle(minutes(0.2 * 24 * 60));
  expect(await pruneUse(db, clock.now())).toBeGreaterThanOrEqual(3);
  expect(await pruneUse(db, clock.now())).toBe(0);
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
