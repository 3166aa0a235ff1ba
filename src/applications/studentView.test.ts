import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connections, failures, links } from '#src/sync/tables.ts';
import { createTown, type Town } from './testTown.ts';

let town: Town;
beforeEach(async () => {
  town = await createTown();
});
afterEach(() => town.close());

test('[F6] "Sent" is stored here; "In Manatal" only once Manatal answered with an id', async () => {
  const { applicationId } = await town.send();
  const delivery = async () => (await town.applications.forStudent('maria'))[0]?.delivery;
  expect(await delivery()).toMatchObject({
    state: 'stored',
    words: 'On its way to Manatal',
  });

  const connectionId = await connect();
  const link = { id: town.newId(), connectionId, resource: 'applications', ourId: applicationId };
  const made = { createdAt: town.clock.now(), updatedAt: town.clock.now() };
  await town.db.insert(links).values({ ...link, ...made, createSentAt: town.clock.now() });
  expect(await delivery()).toMatchObject({ state: 'stored' });

  await town.db.update(links).set({ theirId: '9100' }).where(eq(links.id, link.id));
  expect(await delivery()).toMatchObject({ state: 'delivered', words: 'In Manatal' });

  await town.db.update(links).set({ goneAt: town.clock.now() }).where(eq(links.id, link.id));
  expect(await delivery()).toMatchObject({ state: 'problem', words: 'No longer in Manatal' });
});

test('[F6] a link of another record with the same id is not ours', async () => {
  const { applicationId } = await town.send();
  const connectionId = await connect();
  const made = { createdAt: town.clock.now(), updatedAt: town.clock.now() };
  const link = {
    id: town.newId(),
    connectionId,
    resource: 'jobs',
    ourId: applicationId,
    theirId: '1',
  };
  await town.db.insert(links).values({ ...link, ...made });
  expect(await town.applications.forStudent('maria')).toMatchObject([
    { delivery: { state: 'stored' } },
  ]);
});

test('tells of trouble on the way, without calling it sent there', async () => {
  const { applicationId } = await town.send();
  const connectionId = await connect();
  const delivery = async () => (await town.applications.forStudent('maria'))[0]!.delivery;
  await linkJob(connectionId);
  await failOn(connectionId, 'applications', applicationId);
  expect((await delivery()).meaning).toMatch(/keep trying/);
  await town.db.update(failures).set({ state: 'dead' });
  expect(await delivery()).toMatchObject({
    state: 'problem',
    words: 'Not yet in Manatal',
  });
  await town.db.update(failures).set({ state: 'resolved' });
  await town.db.update(connections).set({ state: 'needs_attention' });
  expect(await delivery()).toMatchObject({
    state: 'stored',
    meaning: expect.stringMatching(/as soon as that opens/),
  });
});

test('trouble with the applicant there is trouble with the application, elsewhere it is not', async () => {
  await town.send();
  const here = await connect();
  await failOn(here, 'candidates', 'maria');
  await town.db.update(failures).set({ state: 'dead' });
  const state = async () => (await town.applications.forStudent('maria'))[0]?.delivery.state;
  expect(await state()).toBe('stored');
  await linkJob(here);
  expect(await state()).toBe('problem');
});

test('shows the true status with the way it came', async () => {
  const { applicationId } = await town.send();
  const sentAt = town.clock.now();
  await town.clock.advance(60_000);
  await town.recruiterMoves(applicationId, 'interview', 'Phone screen');
  const [seen] = await town.applications.forStudent('maria');
  expect(seen).toMatchObject({
    id: applicationId,
    jobSlug: town.job.slug,
    jobTitle: 'Front Desk Associate',
    employer: 'Pacific Stay Hotel',
    statusWord: 'Interview',
    stageName: 'Phone screen',
    submittedAt: sentAt,
    updatedAt: town.clock.now(),
    updatedBy: 'employer',
    events: [
      { at: sentAt, word: 'Sent', stageName: null, by: 'student' },
      { at: town.clock.now(), word: 'Interview', stageName: 'Phone screen', by: 'employer' },
    ],
  });
  expect(seen?.steps.map(({ state }) => state)).toEqual(['done', 'done', 'now', 'ahead', 'ahead']);
});

test('shows nothing of other students', async () => {
  await town.send();
  expect(await town.applications.forStudent('jose')).toEqual([]);
});

async function connect(): Promise<string> {
  const id = town.newId();
  const now = town.clock.now();
  await town.db.insert(connections).values({
    id,
    provider: 'manatal',
    label: 'Manatal · Pacific Stay',
    organizationId: town.employer.id,
    state: 'connected',
    credentials: 'sealed',
    keyLastFour: '1234',
    quotaKey: 'manatal:1',
    webhookSecret: 'sealed',
    webhookSecretHash: id,
    settings: {},
    createdAt: now,
    updatedAt: now,
  });
  return id;
}

async function linkJob(connectionId: string) {
  const now = town.clock.now();
  const link = {
    id: town.newId(),
    connectionId,
    resource: 'jobs',
    ourId: town.job.id,
    theirId: '5100',
  };
  await town.db.insert(links).values({ ...link, createdAt: now, updatedAt: now });
}

async function failOn(connectionId: string, resource: string, ourId: string) {
  await town.db.insert(failures).values({
    id: town.newId(),
    connectionId,
    resource,
    recordKey: `our:${ourId}`,
    ourId,
    state: 'retrying',
    kind: 'unreachable',
    step: 'create',
    detail: 'time-out',
    attempts: 1,
    firstAt: town.clock.now(),
    lastAt: town.clock.now(),
  });
}
