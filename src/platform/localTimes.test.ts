import { expect, test } from 'vitest';
import { instantOfLocal, localTime } from './localTimes.ts';

test('a wall clock and its instant lead to each other, in zones with and without summer time', () => {
  expect(localTime(new Date('2027-03-31T12:00:00Z'), 'Pacific/Guam')).toBe('2027-03-31T22:00');
  expect(instantOfLocal('2027-03-31T22:00', 'Pacific/Guam')).toEqual(
    new Date('2027-03-31T12:00:00Z'),
  );
  for (const text of ['2027-01-01T00:00', '2027-03-28T03:30', '2027-07-04T23:59']) {
    for (const zone of ['Pacific/Palau', 'Pacific/Majuro', 'Europe/Berlin', 'UTC']) {
      expect(localTime(instantOfLocal(text, zone)!, zone)).toBe(text);
    }
  }
});

test('what is no day and time is none', () => {
  for (const text of ['', 'soon', '2027-13-01T00:00', '2027-01-01', '2027-01-01T25:00']) {
    expect(instantOfLocal(text, 'Pacific/Guam')).toBeNull();
  }
});
