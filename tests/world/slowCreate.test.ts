import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ResourceConnector } from '#src/sync/connector.ts';
import { runs } from '#src/sync/tables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let job: Awaited<ReturnType<typeof openJobIn>>;
beforeEach(async () => {
  world = await createTestWorld();
  job = await openJobIn(world);
});
afterEach(() => world.end());

const resource = (name: string): ResourceConnector =>
  world.parts.connectors.get('manatal')!.resources.find((one) => one.name === name)!;

/** The provider takes the create, and says nothing until we have given up; it carries it out later. */
function answersTooLate(name: string) {
  const { create } = resource(name);
  let sent = 0;
  let arrive = async () => {};
  resource(name).create = async (...given) => {
    await given[0].stillWanted!();
    sent++;
    arrive = async () => void (await create!(...given));
    await world.clock.advance(30_000);
    return { ok: false, failure: { kind: 'unreachable', detail: 'It took over 30 seconds.' } };
  };
  const back = () => {
    resource(name).create = create!;
  };
  return { sent: () => sent, arrives: () => arrive(), answersAgain: back };
}

test.each(['candidates', 'notes'])(
  '[I3] %s: a create that a slow provider carries out long after our time-out is not sent twice',
  async (name) => {
    const slow = answersTooLate(name);
    const student = await world.addStudent();
    await student.applies(job.ours);
    await world.settle();
    slow.answersAgain();
    await world.advance(50);
    expect(slow.sent()).toBe(1);
    expect(manatalOf(world)[name as 'candidates' | 'notes']).toHaveLength(0);
    await slow.arrives();
    await world.advance(60);
    const { candidates, notes, matches } = manatalOf(world);
    expect([candidates, matches, notes].map((rows) => rows.length)).toEqual([1, 1, 1]);
  },
);

test('[F4] [I3] a create whose process died is not sent twice, however late it is carried out', async () => {
  const { create } = resource('candidates');
  let sent = 0;
  let arrives = async () => {};
  resource('candidates').create = async (...given) => {
    await given[0].stillWanted!();
    sent++;
    arrives = async () => void (await create!(...given));
    throw new Error('the process dies here');
  };
  const student = await world.addStudent();
  await student.applies(job.ours);
  await expect(world.settle()).rejects.toThrow('dies here');
  resource('candidates').create = create!;
  await world.advance(100);
  expect([sent, manatalOf(world).candidates.length]).toEqual([1, 0]);
  await arrives();
  await world.advance(120);
  const { candidates, matches } = manatalOf(world);
  expect([candidates, matches].map((rows) => rows.length)).toEqual([1, 1]);
});

test('[I3] waiting in line for the quota is no time on the way', async () => {
  const { create } = resource('candidates');
  let arrives = async () => {};
  resource('candidates').create = async (call, outgoing) => {
    await world.clock.advance(90_000);
    await call.stillWanted!();
    arrives = async () => void (await create!(call, outgoing));
    throw new Error('the process dies here');
  };
  const student = await world.addStudent();
  await student.applies(job.ours);
  await expect(world.settle()).rejects.toThrow('dies here');
  resource('candidates').create = create!;
  await world.advance(100);
  expect(manatalOf(world).candidates).toHaveLength(0);
  await arrives();
  await world.advance(120);
  expect(manatalOf(world).candidates).toHaveLength(1);
});

test('[F4] a create that a process died with in the line for the quota is made at once', async () => {
  const { create } = resource('candidates');
  resource('candidates').create = () => {
    throw new Error('the process dies here');
  };
  const student = await world.addStudent();
  await student.applies(job.ours);
  await expect(world.settle()).rejects.toThrow('dies here');
  resource('candidates').create = create!;
  await world.advance(5);
  expect(manatalOf(world).candidates).toHaveLength(1);
});

test('[I3] a create that a slow provider never carried out is sent again in two minutes', async () => {
  const slow = answersTooLate('candidates');
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.settle();
  slow.answersAgain();
  await world.advance(180);
  expect(manatalOf(world).candidates).toHaveLength(1);
});

test('[F2] a run that was held just after its connection was mended goes on', async () => {
  await world.db.update(runs).set({ state: 'held', finishedAt: null });
  await world.advance(3);
  expect(await world.db.select({ state: runs.state }).from(runs)).not.toContainEqual({
    state: 'held',
  });
});
