import { afterAll, expect, test } from 'vitest';
import type { Page } from '#src/sync/connector.ts';
import type { Raw } from './bench.ts';
import { createStand, dropStands, must, readAll, type Stand } from './stand.ts';

// What Manatal does that a client would not expect; each stands in docs/manatal.md.

afterAll(dropStands);

const manatal = () => createStand('manatal');
const listOf = (stand: Stand, name: string) => stand.resource(name).connector.list!;

/** Lets Manatal answer, and changes what it answered on its way. */
function rewriting(stand: Stand, change: (json: Raw, url: URL) => unknown): void {
  stand.intercept(async (request, act) => {
    const answer = await act();
    const json = change((await answer.json()) as Raw, new URL(request.url));
    return Response.json(json, { status: answer.status });
  });
}

async function makeJobs(stand: Stand, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made++) ids.push(await stand.resource('jobs').bench.make!());
  return ids;
}

/** Every operation of every resource, each called once. */
async function callsEverything(stand: Stand): Promise<void> {
  for (const { name } of stand.connector.resources) {
    const { connector, bench } = stand.resource(name);
    const theirId = await bench.make?.();
    await connector.list?.(stand.context, null);
    await connector.changedSince?.(stand.context, '2027-01-01T00:00:00.000000Z', null);
    if (theirId) await connector.get?.(stand.context, theirId);
    const outgoing = await bench.outgoing?.();
    if (outgoing) {
      await connector.find?.(stand.context, outgoing);
      await connector.create?.(stand.context, outgoing);
    }
  }
  await stand.connector.refreshSettings?.(stand.context);
  for (const probe of stand.connector.probes) await probe.run(stand.context);
}

test('[P5] a next page on another host is a sign that there is more, and is never called', async () => {
  const stand = await manatal();
  const ids = await makeJobs(stand, 230);
  rewriting(stand, (json) => ({
    ...json,
    next: json.next && 'https://elsewhere.example/open/v1/jobs/?page=2&token=please',
  }));
  const seen = await readAll((cursor) => listOf(stand, 'jobs')(stand.context, cursor));
  expect(ids.filter((id) => !seen.has(id))).toEqual([]);
  expect(new Set(stand.sent.map(({ url }) => url.host))).toEqual(new Set(['manatal.test']));
});

test('limit, offset and ordering are never sent, every path has its closing slash, and PUT and DELETE stay unused', async () => {
  const stand = await manatal();
  await callsEverything(stand);
  expect(stand.sent.length).toBeGreaterThan(20);
  for (const { url, method } of stand.sent) {
    expect(url.pathname).toMatch(/\/$/);
    for (const name of ['limit', 'offset', 'ordering'])
      expect([url.href, url.searchParams.has(name)]).toEqual([url.href, false]);
    expect(['GET', 'POST', 'PATCH']).toContain(method);
  }
});

test('[P5] the key goes as "Token", and never in an address', async () => {
  const stand = await manatal();
  await callsEverything(stand);
  for (const { headers, url } of stand.sent) {
    expect(headers.get('authorization')).toBe(`Token ${stand.bench.key}`);
    expect(url.href).not.toContain(stand.bench.key);
  }
});

test('a page that is shorter than asked for, with a next that says otherwise, loses no row', async () => {
  const stand = await manatal();
  const ids = await makeJobs(stand, 130);
  // Cuts every page to 40 whatever was asked, and still echoes the number that was.
  stand.intercept(async (request) => {
    const url = new URL(request.url);
    const asked = url.searchParams.get('page_size');
    url.searchParams.set('page_size', '40');
    const answer = await stand.bench.answer(new Request(url, request));
    const json = (await answer.json()) as Raw;
    const next = typeof json.next === 'string' ? json.next.replace('=40', `=${asked}`) : null;
    return Response.json({ ...json, next }, { status: answer.status });
  });
  const seen = await readAll((cursor) => listOf(stand, 'jobs')(stand.context, cursor));
  expect(ids.filter((id) => !seen.has(id))).toEqual([]);
});

test('"Invalid page." ends a list that became shorter meanwhile, and is no end on the first page', async () => {
  const stand = await manatal();
  await makeJobs(stand, 1);
  const page = must(await listOf(stand, 'jobs')(stand.context, { page: 9 }));
  expect(page).toMatchObject({ records: [], next: null, total: null });
  stand.intercept(() => Response.json({ detail: 'Invalid page.' }, { status: 404 }));
  expect(await listOf(stand, 'jobs')(stand.context, null)).toMatchObject({ ok: false });
});

test.each([0, 1, 5_000])('a count of %i that is not true ends no list early', async (count) => {
  const stand = await manatal();
  const ids = await makeJobs(stand, 130);
  rewriting(stand, (json) => ({ ...json, count }));
  const seen = new Set<string>();
  let cursor: Page['next'] = { sweep: 1 };
  while (cursor) {
    const page: Page = must(await listOf(stand, 'jobs')(stand.context, cursor));
    for (const { id } of page.records) seen.add(id);
    cursor = page.next;
  }
  expect(ids.filter((id) => !seen.has(id))).toEqual([]);
});

test('a list is read as an envelope and as a bare array, with ids as numbers or as digits', async () => {
  const stand = await manatal();
  const [id] = await makeJobs(stand, 2);
  const plain = must(await listOf(stand, 'jobs')(stand.context, null));
  const asDigits = (rows: Raw[]) =>
    rows.map((row) => ({ ...row, id: String(row.id), organization: String(row.organization) }));
  rewriting(stand, ({ results }) => asDigits(results as Raw[]));
  const bare = must(await listOf(stand, 'jobs')(stand.context, null));
  expect(bare.records).toEqual(plain.records);
  expect(bare.records.map((record) => record.id)).toContain(id);
});

test('[I2] a filter that is ignored brings strangers, and none of them is taken', async () => {
  const stand = await manatal();
  const { connector, bench } = stand.resource('candidates');
  await bench.make!();
  await bench.make!();
  // Whatever is asked for, everything is answered.
  stand.intercept(async (request) => {
    const url = new URL(request.url);
    url.search = '';
    return stand.bench.answer(new Request(url, request));
  });
  const found = must(await connector.find!(stand.context, await bench.outgoing!()));
  expect(found.found).toBeNull();
});

test('[I2] a candidate’s matches for other jobs are not the match for this one', async () => {
  const stand = await manatal();
  const { connector, bench } = stand.resource('applications');
  const outgoing = await bench.outgoing!();
  must(await connector.create!(stand.context, outgoing));
  const other = await bench.outgoing!();
  const refs = { ...outgoing.refs, jobs: other.refs.jobs! };
  const found = must(await connector.find!(stand.context, { ...other, refs }));
  expect(found.found).toBeNull();
});

test('the stage of a match is read under its name of old, and under both spellings of the new one', async () => {
  const stand = await manatal();
  const { connector, bench } = stand.resource('applications');
  const theirId = await bench.make!();
  const stage = { id: 515009, name: 'Site visit', rank: 3 };
  const kept = ({ stage: _old, job_pipeline_stage: _new, ...rest }: Raw) => rest;
  for (const key of ['stage', 'job_pipeline_stage', 'job_pipeline_stages']) {
    rewriting(stand, (json) => ({ ...kept(json), [key]: stage }));
    const read = must(await connector.get!(stand.context, theirId));
    expect(read !== 'gone' && [key, read.values.stageName]).toEqual([key, 'Site visit']);
  }
  rewriting(stand, kept);
  const without = must(await connector.get!(stand.context, theirId));
  expect(without !== 'gone' && without.values).toMatchObject({ stageName: null, stageId: null });
});

test('users who left are nobody’s trouble: no record is read through them', async () => {
  const stand = await manatal();
  await makeJobs(stand, 1);
  const plain = must(await listOf(stand, 'jobs')(stand.context, null));
  rewriting(stand, (json) => ({
    ...json,
    results: (json.results as Raw[]).map((row) => ({ ...row, owner: 1, creator: null })),
  }));
  expect(must(await listOf(stand, 'jobs')(stand.context, null)).records).toEqual(plain.records);
  await callsEverything(stand);
  const users = stand.sent.filter(({ url }) => url.pathname.includes('/users/'));
  // The probe of the key asks whether there are any.
  expect(users.map(({ url }) => url.searchParams.get('page_size'))).toEqual(['1']);
});

test('a field that is empty here is left out of a create, never sent as null', async () => {
  const stand = await manatal();
  const { connector, bench } = stand.resource('candidates');
  const outgoing = await bench.outgoing!();
  const values = { ...outgoing.values, phone: null, address: null };
  must(await connector.create!(stand.context, { ...outgoing, values }));
  const { body } = stand.sent.at(-1)!;
  expect(JSON.parse(body)).not.toHaveProperty('phone_number');
  expect(body).not.toContain('null');
});

test('[P3] the signed link to a resume is read by nobody and kept nowhere', async () => {
  const stand = await manatal();
  const { connector, bench } = stand.resource('candidates');
  const theirId = await bench.make!();
  const link = 'https://files.example-cdn.net/resume/640021.pdf?Expires=1&Signature=x';
  rewriting(stand, (json) => ({ ...json, resume: link, picture: link }));
  const read = must(await connector.get!(stand.context, theirId));
  expect(JSON.stringify(read)).not.toContain('Signature');
});
