import { and, asc, eq, ne } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPreviews, type Previews } from '#src/integrations/previews.ts';
import { jobs } from '#src/jobs/tables.ts';
import { type Run, runById } from '#src/sync/runs.ts';
import { connections, links } from '#src/sync/tables.ts';
import { conflicts, history, previewRecords } from '#src/sync/trailTables.ts';
import { rowVersions, written } from './rowVersions.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let previews: Previews;
let organization: number;
beforeEach(async () => {
  world = await createTestWorld({ reachable: false });
  previews = createPreviews(world.parts);
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  organization = added.row.id;
});
afterEach(() => world.end());

function post(title: string): number {
  const body = { organization, position_name: title, status: 'active', is_published: true };
  const posted = world.recruiter.postJob(body);
  if (!posted.ok) throw new Error(JSON.stringify(posted.body));
  return posted.row.id;
}

const jobTitled = async (title: string) =>
  (await world.db.select().from(jobs).where(eq(jobs.title, title)))[0]!;
const titles = async () =>
  (await world.db.select().from(jobs).orderBy(jobs.title)).map(({ title }) => title);
const rowsOf = (runId: string) =>
  world.db
    .select()
    .from(previewRecords)
    .where(eq(previewRecords.runId, runId))
    .orderBy(asc(previewRecords.id));
const newestRequests = (from: number) => world.simulator.requests().slice(from);

/** Asks for a preview of the jobs and lets it end. */
async function preview(
  connectionId: string,
  settings: Record<string, unknown> | null = null,
): Promise<Run> {
  const [id] = await previews.request({
    connectionId,
    resource: 'jobs',
    settings,
    trigger: 'manual',
    by: 'Staff',
  });
  await world.queue.drain();
  return (await runById(world.db, id!))!;
}

async function apply(previewId: string): Promise<Run> {
  const asked = await previews.apply(previewId, { trigger: 'manual', by: 'Staff' });
  if ('refused' in asked) throw new Error(asked.refused);
  await world.queue.drain();
  return (await runById(world.db, asked.runId))!;
}

/** A new job, a changed one and one that is gone, none of which KiEX has seen. */
async function somethingOfEach() {
  const [kept, gone] = [post('Barista'), post('Porter')];
  const connectionId = await world.connect();
  await world.settle();
  await world.clock.advance(2_000);
  world.recruiter.editJob(kept, { position_name: 'Head barista', city: 'Tumon' });
  world.recruiter.remove('jobs', gone);
  const made = post('Guide');
  return { connectionId, kept, gone, made };
}

test('a preview says what would be done to each record, and writes nothing but itself', async () => {
  const { connectionId, kept, gone, made } = await somethingOfEach();
  const before = await rowVersions(world.db);
  const calls = world.simulator.requests().length;
  const run = await preview(connectionId);
  expect(run).toMatchObject({ state: 'done', mode: 'preview', created: 1, updated: 2 });
  const tables = written(before, await rowVersions(world.db));
  expect(tables.filter((name) => name !== 'provider_quota')).toEqual(['preview_records', 'runs']);
  const methods = new Set(newestRequests(calls).map(({ method }) => method));
  expect([...methods]).toEqual(['GET']);
  const rows = await rowsOf(run.id);
  const of = (id: number) => rows.find(({ theirId }) => theirId === String(id));
  expect(rows).toHaveLength(3);
  expect(of(kept)).toMatchObject({
    here: 'update',
    there: 'none',
    toUs: {
      title: { before: 'Barista', after: 'Head barista' },
      city: { before: null, after: 'Tumon' },
    },
    toThem: {},
    calls: 1,
  });
  expect(of(made)).toMatchObject({ here: 'create', toUs: { title: { after: 'Guide' } } });
  expect(of(gone)).toMatchObject({ here: 'close', toUs: {} });
  const shown = await previews.of(run.id, 1);
  expect(shown).toMatchObject({
    totals: { here: { create: 1, update: 1, close: 1, link: 0 }, conflicts: 0 },
    cost: { calls: 3 },
  });
});

test('a preview that is carried out does exactly that', async () => {
  const { connectionId } = await somethingOfEach();
  const { id } = await preview(connectionId);
  const run = await apply(id);
  expect(run).toMatchObject({ state: 'done', seen: 3, created: 1, updated: 2, previewId: id });
  expect(await titles()).toEqual(['Guide', 'Head barista', 'Porter']);
  expect(await jobTitled('Porter')).toMatchObject({ status: 'removed' });
  expect((await rowsOf(id)).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
  // Each write names the run that carried it out.
  const writes = await world.db.select().from(history).where(eq(history.runId, run.id));
  expect(writes.map(({ action }) => action).sort()).toEqual(['closed', 'created', 'updated']);
  expect(await previews.apply(id, { trigger: 'manual', by: 'Staff' })).toHaveProperty('refused');
});

test('what moved since the preview is left and said, and nothing else is written', async () => {
  const { connectionId, kept, made } = await somethingOfEach();
  const { id } = await preview(connectionId);
  await world.clock.advance(2_000);
  world.recruiter.editJob(kept, { position_name: 'Chief barista' });
  world.recruiter.editJob(made, { status: 'on_hold' });
  const late = post('Late arrival');
  const run = await apply(id);
  expect(run).toMatchObject({
    state: 'problems',
    seen: 3,
    updated: 1,
    skipped: 2,
    reason: '2 records moved since the preview and stayed as they were.',
  });
  expect(await titles()).toEqual(['Barista', 'Porter']);
  const left = (await rowsOf(id)).filter(({ state }) => state === 'moved');
  expect(left.map(({ theirId, detail }) => [theirId, detail])).toEqual([
    [String(kept), 'Now it would be: other values in title.'],
    [String(made), 'Now: not active in Manatal.'],
  ]);
  const tied = await world.db
    .select()
    .from(links)
    .where(eq(links.theirId, String(late)));
  expect(tied).toEqual([]);
});

test('before anything was ever read, on a connection that is paused: looked at, carried out, and nothing else', async () => {
  for (const title of ['Barista', 'Porter', 'Guide']) post(title);
  const input = { provider: 'manatal', label: 'Looking first', organizationName: 'Pacific Stay' };
  const key = 'sandbox-key-0001';
  const added = await world.integrations.addConnection({ ...input, key, paused: true }, 'Staff');
  if (!added.ok) throw new Error(JSON.stringify(added.errors));
  const { connectionId } = added.value;
  await world.advance(130, 60);
  const before = await rowVersions(world.db);
  const run = await preview(connectionId);
  expect(run).toMatchObject({ kind: 'backfill', state: 'done' });
  expect(written(before, await rowVersions(world.db))).not.toContain('jobs');
  expect((await rowsOf(run.id)).map(({ here }) => here)).toEqual(['create', 'create', 'create']);
  expect(await apply(run.id)).toMatchObject({ state: 'done' });
  expect(await titles()).toEqual(['Barista', 'Guide', 'Porter']);
  // With what they need: the employer is brought in with its job.
  const brought = await world.db.select().from(links).where(eq(links.resource, 'organizations'));
  expect(brought).toHaveLength(1);
  const calls = world.simulator.requests().length;
  await world.advance(600, 60);
  expect(newestRequests(calls)).toEqual([]);
});

test('carrying a preview out goes on where it was broken off', async () => {
  const { connectionId } = await somethingOfEach();
  const { id } = await preview(connectionId);
  world.simulator.faults.add({ kind: 'throttled', path: '/open/v3/jobs/*', next: 1, seconds: 30 });
  const run = await apply(id);
  expect(run).toMatchObject({ state: 'waiting', seen: 0 });
  await world.advance(40, 5);
  expect(await runById(world.db, run.id)).toMatchObject({ state: 'done', seen: 3 });
  expect(await titles()).toEqual(['Guide', 'Head barista', 'Porter']);
});

test('[F3] one record that cannot be reached is marked, and the others are carried out', async () => {
  const { connectionId, kept } = await somethingOfEach();
  const { id } = await preview(connectionId);
  world.simulator.faults.add({ kind: 'serverError', path: `/open/v3/jobs/${kept}/` });
  const { id: runId } = await apply(id);
  await world.advance(900, 10);
  const run = await runById(world.db, runId);
  expect(run).toMatchObject({ state: 'problems', seen: 3, failed: 1, updated: 1, created: 1 });
  const failed = (await rowsOf(id)).filter(({ state }) => state === 'failed');
  expect(failed).toMatchObject([{ theirId: String(kept), detail: 'read: unreachable' }]);
});

test('settings are tried without being saved, and saved with carrying them out', async () => {
  const theirs = post('Barista');
  const off = { policies: { jobs: { city: { off: true } } } };
  const connectionId = await world.connect();
  await world.settle();
  await world.clock.advance(2_000);
  world.recruiter.editJob(theirs, { position_name: 'Head barista', city: 'Tumon' });
  const choices = [{ resource: 'jobs', field: 'city', policy: null, on: false }];
  const asked = await previews.requestFields({ connectionId, choices }, 'Staff');
  if (!asked.ok) throw new Error(JSON.stringify(asked.errors));
  await world.queue.drain();
  const [id = ''] = asked.runIds;
  const [row] = await rowsOf(id);
  expect(Object.keys(row!.toUs)).toEqual(['title']);
  const settings = async () => (await world.db.select().from(connections))[0]!.settings;
  expect(await settings()).not.toHaveProperty('policies');
  await apply(id);
  expect(await settings()).toMatchObject(off);
  expect(await jobTitled('Head barista')).toMatchObject({ city: null });
});

test('[P1] what waits to be sent is previewed with what it needs, and not sent', async () => {
  post('Barista');
  const connectionId = await world.connect();
  await world.settle();
  const student = await world.addStudent();
  const applicationId = await student.applies((await jobTitled('Barista')).id);
  const calls = world.simulator.requests().length;
  const [id] = await previews.request({
    connectionId,
    resource: 'applications',
    settings: null,
    trigger: 'manual',
    by: 'Staff',
  });
  // The bell of the application itself waits.
  const { executeRun } = await import('#src/sync/runner.ts');
  await executeRun(world.parts, id!);
  const rows = await rowsOf(id!);
  expect(rows).toMatchObject([
    { ourId: applicationId, theirId: null, here: 'none', there: 'create', calls: 4 },
  ]);
  expect(rows[0]!.detail).toBe(`Needs candidates ${student.userId} first, which goes with it.`);
  expect(newestRequests(calls).every(({ method }) => method === 'GET')).toBe(true);
  expect(world.simulator.rows(world.account.id, 'matches')).toEqual([]);
});

test('[M6] a preview of what agrees finds nothing, and a held value is no conflict anew', async () => {
  for (let n = 0; n < 120; n++) post(`Job ${n}`);
  const connectionId = await world.connect();
  await world.settle();
  const run = await preview(connectionId);
  expect(run).toMatchObject({ state: 'done', seen: 120, unchanged: 120 });
  expect(await rowsOf(run.id)).toEqual([]);
  expect(await world.db.select().from(conflicts).where(ne(conflicts.state, 'past'))).toEqual([]);
  expect(
    await world.db
      .select()
      .from(links)
      .where(and(eq(links.resource, 'jobs'))),
  ).toHaveLength(120);
});
