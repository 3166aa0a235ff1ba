import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJobs } from '#src/jobs/store.ts';
import { jobs } from '#src/jobs/tables.ts';
import { organizations } from '#src/organizations/tables.ts';
import { activity, connections, failures, links, runs } from '#src/sync/tables.ts';
import { manatalOf, openJobIn, ourJob, postJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

const key = 'sandbox-key-0001';

let world: TestWorld;
let job: Awaited<ReturnType<typeof openJobIn>>;
let connectionId: string;
beforeEach(async () => {
  world = await createTestWorld();
  job = await openJobIn(world);
  await world.advance(5);
  connectionId = (await connection()).id;
});
afterEach(() => world.end());

const connection = async () => (await world.db.select().from(connections))[0]!;
const subscriptions = () => world.simulator.rows(world.account.id, 'webhooks');
const board = () => createJobs({ db: world.db, clock: world.clock });
const disconnect = () => world.integrations.disconnect(connectionId, 'test');
const manahookIs = (kind: 'badGateway' | 'throttled') =>
  world.simulator.faults.add({ kind, path: '/v1/*', method: '*', chance: 1, seconds: 30 });
const reconnect = () => world.integrations.replaceKey({ connectionId, key }, 'test');

test('[P5] a connection that ends takes its webhooks back and destroys its key', async () => {
  expect(subscriptions()).toHaveLength(7);
  const address = subscriptions()[0]!.target_url;
  expect(await disconnect()).toBe(true);
  expect((await connection()).state).toBe('disconnecting');
  await world.settle();
  expect(await connection()).toMatchObject({
    state: 'disconnected',
    credentials: '',
    keyLastFour: '',
  });
  expect(subscriptions()).toEqual([]);
  const late = await world.site.fetch(new Request(address, { method: 'POST', body: '{"id":1}' }));
  expect(late.status).toBe(404);
  const calls = world.simulator.requests().length;
  await world.advance(400, 10);
  expect(world.simulator.requests().length).toBe(calls);
  expect(await disconnect()).toBe(false);
});

test('what somebody else registered stays', async () => {
  const theirs = {
    model: 'job',
    action: 'status_update',
    target_url: 'https://other.example/api/webhooks/manatal/x/job',
  };
  await world.callManahook('POST', '/webhooks/', theirs);
  await disconnect();
  await world.settle();
  expect(subscriptions().map(({ target_url }) => target_url)).toEqual([theirs.target_url]);
});

test('jobs of a connection that ended are closed for applicants, and kept as they were', async () => {
  const student = await world.addStudent();
  expect(await board().countOpen()).toBe(1);
  const [before] = await world.db.select().from(jobs);
  await disconnect();
  await world.settle();
  expect(await board().countOpen()).toBe(0);
  expect((await board().bySlug(before!.slug))!.status).toBe('closed');
  await expect(student.applies(job.ours)).rejects.toThrow('job_closed');
  const [after] = await world.db.select().from(jobs);
  expect(after).toEqual({ ...before!, asideAt: expect.any(Date) });
});

test('[A2] nothing of the employer’s is touched by an end, and links and history stay', async () => {
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(20);
  const [there, tied] = [manatalOf(world), await world.db.select().from(links)];
  await disconnect();
  await world.settle();
  expect(manatalOf(world)).toEqual(there);
  expect(await world.db.select().from(links)).toEqual(tied);
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
});

test('[F5] work that is dropped with a connection is dropped in words', async () => {
  world.simulator.faults.add({ kind: 'badGateway', path: '/open/v3/*', method: '*', chance: 1 });
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.readAllJobsAgain(connectionId);
  await world.advance(10, 2);
  await disconnect();
  await world.settle();
  const left = await world.db.select().from(failures);
  expect(left.map(({ state, closedReason }) => [state, closedReason])).toEqual(
    left.map(() => ['resolved', 'The connection was disconnected.']),
  );
  expect(left.length).toBeGreaterThan(0);
  const stopped = await world.db.select().from(runs).where(eq(runs.state, 'interrupted'));
  expect(stopped.map(({ reason }) => reason)).toContain('The connection was disconnected.');
  const lines = await world.db.select().from(activity);
  expect(lines.find(({ action }) => action === 'connection disconnected')!.detail).toMatch(
    /runs stopped: [1-9].*problems closed: [1-9].*records closed here: 1/,
  );
  expect((await student.sees())[0]!.delivery).toMatchObject({ state: 'stored' });
});

test('[I3] reconnected with a key of the same account, all goes on and nothing comes twice', async () => {
  const student = await world.addStudent();
  const held = await world.addStudent('Another Student');
  await student.applies(job.ours);
  await world.advance(20);
  world.simulator.faults.add({ kind: 'badGateway', path: '/open/v3/*', method: '*', chance: 1 });
  await held.applies(job.ours);
  await world.advance(5);
  await disconnect();
  await world.settle();
  world.simulator.faults.heal();
  // Life goes on there meanwhile.
  postJobIn(world, { organization: job.organization, title: 'Guide' });
  world.recruiter.editJob(job.theirs, { position_name: 'Head Barista' });
  await world.advance(4_000, 500);
  expect((await reconnect()).ok).toBe(true);
  await world.advance(140, 5);
  expect(await connection()).toMatchObject({ state: 'connected', keyLastFour: '0001' });
  expect((await world.db.select().from(jobs)).map(({ title }) => title).sort()).toEqual([
    'Guide',
    'Head Barista',
  ]);
  expect(await ourJob(world, 'Head Barista')).toBe(job.ours);
  expect(await board().countOpen()).toBe(2);
  for (const one of [student, held]) {
    expect((await one.sees())[0]!.delivery.state).toBe('delivered');
  }
  expect(manatalOf(world).matches).toHaveLength(2);
  expect(manatalOf(world).candidates).toHaveLength(2);
  expect(await world.db.select().from(organizations)).toHaveLength(1);
  expect(subscriptions()).toHaveLength(7);
});

test('a connection that ended is not begun again with the key of another account', async () => {
  world.simulator.addAccount({ label: 'Reef Labs', key: 'sandbox-key-reef' });
  await disconnect();
  await world.settle();
  const other = await world.integrations.replaceKey(
    { connectionId, key: 'sandbox-key-reef' },
    'test',
  );
  expect(other).toMatchObject({
    ok: false,
    errors: { key: expect.stringContaining('another account') },
  });
  await world.integrations.resume(connectionId, 'test');
  await world.integrations.pause(connectionId, 'test');
  expect((await connection()).state).toBe('disconnected');
});

test('[I3] the account of a connection that ended is not added a second time', async () => {
  await disconnect();
  await world.settle();
  const again = { provider: 'manatal', label: 'Again', organizationName: 'Pacific', key } as const;
  expect(await world.integrations.addConnection(again, 'test')).toMatchObject({
    ok: false,
    errors: { key: expect.stringContaining('Reconnect it there') },
  });
});

test('an end whose other side is away for a while waits for it', async () => {
  const rule = manahookIs('badGateway');
  await disconnect();
  await world.advance(100, 5);
  expect((await connection()).state).toBe('disconnecting');
  world.simulator.faults.remove(rule.id);
  await world.advance(30, 5);
  expect((await connection()).state).toBe('disconnected');
  expect(subscriptions()).toEqual([]);
});

test('[P5] an end whose other side stays away comes all the same, and says what was left there', async () => {
  manahookIs('badGateway');
  await disconnect();
  await world.advance(700, 20);
  expect(await connection()).toMatchObject({ state: 'disconnected', credentials: '' });
  expect((await connection()).stateReason).toContain('could not be removed');
});

test('[P5] a key that is refused already is destroyed at once, and what was left is told', async () => {
  world.simulator.changeAccount(world.account.id, { access: 'revoked' });
  await disconnect();
  await world.settle();
  expect(await connection()).toMatchObject({ state: 'disconnected', credentials: '' });
  expect((await connection()).stateReason).toContain('Invalid token.');
});

test('[F4] wherever an end is cut off, it comes to its end', async () => {
  const real = world.parts.db.transaction.bind(world.parts.db);
  const answer = world.simulator.manahook;
  for (const calls of [0, 1, 4, 8, 9]) {
    if ((await connection()).state === 'disconnected') {
      expect((await reconnect()).ok).toBe(true);
      await world.advance(5);
      expect(subscriptions()).toHaveLength(7);
    }
    // Killed after so many calls: from then on this process does nothing more.
    let left = calls;
    world.simulator.manahook = async (request) => {
      if (left-- <= 0) throw new Error('killed');
      return answer(request);
    };
    world.parts.db.transaction = (() => Promise.reject(new Error('killed'))) as typeof real;
    await disconnect();
    await world.queue.drain().catch(() => undefined);
    expect((await connection()).state).toBe('disconnecting');
    // Another process finds it, with what the first had done and without its bells.
    world.simulator.manahook = answer;
    world.parts.db.transaction = real;
    world.queue.lose();
    await world.advance(30, 1);
    expect(await connection()).toMatchObject({ state: 'disconnected', credentials: '' });
    expect(subscriptions()).toEqual([]);
  }
});
