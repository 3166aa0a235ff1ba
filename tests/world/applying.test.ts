import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applications } from '#src/applications/tables.ts';
import { jobs } from '#src/jobs/tables.ts';
import type { FaultKind } from '#src/sandbox/faults.ts';
import { failures, links } from '#src/sync/tables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

/** An open job in Manatal that KiEX has. */
async function openJob(title = 'Barista'): Promise<{ ours: string; theirs: number }> {
  const organization = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!organization.ok) throw new Error('no organization');
  const posted = world.recruiter.postJob({
    organization: organization.row.id,
    position_name: title,
    status: 'active',
    is_published: true,
  });
  if (!posted.ok) throw new Error(JSON.stringify(posted.body));
  await world.connect();
  await world.settle();
  const [row] = await world.db.select().from(jobs).where(eq(jobs.title, title));
  return { ours: row!.id, theirs: posted.row.id };
}

/** One more open job, of the same employer. */
async function postAlso(title: string): Promise<{ ours: string; theirs: number }> {
  const [first] = world.simulator.rows(world.account.id, 'jobs');
  const { organization } = first!;
  const body = { organization, position_name: title, status: 'active', is_published: true };
  const posted = world.recruiter.postJob(body);
  if (!posted.ok) throw new Error(JSON.stringify(posted.body));
  await world.advance(125);
  const [row] = await world.db.select().from(jobs).where(eq(jobs.title, title));
  return { ours: row!.id, theirs: posted.row.id };
}

/** What stands in Manatal of one person's application. */
function inManatal() {
  const of = <Name extends Parameters<typeof world.simulator.rows>[1]>(name: Name) =>
    world.simulator.rows(world.account.id, name);
  return {
    candidates: of('candidates'),
    matches: of('matches'),
    resumes: of('resumes'),
    notes: of('notes'),
    attachments: of('attachments'),
  };
}

function counts() {
  const { candidates, matches, resumes, notes, attachments } = inManatal();
  return [candidates, matches, resumes, notes, attachments].map((rows) => rows.length);
}

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
      expect(counts()).toEqual([1, 1, 1, 1, 0]);
      expect((await student.sees())[0]!.delivery.state).toBe('delivered');
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

test('[I3] a resume whose answer was lost is no problem while Manatal is still fetching it', async () => {
  world.simulator.set({ downloadSeconds: 30 });
  const job = await openJob();
  const student = await world.addStudent();
  const path = '/open/v3/candidates/*/resume/';
  world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path, next: 1 });
  await student.applies(job.ours);
  await world.advance(10);
  const states = async () => (await world.db.select().from(failures)).map(({ state }) => state);
  expect(await states()).toEqual(['retrying']);
  await world.advance(120);
  expect(await states()).toEqual(['resolved']);
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
  test(`[I4] a match that exists already (${answer}) is adopted`, async () => {
    const job = await openJob();
    const student = await world.addStudent();
    world.simulator.set({ duplicateMatch: answer });
    // The look before the create sees nothing, because somebody adds the pair in between.
    world.simulator.faults.add({
      kind: 'stale',
      method: 'GET',
      path: '/open/v3/candidates/*/matches/',
    });
    await student.applies(job.ours);
    await world.advance(30);
    world.simulator.faults.heal();
    await world.advance(30);
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

test('a second application with the same resume sends no file; with another, an attachment', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(5);
  const second = world.recruiter.postJob({
    organization: 3300101,
    position_name: 'Guide',
    status: 'active',
    is_published: true,
  });
  const organization = world.simulator.rows(world.account.id, 'organizations')[0]!.id;
  const posted = second.ok
    ? second
    : world.recruiter.postJob({
        organization,
        position_name: 'Guide',
        status: 'active',
        is_published: true,
      });
  if (!posted.ok) throw new Error('not posted');
  await world.advance(130);
  const [guide] = await world.db.select().from(jobs).where(eq(jobs.title, 'Guide'));
  await student.applies(guide!.id);
  await world.advance(5);
  expect(counts()).toEqual([1, 2, 1, 2, 0]);
  const other = await world.students.addResume(student.userId, {
    name: 'newer.rtf',
    bytes: new TextEncoder().encode('{\\rtf1 newer}'),
  });
  if (!other.ok) throw new Error(other.words);
  const third = world.recruiter.postJob({
    organization,
    position_name: 'Cook',
    status: 'active',
    is_published: true,
  });
  if (!third.ok) throw new Error('not posted');
  await world.advance(130);
  const [cook] = await world.db.select().from(jobs).where(eq(jobs.title, 'Cook'));
  await world.applications.submit({
    studentId: student.userId,
    jobId: cook!.id,
    resumeId: other.resume.id,
    note: '',
    agreed: true,
  });
  await world.advance(5);
  expect(counts()).toEqual([1, 3, 1, 2, 1]);
});

test('[F6] a resume that Manatal silently did not fetch is sent once more, then a person is told', async () => {
  world.simulator.set({ downloadMegabytes: 0 });
  const job = await openJob();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(10);
  expect(world.simulator.downloads()).toHaveLength(1);
  await world.advance(1_300, 60);
  expect(world.simulator.downloads()).toHaveLength(2);
  await world.advance(1_300, 60);
  expect(world.simulator.downloads()).toHaveLength(2);
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

test('[I4] a student whose candidate was merged away applies again, and the one that is left is used', async () => {
  const first = await openJob('Barista');
  const student = await world.addStudent();
  await student.applies(first.ours);
  await world.settle();
  const old = inManatal().candidates[0]!;
  world.recruiter.remove('candidates', old.id);
  const body = { full_name: 'Known longer', email: student.email };
  const kept = world.recruiter.receiveApplication({ job: first.theirs, ...body });
  if (!kept.ok) throw new Error(JSON.stringify(kept.body));
  const second = await postAlso('Cook');
  await student.applies(second.ours);
  await world.settle();
  await world.advance(30);
  const { candidates, matches } = inManatal();
  expect(candidates.map(({ id }) => id)).toEqual([kept.row.candidate]);
  const match = matches.find((row) => row.job === second.theirs);
  expect(match).toMatchObject({ candidate: kept.row.candidate });
  const open = await world.db.select().from(failures).where(eq(failures.state, 'dead'));
  expect(open).toEqual([]);
});

test('a student whose candidate was deleted is a new candidate when applying again, once', async () => {
  const first = await openJob('Barista');
  const student = await world.addStudent();
  await student.applies(first.ours);
  await world.settle();
  world.recruiter.remove('candidates', inManatal().candidates[0]!.id);
  // Nothing is made anew for its own sake.
  await world.advance(300);
  expect(inManatal().candidates).toHaveLength(0);
  const second = await postAlso('Cook');
  world.simulator.faults.add({
    kind: 'answerLost',
    method: 'POST',
    path: '/open/v3/candidates/',
    next: 1,
  });
  await student.applies(second.ours);
  await world.settle();
  await world.advance(60);
  const { candidates, matches } = inManatal();
  expect(candidates).toHaveLength(1);
  const on = matches.filter((row) => row.job === second.theirs);
  expect(on.map(({ candidate }) => candidate)).toEqual([candidates[0]!.id]);
});
