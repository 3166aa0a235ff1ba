import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { workplaceOf } from '#src/sync/engine.ts';
import { executeRun } from '#src/sync/runner.ts';
import { finishRun } from '#src/sync/runs.ts';
import { connections, failures, runs } from '#src/sync/tables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

function post(count: number): void {
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  for (let n = 0; n < count; n++) {
    const body = {
      organization: added.row.id,
      position_name: `Job ${n}`,
      status: 'active',
      is_published: true,
    };
    if (!world.recruiter.postJob(body).ok) throw new Error('not posted');
  }
}

const connection = async () => (await world.db.select().from(connections))[0]!;
const calls = () => world.simulator.requests().length;
const count = async () => (await world.db.select({ id: jobs.id }).from(jobs)).length;

/** A student who has applied while nothing could be sent. */
async function applies(name?: string) {
  const student = await world.addStudent(name);
  const [job] = await world.db.select().from(jobs);
  await student.applies(job!.id);
  return student;
}

test('[Q3] a 429 pauses the whole connection for as long as it says, and nothing is lost', async () => {
  post(3);
  await world.connect();
  await world.settle();
  world.simulator.faults.add({
    kind: 'throttled',
    path: '/open/v3/*',
    method: '*',
    next: 1,
    seconds: 40,
  });
  const student = await applies();
  await world.settle();
  const before = calls();
  // Others have work for the same connection meanwhile.
  const other = await applies('Another Student');
  await world.advance(38);
  expect(calls()).toBe(before);
  await world.advance(10);
  for (const one of [student, other]) {
    expect((await one.sees())[0]!.delivery.state).toBe('delivered');
  }
  expect(world.simulator.rows(world.account.id, 'matches')).toHaveLength(2);
});

test('[F1] an unreachable provider is tried again with growing waits, and everything arrives in the end', async () => {
  post(2);
  await world.connect();
  await world.settle();
  world.simulator.faults.add({ kind: 'badGateway', path: '/open/v3/*', method: '*', chance: 1 });
  const student = await applies();
  await world.advance(60, 2);
  const [failure] = await world.db
    .select()
    .from(failures)
    .where(eq(failures.resource, 'applications'));
  expect(failure).toMatchObject({ state: 'retrying', kind: 'unreachable' });
  expect(failure!.attempts).toBeGreaterThan(2);
  expect(failure!.attempts).toBeLessThan(12);
  expect((await student.sees())[0]!.delivery.state).toBe('stored');
  world.simulator.faults.heal();
  await world.advance(120, 5);
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
  const open = await world.db.select().from(failures).where(sql`state in ('retrying', 'dead')`);
  expect(open).toEqual([]);
});

test('[F2] a refused key stops the connection at once; its work is kept and goes on when the key works', async () => {
  post(2);
  await world.connect();
  await world.settle();
  world.simulator.changeAccount(world.account.id, { access: 'revoked' });
  const student = await applies();
  await world.settle();
  expect(await connection()).toMatchObject({ state: 'needs_attention' });
  const before = calls();
  await world.advance(400, 10);
  expect(calls()).toBe(before);
  world.simulator.changeAccount(world.account.id, { access: 'granted' });
  await world.integrations.testConnection((await connection()).id);
  await world.advance(20);
  expect((await connection()).state).toBe('connected');
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
  expect(world.simulator.rows(world.account.id, 'candidates')).toHaveLength(1);
});

test('[F5] a failure shows the record, the field, the provider’s words, its tries and the next one', async () => {
  post(1);
  await world.connect();
  await world.settle();
  const [job] = await world.db.select().from(jobs);
  const removed = world.simulator.rows(world.account.id, 'jobs')[0]!.id;
  world.simulator.set({ webhookLost: 1 });
  world.recruiter.remove('jobs', removed);
  const student = await world.addStudent();
  const applicationId = await student.applies(job!.id);
  await world.advance(20);
  const [failure] = await world.db
    .select()
    .from(failures)
    .where(eq(failures.resource, 'applications'));
  expect(failure).toMatchObject({
    state: 'dead',
    kind: 'refused',
    step: 'create',
    ourId: applicationId,
    path: 'job',
    status: 400,
    attempts: 1,
  });
  expect(failure!.detail).toContain('does not exist');
  expect((await student.sees())[0]!.delivery.state).toBe('problem');
  // A person asks for another try; it fails again, and is counted.
  await world.integrations.retryFailure(failure!.id, 'test');
  await world.advance(5);
  const [again] = await world.db.select().from(failures).where(eq(failures.id, failure!.id));
  expect(again).toMatchObject({ state: 'dead', attempts: 2 });
  expect(await world.integrations.dismissFailure(failure!.id, 'The job is gone.', 'test')).toBe(
    true,
  );
});

test('[F4] wherever a backfill is cut off, it goes on from its checkpoint and ends whole', async () => {
  post(350);
  const connectionId = await world.connect();
  const real = world.parts.db.transaction.bind(world.parts.db);
  let left = 0;
  // Cut off: from some transaction on, this process does nothing more.
  world.parts.db.transaction = ((work: Parameters<typeof real>[0]) =>
    left-- > 0 ? real(work) : Promise.reject(new Error('killed'))) as typeof real;
  for (const steps of [1, 2, 1, 3, 0]) {
    left = steps;
    await world.readAllJobsAgain(connectionId);
    await world.queue.drain();
    await world.clock.advance(600_000);
  }
  world.parts.db.transaction = real;
  await world.advance(700, 10);
  expect(await count()).toBe(350);
  const [run] = await world.db
    .select()
    .from(runs)
    .where(eq(runs.resource, 'jobs'))
    .orderBy(runs.requestedAt);
  expect(run).toMatchObject({ state: 'done', seen: 350, created: 350 });
  const pages = world.simulator
    .requests()
    .filter(({ path }) => path.includes('/jobs/?status=active'));
  expect(pages.length).toBeLessThan(30);
});

test('[F6] a run that could not read is not green', async () => {
  post(150);
  const connectionId = await world.connect();
  world.simulator.faults.add({
    kind: 'badGateway',
    path: '/open/v3/jobs/*',
    method: 'GET',
    chance: 1,
  });
  const [id] = await world.readAllJobsAgain(connectionId);
  await world.advance(1_800, 20);
  const [run] = await world.db.select().from(runs).where(eq(runs.id, id!));
  expect(run).toMatchObject({ state: 'interrupted' });
  expect(run!.reason).toContain('unreachable');
});

test('a paused connection holds its work and drops nothing', async () => {
  post(1);
  const connectionId = await world.connect();
  await world.settle();
  await world.integrations.pause(connectionId, 'test');
  const student = await applies();
  const before = calls();
  await world.advance(300, 10);
  expect(calls()).toBe(before);
  await world.integrations.resume(connectionId, 'test');
  await world.advance(20);
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
});

test('[Q3] a late bell for a run that has ended does not wake it, also while the provider wants a pause', async () => {
  post(1);
  await world.connect();
  await world.settle();
  const [run] = await world.db.select().from(runs).where(eq(runs.resource, 'jobs'));
  expect(run!.state).toBe('done');
  await world.parts.quota.block((await connection()).quotaKey, 60, 'poll');
  await executeRun(world.parts, run!.id);
  expect((await world.db.select().from(runs).where(eq(runs.id, run!.id)))[0]).toEqual(run);
});

test('[F2] work that stands in line when the key is refused makes no call any more', async () => {
  post(1);
  const connectionId = await world.connect();
  await world.settle();
  const connector = world.parts.connectors.get('manatal')!;
  const [resource] = connector.resources.filter(({ name }) => name === 'jobs');
  const place = (await workplaceOf(world.parts, { connectionId, resource: 'jobs' }, 'backfill'))!;
  await world.integrations.pause(connectionId, 'test');
  const before = calls();
  const answer = await resource!.list!(place.call, null);
  expect(answer).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
  expect(calls()).toBe(before);
});

test('[F6] a run whose counts do not add up ends unbalanced, never green', async () => {
  post(1);
  await world.connect();
  await world.settle();
  const [run] = await world.db.select().from(runs).where(eq(runs.resource, 'jobs'));
  const now = world.clock.now();
  for (const [change, state] of [
    [{ seen: run!.seen }, 'done'],
    [{ seen: run!.seen + 1 }, 'unbalanced'],
    [{ skipped: run!.skipped + 1 }, 'unbalanced'],
    [{ skipped: run!.skipped + 1, seen: run!.seen + 1 }, 'unbalanced'],
    [{ oursSeen: run!.oursSeen + 1 }, 'unbalanced'],
    [{ oursFailed: run!.oursFailed + 1, oursSeen: run!.oursSeen + 1 }, 'unbalanced'],
  ] as const) {
    await world.db
      .update(runs)
      .set({ ...run!, ...change })
      .where(eq(runs.id, run!.id));
    expect((await finishRun(world.db, run!.id, { doubt: null, now })).state).toBe(state);
  }
});
