import { eq, isNotNull } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { notedWhenSent } from '#src/sync/beforeSending.ts';
import { secretBinding } from '#src/sync/connections.ts';
import { workplaceCall } from '#src/sync/engine.ts';
import { lookAround } from '#src/sync/schedule.ts';
import { startOfRun } from '#src/sync/standing.ts';
import { connections, failures, links, runs } from '#src/sync/tables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

/** What a killed worker had in hand is taken up by the next look of any other within this. */
const takenUpSeconds = 4;

let world: TestWorld;
let job: Awaited<ReturnType<typeof openJobIn>>;
beforeEach(async () => {
  world = await createTestWorld();
  job = await openJobIn(world);
});
afterEach(() => world.end());

/** A worker finds what is due, takes it up, and is killed: its bells are gone, and so are its locks. */
async function workerIsKilled(): Promise<void> {
  await lookAround(world.parts);
  world.queue.lose();
}

async function appliesAndArrives() {
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(5);
  return student;
}

test('[F4] an application that a killed worker had in hand is sent', async () => {
  const student = await world.addStudent();
  await student.applies(job.ours);
  await workerIsKilled();
  await world.advance(takenUpSeconds);
  expect(manatalOf(world).matches).toHaveLength(1);
});

test('[F4] a create that was cut off is looked for, and made once', async () => {
  const student = await world.addStudent();
  const ourId = await student.applies(job.ours);
  const [connection] = await world.db.select().from(connections);
  const of = { connectionId: connection!.id, resource: 'applications', ourId };
  const call = workplaceCall(world.parts, connection!, 'push');
  const create = { ...of, intent: {}, settleSeconds: 2 };
  await notedWhenSent(world.parts, call, create).call.stillWanted!();
  await workerIsKilled();
  await world.advance(takenUpSeconds + 1);
  expect(manatalOf(world).matches).toHaveLength(1);
});

test('[F4] a webhook that a killed worker had in hand is handled', async () => {
  world.simulator.set({ webhookLost: 1 });
  world.recruiter.editJob(job.theirs, { status: 'on_hold' });
  const [row] = await world.db.select().from(connections);
  const secret = world.parts.vault.open(row!.webhookSecret, secretBinding(row!.id));
  const address = `/api/webhooks/manatal/${secret}/job/status_update`;
  await world.site.request(address, { method: 'POST', body: `{"object_id":${job.theirs}}` });
  await workerIsKilled();
  await world.advance(takenUpSeconds);
  expect((await world.db.select().from(jobs))[0]!.status).toBe('paused');
});

test('[F4] a further try that a killed worker had in hand is made', async () => {
  world.simulator.faults.add({ kind: 'badGateway', path: '/open/v3/*', method: '*', chance: 1 });
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.settle();
  world.simulator.faults.heal();
  await world.db.update(failures).set({ nextTryAt: world.clock.now() });
  await workerIsKilled();
  await world.advance(takenUpSeconds);
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
});

test('[F4] a look for a file that a killed worker had in hand is made', async () => {
  await appliesAndArrives();
  const due = () => world.db.select().from(links).where(isNotNull(links.verifyAt));
  expect(await due()).toHaveLength(1);
  await world.db
    .update(links)
    .set({ verifyAt: world.clock.now() })
    .where(isNotNull(links.verifyAt));
  await workerIsKilled();
  await world.advance(takenUpSeconds);
  expect(await due()).toEqual([]);
});

test('[F4] a run that a killed worker had in hand goes on', async () => {
  const [connection] = await world.db.select().from(connections);
  const [runId] = await world.readAllJobsAgain(connection!.id);
  await world.db
    .update(runs)
    .set({ state: 'running', startedAt: world.clock.now(), progressAt: world.clock.now() })
    .where(eq(runs.id, runId!));
  await workerIsKilled();
  await world.advance(takenUpSeconds);
  const [run] = await world.db.select().from(runs).where(eq(runs.id, runId!));
  expect(run!.state).toBe('done');
});

test('[F4] subscriptions that a killed worker was looking at are looked at', async () => {
  await world.db.update(connections).set({ settings: {} });
  await workerIsKilled();
  await world.advance(takenUpSeconds);
  const [connection] = await world.db.select().from(connections);
  expect(connection!.settings.webhooks).toMatchObject({ registered: 7, problem: null });
});

test('nobody rings for work that is merely slow', async () => {
  const student = await world.addStudent();
  const ourId = await student.applies(job.ours);
  world.queue.lose();
  const { connectionId } = (await world.db.select().from(links))[0]!;
  const slow = Promise.withResolvers<void>();
  const working = world.parts.locks.tryWith(`${connectionId}:applications:our:${ourId}`, () =>
    slow.promise.then(() => 'done'),
  );
  await world.advance(60, 2);
  expect(world.queue.waiting()).toEqual([]);
  slow.resolve();
  await working;
  await world.advance(takenUpSeconds);
  expect(manatalOf(world).matches).toHaveLength(1);
});

test('[F4] a run whose step another worker stored meanwhile goes on from there, and nobody stumbled', async () => {
  const jobsThere = world.parts.connectors
    .get('manatal')!
    .resources.find((one) => one.name === 'jobs')!;
  const list = jobsThere.list!;
  let reads = 0;
  jobsThere.list = async (...given) => {
    const page = await list(...given);
    const checkpoint = { ...startOfRun, step: 1 };
    if (reads++ === 0) await world.db.update(runs).set({ checkpoint }).where(eq(runs.id, id!));
    return page;
  };
  const [connection] = await world.db.select().from(connections);
  const [id] = await world.readAllJobsAgain(connection!.id);
  await world.settle();
  await world.advance(takenUpSeconds);
  const [run] = await world.db.select().from(runs).where(eq(runs.id, id!));
  expect([reads, run!.state]).toEqual([2, 'done']);
  expect(world.logged.filter((line) => line.includes('stumbled'))).toEqual([]);
});
