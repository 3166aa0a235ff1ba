import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { secretBinding } from '#src/sync/connections.ts';
import { syncRecord } from '#src/sync/engine.ts';
import { connections, deliveries, links } from '#src/sync/tables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let connectionId: string;
let jobId: number;
beforeEach(async () => {
  world = await createTestWorld();
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  const posted = world.recruiter.postJob({
    organization: added.row.id,
    position_name: 'Barista',
    status: 'active',
    is_published: true,
  });
  if (!posted.ok) throw new Error('not posted');
  jobId = posted.row.id;
  connectionId = await world.connect();
  await world.settle();
});
afterEach(() => world.end());

const status = async () => (await world.db.select().from(jobs))[0]!.status;
const stored = () => world.db.select().from(deliveries).orderBy(deliveries.id);

async function secretOf(): Promise<string> {
  const [row] = await world.db.select().from(connections);
  return world.parts.vault.open(row!.webhookSecret, secretBinding(row!.id));
}

async function deliver(event: string, body: unknown, secret?: string): Promise<Response> {
  const address = `/api/webhooks/manatal/${secret ?? (await secretOf())}/${event}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return world.site.request(address, { method: 'POST', body: text });
}

test('KiEX registers its own seven subscriptions, once', async () => {
  const subscriptions = () => world.simulator.rows(world.account.id, 'webhooks');
  expect(subscriptions()).toHaveLength(7);
  await world.integrations.testConnection(connectionId);
  await world.settle();
  expect(subscriptions()).toHaveLength(7);
});

test('the list of subscriptions is kept right: missing made, stale removed, others’ left alone', async () => {
  const addresses = () =>
    world.simulator.rows(world.account.id, 'webhooks').map((row) => row.target_url);
  const right = [...addresses()].sort();
  const [gone] = world.simulator.rows(world.account.id, 'webhooks');
  const ours = 'http://kiex.test/api/webhooks/manatal';
  const foreign = 'https://another.example/hooks/match';
  const stale = [
    `${ours}/a-secret-of-old/match/moved`,
    `${ours}/${await secretOf()}/match/renamed`,
  ];
  await world.callManahook('DELETE', `/webhooks/${gone!.id}/`);
  for (const target_url of [foreign, ...stale]) {
    await world.callManahook('POST', '/webhooks/', { model: 'match', action: 'moved', target_url });
  }
  expect(addresses()).toHaveLength(6 + 3);
  await world.advance(3_700, 100);
  expect([...addresses()].sort()).toEqual([...right, foreign].sort());
});

test('[D1] a webhook is answered 2xx only when it is stored, and not when it cannot be', async () => {
  const answer = await deliver('job/status_update', { object_id: jobId });
  expect(answer.status).toBe(202);
  expect(await stored()).toHaveLength(1);
  const broken = vi
    .spyOn(world.parts.db, 'transaction')
    .mockRejectedValueOnce(new Error('disk full'));
  expect((await deliver('job/status_update', { object_id: jobId })).status).toBe(503);
  broken.mockRestore();
  expect(await stored()).toHaveLength(1);
});

test('[D2] values are taken from a fresh read, never from the body', async () => {
  await deliver('job/status_update', { object_id: jobId, status: 'won', position_name: 'Pirate' });
  await world.settle();
  expect(await world.db.select().from(jobs)).toMatchObject([{ title: 'Barista', status: 'open' }]);
  world.recruiter.editJob(jobId, { status: 'on_hold' });
  await world.advance(3);
  expect(await status()).toBe('paused');
});

test('[D3] duplicate, reordered, late, replayed, forged and malformed deliveries change nothing but the log', async () => {
  const before = await world.db.select().from(jobs);
  const writes = () => world.simulator.requests().filter(({ method }) => method !== 'GET').length;
  const wrote = writes();
  const forged = await deliver('job/status_update', { object_id: jobId }, 'not-the-secret');
  expect(forged.status).toBe(404);
  for (const bad of ['', 'not json', '{"a":', '\u0000']) {
    expect((await deliver('match/moved', bad)).status).toBe(400);
  }
  expect(await stored()).toHaveLength(0);
  const odd = [
    null,
    [],
    5,
    '"x"',
    { object_id: 99 },
    { id: '5; drop table jobs' },
    { a: '\u0000' },
    { id: [1] },
  ];
  for (const body of odd) expect((await deliver('match/moved', body)).status).toBe(202);
  for (let copy = 0; copy < 5; copy++) await deliver('job/status_update', { object_id: jobId });
  await world.settle();
  expect(await world.db.select().from(jobs)).toEqual(before);
  expect(writes()).toBe(wrote);
  expect((await stored()).every(({ state }) => state !== 'stored')).toBe(true);
});

test('requests that are too large, or to no address of ours, get a plain 4xx and one line in the log', async () => {
  const lines = () => world.logged.length;
  let before = lines();
  expect((await deliver('match/moved', `{"a":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413);
  expect(lines()).toBe(before + 1);
  before = lines();
  expect((await deliver('match/moved', { id: 1 }, 'wrong')).status).toBe(404);
  expect(lines()).toBe(before + 1);
  before = lines();
  expect((await deliver('match/moved', 'nope')).status).toBe(400);
  expect(lines()).toBe(before + 1);
});

test('whoever looks at a webhook address by GET or HEAD is told whether it is one', async () => {
  const look = async (method: string, secret: string) =>
    (await world.site.request(`/api/webhooks/manatal/${secret}/match/moved`, { method })).status;
  expect(await look('GET', await secretOf())).toBe(200);
  expect(await look('HEAD', await secretOf())).toBe(200);
  expect(await look('GET', 'x'.repeat(43))).toBe(404);
  expect(await stored()).toEqual([]);
});

test('[D4] with every webhook lost, a change waits for the next poll and no longer', async () => {
  world.simulator.set({ webhookLost: 1 });
  world.recruiter.editJob(jobId, { status: 'on_hold' });
  await world.advance(20);
  expect(await status()).toBe('open');
  await world.advance(105);
  expect(await status()).toBe('paused');
});

test('with webhooks doubled, late and reordered, the last state stands', async () => {
  world.simulator.set({ webhookDoubled: 1, webhookLate: 1, webhookReordered: 1 });
  for (const next of ['on_hold', 'active', 'won', 'active', 'lost']) {
    world.recruiter.editJob(jobId, { status: next });
    await world.advance(1);
  }
  await world.advance(120, 5);
  expect(await status()).toBe('closed');
});

test('[D5] an event that KiEX does not know is stored, answered 2xx and listed as ignored with the reason', async () => {
  expect((await deliver('job/created', { id: jobId })).status).toBe(202);
  expect((await deliver('', { hello: 'world' })).status).toBe(202);
  expect((await deliver('contact/create', { object_id: 5 })).status).toBe(202);
  const rows = await stored();
  expect(rows.map(({ state }) => state)).toEqual(['ignored', 'ignored', 'ignored']);
  expect(rows.every(({ reason }) => reason && reason.length > 5)).toBe(true);
});

test('a body without an id is a hint to look what changed in that model', async () => {
  world.simulator.set({ webhookLost: 1 });
  world.recruiter.editJob(jobId, { position_name: 'Head Barista' });
  expect((await deliver('job/status_update', {})).status).toBe(202);
  await world.settle();
  expect((await world.db.select().from(jobs))[0]!.title).toBe('Head Barista');
});

test('[D6] our change and the order to push it commit together; a lost bell delays, never loses', async () => {
  const student = await world.addStudent();
  const [job] = await world.db.select().from(jobs);
  await student.applies(job!.id);
  expect(world.queue.waiting()).toHaveLength(1);
  world.queue.lose();
  await world.advance(4);
  expect(world.simulator.rows(world.account.id, 'matches')).toHaveLength(1);
});

test('[D7] one worker at a time works on a record; what comes meanwhile is one further pass', async () => {
  const task = { connectionId, resource: 'jobs', theirId: String(jobId), door: 'webhook' } as const;
  const connector = world.parts.connectors.get('manatal')!;
  const resource = connector.resources.find(({ name }) => name === 'jobs')!;
  const get = resource.get!;
  const entered = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let reads = 0;
  resource.get = async (...given) => {
    reads++;
    entered.resolve();
    await gate.promise;
    return get(...given);
  };
  const first = syncRecord(world.parts, task);
  await entered.promise;
  const others = await Promise.all(Array.from({ length: 5 }, () => syncRecord(world.parts, task)));
  expect(others.map(({ kind }) => kind)).toEqual(Array(5).fill('busy'));
  expect(reads).toBe(1);
  // However many bells for one record were put off, they wait as one.
  expect(world.queue.waiting().filter(({ key }) => key.includes(':jobs:'))).toHaveLength(1);
  gate.resolve();
  await first;
  await world.advance(2);
  expect(reads).toBe(2);
  resource.get = get;
});

test('[I1] a record that two doors bring in at once is one record', async () => {
  const organization = world.simulator.rows(world.account.id, 'organizations')[0]!.id;
  world.simulator.set({ webhookLost: 1 });
  const posted = world.recruiter.postJob({
    organization,
    position_name: 'Guide',
    status: 'active',
    is_published: true,
  });
  if (!posted.ok) throw new Error('not posted');
  const theirId = String(posted.row.id);
  const run = world.readAllJobsAgain(connectionId);
  await Promise.all([
    run.then(() => world.queue.drain()),
    syncRecord(world.parts, { connectionId, resource: 'jobs', theirId, door: 'webhook' }),
  ]);
  await world.settle();
  expect(await world.db.select().from(jobs).where(eq(jobs.title, 'Guide'))).toHaveLength(1);
  expect(await world.db.select().from(links).where(eq(links.theirId, theirId))).toHaveLength(1);
});
