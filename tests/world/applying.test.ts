import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applications } from '#src/applications/tables.ts';
import { agreements } from '#src/privacy/tables.ts';
import type { FaultKind } from '#src/sandbox/faults.ts';
import { syncRecord } from '#src/sync/engine.ts';
import { links } from '#src/sync/tables.ts';
import { countsIn, manatalOf, openJobIn, ourJob, postJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const openJob = (title?: string) => openJobIn(world, title);
const inManatal = () => manatalOf(world);
const counts = () => countsIn(world);

test('an application arrives as candidate, match, resume and note, and says so', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  const applicationId = await student.applies(job.ours);
  await world.settle();
  await world.advance(5);
  expect(counts()).toEqual([1, 1, 1, 1, 0]);
  const { candidates, matches } = inManatal();
  expect(candidates[0]).toMatchObject({
    full_name: 'Sample Student',
    email: student.email,
    phone_number: '+16715550123',
    external_id: student.userId,
    source_type: 'other',
    source_other: 'KiEX',
    consent: true,
  });
  expect(matches[0]).toMatchObject({ external_id: applicationId, job: job.theirs });
  expect((await student.sees())[0]).toMatchObject({
    status: 'sent',
    delivery: { state: 'delivered' },
  });
});

const createPaths: [string, string][] = [
  ['candidate', '/open/v3/candidates/'],
  ['match', '/open/v3/matches/'],
  ['resume', '/open/v3/candidates/*/resume/'],
  ['note', '/open/v3/matches/*/notes/'],
];

for (const kind of [
  'answerLost',
  'requestLost',
  'truncated',
  'serverError',
  'throttled',
] satisfies FaultKind[]) {
  for (const [what, path] of createPaths) {
    test(`[I3] the create of a ${what} with ${kind} leads to one ${what}`, async () => {
      const job = await openJob();
      const student = await world.addStudent();
      world.simulator.faults.add({ kind, method: 'POST', path, next: 1, seconds: 3 });
      await student.applies(job.ours);
      await world.settle();
      await world.advance(30);
      // What arrived is found at once; that it never will is certain only minutes later.
      if (kind === 'requestLost' || kind === 'serverError') await world.advance(120, 10);
      expect((await student.sees())[0]!.delivery.state).toBe('delivered');
      // A file may show only after it was fetched; another try waits for that.
      if (what === 'resume') await world.advance(1_300, 100);
      expect(counts()).toEqual([1, 1, 1, 1, 0]);
    });
  }
}

test('[I3] with every create answered by silence once, each record still arrives exactly once', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  for (const [, path] of createPaths) {
    world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path, next: 1 });
  }
  await student.applies(job.ours);
  await world.advance(60);
  expect(counts()).toEqual([1, 1, 1, 1, 0]);
});

test('[I2] a candidate with the same e-mail is used, and what the recruiter wrote stays', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  const met = world.recruiter.receiveApplication({
    job: job.theirs,
    full_name: 'Known To Recruiter',
    email: student.email,
    address: 'Written by the recruiter',
  });
  if (!met.ok) throw new Error('not received');
  await student.applies(job.ours);
  await world.advance(5);
  const { candidates, matches } = inManatal();
  expect(candidates).toHaveLength(1);
  expect(candidates[0]).toMatchObject({
    full_name: 'Known To Recruiter',
    address: 'Written by the recruiter',
    // Empty before, so filled.
    phone_number: '+16715550123',
    external_id: student.userId,
  });
  expect(matches).toHaveLength(1);
});

test('[I2] a candidate that carries our external id is used whatever its e-mail', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  const met = world.recruiter.receiveApplication({
    job: job.theirs,
    full_name: 'A',
    email: 'other@person.example',
  });
  if (!met.ok) throw new Error('not received');
  world.recruiter.editCandidate(met.row.candidate, { external_id: student.userId });
  await student.applies(job.ours);
  await world.advance(5);
  expect(inManatal().candidates).toHaveLength(1);
});

for (const answer of ['non_field_errors', 'detail', 'conflict'] as const) {
  test(`[I4] a match that somebody makes between our look and our create (${answer}) is adopted`, async () => {
    const job = await openJob();
    const student = await world.addStudent();
    world.simulator.set({ duplicateMatch: answer });
    const connector = world.parts.connectors.get('manatal')!;
    const matches = connector.resources.find(({ name }) => name === 'applications')!;
    const look = matches.find!;
    matches.find = async (context, outgoing) => {
      matches.find = look;
      const seen = await look(context, outgoing);
      const candidate = Number(outgoing.refs.candidates);
      await world.callManatal('POST', '/matches/', { candidate, job: job.theirs });
      return seen;
    };
    await student.applies(job.ours);
    await world.advance(10);
    const refused = world.simulator
      .requests()
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/matches/'))
      .map(({ status }) => status);
    expect(refused).toEqual([201, answer === 'conflict' ? 409 : 400]);
    expect(inManatal().matches).toHaveLength(1);
    expect((await student.sees())[0]!.delivery.state).toBe('delivered');
  });
}

test('[I1] the database refuses a second link for either side', async () => {
  const job = await openJob();
  const [link] = await world.db.select().from(links).where(eq(links.resource, 'jobs'));
  const copy = { ...link!, id: world.parts.newId() };
  await expect(world.db.insert(links).values({ ...copy, ourId: 'another' })).rejects.toThrow();
  await expect(world.db.insert(links).values({ ...copy, theirId: 'another' })).rejects.toThrow();
  expect(job.ours).toBe(link!.ourId);
});

test('the recruiter’s decision comes back: stage, then hired, with the stage’s own name', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(5);
  const match = inManatal().matches[0]!;
  const pipeline = world.simulator
    .rows(world.account.id, 'pipelines')
    .find(({ id }) => id === match.pipeline)!;
  const interview = pipeline.stages.find(({ name }) => /interview/i.test(name))!;
  world.recruiter.move(match.id, interview.id);
  await world.advance(3);
  expect((await student.sees())[0]).toMatchObject({
    status: 'interview',
    stageName: interview.name,
  });
  world.recruiter.hire(match.id);
  await world.advance(130);
  expect((await student.sees())[0]!.status).toBe('hired');
  const [row] = await world.db.select().from(applications);
  expect(row!.hiredAt).not.toBeNull();
});

test('[D4] a drop, of which Manatal tells nothing, is found by the next poll', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(5);
  world.recruiter.drop(inManatal().matches[0]!.id);
  await world.advance(125);
  expect((await student.sees())[0]!.status).toBe('not_selected');
});

test('[M6] after an application has settled, KiEX writes nothing more to Manatal, however often it looks', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(1_300, 20);
  const writes = () => world.simulator.requests().filter(({ method }) => method !== 'GET').length;
  const before = writes();
  await world.advance(600, 20);
  expect(writes()).toBe(before);
});

test('[P1] an agreement that no longer stands lets nothing leave, whatever bell rings', async () => {
  const job = await openJob();
  const { connectionId } = (await world.db.select().from(links))[0]!;
  const student = await world.addStudent();
  await world.integrations.pause(connectionId, 'test');
  const ourId = await student.applies(job.ours);
  await world.db.update(agreements).set({ withdrawnAt: world.clock.now() });
  await world.integrations.resume(connectionId, 'test');
  for (const resource of ['applications', 'notes', 'resumes']) {
    const id = resource === 'resumes' ? student.resumeId : ourId;
    await syncRecord(world.parts, { connectionId, resource, ourId: id, door: 'push' });
  }
  await world.advance(60, 5);
  expect(counts()).toEqual([0, 0, 0, 0, 0]);
});

test('[P1] of what a student sends, what the agreement does not name stays here', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.db.update(agreements).set({ categories: ['name', 'email'] });
  await world.advance(60, 5);
  expect(counts()).toEqual([1, 1, 0, 0, 0]);
  expect(inManatal().candidates[0]).toMatchObject({ email: student.email, phone_number: null });
});

test('[P1] an application that was withdrawn before it left stays here, though another of the student’s stands', async () => {
  const first = await openJob();
  const theirs = postJobIn(world, { organization: first.organization, title: 'Cook' });
  await world.advance(125, 5);
  const { connectionId } = (await world.db.select().from(links))[0]!;
  const student = await world.addStudent();
  await world.integrations.pause(connectionId, 'test');
  const withdrawn = await student.applies(first.ours);
  await student.applies(await ourJob(world, 'Cook'));
  const now = world.clock.now();
  const of = eq(agreements.applicationId, withdrawn);
  await world.db.update(agreements).set({ withdrawnAt: now }).where(of);
  await world.integrations.resume(connectionId, 'test');
  await world.advance(10, 5);
  const bell = { connectionId, resource: 'applications', ourId: withdrawn, door: 'push' } as const;
  await syncRecord(world.parts, bell);
  await world.advance(60, 5);
  expect(inManatal().matches).toMatchObject([{ job: theirs }]);
});
