import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { organizations } from '#src/organizations/tables.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { createTestDatabase, type TestDatabase } from '#src/platform/testDatabase.ts';
import { slugOf } from '#src/platform/words.ts';
import { readSearch } from './jobSearch.ts';
import { createJobs, JOBS_PER_PAGE } from './store.ts';
import { jobs } from './tables.ts';
import { searchTextOf } from './words.ts';

let database: TestDatabase;
let made = 0;
const hotel = '00000000-0000-7000-8000-000000000001';

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const clock = new ManualClock('2026-11-22T00:00:00Z');
const store = () => createJobs({ db: database.db, clock });

beforeEach(async () => {
  await database.db.delete(jobs);
  await database.db.delete(organizations);
  const at = clock.now();
  await database.db.insert(organizations).values({
    id: hotel,
    slug: 'pacific-stay',
    name: 'Pacific Stay Hotel',
    createdAt: at,
    updatedAt: at,
  });
});

type NewJob = Partial<typeof jobs.$inferInsert> & { title: string };

async function employerPosts(given: NewJob): Promise<string> {
  made += 1;
  const id = `01900000-0000-7000-8000-${String(made).padStart(12, '0')}`;
  const at = clock.now();
  const row = {
    id,
    slug: slugOf(given.title, id),
    organizationId: hotel,
    city: 'Tumon',
    country: 'Guam',
    status: 'open',
    published: true,
    postedAt: at,
    createdAt: at,
    updatedAt: at,
    ...given,
  };
  const searchText = searchTextOf({
    employerName: 'Pacific Stay Hotel',
    territory: null,
    state: null,
    address: null,
    employmentType: null,
    descriptionHtml: '',
    ...row,
  });
  await database.db.insert(jobs).values({ ...row, searchText });
  return row.slug;
}

const find = async (query: string) => {
  const found = await store().search(readSearch(new URLSearchParams(query)));
  return found.jobs.map((job) => job.title);
};

test('words are found whatever their ending, accents and apostrophes', async () => {
  await employerPosts({ title: 'Baristas for O’Mar café', city: 'Hagåtña' });
  await employerPosts({ title: 'Boat mechanic' });
  expect(await find('q=barista')).toHaveLength(1);
  expect(await find('q=cafe')).toHaveLength(1);
  expect(await find('q=hagatna omar')).toHaveLength(1);
  expect(await find("q=o'mar")).toHaveLength(1);
  expect(await find('q=mechanics')).toEqual(['Boat mechanic']);
  expect(await find('q=mechanics barista')).toEqual([]);
});

test('the beginning of a word finds it, and so does a word the language leaves out', async () => {
  await employerPosts({ title: 'Receptionist' });
  await employerPosts({ title: 'IT support' });
  expect(await find('q=recep')).toEqual(['Receptionist']);
  expect(await find('q=IT')).toEqual(['IT support']);
});

test('a minus leaves out, quotation marks keep together', async () => {
  await employerPosts({ title: 'Front desk clerk' });
  await employerPosts({ title: 'Desk at the front' });
  expect(await find('q="front desk"')).toEqual(['Front desk clerk']);
  expect(await find('q=desk -clerk')).toEqual(['Desk at the front']);
});

test('only open, published jobs are found, and closing time is kept by the clock', async () => {
  await employerPosts({ title: 'Open' });
  await employerPosts({ title: 'Paused', status: 'paused' });
  await employerPosts({ title: 'Hidden', published: false });
  await employerPosts({ title: 'Over', closesAt: new Date('2026-11-21T23:59:59Z') });
  await employerPosts({ title: 'Soon over', closesAt: new Date('2026-11-22T00:00:01Z') });
  expect((await find('')).sort()).toEqual(['Open', 'Soon over']);
  expect(await store().countOpen()).toBe(2);
});

test('[M7] a job with a status of theirs that we do not know is not offered, but its page exists', async () => {
  const slug = await employerPosts({ title: 'Odd', status: 'other:frozen' });
  expect(await find('')).toEqual([]);
  expect((await store().bySlug(slug))?.status).toBe('other:frozen');
});

test('place, type and remote narrow the board', async () => {
  await employerPosts({ title: 'A', city: 'Tumon', country: 'Guam', employmentType: 'part_time' });
  await employerPosts({ title: 'B', city: 'Hagåtña', state: 'GU', country: 'United States' });
  await employerPosts({ title: 'C', city: 'Koror', country: 'Palau', remote: true });
  expect(await find('place=guam')).toEqual(['B', 'A']);
  expect(await find('place=guam/hagatna')).toEqual(['B']);
  expect(await find('place=palau')).toEqual(['C']);
  expect(await find('place=atlantis')).toEqual([]);
  expect(await find('type=part_time')).toEqual(['A']);
  expect(await find('remote=1')).toEqual(['C']);
  const choices = await store().choices();
  expect(choices.places.map(({ value, count }) => [value, count])).toEqual([
    ['guam', 2],
    ['palau', 1],
  ]);
  expect(choices.places[0]?.cities.map(({ words }) => words)).toEqual(['Hagåtña', 'Tumon']);
  expect(choices.employmentTypes).toEqual([{ value: 'part_time', count: 1 }]);
  expect(choices.remote).toBe(1);
});

test('jobs sort by day, closing and pay; pay that is hidden counts as not said', async () => {
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  await employerPosts({
    title: 'Old, hourly',
    postedAt: day('2026-11-01'),
    payVisible: true,
    payMax: '20',
    payPeriod: 'hour',
  });
  await employerPosts({
    title: 'New, yearly',
    postedAt: day('2026-11-20'),
    payVisible: true,
    payMin: '30000',
    payPeriod: 'year',
    closesAt: day('2026-12-24'),
  });
  await employerPosts({
    title: 'Secret',
    postedAt: day('2026-11-10'),
    payVisible: false,
    payMax: '900000',
    payPeriod: 'year',
    closesAt: day('2026-12-01'),
  });
  expect(await find('')).toEqual(['New, yearly', 'Secret', 'Old, hourly']);
  expect(await find('sort=closing')).toEqual(['Secret', 'New, yearly', 'Old, hourly']);
  expect(await find('sort=pay')).toEqual(['Old, hourly', 'New, yearly', 'Secret']);
});

test('pay that the employer hides never leaves the store', async () => {
  const slug = await employerPosts({
    title: 'Secret',
    payVisible: false,
    payMin: '987654',
    payMax: '987655',
  });
  expect(JSON.stringify(await store().bySlug(slug))).not.toContain('98765');
});

test('a title says more than a text', async () => {
  await employerPosts({ title: 'Waiter', descriptionHtml: '<p>cook cook cook helps the cook</p>' });
  await employerPosts({ title: 'Cook', postedAt: new Date('2026-01-01T00:00:00Z') });
  expect(await find('q=cook')).toEqual(['Cook', 'Waiter']);
});

test('paging shows every job once', async () => {
  const wanted = JOBS_PER_PAGE * 2 + 3;
  for (let n = 0; n < wanted; n += 1) await employerPosts({ title: `Job ${n}` });
  const seen = [...(await find('')), ...(await find('page=2')), ...(await find('page=3'))];
  expect(new Set(seen).size).toBe(wanted);
  const far = await store().search(readSearch(new URLSearchParams('page=400')));
  expect(far).toMatchObject({ jobs: [], total: wanted, pages: 3 });
});

test('similar jobs are open ones like it, never itself', async () => {
  await employerPosts({ title: 'Hotel cook', city: 'Koror', country: 'Palau' });
  await employerPosts({ title: 'Diver', city: 'Koror', country: 'Palau' });
  await employerPosts({ title: 'Cook', city: 'Tumon' });
  await employerPosts({ title: 'Cook', city: 'Tumon', status: 'closed' });
  const similar = await store().similar({ id: hotel, title: 'Head cook', city: 'Tumon' }, 5);
  expect(similar.map(({ title }) => title)).toEqual(['Cook', 'Hotel cook']);
});

test('whatever is typed, the board answers', async () => {
  await employerPosts({ title: 'Cook' });
  const typed = fc.record({
    q: fc.string({ unit: 'binary' }),
    place: fc.string(),
    type: fc.string(),
  });
  await fc.assert(
    fc.asyncProperty(typed, async (words) => {
      await store().search(readSearch(new URLSearchParams(words)));
      expect(await store().bySlug(words.q)).toBeNull();
    }),
    { numRuns: 200 },
  );
});
