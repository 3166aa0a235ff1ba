import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedManyJobs } from '#src/sandbox/manyJobs.ts';
import { executeRun } from '#src/sync/runner.ts';
import { type Run, requestRun, runById } from '#src/sync/runs.ts';
import { rowVersions, written } from './rowVersions.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
  seedManyJobs(world.simulator, { account: world.account.id, count: 230 });
});
afterEach(() => world.end());

test.each(['full', 'poll'] as const)(
  '[M6] a %s read of jobs that did not change writes nothing but its run and its checkpoint',
  async (kind) => {
    const connectionId = await world.connect();
    await world.settle();
    const before = await rowVersions(world.db);
    const run = await carryOut(connectionId, kind);
    expect(run).toMatchObject({ state: 'done', seen: 230, unchanged: 230, created: 0, updated: 0 });
    const tables = written(before, await rowVersions(world.db));
    expect(tables).toEqual(['checkpoints', 'runs']);
  },
);

test('[M6] a changed job is written, and no other row of jobs or links', async () => {
  const connectionId = await world.connect();
  await world.settle();
  await world.clock.advance(1_000);
  const [job] = world.simulator.rows(world.account.id, 'jobs');
  world.recruiter.editJob(job!.id, { position_name: 'Barista' });
  const before = await rowVersions(world.db);
  const run = await carryOut(connectionId, 'full');
  expect(run).toMatchObject({ state: 'done', seen: 230, unchanged: 229, updated: 1 });
  const after = await rowVersions(world.db);
  expect(written(before, after)).toEqual([
    'activity',
    'checkpoints',
    'history',
    'jobs',
    'links',
    'runs',
  ]);
  const moved = [...after].filter((row) => !before.has(row) && /^(jobs|links) /.test(row));
  expect(moved).toHaveLength(2);
});

async function carryOut(connectionId: string, kind: Run['kind']): Promise<Run> {
  const ask = { connectionId, resource: 'jobs', kind, trigger: 'manual', requestedBy: 'test' };
  const { newId, clock } = world.parts;
  const { id } = await requestRun(world.db, ask, { newId, now: clock.now() });
  await executeRun(world.parts, id);
  return (await runById(world.db, id))!;
}
