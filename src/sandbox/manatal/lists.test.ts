import { expect, test } from 'vitest';
import { createTestbed, type Testbed } from './testbed.ts';

async function withOrganizations(bed: Testbed, count: number): Promise<void> {
  const recruiter = bed.simulator.recruiter(1);
  for (let index = 1; index <= count; index += 1)
    recruiter.addOrganization({ name: `House ${index}` });
}

const idsOf = (rows: { id: number }[]) => rows.map(({ id }) => id);

test('a page has 10 rows unless asked and 100 at most, while next echoes what was asked', async () => {
  const bed = createTestbed();
  await withOrganizations(bed, 120);
  const plain = await bed.get('/organizations/');
  expect([plain.body.count, plain.body.results.length]).toEqual([120, 10]);
  const greedy = await bed.get('/organizations/?page_size=500');
  expect(greedy.body.results).toHaveLength(100);
  expect(greedy.body.next).toContain('page_size=500');
  expect(greedy.body.previous).toBeNull();
  const last = await bed.get('/organizations/?page_size=500&page=2');
  expect([last.body.results.length, last.body.next]).toEqual([20, null]);
});

test('next and previous name another host, their parameters in the order of the alphabet', async () => {
  const bed = createTestbed();
  await withOrganizations(bed, 5);
  const path = '/organizations/?page_size=2&page=2&name=house';
  const root = 'https://core.api.manatal.com/open/v3/organizations/';
  const { body } = await bed.get(path);
  expect(body.next).toBe(`${root}?name=house&page=3&page_size=2`);
  expect(body.previous).toBe(`${root}?name=house&page=1&page_size=2`);
  bed.simulator.set({ nextHost: 'app.manatal.com' });
  expect((await bed.get(path)).body.next).toContain('https://app.manatal.com/open/v3/');
  bed.simulator.set({ nextHost: 'same' });
  expect((await bed.get(path)).body.next).toContain('https://api.manatal.example/open/v3/');
});

test('page 0 and a page past the end do not exist; an empty list has one page', async () => {
  const bed = createTestbed();
  expect((await bed.get('/organizations/')).body).toMatchObject({
    count: 0,
    results: [],
    next: null,
  });
  await withOrganizations(bed, 3);
  for (const page of ['0', '2', '-1', 'x']) {
    const { status, body } = await bed.get(`/organizations/?page=${page}`);
    expect([status, body]).toEqual([404, { detail: 'Invalid page.' }]);
  }
});

test('limit, offset and unknown filters are ignored without a word', async () => {
  const bed = createTestbed();
  await withOrganizations(bed, 12);
  const plain = (await bed.get('/organizations/')).body.results;
  const query = '/organizations/?limit=2&offset=5&created_after=2030-01-01&nmae=x&ordering=-id';
  expect((await bed.get(query)).body.results).toEqual(plain);
});

test('an unstable order repeats some rows and misses others, the same for the same seed', async () => {
  const readAll = async (seed: number) => {
    const bed = createTestbed({ seed, switches: { unstableOrder: true } });
    await withOrganizations(bed, 255);
    const ids: number[] = [];
    for (const page of [1, 2, 3, 4, 5, 6]) {
      const { body } = await bed.get(`/organizations/?page_size=50&page=${page}`);
      expect(body.count).toBe(255);
      ids.push(...idsOf(body.results));
    }
    return ids;
  };
  const ids = await readAll(5);
  const distinct = new Set(ids).size;
  expect(ids).toHaveLength(255);
  expect(distinct).toBeLessThan(255);
  expect(distinct).toBeGreaterThan(240);
  expect(await readAll(5)).toEqual(ids);
  expect(await readAll(6)).not.toEqual(ids);
});

test('ranges are inclusive and read in three spellings', async () => {
  const bed = createTestbed();
  await bed.clock.advance(1000 * 3600 * 16);
  await withOrganizations(bed, 1);
  const [row] = bed.simulator.rows(1, 'organizations');
  const count = async (query: string) => (await bed.get(`/organizations/?${query}`)).body.count;
  expect(await count(`updated_at__gte=${row?.updated_at}`)).toBe(1);
  expect(await count(`updated_at__lte=${row?.updated_at}`)).toBe(1);
  for (const spelling of ['2027-01-13+00:00:00', '2027-01-13%2000:00:00', '2027-01-13T00:00:00Z']) {
    expect(await count(`created_at__gte=${spelling}`), spelling).toBe(1);
    expect(await count(`created_at__lte=${spelling}`), spelling).toBe(0);
  }
  expect(await count('created_at__gte=2027-01-13')).toBe(1);
  expect(await count('created_at__gte=2027-01-14')).toBe(0);
  const refused = await bed.get('/organizations/?created_at__gte=yesterday');
  expect([refused.status, refused.body]).toEqual([
    400,
    { created_at__gte: ['Enter a valid date/time.'] },
  ]);
});

test('date filters can be made to ignore parts of a second', async () => {
  const bed = createTestbed();
  await withOrganizations(bed, 1);
  await bed.pass(0.5);
  const later = bed.clock.now().toISOString();
  const path = `/organizations/?created_at__gte=${later}`;
  expect((await bed.get(path)).body.count).toBe(0);
  bed.simulator.set({ filterIgnoresSubseconds: true });
  expect((await bed.get(path)).body.count).toBe(1);
});
