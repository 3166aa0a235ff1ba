import { afterEach, beforeEach, expect, test } from 'vitest';
import { countsIn, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

test('[I2] the link is stored alone and first: what is written after it may be lost, and an old page then makes no second note', async () => {
  const job = await openJobIn(world);
  // What was answered before the note was there is answered again and again.
  world.simulator.faults.add({ kind: 'stale', method: 'GET', path: '/open/v3/matches/*/notes/' });
  const { db } = world.parts;
  const real = db.transaction.bind(db);
  let lost = 0;
  const noteIsJustMade = () => {
    const last = world.simulator.requests().at(-1);
    return last?.method === 'POST' && last.path.endsWith('/notes/');
  };
  db.transaction = ((work: Parameters<typeof real>[0]) => {
    if (lost > 0 || !noteIsJustMade()) return real(work);
    lost++;
    return Promise.reject(new Error('the connection to the database broke'));
  }) as typeof real;
  await (await world.addStudent()).applies(job.ours);
  await world.settle().catch(() => undefined);
  // Past the time in which a note that was cut off might still arrive.
  await world.advance(200, 5);
  expect(lost).toBe(1);
  expect(countsIn(world)).toEqual([1, 1, 1, 1, 0]);
});
