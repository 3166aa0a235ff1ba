import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { providerQuota } from '#src/platform/tables.ts';
import { createTestDatabase, type TestDatabase } from '#src/platform/testDatabase.ts';
import {
  activity,
  checkpoints,
  connections,
  deliveries,
  failures,
  links,
  runs,
} from '#src/sync/tables.ts';
import { createDashboard, type Dashboard } from './dashboard.ts';

let database: TestDatabase;
let dashboard: Dashboard;
const start = new Date('2026-11-22T00:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
let made = 0;
const newId = () => {
  made += 1;
  return `01900000-0000-7000-8000-${String(made).padStart(12, '0')}`;
};

beforeAll(async () => {
  database = await createTestDatabase();
  dashboard = createDashboard({
    db: database.db,
    clock: new ManualClock(),
    targetSeconds: 120,
    webhookAddress: ({ provider, webhookSecret }) =>
      `https://kiex.example/${provider}/${webhookSecret}`,
    leftOut: () => [],
    within: null,
  });
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.delete(activity);
  await database.db.delete(connections);
  await database.db.delete(providerQuota);
});

async function connected(label: string): Promise<string> {
  const id = newId();
  await database.db.insert(connections).values({
    id,
    provider: 'manatal',
    label,
    state: 'connected',
    credentials: 'SEALED-KEY',
    keyLastFour: '9f2c',
    quotaKey: `quota ${label}`,
    webhookSecret: `secret-${label}`,
    webhookSecretHash: `hash ${label}`,
    settings: {},
    createdAt: start,
    updatedAt: start,
  });
  return id;
}

type Run = typeof runs.$inferInsert;
const ran = async (connectionId: string, given: Partial<Run>): Promise<string> => {
  const id = newId();
  await database.db.insert(runs).values({
    id,
    connectionId,
    resource: 'jobs',
    kind: 'poll',
    trigger: 'schedule',
    state: 'done',
    requestedAt: start,
    ...given,
  });
  return id;
};

type Failure = typeof failures.$inferInsert;
const failed = (connectionId: string, given: Partial<Failure>) =>
  database.db.insert(failures).values({
    id: newId(),
    connectionId,
    resource: 'jobs',
    recordKey: `their:${made}`,
    state: 'dead',
    kind: 'refused',
    step: 'create',
    detail: 'No.',
    attempts: 1,
    firstAt: start,
    lastAt: start,
    ...given,
  });

test('a connection tells its state, freshness, links, quota and open failures', async () => {
  const id = await connected('Pacific Stay');
  const of = { connectionId: id, resource: 'jobs' };
  await database.db.insert(checkpoints).values({ ...of, lastDoneAt: after(5) });
  for (const theirId of ['1', '2', null]) {
    const link = { ...of, ourId: `our ${theirId}`, theirId, createdAt: start, updatedAt: start };
    await database.db.insert(links).values({ id: newId(), ...link });
  }
  await database.db
    .insert(providerQuota)
    .values({ key: 'quota Pacific Stay', callsPerMinute: 90, theoreticalArrival: start });
  await failed(id, {});
  await failed(id, { state: 'retrying' });
  await failed(id, { state: 'resolved' });
  const [summary] = await dashboard.connections();
  expect(summary).toMatchObject({
    label: 'Pacific Stay',
    state: 'connected',
    webhookAddress: 'https://kiex.example/manatal/secret-Pacific Stay',
    quota: { callsPerMinute: 90 },
    openFailures: 2,
    // A create that is under way has no id of theirs yet: it is not linked.
    resources: [{ resource: 'jobs', lastDoneAt: after(5), linked: 2 }],
  });
});

test('[P5] no sealed key, secret or webhook body is ever read for a page', async () => {
  const id = await connected('Pacific Stay');
  const webhook = { connectionId: id, receivedAt: start, event: 'job.status_update', bytes: 2 };
  await database.db
    .insert(deliveries)
    .values({ ...webhook, id: newId(), body: 'SEALED-BODY', state: 'stored' });
  const shown = JSON.stringify([
    await dashboard.connections(),
    await dashboard.deliveries(null, 5),
  ]);
  expect(shown).toContain('job.status_update');
  expect(shown).not.toContain('SEALED');
});

test('running runs come before waiting ones, ended ones are elsewhere', async () => {
  const id = await connected('Pacific Stay');
  const waiting = await ran(id, { state: 'waiting', requestedAt: start });
  const running = await ran(id, { state: 'running', requestedAt: after(60) });
  const failedRun = await ran(id, { state: 'failed' });
  expect((await dashboard.openRuns(null)).map((run) => run.id)).toEqual([running, waiting]);
  const recent = await dashboard.recentRuns({ connectionId: null, quiet: true, limit: 10 });
  expect(recent.map((run) => run.id)).toEqual([failedRun]);
});

test('polls that found nothing are only shown when asked for', async () => {
  const id = await connected('Pacific Stay');
  const quiet = await ran(id, { seen: 3, unchanged: 2, skipped: 1, requestedAt: after(1) });
  const change = await ran(id, { seen: 3, unchanged: 2, updated: 1, requestedAt: after(2) });
  const full = await ran(id, { kind: 'full', seen: 3, unchanged: 3, requestedAt: after(3) });
  const broken = await ran(id, { state: 'interrupted', requestedAt: after(4) });
  const ids = async (wanted: boolean) =>
    (await dashboard.recentRuns({ connectionId: null, quiet: wanted, limit: 10 })).map(
      (run) => run.id,
    );
  expect(await ids(false)).toEqual([broken, full, change]);
  expect(await ids(true)).toEqual([broken, full, change, quiet]);
});

test('[F5] failures that wait for a person come first; settled ones are gone', async () => {
  const id = await connected('Pacific Stay');
  await failed(id, { state: 'retrying', detail: 'later', lastAt: after(100) });
  await failed(id, { state: 'dead', detail: 'dead', lastAt: after(1) });
  await failed(id, { state: 'dismissed', detail: 'gone', lastAt: after(200) });
  const { rows, total } = await dashboard.openFailures({}, 1);
  expect(rows.map(({ detail }) => detail)).toEqual(['dead']);
  expect(total).toBe(2);
  expect(rows[0]).toMatchObject({ connectionLabel: 'Pacific Stay', provider: 'manatal' });
});

test('activity is filtered, newest first, and knows whether there is more', async () => {
  const [one, other] = [await connected('One'), await connected('Other')];
  const line = (connectionId: string, second: number, ok: boolean, resource: string) => ({
    id: newId(),
    at: after(second),
    connectionId,
    resource,
    door: 'poll',
    direction: 'in' as const,
    action: 'updated',
    ok,
  });
  await database.db
    .insert(activity)
    .values([
      line(one, 1, true, 'jobs'),
      line(one, 2, false, 'jobs'),
      line(one, 3, true, 'applications'),
      line(other, 4, true, 'jobs'),
    ]);
  const everything = { connectionId: '', resource: '', outcome: '', runId: '', page: 1 } as const;
  const seconds = async (filter: object, limit = 10) => {
    const { rows, more } = await dashboard.activity({ ...everything, ...filter }, limit);
    return [rows.map(({ at }) => (at.getTime() - start.getTime()) / 1000), more];
  };
  expect(await seconds({})).toEqual([[4, 3, 2, 1], false]);
  expect(await seconds({}, 3)).toEqual([[4, 3, 2], true]);
  expect(await seconds({ page: 2 }, 3)).toEqual([[1], false]);
  expect(await seconds({ connectionId: one })).toEqual([[3, 2, 1], false]);
  expect(await seconds({ resource: 'applications' })).toEqual([[3], false]);
  expect(await seconds({ outcome: 'failed' })).toEqual([[2], false]);
  expect(await seconds({ connectionId: 'not an id' })).toEqual([[], false]);
  expect(await dashboard.lastEventAt()).toEqual(after(4));
});

test('everything narrows to one connection', async () => {
  const [one, other] = [await connected('One'), await connected('Other')];
  await ran(one, { state: 'failed' });
  await ran(other, { state: 'running' });
  await failed(other, {});
  expect(await dashboard.openRuns(one)).toEqual([]);
  expect(await dashboard.recentRuns({ connectionId: other, quiet: true, limit: 5 })).toEqual([]);
  expect((await dashboard.openFailures({ connectionId: one }, 5)).total).toBe(0);
  expect((await dashboard.openFailures({ connectionId: other }, 5)).total).toBe(1);
});

test('a run is found by its id, and nothing by what is not one', async () => {
  const id = await connected('Pacific Stay');
  const run = await ran(id, { resource: 'applications' });
  expect(await dashboard.run(run)).toMatchObject({ id: run, connectionLabel: 'Pacific Stay' });
  expect(await dashboard.run('nope')).toBeNull();
  expect(await dashboard.run(newId())).toBeNull();
});

test('nothing is connected: everything is empty and nothing fails', async () => {
  expect(await dashboard.connections()).toEqual([]);
  expect(await dashboard.lastEventAt()).toBeNull();
});
