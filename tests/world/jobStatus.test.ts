import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobChanges } from '#src/jobs/jobChanges.ts';
import { jobs } from '#src/jobs/tables.ts';
import { chooseOptions } from '#src/sync/options.ts';
import { links } from '#src/sync/tables.ts';
import { conflicts, history } from '#src/sync/trailTables.ts';
import { openJobIn, postJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let ours: string;
let theirs: number;
let organization: number;
beforeEach(async () => {
  world = await createTestWorld();
  ({ ours, theirs, organization } = await openJobIn(world));
});
afterEach(() => world.end());

const by = { by: 'staff-1' };
const edit = (changes: JobChanges) => world.jobEditing.edit(ours, changes, by);
const inManatal = () =>
  world.simulator.rows(world.account.id, 'jobs').find(({ id }) => id === theirs)!;
const inKiex = async () => (await world.db.select().from(jobs).where(eq(jobs.id, ours)))[0]!;
const patches = () =>
  world.simulator
    .requests()
    .filter(({ method, path }) => method === 'PATCH' && path.includes('/jobs/'));
const connectionId = async () =>
  (await world.db.select().from(links).where(eq(links.ourId, ours)))[0]!.connectionId;
const choose = async (chosen: Record<string, string>) =>
  chooseOptions(world.parts, { connectionId: await connectionId(), chosen, by: 'test' });

test.each([
  ['paused', 'on_hold'],
  ['filled', 'won'],
  ['closed', 'lost'],
])(
  '[M1] a job that staff set to %s is %s in Manatal, and goes on from there',
  async (here, there) => {
    await edit({ status: here });
    await world.settle();
    expect(inManatal().status).toBe(there);
    await edit({ status: 'open' });
    await world.settle();
    expect(inManatal().status).toBe('active');
    world.recruiter.editJob(theirs, { status: there });
    await world.advance(125, 5);
    expect(await inKiex()).toMatchObject({ status: here });
    expect(await world.db.select().from(conflicts)).toEqual([]);
  },
);

test('[M7] an account’s own word for a status is shown, survives other edits, and goes only by choice', async () => {
  Object.assign(inManatal(), { status: 'archived', updated_at: '2027-06-01T00:00:00.000000Z' });
  await world.readAllJobsAgain(await connectionId());
  await world.settle();
  expect((await inKiex()).status).toBe('other:archived');
  await edit({ city: 'Tumon' });
  await world.settle();
  expect(inManatal()).toMatchObject({ status: 'archived', city: 'Tumon' });
  expect((await inKiex()).status).toBe('other:archived');
  expect(await edit({ status: 'other:archived', city: 'Koror' })).toMatchObject({ ok: true });
  await world.settle();
  expect(inManatal()).toMatchObject({ status: 'archived', city: 'Koror' });
  await edit({ status: 'closed' });
  await world.settle();
  expect(inManatal().status).toBe('lost');
});

test('[M7] "removed" is ours alone: a job that turns up again is what it is there, and nothing is sent', async () => {
  // As after a 404 that was no truth: closed here as removed, and tied again.
  await world.db.update(jobs).set({ status: 'removed', version: 7 }).where(eq(jobs.id, ours));
  await world.advance(10, 2);
  expect(patches()).toEqual([]);
  expect((await inKiex()).status).toBe('open');
});

test('[M3] a status that both sides changed: the policy decides, and the conflict shows both', async () => {
  await world.integrations.pause(await connectionId(), 'test');
  await edit({ status: 'filled' });
  world.recruiter.editJob(theirs, { status: 'on_hold' });
  await world.integrations.resume(await connectionId(), 'test');
  await world.advance(30, 5);
  expect(await inKiex()).toMatchObject({ status: 'paused' });
  expect(inManatal().status).toBe('on_hold');
  const [conflict] = await world.db.select().from(conflicts);
  expect(conflict).toMatchObject({ ours: { value: 'filled' }, theirs: { value: 'paused' } });
});

test('publishing here changes nothing there unless the connection says so, and neither is a conflict', async () => {
  await edit({ publishedHere: false });
  await world.settle();
  expect(inManatal().is_published).toBe(true);
  expect(await inKiex()).toMatchObject({ shown: false, published: true });
  // What recruiters do goes on being heard, and staff's decision stands beside it.
  world.recruiter.editJob(theirs, { is_published: false });
  await world.advance(125, 5);
  await edit({ publishedHere: true });
  world.recruiter.editJob(theirs, { city: 'Tumon' });
  await world.advance(125, 5);
  expect(await inKiex()).toMatchObject({ shown: true, published: false, city: 'Tumon' });
  expect(inManatal().is_published).toBe(false);
  // Undecided again: theirs holds.
  await edit({ publishedHere: null });
  world.recruiter.editJob(theirs, { is_published: true });
  await world.advance(125, 5);
  expect(await inKiex()).toMatchObject({ shown: true, published: true, publishedHere: null });
  expect(patches()).toEqual([]);
  expect(await world.db.select().from(conflicts)).toEqual([]);
});

test('[M6] a job published here only is quiet: no look at it writes anything', async () => {
  await edit({ publishedHere: false });
  await world.settle();
  const before = await inKiex();
  await world.readAllJobsAgain(await connectionId());
  await world.advance(130, 10);
  expect(await inKiex()).toEqual(before);
  const written = await world.db
    .select()
    .from(history)
    .where(and(eq(history.ourId, ours), eq(history.action, 'updated')));
  expect(written).toEqual([]);
});

test('a connection that lets KiEX publish has one state on both sides', async () => {
  await choose({ publishing: 'yes' });
  await world.settle();
  await edit({ publishedHere: false });
  await world.settle();
  expect(inManatal().is_published).toBe(false);
  expect(await inKiex()).toMatchObject({ shown: false, publishedHere: null });
  world.recruiter.editJob(theirs, { is_published: true });
  await world.advance(125, 5);
  expect(await inKiex()).toMatchObject({ shown: true });
  const made = await world.jobEditing.create(
    {
      changes: { title: 'Diver', publishedHere: true },
      employerId: (await inKiex()).organizationId,
      newEmployer: null,
      connectionId: await connectionId(),
    },
    by,
  );
  await world.settle();
  const job = world.simulator.rows(world.account.id, 'jobs').find((one) => one.id !== theirs)!;
  expect([made.ok, job.is_published]).toEqual([true, true]);
});

test('jobs that are not published come in where the connection wants them, for staff only', async () => {
  postJobIn(world, { organization, title: 'Draft' });
  const draft = world.simulator.rows(world.account.id, 'jobs').find((one) => one.id !== theirs)!;
  world.recruiter.editJob(draft.id, { is_published: false });
  await world.advance(125, 5);
  const titles = async () => (await world.db.select().from(jobs)).map(({ title }) => title).sort();
  expect(await titles()).toEqual(['Barista']);
  await choose({ unpublishedJobs: 'yes' });
  await world.advance(20, 2);
  expect(await titles()).toEqual(['Barista', 'Draft']);
  const [row] = await world.db.select().from(jobs).where(eq(jobs.title, 'Draft'));
  expect(row!.shown).toBe(false);
});
