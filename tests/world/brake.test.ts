import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { balances } from '#src/sync/balance.ts';
import { closings } from '#src/sync/closingTables.ts';
import { type Run, runById } from '#src/sync/runs.ts';
import { activity, runs } from '#src/sync/tables.ts';
import { issues } from '#src/sync/trailTables.ts';
import { compareAll, jobStates, postJobs } from './manyJobs.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let connectionId: string;
let posted: number[];
beforeEach(async () => {
  world = await createTestWorld();
  posted = postJobs(world, 40);
  connectionId = await world.connect();
  await world.settle();
  // Polls and full reads find it, not one webhook for each.
  world.simulator.set({ webhookLost: 1 });
});
afterEach(() => world.end());

const close = (count: number) => {
  for (const id of posted.slice(0, count)) world.recruiter.editJob(id, { status: 'lost' });
};
const remove = (count: number) => {
  for (const id of posted.slice(0, count)) world.recruiter.remove('jobs', id);
};
const runsThat = (state: Run['state']) =>
  world.db.select().from(runs).where(eq(runs.state, state)).orderBy(runs.requestedAt);
const again = async ({ id }: Run) => (await runById(world.db, id))!;

test('[A3] a poll that would close more than ten and more than a fifth closes none, and asks', async () => {
  close(11);
  world.recruiter.editJob(posted[20]!, { position_name: 'Barista' });
  await world.advance(125);
  expect(await jobStates(world)).toEqual({ open: 40 });
  const [run] = await runsThat('asks');
  expect(run).toMatchObject({ kind: 'poll', updated: 1 });
  expect(run!.reason).toContain('11 of 40');
  const [issue] = await world.db.select().from(issues);
  expect(issue).toMatchObject({ kind: 'mass change', key: run!.id, closedAt: null, count: 11 });
  for (const id of posted.slice(0, 11)) expect(issue!.detail).toContain(String(id));
  // Nobody is asked again about the same, and the polls in between are green.
  await world.advance(600, 5);
  expect(await runsThat('asks')).toHaveLength(1);
  const last = (await runsThat('done')).filter(({ resource }) => resource === 'jobs').at(-1)!;
  expect(last.requestedAt.getTime()).toBeGreaterThan(run!.requestedAt.getTime());
  expect(await jobStates(world)).toEqual({ open: 40 });
  // Approved, it closes them, and says who allowed it.
  expect(await world.integrations.approveRun(run!.id, 'staff-1')).toBe(true);
  expect(await world.integrations.approveRun(run!.id, 'staff-2')).toBe(false);
  await world.settle();
  expect(await jobStates(world)).toEqual({ open: 29, closed: 11 });
  const ended = await again(run!);
  expect(ended).toMatchObject({ state: 'done', updated: 12 });
  expect(balances(ended)).toBe(true);
  const [told] = await world.db
    .select()
    .from(activity)
    .where(eq(activity.action, 'closing approved'));
  expect(told).toMatchObject({ runId: run!.id, door: 'staff', detail: 'by staff-1' });
  expect((await world.db.select().from(issues))[0]!.closedAt).not.toBe(null);
});

test.each([
  { count: 10, why: 'ten are not more than ten' },
  { count: 8, why: 'a few are closed by themselves' },
])('[A3] a run closes $count of 40 by itself: $why', async ({ count }) => {
  close(count);
  await world.advance(125);
  expect(await jobStates(world)).toEqual({ open: 40 - count, closed: count });
  expect(await runsThat('asks')).toEqual([]);
});

test('[A3] [A1] what is gone and what was closed are judged together, after a read of each by id', async () => {
  close(6);
  for (const id of posted.slice(6, 12)) world.recruiter.remove('jobs', id);
  const run = await compareAll(world, connectionId);
  expect(run).toMatchObject({ state: 'implausible' });
  expect(await jobStates(world)).toEqual({ open: 40 });
  // Staff have looked, and ask again: now it is believed, and the brake asks.
  const asking = await compareAll(world, connectionId);
  expect(asking).toMatchObject({ state: 'asks', shown: 28 });
  expect(await jobStates(world)).toEqual({ open: 40 });
  const aside = await world.db.select().from(closings);
  expect(aside.map(({ why }) => why).sort()).toEqual([
    ...Array(6).fill('closes'),
    ...Array(6).fill('gone'),
  ]);
  expect(aside.every(({ confirmed }) => confirmed)).toBe(true);
  // One is opened again before the answer: the fresh read by id sees it.
  world.recruiter.editJob(posted[0]!, { status: 'active' });
  await world.integrations.approveRun(asking.id, 'staff-1');
  await world.settle();
  expect(await jobStates(world)).toEqual({ open: 29, closed: 5, removed: 6 });
  expect(await again(asking)).toMatchObject({ state: 'done' });
});

test('[A3] refused, nothing is closed, and nobody is asked about the same until it changes or staff ask', async () => {
  close(15);
  await world.advance(125);
  const [run] = await runsThat('asks');
  expect(await world.integrations.refuseRun(run!.id, 'staff-1')).toBe(true);
  await world.advance(400, 5);
  const refused = await again(run!);
  expect(refused).toMatchObject({ state: 'refused' });
  expect(refused.skipReasons).toEqual({ 'a person refused to close it': 15 });
  expect(balances(refused)).toBe(true);
  expect(await jobStates(world)).toEqual({ open: 40 });
  expect(await runsThat('asks')).toEqual([]);
  expect(await world.integrations.approveRun(run!.id, 'staff-1')).toBe(false);
  // Re-opened there, the answer is used up: a later closing of that one is a new one.
  world.recruiter.editJob(posted[0]!, { status: 'active' });
  await world.advance(125);
  expect(await world.db.select().from(closings)).toHaveLength(14);
  await world.advance(400, 5);
  world.recruiter.editJob(posted[0]!, { status: 'lost' });
  await world.advance(125);
  expect(await jobStates(world)).toEqual({ open: 39, closed: 1 });
  // Staff ask for everything: they are asked anew, once the short list is believed.
  await compareAll(world, connectionId);
  expect(await compareAll(world, connectionId)).toMatchObject({ state: 'asks' });
  expect(await jobStates(world)).toEqual({ open: 39, closed: 1 });
});

test('[A3] [F4] cut off at any step while it closes what was approved, it ends whole and counts each once', async () => {
  close(15);
  await world.advance(125);
  const [run] = await runsThat('asks');
  await world.integrations.approveRun(run!.id, 'staff-1');
  const real = world.parts.db.transaction.bind(world.parts.db);
  let left = 0;
  world.parts.db.transaction = ((work: Parameters<typeof real>[0]) =>
    left-- > 0 ? real(work) : Promise.reject(new Error('killed'))) as typeof real;
  for (const steps of [1, 2, 3, 5, 7]) {
    left = steps;
    await world.queue.drain().catch(() => 0);
    await world.clock.advance(600_000);
    await world.parts.queue.send('sync-run', { runId: run!.id }, { key: run!.id });
  }
  world.parts.db.transaction = real;
  await world.advance(700, 10);
  expect(await jobStates(world)).toEqual({ open: 25, closed: 15 });
  expect(await again(run!)).toMatchObject({ state: 'done', seen: 40, updated: 15, unchanged: 25 });
});

test('[A3] [A1] many that are gone are not closed on the word of a run alone', async () => {
  remove(9);
  const run = await compareAll(world, connectionId);
  // Nine of forty are more than a fifth, and not more than ten.
  expect(run).toMatchObject({ state: 'done', updated: 9, oursSkipped: 9 });
  expect(await jobStates(world)).toEqual({ open: 31, removed: 9 });
});
