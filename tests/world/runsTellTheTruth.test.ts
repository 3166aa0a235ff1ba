import { and, eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { balances } from '#src/sync/balance.ts';
import { noCounts } from '#src/sync/counts.ts';
import { advanceRun, CarriedOn, runById } from '#src/sync/runs.ts';
import type { Standing } from '#src/sync/standing.ts';
import { activity, checkpoints, links, runs } from '#src/sync/tables.ts';
import { compareAll, jobStates, postJobs, readingOf, tamper } from './manyJobs.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let connectionId: string;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

async function connectWith(count: number): Promise<number[]> {
  const posted = postJobs(world, count);
  connectionId = await world.connect();
  await world.settle();
  world.simulator.set({ webhookLost: 1 });
  return posted;
}
const jobsCheckpoint = async () =>
  (await world.db.select().from(checkpoints).where(eq(checkpoints.resource, 'jobs')))[0]!;
const nothing = (page: { next: unknown }) => ({ ...page, records: [], next: null, total: 0 });

test('[F6] rows that are looked at one by one are counted by what became of them', async () => {
  await connectWith(3);
  // Ours is newer than what was agreed: the corridor for one record settles it, inside the run.
  await world.db.execute(sql`update links set agreed_version = 0 where resource = 'jobs'
    and their_id = (select min(their_id) from links where resource = 'jobs')`);
  const [, , last] = await world.db.select().from(jobs).orderBy(jobs.title);
  await world.db.update(jobs).set({ city: 'Agat', version: 7 }).where(eq(jobs.id, last!.id));
  const run = await compareAll(world, connectionId);
  expect(run).toMatchObject({ state: 'done', seen: 3, unchanged: 3, skipReasons: {} });
  expect(run).toMatchObject({
    oursSeen: 3,
    oursUpdated: 1,
    oursUnchanged: 2,
    shown: 3,
    expected: 3,
  });
  const cities = world.simulator.rows(world.account.id, 'jobs').map(({ city }) => city);
  expect(cities.filter((city) => city === 'Agat')).toHaveLength(1);
  const next = await compareAll(world, connectionId);
  expect(next).toMatchObject({ unchanged: 3, oursUpdated: 0, oursUnchanged: 3 });
});

test('[F6] what fails one by one is counted as failed, with the reason, and the rest passes', async () => {
  await connectWith(0);
  const added = world.recruiter.addOrganization({ name: 'Harbour Works' });
  if (!added.ok) throw new Error('no organization');
  const path = '/open/v3/organizations/*';
  world.simulator.faults.add({ kind: 'badGateway', method: 'GET', path, chance: 1 });
  const job = { position_name: 'Of the harbour', status: 'active', is_published: true };
  world.recruiter.postJob({ ...job, organization: added.row.id });
  const run = await compareAll(world, connectionId);
  expect(run).toMatchObject({ state: 'problems', seen: 1, failed: 1, skipped: 0 });
  expect(run.failReasons).toEqual({ 'needs: unreachable': 1 });
  expect(balances(run)).toBe(true);
});

test('[F6] [F4] wherever it is cut off, every record is counted once, by what was done to it', async () => {
  await connectWith(30);
  // Each is sent by the corridor for one record, inside the run.
  await world.db.execute(sql`update jobs set city = 'Agat', version = version + 1`);
  const [id] = await world.readAllJobsAgain(connectionId);
  const real = world.parts.db.transaction.bind(world.parts.db);
  let left = 0;
  world.parts.db.transaction = ((work: Parameters<typeof real>[0]) =>
    left-- > 0 ? real(work) : Promise.reject(new Error('killed'))) as typeof real;
  for (const steps of [1, 3, 6, 7, 10]) {
    left = steps;
    await world.queue.drain().catch(() => 0);
    await world.clock.advance(600_000);
    await world.parts.queue.send('sync-run', { runId: id! }, { key: id! });
  }
  world.parts.db.transaction = real;
  for (let turn = 0; turn < 5; turn++) {
    await world.parts.queue.send('sync-run', { runId: id! }, { key: id! });
    await world.queue.drain();
    await world.clock.advance(60_000);
  }
  const run = (await runById(world.db, id!))!;
  expect(run).toMatchObject({ state: 'done', seen: 30, unchanged: 30 });
  // Their answer to a push is lost when we are cut off before it is stored: the next pass finds both
  // sides alike. What history tells of is what is counted.
  const sent = await world.db
    .select()
    .from(activity)
    .where(and(eq(activity.runId, id!), eq(activity.direction, 'out')));
  expect(sent.length).toBeGreaterThan(10);
  expect(run).toMatchObject({ oursSeen: 30, oursUpdated: sent.length });
  expect(run.oursUnchanged).toBe(30 - sent.length);
  expect(balances(run)).toBe(true);
});

test('[A1] an empty list closes nothing, is no full comparison, and is never green', async () => {
  await connectWith(15);
  const before = await jobsCheckpoint();
  const heal = tamper(world, (page) => ({ ...page, ...nothing(page), surprises: [] }));
  const run = await compareAll(world, connectionId);
  expect(run).toMatchObject({ state: 'empty', shown: 0, seen: 0 });
  expect(run.reason).toContain('15');
  expect(await jobStates(world)).toEqual({ open: 15 });
  expect((await jobsCheckpoint()).lastFullAt).toEqual(before.lastFullAt);
  const gets = world.simulator.requests().filter(({ path }) => /\/jobs\/\d+\/$/.test(path));
  expect(gets).toEqual([]);
  heal();
  expect(await compareAll(world, connectionId)).toMatchObject({ state: 'done', shown: 15 });
  expect((await jobsCheckpoint()).lastFullAt).not.toEqual(before.lastFullAt);
});

test('[A1] a list far from the usual is implausible and closes nothing', async () => {
  const posted = await connectWith(60);
  for (const id of posted.slice(40)) world.recruiter.remove('jobs', id);
  const run = await compareAll(world, connectionId);
  expect(run).toMatchObject({ state: 'implausible', shown: 40 });
  expect(run.reason).toContain('60');
  expect(await jobStates(world)).toEqual({ open: 60 });
});

test('[F6] a list that shows less than it counts is partial, and what it hid is read by id', async () => {
  const posted = await connectWith(20);
  const hidden = String(posted[3]);
  world.recruiter.editJob(posted[3]!, { position_name: 'Hidden' });
  tamper(world, (page) => ({
    ...page,
    records: page.records.filter(({ id }) => id !== hidden),
  }));
  const run = await compareAll(world, connectionId);
  expect(run).toMatchObject({ state: 'partial', shown: 19, expected: 20, seen: 20, updated: 1 });
  expect(await world.db.select().from(jobs).where(eq(jobs.title, 'Hidden'))).toHaveLength(1);
});

test('[F6] rows shown twice, on another page or in another sweep, are one record seen', async () => {
  await connectWith(0);
  for (let n = 0; n < 230; n++) postJobsLike(n);
  world.simulator.set({ unstableOrder: true });
  const run = await compareAll(world, connectionId);
  expect(run).toMatchObject({ state: 'done', seen: 230, created: 230, shown: 230 });
});

test('[F4] a worker that comes late with a step that was made before counts nothing', async () => {
  await connectWith(3);
  const run = await compareAll(world, connectionId);
  const standing = run.checkpoint as unknown as Standing;
  const counts = noCounts();
  counts.theirs.seen = 3;
  const late = {
    counts,
    standing: { ...standing, step: standing.step - 1 },
    now: world.clock.now(),
  };
  await expect(advanceRun(world.db, run.id, late)).rejects.toThrow(CarriedOn);
  expect(await runById(world.db, run.id)).toEqual(run);
});

test('an interrupted run goes on from where it stands when a person says so', async () => {
  await connectWith(150);
  const jobsReading = readingOf(world);
  const list = jobsReading.list!;
  jobsReading.list = async (context, cursor) =>
    Number(cursor?.page ?? 1) === 1
      ? list(context, cursor)
      : { ok: false, failure: { kind: 'unreachable', detail: 'cut' } };
  const [id] = await world.readAllJobsAgain(connectionId);
  await world.advance(3_000, 20);
  expect(await runById(world.db, id!)).toMatchObject({ state: 'interrupted', seen: 100 });
  jobsReading.list = list;
  expect(await world.integrations.resumeRun(id!, 'staff-1')).toBe(true);
  await world.settle();
  expect(await runById(world.db, id!)).toMatchObject({ state: 'done', seen: 150, shown: 150 });
});

test('[F6] whatever ran, every run that ended balances on both sides', async () => {
  const posted = await connectWith(12);
  const student = await world.addStudent();
  const [job] = await world.db.select().from(jobs);
  await student.applies(job!.id);
  world.recruiter.editJob(posted[1]!, { status: 'won' });
  world.recruiter.remove('jobs', posted[2]!);
  await world.advance(400, 5);
  for (const resource of ['jobs', 'applications', 'candidates', 'organizations']) {
    await world.integrations.requestRuns({
      connectionId,
      resource,
      full: true,
      trigger: 'manual',
      by: null,
    });
  }
  await world.settle();
  const ended = await world.db.select().from(runs);
  expect(ended.filter((run) => !balances(run))).toEqual([]);
  const full = ended.filter(({ kind }) => kind === 'full');
  expect(full.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  const applicants = full.find(({ resource }) => resource === 'candidates')!;
  expect(applicants).toMatchObject({ seen: 1, unchanged: 1, oursSeen: 1, oursUnchanged: 1 });
  expect(await world.db.select().from(activity).where(eq(activity.ok, false))).toEqual([]);
  expect((await world.db.select().from(links)).length).toBeGreaterThan(12);
});

function postJobsLike(n: number): void {
  const [organization] = world.simulator.rows(world.account.id, 'organizations');
  const job = { status: 'active', is_published: true, position_name: `More ${n}` };
  const posted = world.recruiter.postJob({ ...job, organization: organization!.id });
  if (!posted.ok) throw new Error('not posted');
}
