import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { connections, failures, links, runs } from '#src/sync/tables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let organization: number;
beforeEach(async () => {
  world = await createTestWorld();
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  organization = added.row.id;
});
afterEach(() => world.end());

function post(title: string, more: Record<string, unknown> = {}): number {
  const body = {
    organization,
    position_name: title,
    status: 'active',
    is_published: true,
    ...more,
  };
  const posted = world.recruiter.postJob(body);
  if (!posted.ok) throw new Error(JSON.stringify(posted.body));
  return posted.row.id;
}

const titles = async () => {
  const rows = await world.db.select({ title: jobs.title }).from(jobs).orderBy(jobs.title);
  return rows.map((row) => row.title);
};
const job = async (title: string) => {
  const [row] = await world.db.select().from(jobs).where(eq(jobs.title, title));
  return row!;
};
const lastRun = async (resource = 'jobs') => {
  const rows = await world.db
    .select()
    .from(runs)
    .where(eq(runs.resource, resource))
    .orderBy(runs.requestedAt);
  return rows.at(-1)!;
};

test('a backfill brings in what students could see, and says why it left the rest outside', async () => {
  post('Barista', {
    salary_min: '12.50',
    salary_max: 14,
    frequency: 'hour',
    currency: 'USD',
    is_salary_visible: false,
  });
  post('Draft', { is_published: false });
  post('On hold', { status: 'on_hold' });
  await world.connect();
  await world.settle();
  expect(await titles()).toEqual(['Barista']);
  const row = await job('Barista');
  expect(row).toMatchObject({ status: 'open', payMin: '12.5', payMax: '14', payVisible: false });
  expect(await lastRun()).toMatchObject({
    kind: 'backfill',
    state: 'done',
    seen: 1,
    created: 1,
    failed: 0,
  });
  // Seen once it is published, by the next poll.
  const draft = world.simulator
    .rows(world.account.id, 'jobs')
    .find((one) => one.position_name === 'Draft')!;
  world.recruiter.editJob(draft.id, { is_published: true });
  await world.advance(125);
  expect(await titles()).toEqual(['Barista', 'Draft']);
});

test('job states are read by the rules: on hold, won, lost, unpublished', async () => {
  const ids = Object.fromEntries(['A', 'B', 'C', 'D'].map((title) => [title, post(title)]));
  await world.connect();
  await world.settle();
  world.recruiter.editJob(ids.A!, { status: 'on_hold' });
  world.recruiter.editJob(ids.B!, { status: 'won' });
  world.recruiter.editJob(ids.C!, { status: 'lost' });
  world.recruiter.editJob(ids.D!, { is_published: false });
  await world.advance(125);
  const rows = await world.db.select().from(jobs).orderBy(jobs.title);
  expect(rows.map(({ status, published }) => [status, published])).toEqual([
    ['paused', true],
    ['filled', true],
    ['closed', true],
    ['open', false],
  ]);
});

test('[M1] an edit in Manatal reaches KiEX with the next poll, and only what changed is written', async () => {
  const id = post('Barista', { city: 'Tumon' });
  await world.connect();
  await world.settle();
  world.recruiter.editJob(id, { position_name: 'Head Barista' });
  await world.advance(125);
  expect(await titles()).toEqual(['Head Barista']);
  const lines = await world.db.execute<{ fields: string[] }>(
    sql`select fields from activity where action = 'updated' and resource = 'jobs'`,
  );
  expect(lines.rows.map((row) => row.fields)).toEqual([['title']]);
});

test('[M1] a second edit in the same tick of their clock arrives with the next poll too', async () => {
  const id = post('Barista');
  await world.connect();
  await world.settle();
  const row = world.simulator.rows(world.account.id, 'jobs').find((one) => one.id === id)!;
  Object.assign(row, { position_name: 'Head Barista' });
  await world.advance(125);
  expect(await titles()).toEqual(['Head Barista']);
});

test('[M5] descriptions come in sanitised, and the same text in other spelling is no change', async () => {
  const id = post('Barista', {
    description: '<p onclick="x()">Make <b>coffee</b></p><script>steal()</script>',
  });
  await world.connect();
  await world.settle();
  expect((await job('Barista')).descriptionHtml).toBe('<p>Make <b>coffee</b></p>');
  const before = (await job('Barista')).version;
  world.recruiter.editJob(id, { description: ' <p>Make <b>coffee</b></p> ' });
  await world.advance(125);
  expect((await job('Barista')).version).toBe(before);
});

test('[M7] a contract and a status that KiEX does not know are kept as they are', async () => {
  const id = post('Barista');
  await world.connect();
  await world.settle();
  const row = world.simulator.rows(world.account.id, 'jobs').find((one) => one.id === id)!;
  Object.assign(row, { status: 'frozen', contract_details: 'zero_hours' });
  world.recruiter.editJob(id, { city: 'Tumon' });
  await world.advance(125);
  expect(await job('Barista')).toMatchObject({
    status: 'other:frozen',
    employmentType: 'zero_hours',
  });
});

test('[F3] [F1] one bad row is a dead letter with its path, and its page goes on', async () => {
  post('Before');
  const bad = post('Bad');
  post('After');
  const row = world.simulator.rows(world.account.id, 'jobs').find((one) => one.id === bad)!;
  Object.assign(row, { close_at: 'next Tuesday' });
  await world.connect();
  await world.settle();
  expect(await titles()).toEqual(['After', 'Before']);
  const [dead] = await world.db.select().from(failures);
  expect(dead).toMatchObject({
    state: 'dead',
    kind: 'surprising',
    path: 'close_at',
    theirId: String(bad),
  });
  expect(await lastRun()).toMatchObject({ state: 'problems', seen: 3, created: 2, failed: 1 });
  const connectionState = async () => (await world.db.select().from(connections))[0]!.state;
  expect(await connectionState()).toBe('degraded');
  // Mended at the provider, it comes in and the dead letter closes by itself.
  world.recruiter.editJob(bad, { close_at: null });
  await world.advance(125);
  expect(await titles()).toEqual(['After', 'Bad', 'Before']);
  expect((await world.db.select().from(failures))[0]!.state).toBe('resolved');
  expect(await connectionState()).toBe('connected');
});

test('[F3] an employer that cannot be read holds up its own jobs, and no other on their page', async () => {
  await world.connect();
  await world.settle();
  const added = world.recruiter.addOrganization({ name: 'Harbour Works' });
  if (!added.ok) throw new Error('no organization');
  const path = '/open/v3/organizations/*';
  world.simulator.faults.add({ kind: 'badGateway', method: 'GET', path, chance: 1 });
  post('Of the harbour', { organization: added.row.id });
  post('Of the hotels');
  await world.advance(125);
  expect(await titles()).toEqual(['Of the hotels']);
  world.simulator.faults.heal();
  await world.advance(900);
  expect(await titles()).toEqual(['Of the harbour', 'Of the hotels']);
});

test('[A1] missing from a list is not deleted; a read by id that says gone closes it here', async () => {
  const kept = post('Kept');
  const removed = post('Removed');
  const connectionId = await world.connect();
  await world.settle();
  // Both vanish from the list of open jobs: one was filled, one no longer exists.
  world.recruiter.editJob(kept, { status: 'won' });
  world.recruiter.remove('jobs', removed);
  await world.readAllJobsAgain(connectionId);
  await world.settle();
  expect((await job('Kept')).status).toBe('filled');
  expect((await job('Removed')).status).toBe('removed');
  expect(await lastRun()).toMatchObject({ kind: 'full', state: 'done', seen: 2, updated: 2 });
  const reads = () =>
    world.simulator.requests().filter(({ path }) => path.includes(`/jobs/${removed}/`)).length;
  const before = reads();
  await world.readAllJobsAgain(connectionId);
  await world.settle();
  expect(reads()).toBe(before);
});

test('rows that move between pages are all found', async () => {
  for (let n = 0; n < 230; n++) post(`Job ${String(n).padStart(3, '0')}`);
  world.simulator.set({ unstableOrder: true });
  await world.connect();
  await world.settle();
  expect((await titles()).length).toBe(230);
  const run = await lastRun();
  expect(run.state).toBe('done');
  expect(run.created).toBe(230);
});

test('[M6] a second look at what did not change writes nothing', async () => {
  for (let n = 0; n < 30; n++) post(`Job ${n}`);
  const connectionId = await world.connect();
  await world.settle();
  // What was agreed anew after an edit is remembered like what came in first.
  const edited = world.simulator.rows(world.account.id, 'jobs')[0]!.id;
  world.recruiter.editJob(edited, { city: 'Tumon' });
  await world.advance(125);
  const versions = () =>
    world.db.select({ id: jobs.id, version: jobs.version }).from(jobs).orderBy(jobs.id);
  const agreed = () => world.db.select().from(links).orderBy(links.id);
  const before = [await versions(), await agreed()];
  await world.readAllJobsAgain(connectionId);
  await world.settle();
  expect(await lastRun()).toMatchObject({
    kind: 'full',
    state: 'done',
    seen: 30,
    unchanged: 30,
    updated: 0,
  });
  expect([await versions(), await agreed()]).toEqual(before);
});

test('an employer that jobs name is brought in with them, and the account’s own is joined, not doubled', async () => {
  const other = world.recruiter.addOrganization({ name: 'Lagoon Dive Centre' });
  if (!other.ok) throw new Error('no organization');
  post('Barista');
  post('Dive Guide', { organization: other.row.id });
  await world.connect();
  await world.settle();
  const rows = await world.db.execute<{ title: string; name: string }>(sql`
    select jobs.title, organizations.name from jobs
    join organizations on organizations.id = jobs.organization_id order by jobs.title`);
  expect(rows.rows.map((row) => [row.title, row.name])).toEqual([
    ['Barista', 'Pacific Stay Hotels'],
    ['Dive Guide', 'Lagoon Dive Centre'],
  ]);
  const all = await world.db.execute(sql`select id from organizations`);
  expect(all.rows).toHaveLength(2);
});
