import { afterEach, beforeEach, expect, test } from 'vitest';
import { connections, runs } from '#src/sync/tables.ts';
import { connectCareerPage, jobOf, openJob, postJob } from './careerPage.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const aPoll = () => world.advance(121, 11);

test('jobs of a career page come in, with what the page says and nothing else', async () => {
  await connectCareerPage(world);
  await openJob(world);
  expect(await jobOf(world, 'Front Desk Associate')).toMatchObject({
    ...{ status: 'open', published: true, city: 'Tumon', payMin: '12.5', payCurrency: 'USD' },
    ...{ payPeriod: null, postedAt: null, closesAt: null },
    organizationId: (await world.db.select().from(connections))[0]!.organizationId,
  });
  expect(world.simulator.requests().every(({ authorization }) => authorization === null)).toBe(
    true,
  );
});

test('[A1] a job that left the page is asked for by id, closed, and open again when it comes back', async () => {
  await connectCareerPage(world);
  const { theirs } = await openJob(world);
  await openJob(world, 'Night Auditor');
  world.recruiter.editJob(theirs, { is_published: false });
  await aPoll();
  expect(await jobOf(world, 'Front Desk Associate')).toMatchObject({ status: 'removed' });
  expect(await jobOf(world, 'Night Auditor')).toMatchObject({ status: 'open' });
  const read = `/open/v3/career-page/pacific-stay-hotels/jobs/${theirs}/`;
  const reads = () => world.simulator.requests().filter(({ path }) => path === read).length;
  expect(reads()).toBeGreaterThan(0);
  const before = reads();
  await aPoll();
  // What is known to be gone is not asked for at every poll.
  expect(reads()).toBe(before);
  world.recruiter.editJob(theirs, { is_published: true, position_name: 'Front Desk Lead' });
  await aPoll();
  expect(await jobOf(world, 'Front Desk Lead')).toMatchObject({ status: 'open' });
  expect(await jobOf(world, 'Front Desk Associate')).toBeNull();
});

test('[M6] a page on which nothing changes is read and written nowhere', async () => {
  await connectCareerPage(world);
  await openJob(world);
  const before = await jobOf(world, 'Front Desk Associate');
  await aPoll();
  await aPoll();
  expect(await jobOf(world, 'Front Desk Associate')).toEqual(before);
  const all = await world.db.select().from(runs);
  expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['done']));
  // The first is the first full read; the others compare everything, since nobody tells what changed.
  expect(all.map(({ kind }) => kind).filter((kind) => kind === 'backfill').length).toBe(1);
});

test('[F2] [A1] a page that lost its name closes no job, and is taken up when it has it again', async () => {
  const connectionId = await connectCareerPage(world);
  await openJob(world);
  world.simulator.changeAccount(world.account.id, { careerSlug: 'renamed' });
  await aPoll();
  const state = async () => (await world.db.select().from(connections))[0]!.state;
  expect(await state()).toBe('needs_attention');
  expect(await jobOf(world, 'Front Desk Associate')).toMatchObject({ status: 'open' });
  const key = 'www.careers-page.com/renamed';
  const replaced = await world.integrations.replaceKey({ connectionId, key }, 'test');
  expect(replaced.ok).toBe(true);
  postJob(world, 'Night Auditor');
  await aPoll();
  expect(await state()).toBe('connected');
  expect(await jobOf(world, 'Night Auditor')).toMatchObject({ status: 'open' });
});

test('[F6] an account that only shows its jobs is not offered for new ones, and takes none', async () => {
  const connectionId = await connectCareerPage(world);
  await openJob(world);
  const { employers, accounts } = await world.jobEditing.choices();
  expect(accounts).toEqual([]);
  const job = { changes: { title: 'Diver' }, employerId: employers[0]!.id, newEmployer: null };
  const made = await world.jobEditing.create({ ...job, connectionId }, { by: 'staff' });
  expect(made).toMatchObject({ ok: false, errors: { account: expect.any(String) } });
  expect(await jobOf(world, 'Diver')).toBeNull();
});

test('a name that no page has is told apart before anything is saved', async () => {
  const { integrations } = world;
  const lines = await integrations.testKey({ provider: 'manatalCareerPage', key: 'nobody' });
  expect(lines).toMatchObject({
    ok: true,
    value: [
      { capability: 'Read jobs', ok: false, words: expect.stringContaining('does not know') },
    ],
  });
  const wrong = await integrations.testKey({
    provider: 'manatalCareerPage',
    key: 'https://x.example/y',
  });
  expect(wrong).toMatchObject({ ok: false, errors: { key: expect.any(String) } });
  const fine = { provider: 'manatalCareerPage', key: 'careers-page.com/pacific-stay-hotels' };
  expect(await integrations.testKey(fine)).toMatchObject({ value: [{ ok: true }] });
});
