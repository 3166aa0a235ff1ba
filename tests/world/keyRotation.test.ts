import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteConnectionFailure } from '#src/sync/connections.ts';
import { syncRecord } from '#src/sync/engine.ts';
import { executeRun } from '#src/sync/runner.ts';
import { connections, failures, links, runs } from '#src/sync/tables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

const oldKey = 'sandbox-key-0001';
const newKey = 'sandbox-key-0002';

let world: TestWorld;
let job: Awaited<ReturnType<typeof openJobIn>>;
beforeEach(async () => {
  world = await createTestWorld();
  job = await openJobIn(world);
});
afterEach(() => world.end());

const connection = async () => (await world.db.select().from(connections))[0]!;
const keyAtWork = async () => (await connection()).keyLastFour;
const replace = async (key: string) =>
  world.integrations.replaceKey({ connectionId: (await connection()).id, key }, 'test');

/** The employer makes another key; the one before works on until it is deleted. */
const makeKey = () => world.simulator.changeAccount(world.account.id, { moreKeys: [newKey] });
const deleteOldKey = () =>
  world.simulator.changeAccount(world.account.id, { key: newKey, moreKeys: [] });

/** Stops calls with the old key on their way: they are in flight until they are let through. */
function valve() {
  const answer = world.simulator.openApi;
  const waiting: (() => void)[] = [];
  let isOpen = false;
  world.simulator.openApi = async (request) => {
    const isOld = request.headers.get('authorization') === `Token ${oldKey}`;
    if (isOld && !isOpen) await new Promise<void>((pass) => waiting.push(pass));
    return answer(request);
  };
  return {
    async holds(calls: number) {
      for (let turn = 0; turn < turnsMax && waiting.length < calls; turn++)
        await new Promise((resolve) => setImmediate(resolve));
      expect(waiting.length).toBeGreaterThanOrEqual(calls);
    },
    /** The first ones that wait arrive, and are answered. */
    letThrough(calls: number) {
      for (const pass of waiting.splice(0, calls)) pass();
    },
    opens() {
      isOpen = true;
      for (const pass of waiting.splice(0)) pass();
    },
  };
}

/** Turns of waiting for the database, which answers in real time. */
const turnsMax = 100_000;

const refusals = () => world.simulator.requests().filter(({ status }) => status === 401).length;

test('[P5] a new key is tested beside the old one, which goes on working until the switch', async () => {
  makeKey();
  const before = world.simulator.requests().length;
  const replaced = await replace(newKey);
  expect(replaced.ok).toBe(true);
  expect(await connection()).toMatchObject({ keyLastFour: '0002', state: 'connected' });
  const reads = world.simulator.requests().slice(before);
  expect(reads.every(({ method }) => method === 'GET')).toBe(true);
  deleteOldKey();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(10);
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
  expect(await connection()).toMatchObject({ state: 'connected' });
});

test('[P5] a key that does not work is refused, and the old one is kept and works', async () => {
  const replaced = await replace('sandbox-key-mistyped');
  expect(replaced).toMatchObject({ ok: false });
  if (!replaced.ok) expect(replaced.errors.key).toContain('The old key is kept.');
  expect(await keyAtWork()).toBe('0001');
  await world.advance(130, 5);
  expect((await connection()).state).toBe('connected');
});

test('[F2] a late 401 to the old key neither stops the connection nor holds the record up', async () => {
  makeKey();
  const student = await world.addStudent();
  const applicationId = await student.applies(job.ours);
  const { id } = await connection();
  world.queue.lose();
  const calls = valve();
  const task = { connectionId: id, resource: 'applications', ourId: applicationId } as const;
  const underWay = syncRecord(world.parts, { ...task, door: 'push' });
  await calls.holds(1);
  expect((await replace(newKey)).ok).toBe(true);
  deleteOldKey();
  calls.opens();
  await underWay;
  expect(refusals()).toBe(1);
  expect(await connection()).toMatchObject({ state: 'connected', stateReason: null });
  expect(await world.db.select().from(failures).where(eq(failures.kind, 'unauthorised'))).toEqual(
    [],
  );
  await world.advance(5);
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
  expect(manatalOf(world).matches).toHaveLength(1);
});

test('[F2] a run that meets a 401 with the old key goes on with the new one, and is never held', async () => {
  makeKey();
  const { id } = await connection();
  const [runId] = await world.readAllJobsAgain(id);
  world.queue.lose();
  const calls = valve();
  const underWay = executeRun(world.parts, runId!);
  await calls.holds(1);
  expect((await replace(newKey)).ok).toBe(true);
  deleteOldKey();
  calls.opens();
  await underWay;
  const [run] = await world.db.select().from(runs).where(eq(runs.id, runId!));
  expect(run).toMatchObject({ state: 'waiting', attempts: 0 });
  expect((await connection()).state).toBe('connected');
  await world.advance(5);
  const [done] = await world.db.select().from(runs).where(eq(runs.id, runId!));
  expect(done).toMatchObject({ state: 'done' });
});

test('[F2] a test of the old key that ends after the switch says nothing of the new one', async () => {
  makeKey();
  const calls = valve();
  const testing = world.integrations.testConnection((await connection()).id);
  await calls.holds(1);
  expect((await replace(newKey)).ok).toBe(true);
  deleteOldKey();
  calls.opens();
  const lines = await testing;
  expect(lines.some(({ ok }) => !ok)).toBe(true);
  expect((await connection()).state).toBe('connected');
});

test('[F2] what was answered to a key that was replaced says nothing about the connection', async () => {
  const before = await connection();
  makeKey();
  expect((await replace(newKey)).ok).toBe(true);
  const failure = { kind: 'unauthorised', status: 401, detail: 'Invalid token.' } as const;
  const note = { failure, now: world.clock.now() };
  expect(await noteConnectionFailure(world.db, before, note)).toBe(false);
  expect((await connection()).state).toBe('connected');
  expect(await noteConnectionFailure(world.db, await connection(), note)).toBe(true);
});

test('[I3] under load, a rotation with calls in flight loses and doubles nothing', async () => {
  world.simulator.set({ quotaEnforced: false });
  const students = await Promise.all(
    Array.from({ length: 12 }, (_none, n) => world.addStudent(`Student ${n}`)),
  );
  makeKey();
  const { id } = await connection();
  const applied = await Promise.all(students.map((student) => student.applies(job.ours)));
  world.queue.lose();
  const calls = valve();
  const underWay = Promise.all(
    applied.map((ourId) =>
      syncRecord(world.parts, { connectionId: id, resource: 'applications', ourId, door: 'push' }),
    ),
  );
  await calls.holds(12);
  calls.letThrough(6);
  expect((await replace(newKey)).ok).toBe(true);
  // Half go on with the old key for as long as it works, and are refused in the middle of it.
  calls.letThrough(6);
  await calls.holds(6);
  deleteOldKey();
  calls.opens();
  await underWay;
  expect(refusals()).toBeGreaterThan(5);
  await world.advance(60, 2);
  for (const student of students)
    expect((await student.sees())[0]!.delivery.state).toBe('delivered');
  expect(manatalOf(world).candidates).toHaveLength(12);
  expect(manatalOf(world).matches).toHaveLength(12);
  expect((await connection()).state).toBe('connected');
  expect((await world.db.select().from(failures)).filter((one) => one.state === 'dead')).toEqual(
    [],
  );
});

test('[P5] the key of another account is recognised by its records, and refused in words', async () => {
  const other = world.simulator.addAccount({ label: 'Reef Labs', key: 'sandbox-key-reef' });
  // The ids repeat from account to account, so that a read by id finds something there as well.
  const recruiter = world.simulator.recruiter(other.id);
  const added = recruiter.addOrganization({ name: 'Reef Labs' });
  if (!added.ok) throw new Error('no organization');
  const posted = recruiter.postJob({
    organization: added.row.id,
    position_name: 'Marine Biologist',
    status: 'active',
    is_published: true,
  });
  expect(posted.ok && posted.row.id).toBe(job.theirs);
  const replaced = await replace('sandbox-key-reef');
  expect(replaced).toMatchObject({ ok: false });
  if (!replaced.ok) expect(replaced.errors.key).toMatch(/another account.*The old key is kept/);
  expect(await keyAtWork()).toBe('0001');
});

test('[P5] an account of which nothing is known yet takes any key that works', async () => {
  await world.db.delete(links);
  world.simulator.addAccount({ label: 'Reef Labs', key: 'sandbox-key-reef' });
  expect((await replace('sandbox-key-reef')).ok).toBe(true);
});

test('[P5] a person may say that it is the same account, though nothing that KiEX knows is there', async () => {
  world.recruiter.editJob(job.theirs, { position_name: 'Quite another title', description: '' });
  world.recruiter.remove(
    'organizations',
    world.simulator.rows(world.account.id, 'organizations')[0]!.id,
  );
  world.recruiter.remove('jobs', job.theirs);
  makeKey();
  expect((await replace(newKey)).ok).toBe(false);
  const sure = { connectionId: (await connection()).id, key: newKey, sameAccount: true };
  expect((await world.integrations.replaceKey(sure, 'test')).ok).toBe(true);
});

test('[P5] a record of which nothing was agreed yet does not make the account a stranger', async () => {
  await world.db.update(links).set({ base: {} });
  makeKey();
  expect((await replace(newKey)).ok).toBe(true);
});

test('[P5] records that changed there do not make the account a stranger', async () => {
  world.simulator.set({ webhookLost: 1 });
  world.recruiter.editJob(job.theirs, { description: '<p>Everything is new here.</p>' });
  makeKey();
  expect((await replace(newKey)).ok).toBe(true);
});

test('[F2] a paused connection stays paused with its new key', async () => {
  await world.integrations.pause((await connection()).id, 'test');
  makeKey();
  expect((await replace(newKey)).ok).toBe(true);
  expect(await connection()).toMatchObject({ state: 'paused', keyLastFour: '0002' });
});
