import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  closedWords,
  closesWords,
  employmentWords,
  isOpen,
  type Job,
  payWords,
  placeWords,
} from './job.ts';

const now = new Date('2026-11-22T02:00:00Z');

const job = (change: Partial<Job> = {}): Job => ({
  id: '1',
  slug: 'barista-1',
  title: 'Barista',
  employer: null,
  city: 'Tumon',
  state: null,
  country: 'Guam',
  zipcode: null,
  remote: null,
  employmentType: null,
  pay: null,
  postedAt: now,
  closesAt: null,
  descriptionHtml: '',
  address: null,
  headcount: null,
  status: 'open',
  published: true,
  updatedAt: now,
  ...change,
});

test('a job is open until its closing time, by the clock', () => {
  expect(isOpen(job(), now)).toBe(true);
  expect(isOpen(job({ closesAt: new Date(now.getTime() + 1) }), now)).toBe(true);
  expect(isOpen(job({ closesAt: now }), now)).toBe(false);
  expect(isOpen(job({ published: false }), now)).toBe(false);
  expect(isOpen(job({ status: 'filled' }), now)).toBe(false);
});

test('[M7] a status we do not know is shown as it is and treated as a pause', () => {
  const strange = job({ status: 'other:on hold' });
  expect(isOpen(strange, now)).toBe(false);
  expect(closedWords(strange, now)).toContain('“on hold”');
});

test('a job that takes no applications always says why', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('open', 'paused', 'filled', 'closed', 'removed', 'other:x', 'odd'),
      fc.boolean(),
      fc.option(fc.integer({ min: -1e9, max: 1e9 })),
      (status, published, offset) => {
        const closesAt = offset === null ? null : new Date(now.getTime() + offset);
        const one = job({ status, published, closesAt });
        expect(closedWords(one, now) === null).toBe(isOpen(one, now));
      },
    ),
  );
});

test('[M7] an employment type we do not know is shown as such', () => {
  expect(employmentWords('part_time')).toBe('Part-time');
  expect(employmentWords('seasonal_harvest')).toBe('Seasonal harvest');
  expect(employmentWords(null)).toBeNull();
});

test('pay reads as the employer stated it', () => {
  const pay = (min: string | null, max: string | null, period: string | null = 'hour') =>
    payWords({ min, max, currency: 'USD', period });
  expect(pay('12.5', '12.50')).toBe('$12.50 an hour');
  expect(pay('2100.00', '2500.00', 'month')).toBe('$2,100 to $2,500 a month');
  expect(pay('12', null)).toBe('From $12 an hour');
  expect(pay(null, '40000', 'year')).toBe('Up to $40,000 a year');
  expect(pay('0', '0.00')).toBeNull();
  expect(pay('15', '15', null)).toBe('$15');
  expect(payWords({ min: '20', max: '20', currency: 'FJD', period: 'hour' })).toContain(
    '20 an hour',
  );
});

test('[M7] a pay period we do not know is shown as such', () => {
  expect(payWords({ min: '900', max: '900', currency: 'USD', period: 'fort_night' })).toBe(
    '$900 (fort night)',
  );
});

test('hidden pay has no words', () => {
  expect(payWords(null)).toBeNull();
});

test('a place says each of its parts once', () => {
  const place = (city: string | null, state: string | null, country: string | null) =>
    placeWords({ city, state, country });
  expect(place('Tumon', null, 'Guam')).toBe('Tumon, Guam');
  expect(place('Tumon', 'Guam', 'United States')).toBe('Tumon, Guam');
  expect(place('Tamuning', 'GU', 'US')).toBe('Tamuning, Guam');
  expect(place('Saipan', 'MP', 'United States')).toBe('Saipan, Northern Marianas');
  expect(place('Koror', 'Koror', 'Palau')).toBe('Koror, Palau');
  expect(place('Weno', 'Chuuk', 'Micronesia')).toBe('Weno, Chuuk, Micronesia');
  expect(place(null, null, 'Guam')).toBe('Guam');
  expect(place('Honolulu', 'Hawaii', 'United States')).toBe('Honolulu, Hawaii, United States');
  expect(place(null, null, null)).toBeNull();
});

test('a closing day is told by the clock of the place where the work is', () => {
  // Already the 30th in Guam, still the 29th in London.
  const closesAt = new Date('2026-11-29T20:00:00Z');
  expect(closesWords(job({ closesAt }), now)).toBe('Closes 30 Nov (Guam time)');
  expect(closesWords(job({ closesAt, city: 'Majuro', country: 'MH' }), now)).toBe(
    'Closes 30 Nov (Marshall Islands time)',
  );
  expect(
    closesWords(job({ closesAt, city: 'Kolonia', state: 'Pohnpei', country: 'FM' }), now),
  ).toBe('Closes 30 Nov (Pohnpei time)');
});
