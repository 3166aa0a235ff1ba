import { expect, test } from 'vitest';
import { seedManyJobs } from '#src/sandbox/manyJobs.ts';
import { executeRun } from '#src/sync/runner.ts';
import { type Run, requestRun, runById } from '#src/sync/runs.ts';
import { rowVersions, written } from '../world/rowVersions.ts';
import { createTestWorld, type TestWorld } from '../world/testWorld.ts';

const jobs = Number(process.env.KIEX_PROOF_JOBS ?? 10_000);
const polls = Number(process.env.KIEX_PROOF_POLLS ?? 50);
const changes = 10;
/** Longer than a poll looks back: what was imported at once is not read again. */
const secondsBetween = 1_200;
/** What the heap may have grown by over all polls: they keep nothing. */
const growthMegabytesMax = 30;

const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);

test(`[M6] polls of ${jobs} jobs cost a page, write nothing when nothing changed, and keep nothing`, async () => {
  const world = await createTestWorld();
  try {
    world.simulator.set({ quotaEnforced: false });
    seedManyJobs(world.simulator, { account: world.account.id, count: jobs });
    const connectionId = await world.connect();
    await world.settle();
    await carriedOut(world, connectionId);
    await world.clock.advance(secondsBetween * 1_000);
    await carriedOut(world, connectionId);
    const before = await rowVersions(world.db);
    const quiet = await carriedOut(world, connectionId);
    const tables = written(before, await rowVersions(world.db));
    expect(quiet.run).toMatchObject({ state: 'done', created: 0, updated: 0, failed: 0 });
    expect(quiet.calls).toBe(1);
    expect(tables).toEqual(['checkpoints', 'runs']);
    const memory = await pollsKeep(world, connectionId);
    const changed = await afterChanges(world, connectionId);
    console.table({
      jobs,
      'calls of a poll without change': quiet.calls,
      'tables written by it': tables.join(', '),
      [`calls of a poll with ${changes} changes`]: changed.calls,
      polls,
      ...memory,
    });
    expect(memory['heap grew by MB']).toBeLessThan(growthMegabytesMax);
    expect(changed.calls).toBeLessThanOrEqual(2);
    expect(changed.run).toMatchObject({ state: 'done', updated: changes });
  } finally {
    await world.end();
  }
});

/** One poll of jobs, and how many calls it made. */
async function carriedOut(world: TestWorld, connectionId: string) {
  const { newId, clock } = world.parts;
  const last = world.simulator.requests().at(-1)?.id ?? 0;
  const of = { connectionId, resource: 'jobs', kind: 'poll' as Run['kind'] };
  const ask = { ...of, trigger: 'manual', requestedBy: 'proof' };
  const { id } = await requestRun(world.db, ask, { newId, now: clock.now() });
  await executeRun(world.parts, id);
  const calls = world.simulator.requests().filter((request) => request.id > last).length;
  return { run: (await runById(world.db, id))!, calls };
}

async function pollsKeep(world: TestWorld, connectionId: string) {
  const heap = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const began = heap();
  let peak = 0;
  for (let poll = 0; poll < polls; poll++) {
    await world.clock.advance(120_000);
    const { calls } = await carriedOut(world, connectionId);
    expect(calls).toBe(1);
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  return { 'peak RSS in MB': megabytes(peak), 'heap grew by MB': megabytes(heap() - began) };
}

async function afterChanges(world: TestWorld, connectionId: string) {
  for (const { id } of world.simulator.rows(world.account.id, 'jobs').slice(0, changes))
    world.recruiter.editJob(id, { position_name: `Edited ${id}` });
  await world.clock.advance(1_000);
  return carriedOut(world, connectionId);
}
