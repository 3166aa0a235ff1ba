import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { secretBinding } from '#src/sync/connections.ts';
import { connections } from '#src/sync/tables.ts';
import { openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

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
const addresses = () =>
  world.simulator.rows(world.account.id, 'webhooks').map(({ target_url }) => target_url);
const secret = async () =>
  world.parts.vault.open((await connection()).webhookSecret, secretBinding(connectionId));
const standing = async () => (await world.integrations.webhookStanding(connectionId))!;
const eventNamed = async (name: string) =>
  (await standing()).events.find(({ event }) => event === name)!;

test('each event says whether it is registered, and when it was last heard', async () => {
  expect((await standing()).events).toHaveLength(7);
  expect((await standing()).events.every(({ since, stale }) => since && stale === 0)).toBe(true);
  expect((await eventNamed('job/status_update')).lastHeardAt).toBeNull();
  world.recruiter.editJob(job.theirs, { status: 'on_hold' });
  await world.advance(5);
  expect((await eventNamed('job/status_update')).lastHeardAt).toBeInstanceOf(Date);
  expect((await eventNamed('match/moved')).lastHeardAt).toBeNull();
});

test('[D4] an event whose subscription vanished there is missing until it could be made again', async () => {
  const gone = world.simulator.rows(world.account.id, 'webhooks')[0]!;
  await world.callManahook('DELETE', `/webhooks/${gone.id}/`);
  const rule = world.simulator.faults.add({ kind: 'badGateway', method: 'POST', path: '/v1/*' });
  await world.integrations.lookAtWebhooks(connectionId);
  await world.settle();
  const event = `${gone.model}/${gone.action}`;
  expect(await eventNamed(event)).toMatchObject({ since: null });
  expect((await standing()).problem).toContain(event);
  world.simulator.faults.remove(rule.id);
  await world.advance(90, 5);
  expect((await eventNamed(event)).since).not.toBeNull();
  expect((await standing()).problem).toBeNull();
});

test('[D4] what changed while its subscription was not there is read once it stands', async () => {
  for (const { id } of world.simulator.rows(world.account.id, 'webhooks'))
    await world.callManahook('DELETE', `/webhooks/${id}/`);
  world.recruiter.editJob(job.theirs, { status: 'on_hold' });
  await world.advance(5);
  const status = async () => (await world.db.select().from(jobs))[0]!.status;
  expect(await status()).toBe('open');
  await world.integrations.lookAtWebhooks(connectionId);
  await world.advance(5);
  expect(await status()).toBe('paused');
});

test('a new public address moves every subscription there, and the old ones are removed', async () => {
  const foreign = 'https://other.example/hook';
  const body = { model: 'match', action: 'moved', target_url: foreign };
  await world.callManahook('POST', '/webhooks/', body);
  world.parts.publicUrl = 'https://jobs.kiex.test';
  await world.advance(5);
  const now = addresses();
  expect(now).toContain(foreign);
  expect(now.filter((one) => one.startsWith('https://jobs.kiex.test/'))).toHaveLength(7);
  expect(now).toHaveLength(8);
});

test('old addresses that could not be removed yet are shown as stale, and are removed later', async () => {
  world.parts.publicUrl = 'https://jobs.kiex.test';
  const rule = world.simulator.faults.add({ kind: 'badGateway', method: 'DELETE', path: '/v1/*' });
  await world.advance(5);
  expect((await standing()).events.map(({ stale }) => stale)).toEqual(Array(7).fill(1));
  world.simulator.faults.remove(rule.id);
  await world.advance(90, 5);
  expect((await standing()).events.map(({ stale }) => stale)).toEqual(Array(7).fill(0));
  expect(addresses()).toHaveLength(7);
});

test('[P5] a new secret address moves every subscription there, and the old one is heard no more', async () => {
  const [before] = addresses();
  const old = await secret();
  expect(await world.integrations.changeWebhookAddress(connectionId, 'test')).toBe(true);
  await world.advance(5);
  expect(await secret()).not.toBe(old);
  expect(addresses()).toHaveLength(7);
  expect(addresses().filter((one) => one.includes(old))).toEqual([]);
  expect((await standing()).moving).toBe(false);
  const late = await world.site.fetch(new Request(before!, { method: 'POST', body: '{"id":1}' }));
  expect(late.status).toBe(404);
  world.recruiter.editJob(job.theirs, { status: 'on_hold' });
  await world.advance(5);
  expect((await eventNamed('job/status_update')).lastHeardAt).toBeInstanceOf(Date);
});

test('[D1] until every subscription has moved, the address before is heard as well', async () => {
  const [before] = addresses();
  const rule = world.simulator.faults.add({ kind: 'badGateway', path: '/v1/*' });
  await world.integrations.changeWebhookAddress(connectionId, 'test');
  await world.advance(10, 2);
  expect((await standing()).moving).toBe(true);
  const body = JSON.stringify({ id: job.theirs });
  const heard = await world.site.fetch(new Request(before!, { method: 'POST', body }));
  expect(heard.status).toBe(202);
  world.simulator.faults.remove(rule.id);
  await world.advance(90, 5);
  expect((await standing()).moving).toBe(false);
  expect(addresses()).toHaveLength(7);
});

test('address and secret may change at once: nothing of ours is left behind', async () => {
  const old = await secret();
  world.parts.publicUrl = 'https://jobs.kiex.test';
  await world.integrations.changeWebhookAddress(connectionId, 'test');
  await world.advance(5);
  expect(addresses()).toHaveLength(7);
  expect(addresses().filter((one) => one.includes(old))).toEqual([]);
});

test('without a public address it is said that nothing can be registered', async () => {
  world.parts.publicUrl = null;
  expect((await standing()).cannot).toContain('no public address');
});

test('[D4] it is said what no event tells of, and how late that is found at most', async () => {
  const { silent, pollSeconds, reconcileHours } = await standing();
  expect(silent.join(' ')).toMatch(/job is created.*edited.*dropped.*deleted/);
  expect([pollSeconds, reconcileHours]).toEqual([120, 24]);
});
