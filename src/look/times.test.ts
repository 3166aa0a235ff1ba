import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateWords, durationWords, exactWords, relativeWords } from './times.ts';

const now = new Date('2026-11-22T04:00:00Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test('times read as a person says them', () => {
  expect(relativeWords(before(3), now)).toBe('just now');
  expect(relativeWords(before(12), now)).toBe('12 seconds ago');
  expect(relativeWords(before(60), now)).toBe('1 minute ago');
  expect(relativeWords(before(3 * 3600), now)).toBe('3 hours ago');
  expect(relativeWords(before(-120), now)).toBe('in 2 minutes');
  expect(relativeWords(before(3 * 86_400), now)).toBe('3 days ago');
  expect(relativeWords(before(40 * 86_400), now)).toBe('13 Oct');
});

test('"yesterday" is the day before in the zone of the reader', () => {
  // 14:00 on the 22nd in Guam: 15 hours earlier was 23:00 on the 21st there.
  expect(relativeWords(before(15 * 3600), now, 'Pacific/Guam')).toBe('yesterday');
  expect(relativeWords(before(13 * 3600), now, 'Pacific/Guam')).toBe('13 hours ago');
});

test('the exact time names its zone', () => {
  expect(exactWords(now, 'Pacific/Guam')).toBe('22 Nov 2026, 14:00:00 (Guam time)');
  expect(exactWords(now, 'Pacific/Majuro')).toBe('22 Nov 2026, 16:00:00 (Marshall Islands time)');
  expect(exactWords(now, 'Europe/Berlin')).toBe('22 Nov 2026, 05:00:00 (Berlin time)');
});

test('the year is said when it is another', () => {
  expect(dateWords(new Date('2027-01-02T00:00:00Z'), 'Pacific/Guam', now)).toBe('2 Jan 2027');
});

test('a duration says one or two units', () => {
  expect(durationWords(84)).toBe('84 ms');
  expect(durationWords(12_400)).toBe('12 s');
  expect(durationWords(125_000)).toBe('2 min');
  expect(durationWords(7_500_000)).toBe('2 h 5 min');
  expect(durationWords(4 * 86_400_000)).toBe('4 days');
});

test('every instant has words, in every zone of the region', () => {
  const zones = fc.constantFrom(
    'Pacific/Palau',
    'Pacific/Guam',
    'Pacific/Kosrae',
    'Pacific/Majuro',
  );
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), zones, (at, zone) => {
      expect(relativeWords(at, now, zone)).toMatch(/\S/);
    }),
  );
});
