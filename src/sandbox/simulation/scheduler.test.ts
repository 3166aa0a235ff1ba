import { expect, test } from 'vitest';
import { seededRandom } from '#src/platform/random.ts';
import { createScheduler, newLife } from './scheduler.ts';

const schedulerOf = (seed: number) =>
  createScheduler({ random: seededRandom(seed), start: 0, stickiness: 0, turns: 1 });

/** Two processes of three steps each; what came in which order. */
async function orderOf(seed: number): Promise<string> {
  const scheduler = schedulerOf(seed);
  const order: string[] = [];
  for (const name of ['a', 'b']) {
    const life = newLife(name);
    void (async () => {
      for (let at = 1; at <= 3; at++) await scheduler.step(life, () => order.push(name + at));
    })();
  }
  await scheduler.runUntil(1_000);
  return order.join(' ');
}

test('the seed decides how two processes interleave, and each keeps its own order', async () => {
  expect(await orderOf(3)).toBe(await orderOf(3));
  const orders = new Set(await Promise.all(Array.from({ length: 40 }, (_, seed) => orderOf(seed))));
  // Of the twenty ways there are; a scheduler that prefers one would show a few.
  expect(orders.size).toBeGreaterThan(12);
  for (const order of orders) expect(order.replaceAll(/b\d ?/g, '').trim()).toBe('a1 a2 a3');
});

test('a killed process hears nothing any more, and its timers are gone', async () => {
  const scheduler = schedulerOf(1);
  const life = newLife('worker');
  const heard: string[] = [];
  void scheduler.step(life, () => 'step').then((word) => heard.push(word));
  void scheduler
    .clockOf(life)
    .sleep(10)
    .then(() => heard.push('timer'));
  life.isDead = true;
  scheduler.bury(life, () => false);
  void scheduler.step(life, () => 'later').then((word) => heard.push(word));
  await scheduler.runUntil(1_000);
  expect(heard).toEqual([]);
  expect(scheduler.steps()).toBe(0);
});

test('a request on the wire may arrive although its process is dead', async () => {
  for (const arrives of [true, false]) {
    const scheduler = schedulerOf(1);
    const life = newLife('worker');
    let sent = 0;
    const send = () => {
      sent += 1;
    };
    void scheduler.step(life, send, { afterDeath: send });
    life.isDead = true;
    scheduler.bury(life, () => arrives);
    await scheduler.runUntil(1_000);
    expect(sent).toBe(arrives ? 1 : 0);
  }
});

test('time that nobody waits for costs no step, and sleepers wake in the order of their times', async () => {
  const scheduler = schedulerOf(1);
  const clock = scheduler.clockOf(newLife('worker'));
  const woken: number[] = [];
  for (const hours of [30, 10, 20]) {
    void clock.sleep(hours * 3_600_000).then(() => woken.push(hours));
  }
  await scheduler.runUntil(365 * 86_400_000);
  expect(woken).toEqual([10, 20, 30]);
  expect(scheduler.steps()).toBe(3);
  expect(clock.now().getTime()).toBe(365 * 86_400_000);
});

test('a process that stands still gets no turn until its time has come', async () => {
  const scheduler = schedulerOf(1);
  const stalled = { ...newLife('stalled'), stalledUntil: 5_000 };
  const at: number[] = [];
  void scheduler.step(stalled, () => at.push(scheduler.now()));
  void scheduler.step(newLife('other'), () => at.push(scheduler.now()));
  await scheduler.runUntil(60_000);
  expect(at[0]).toBeLessThan(100);
  expect(at[1]).toBeGreaterThanOrEqual(5_000);
});
