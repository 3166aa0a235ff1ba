import { expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { movableClock } from './movableClock.ts';

test('a shift wakes those whose time has come and shortens the wait of the others', async () => {
  const base = new ManualClock('2027-01-12T00:00:00.000Z');
  const clock = movableClock(base);
  const woken: string[] = [];
  const ten = clock.sleep(10_000).then(() => woken.push('ten'));
  void clock.sleep(60_000).then(() => woken.push('sixty'));
  clock.shift(45_000);
  await ten;
  expect(clock.now().toISOString()).toBe('2027-01-12T00:00:45.000Z');
  expect(woken).toEqual(['ten']);
  await base.advance(14_999);
  expect(woken).toEqual(['ten']);
  await base.advance(1);
  expect(woken).toEqual(['ten', 'sixty']);
});

test('a sleep ends when it is called off, and time never moves back', async () => {
  const base = new ManualClock();
  const clock = movableClock(base);
  const off = new AbortController();
  const nap = clock.sleep(1_000_000, off.signal);
  off.abort();
  await nap;
  expect(() => clock.shift(-1)).toThrow('forward');
});
