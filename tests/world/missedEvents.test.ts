import { afterEach, beforeEach, expect, test } from 'vitest';
import { connections } from '#src/sync/tables.ts';
import { issues, missedEvents } from '#src/sync/trailTables.ts';
import { manatalOf, openJobIn, postJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let job: Awaited<ReturnType<typeof openJobIn>>;
beforeEach(async () => {
  world = await createTestWorld();
  job = await openJobIn(world);
  await world.advance(5);
});
afterEach(() => world.end());

const missed = () => world.db.select().from(missedEvents);
const open = async () => (await world.db.select().from(issues)).filter((one) => !one.closedAt);

/** A change of each kind, of which Manatal announces the first two and no other. */
async function recruiterIsBusy() {
  const [match] = manatalOf(world).matches;
  world.recruiter.editJob(job.theirs, { status: 'on_hold' });
  const pipelines = world.simulator.rows(world.account.id, 'pipelines');
  const pipeline = pipelines.find(({ id }) => id === match!.pipeline)!;
  const interview = pipeline.stages.find(({ name }) => /interview/i.test(name))!;
  world.recruiter.move(match!.id, interview.id);
  postJobIn(world, { organization: job.organization, title: 'Guide' });
}

async function withApplication() {
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(130, 5);
}

test('[D4] every webhook that was due and did not come is counted, once, and no other', async () => {
  await withApplication();
  world.simulator.set({ webhookLost: 1 });
  await recruiterIsBusy();
  await world.advance(170, 5);
  expect((await missed()).map(({ event }) => event).sort()).toEqual([
    'job/status_update',
    'match/moved',
  ]);
  expect((await open()).map(({ key, count }) => [key, count]).sort()).toEqual([
    ['job/status_update', 1],
    ['match/moved', 1],
  ]);
  world.recruiter.editJob(job.theirs, { position_name: 'Head Barista' });
  await world.advance(170, 5);
  expect(await missed()).toHaveLength(2);
  world.recruiter.editJob(job.theirs, { status: 'active' });
  await world.advance(170, 5);
  expect((await open()).find(({ key }) => key === 'job/status_update')!.count).toBe(2);
});

test('[D4] with webhooks that come, none is missed, also when a poll is quicker', async () => {
  await withApplication();
  await recruiterIsBusy();
  await world.advance(170, 5);
  expect(await missed()).toEqual([]);
  // The webhook needs twenty seconds; somebody asks at once.
  world.simulator.set({ webhookLate: 1, webhookLateSeconds: 20 });
  world.recruiter.editJob(job.theirs, { status: 'active' });
  const [connection] = await world.db.select().from(connections);
  await world.readAllJobsAgain(connection!.id);
  await world.advance(10);
  expect(await missed()).toHaveLength(1);
  await world.advance(60, 5);
  expect(await missed()).toEqual([]);
  expect(await open()).toEqual([]);
});

test('a webhook that comes long after its change was found is late, not lost', async () => {
  world.simulator.set({ webhookLate: 1, webhookLateSeconds: 600 });
  world.recruiter.editJob(job.theirs, { status: 'on_hold' });
  await world.advance(200, 5);
  expect(await missed()).toMatchObject([{ event: 'job/status_update', arrivedAt: null }]);
  await world.advance(500, 10);
  expect((await missed())[0]!.arrivedAt).not.toBeNull();
});

test('what changed before its subscription was made is not missed', async () => {
  world.simulator.set({ webhookLost: 1 });
  const [connection] = await world.db.select().from(connections);
  await world.integrations.pause(connection!.id, 'staff');
  world.recruiter.editJob(job.theirs, { status: 'on_hold' });
  for (const row of world.simulator.rows(world.account.id, 'webhooks')) {
    await world.callManahook('DELETE', `/webhooks/${row.id}/`);
  }
  await world.clock.advance(3_700_000);
  await world.db.update(connections).set({ settings: {} });
  await world.integrations.resume(connection!.id, 'staff');
  await world.advance(200, 5);
  expect(await missed()).toEqual([]);
});

test('the issue of missed events closes itself after a day without a new one', async () => {
  world.simulator.set({ webhookLost: 1 });
  world.recruiter.editJob(job.theirs, { status: 'on_hold' });
  await world.advance(170, 5);
  expect(await open()).toHaveLength(1);
  world.simulator.set({ webhookLost: 0 });
  await world.clock.advance(23 * 3_600_000);
  await world.settle();
  expect(await open()).toHaveLength(1);
  await world.clock.advance(2 * 3_600_000);
  await world.settle();
  expect(await open()).toEqual([]);
});
