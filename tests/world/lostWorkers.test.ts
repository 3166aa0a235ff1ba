import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { lookAround } from '#src/sync/schedule.ts';
import { deliveries, failures } from '#src/sync/tables.ts';
import { countsIn, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

/** A killed worker takes along every bell it was answering. */
const killWorker = () => world.queue.lose();

test('[F4] a delivery whose worker was killed is looked at again within four seconds', async () => {
  const { ours, theirs } = await openJobIn(world);
  await world.advance(10);
  world.recruiter.editJob(theirs, { status: 'lost' });
  await world.clock.advance(1_500);
  await world.simulator.settled();
  const stored = await world.db.select().from(deliveries).where(eq(deliveries.state, 'stored'));
  expect(stored).toHaveLength(1);
  killWorker();
  await world.advance(4);
  const [job] = await world.db.select().from(jobs).where(eq(jobs.id, ours));
  expect(job!.status).toBe('closed');
});

test('[F4] a further try whose worker was killed is made again within five seconds', async () => {
  const { ours } = await openJobIn(world);
  const student = await world.addStudent();
  world.simulator.faults.add({
    kind: 'answerLost',
    method: 'POST',
    path: '/open/v3/matches/',
    next: 1,
  });
  await student.applies(ours);
  await world.settle();
  const [failure] = await world.db.select().from(failures);
  const waits = failure!.nextTryAt!.getTime() - world.clock.now().getTime();
  await world.clock.advance(waits + 1);
  await lookAround(world.parts);
  expect(world.queue.waiting().some(({ key }) => key.includes(':applications:'))).toBe(true);
  killWorker();
  await world.advance(5);
  expect(countsIn(world)).toEqual([1, 1, 1, 1, 0]);
});
