import { expect, test } from 'vitest';
import type { Job } from './job.ts';
import { jobPosting } from './jobPosting.ts';

const now = new Date('2026-11-22T00:00:00Z');
const url = 'https://kiex.example/jobs/barista';

const job = (change: Partial<Job> = {}): Job => ({
  id: 'j1',
  slug: 'barista',
  title: 'Barista',
  employer: { name: 'Pacific Stay Hotel', slug: 'pacific-stay-hotel' },
  city: 'Tumon',
  state: 'GU',
  country: 'United States',
  zipcode: '96913',
  remote: null,
  employmentType: 'part_time',
  pay: { min: '12.50', max: '14', currency: 'USD', period: 'hour' },
  postedAt: now,
  closesAt: new Date('2026-11-30T13:59:59Z'),
  descriptionHtml: '<p>Coffee</p>',
  address: null,
  headcount: 2,
  status: 'open',
  published: true,
  updatedAt: now,
  ...change,
});

test('an open job is told as search engines read it', () => {
  expect(jobPosting(job(), url, now)).toMatchObject({
    '@type': 'JobPosting',
    title: 'Barista',
    datePosted: '2026-11-22T00:00:00.000Z',
    validThrough: '2026-11-30T13:59:59.000Z',
    employmentType: 'PART_TIME',
    hiringOrganization: { name: 'Pacific Stay Hotel' },
    baseSalary: { currency: 'USD', value: { minValue: 12.5, maxValue: 14, unitText: 'HOUR' } },
    directApply: true,
  });
});

test('Guam is a country of its own and never stands beside "US" or a state', () => {
  const posting = jobPosting(job(), url, now);
  expect(posting?.jobLocation).toEqual({
    '@type': 'Place',
    address: {
      '@type': 'PostalAddress',
      addressLocality: 'Tumon',
      postalCode: '96913',
      addressCountry: 'GU',
    },
  });
});

test('a state of Micronesia is named', () => {
  const posting = jobPosting(job({ city: 'Weno', state: 'Chuuk', country: 'FSM' }), url, now);
  expect(posting?.jobLocation).toMatchObject({
    address: { addressRegion: 'Chuuk', addressCountry: 'FM' },
  });
});

test('a job that takes no applications, or lacks what is demanded, is not told at all', () => {
  expect(jobPosting(job({ status: 'filled' }), url, now)).toBeNull();
  expect(jobPosting(job({ closesAt: now }), url, now)).toBeNull();
  expect(jobPosting(job({ descriptionHtml: '' }), url, now)).toBeNull();
  expect(
    jobPosting(job({ city: null, state: null, country: 'Atlantis', zipcode: null }), url, now),
  ).toBeNull();
});

test('pay is told only as stated, with a unit that readers know', () => {
  expect(jobPosting(job({ pay: null }), url, now)).not.toHaveProperty('baseSalary');
  const odd = { min: '9', max: null, currency: 'USD', period: 'shift' };
  expect(jobPosting(job({ pay: odd }), url, now)).not.toHaveProperty('baseSalary');
});

test('[M7] a type we do not know is told as another one', () => {
  const posting = jobPosting(job({ employmentType: 'seasonal' }), url, now);
  expect(posting?.employmentType).toBe('OTHER');
});
