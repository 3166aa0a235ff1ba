import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freshness, progressWords, quotaWords, runProgress } from './progress.ts';

const now = new Date('2026-11-22T04:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test('a run says how fast it goes and when it may end', () => {
  const run = { seen: 6120, expected: 10_400, startedAt: ago(2481), progressAt: now };
  expect(progressWords(run)).toBe('6,120 of 10,400 seen · 148 a minute · about 28 min left');
});

test('what is not known is not guessed', () => {
  const run = { seen: 300, expected: null, startedAt: ago(60), progressAt: now };
  expect(runProgress(run)).toEqual({ perMinute: 300, leftMilliseconds: null });
  expect(progressWords({ ...run, startedAt: ago(2) })).toBe('300 seen');
  expect(progressWords({ ...run, startedAt: null })).toBe('300 seen');
});

test('a run never promises less than nothing, nor a rate without end', () => {
  const count = fc.nat(100_000);
  fc.assert(
    fc.property(count, fc.option(count), fc.nat(1_000_000), (seen, expected, seconds) => {
      const run = { seen, expected, startedAt: ago(seconds), progressAt: now };
      const { perMinute, leftMilliseconds } = runProgress(run);
      for (const value of [perMinute, leftMilliseconds]) {
        if (value === null) continue;
        expect(Number.isFinite(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('[D4] freshness is judged against its target', () => {
  const tone = (seconds: number) => freshness(ago(seconds), now, 120).tone;
  expect(tone(12)).toBe('ok');
  // A poll begins when the target is reached and takes a moment itself.
  expect(tone(150)).toBe('ok');
  expect(tone(200)).toBe('warn');
  expect(tone(700)).toBe('bad');
  expect(freshness(null, now, 120)).toEqual({ tone: 'still', words: 'not read yet' });
  expect(freshness(ago(12), now, 120).words).toBe('12 s old');
});

test('[Q1] the quota says whether calls wait', () => {
  const quota = {
    callsPerMinute: 90,
    theoreticalArrival: ago(5),
    blockedUntil: null,
    reducedPace: null,
    reducedAt: null,
  };
  expect(quotaWords(quota, now).words).toBe('90 calls a minute, idle');
  expect(quotaWords({ ...quota, theoreticalArrival: ago(-0.5) }, now).words).toContain('in use');
  expect(quotaWords({ ...quota, theoreticalArrival: ago(-3) }, now).words).toContain('full pace');
  expect(quotaWords({ ...quota, blockedUntil: ago(-36) }, now)).toEqual({
    tone: 'warn',
    words: 'told to wait, 36 s left',
  });
  const slowed = { ...quota, reducedPace: 45, reducedAt: ago(130) };
  expect(quotaWords(slowed, now).words).toBe('slowed to 54 of 90 calls a minute after a 429');
  expect(quotaWords({ ...quota, callsPerMinute: 0 }, now).words).toBe('no limit');
});
