import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { seedManyJobs } from '#src/sandbox/manyJobs.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const pages = () =>
  world.simulator.requests().filter(({ path }) => path.startsWith('/open/v3/jobs/?')).length;

test('[Q1] jobs that all came at once are not read again by every later poll', async () => {
  seedManyJobs(world.simulator, { account: world.account.id, count: 330 });
  await world.connect();
  await world.settle();
  await world.advance(1_200, 60);
  const before = pages();
  await world.advance(1_200, 60);
  // Ten polls, one page each.
  expect(pages() - before).toBeLessThanOrEqual(11);
  const [job] = world.simulator.rows(world.account.id, 'jobs');
  world.recruiter.editJob(job!.id, { position_name: 'Barista' });
  await world.advance(180, 10);
  const titles = (await world.db.select().from(jobs)).map(({ title }) => title);
  expect(titles).toContain('Barista');
});
