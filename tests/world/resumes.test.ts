import { eq, isNotNull } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agreements } from '#src/privacy/tables.ts';
import { retryNow } from '#src/sync/deadLetters.ts';
import { failures, links } from '#src/sync/tables.ts';
import { countsIn, manatalOf, openJobIn, ourJob, postJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const openJob = () => openJobIn(world);
const counts = () => countsIn(world);

test('a second application with the same resume sends no file; with another, an attachment', async () => {
  const { ours, organization } = await openJob();
  const student = await world.addStudent();
  await student.applies(ours);
  await world.advance(5);
  for (const title of ['Guide', 'Cook']) postJobIn(world, { organization, title });
  await world.advance(130);
  await student.applies(await ourJob(world, 'Guide'));
  await world.advance(5);
  expect(countsIn(world)).toEqual([1, 2, 1, 2, 0]);
  const newer = await world.students.addResume(student.userId, {
    name: 'newer.rtf',
    bytes: new TextEncoder().encode('{\\rtf1 newer}'),
  });
  if (!newer.ok) throw new Error(newer.words);
  await world.applications.submit({
    studentId: student.userId,
    jobId: await ourJob(world, 'Cook'),
    resumeId: newer.resume.id,
    note: '',
    agreed: true,
  });
  await world.advance(5);
  expect(countsIn(world)).toEqual([1, 3, 1, 2, 1]);
});

/** A second file on the profile. */
async function addsResume(student: { userId: string }) {
  const bytes = new TextEncoder().encode('{\\rtf1 newer}');
  const added = await world.students.addResume(student.userId, { name: 'newer.rtf', bytes });
  if (!added.ok) throw new Error(added.words);
  return added.resume.id;
}

test('[I3] a newer resume goes after an application as one attachment with the date, and is looked for', async () => {
  const { ours } = await openJob();
  const student = await world.addStudent();
  await student.applies(ours);
  await world.advance(5);
  const newer = await addsResume(student);
  // Kept on the profile: nobody gets it before its student says so. [P1]
  await world.advance(5);
  expect(counts()).toEqual([1, 1, 1, 1, 0]);
  const path = '/open/v3/candidates/*/attachments/';
  world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path, next: 1 });
  expect(await world.newerResumes.send(student.userId, newer)).toBe(1);
  expect(await world.newerResumes.send(student.userId, newer)).toBe(0);
  await world.advance(2_500, 20);
  expect(counts()).toEqual([1, 1, 1, 1, 1]);
  const day = world.clock.now().toISOString().slice(0, 10);
  const [attachment] = manatalOf(world).attachments;
  expect(attachment!.name).toMatch(new RegExp(`^Resume for Barista, ${day} \\(KiEX `));
  const reach = await world.newerResumes.reachOf(student.userId);
  expect(reach.get(newer)).toEqual({ sentTo: ['Pacific Stay Hotels'], couldGoTo: [] });
  // Found there at the second look, so no person need look for it. [F6]
  const states = (await world.db.select().from(failures)).map(({ state }) => state);
  expect(new Set(states)).toEqual(new Set(['resolved']));
});

test('[F6] a newer resume that Manatal silently did not fetch is sent once more, then a person is told', async () => {
  const { ours } = await openJob();
  const student = await world.addStudent();
  await student.applies(ours);
  await world.advance(1_300, 60);
  world.simulator.set({ downloadMegabytes: 0 });
  const newer = await addsResume(student);
  await world.newerResumes.send(student.userId, newer);
  await world.advance(2_600, 60);
  expect(world.simulator.downloads()).toHaveLength(3);
  const [dead] = await world.db.select().from(failures).where(eq(failures.ourId, newer));
  expect(dead).toMatchObject({ state: 'dead', step: 'verify', resource: 'resumes' });
  // Somebody mends what was in the way, and asks for another try.
  world.simulator.set({ downloadMegabytes: 5 });
  await retryNow(world.db, dead!.id, world.clock.now());
  await world.advance(1_300, 60);
  expect(counts()).toEqual([1, 1, 1, 1, 1]);
  const [mended] = await world.db.select().from(failures).where(eq(failures.ourId, newer));
  expect(mended).toMatchObject({ state: 'resolved' });
});

test('[F6] a newer resume that arrives when it is sent once more is no trouble, whatever its job is called by then', async () => {
  const { ours, theirs } = await openJob();
  const student = await world.addStudent();
  await student.applies(ours);
  await world.advance(1_300, 60);
  world.simulator.set({ downloadMegabytes: 0 });
  const newer = await addsResume(student);
  await world.newerResumes.send(student.userId, newer);
  await world.advance(60, 20);
  world.simulator.set({ downloadMegabytes: 5 });
  world.recruiter.editJob(theirs, { position_name: 'Head barista' });
  await world.advance(2_600, 60);
  expect(counts()).toEqual([1, 1, 1, 1, 1]);
  expect(await world.db.select().from(failures)).toEqual([]);
});

test('[P2] a newer resume goes to nobody with whom its student does not share one', async () => {
  const { ours } = await openJob();
  const student = await world.addStudent();
  const applicationId = await student.applies(ours);
  await world.advance(5);
  const newer = await addsResume(student);
  await world.sharing.choose(student.userId, { applicationId, categories: ['phone'] });
  expect(await world.newerResumes.send(student.userId, newer)).toBe(0);
  await world.advance(5);
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
  await world.advance(1_300, 20);
  expect(await states()).toEqual(['resolved']);
  expect(counts()).toEqual([1, 1, 1, 1, 0]);
});

test('[I3] a resume whose answer was lost, at the first try or the next, is there once where a second would join it', async () => {
  world.simulator.set({ downloadSeconds: 30, secondResume: 'add' });
  const job = await openJob();
  const student = await world.addStudent();
  const path = '/open/v3/candidates/*/resume/';
  world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path, next: 1 });
  await student.applies(job.ours);
  await world.advance(1_300, 20);
  expect(counts()).toEqual([1, 1, 1, 1, 0]);
  // The first file is never fetched; the answer to the second sending is lost.
  const other = await world.addStudent('Another Student');
  world.simulator.set({ downloadMegabytes: 0 });
  await other.applies(job.ours);
  await world.advance(60, 20);
  world.simulator.set({ downloadMegabytes: 5 });
  world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path, next: 1 });
  await world.advance(3_000, 20);
  expect(counts()).toEqual([2, 2, 2, 2, 0]);
  const states = (await world.db.select().from(failures)).map(({ state }) => state);
  expect(new Set(states)).toEqual(new Set(['resolved']));
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
  const [dead] = await world.db.select().from(failures).where(eq(failures.resource, 'resumes'));
  expect(dead).toMatchObject({ state: 'dead', step: 'verify', ourId: student.resumeId });
});

test('[F5] a look for a resume that failed is no open failure once the resume is found', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(10);
  const path = '/open/v3/candidates/*/resume/';
  world.simulator.faults.add({ kind: 'badGateway', method: 'GET', path, chance: 1 });
  await world.advance(1_260, 30);
  const open = async () => {
    const rows = await world.db.select().from(failures).where(eq(failures.resource, 'resumes'));
    return rows.map(({ step, state }) => [step, state]);
  };
  expect(await open()).toEqual([['verify', 'retrying']]);
  world.simulator.faults.heal();
  await world.advance(1_000, 30);
  expect(await open()).toEqual([['verify', 'resolved']]);
});

test('[F3] a file that is not shared any more is looked for no longer', async () => {
  const job = await openJob();
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.advance(10);
  await world.db.update(agreements).set({ withdrawnAt: world.clock.now() });
  await world.advance(1_260, 30);
  const due = await world.db.select().from(links).where(isNotNull(links.verifyAt));
  expect(due).toEqual([]);
});
