import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { users } from '#src/accounts/tables.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import { createEmployerView, type EmployerView } from '#src/applications/employerView.ts';
import { publicApplicants } from '#src/applications/publicTables.ts';
import { applications } from '#src/applications/tables.ts';
import { jobs } from '#src/jobs/tables.ts';
import { chooseOptions } from '#src/sync/options.ts';
import { activity, failures, links, runs } from '#src/sync/tables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';
import { createTwoEmployers, type Side } from './twoEmployers.ts';

let world: TestWorld;
let view: EmployerView;
beforeEach(async () => {
  world = await createTestWorld();
  view = createEmployerView(world);
});
afterEach(() => world.end());

/** Longer than from one poll to the next. */
const onePoll = 130;

const connectionId = async () => (await world.db.select().from(links))[0]!.connectionId;

async function choose(value: 'show' | 'ignore') {
  const ask = { connectionId: await connectionId(), by: 'staff' };
  const chosen = { publicApplicants: value };
  expect(await chooseOptions(world.parts, { ...ask, chosen })).toMatchObject({ ok: true });
  await world.advance(5);
}

/** Somebody applies on the employer's own career page. Returns the match there. */
function applyThere(job: number, name = 'Kiko Elsewhere') {
  const email = 'kiko@elsewhere.example';
  const received = world.recruiter.receiveApplication({ job, full_name: name, email });
  if (!received.ok) throw new Error(JSON.stringify(received.body));
  return received.row;
}

const stored = () => world.db.select().from(publicApplicants);
const reach = async () => ({
  ...{ organizations: [], organizationIds: [] },
  connectionIds: [await connectionId()],
});
const shown = async (jobId: string) =>
  (await view.applicants(await reach(), jobId, 1))!.fromElsewhere.applicants;
const stage = (words: RegExp) =>
  world.simulator
    .rows(world.account.id, 'pipelines')[0]!
    .stages.find(({ name }) => words.test(name))!;
const runsOf = async (resource: string) =>
  world.db.select().from(runs).where(eq(runs.resource, resource));
const askedOfManatal = (words: string) =>
  world.simulator.requests().filter(({ path }) => path.includes(words));
const writes = () =>
  world.simulator
    .requests()
    .filter(({ method, path }) => method !== 'GET' && !path.includes('webhooks'));

test('[P1] while nobody chose otherwise, who applied there is counted with the reason, and nothing is stored', async () => {
  const job = await openJobIn(world);
  applyThere(job.theirs);
  await world.advance(onePoll, 5);
  const skipped = (await runsOf('applications')).map(({ skipReasons }) => skipReasons);
  expect(JSON.stringify(skipped)).toContain('applied there, not through KiEX');
  expect(await stored()).toEqual([]);
  expect(await shown(job.ours)).toEqual([]);
  // What is left out costs no run and no call.
  expect(await runsOf('publicApplicants')).toEqual([]);
});

test('[P3] shown, they are a number, a stage and dates, and nobody is made or told of', async () => {
  const job = await openJobIn(world);
  const { candidate, id } = applyThere(job.theirs);
  const people = await world.db.select().from(users);
  await choose('show');
  expect(await shown(job.ours)).toMatchObject([
    { candidateId: String(candidate), addedByStaff: false, status: 'sent', interviewAt: null },
  ]);
  const kept = JSON.stringify([await stored(), await world.db.select().from(activity)]);
  for (const personal of ['Kiko', 'elsewhere.example']) expect(kept).not.toContain(personal);
  expect(await world.db.select().from(users)).toEqual(people);
  expect(await world.db.select().from(applications)).toEqual([]);
  // Who it is, is not asked either.
  expect(askedOfManatal(`/candidates/${candidate}/`)).toEqual([]);
  expect(writes()).toEqual([]);
  expect((await shown(job.ours))[0]).toMatchObject({ id: (await stored())[0]!.id });
  expect(id).toBeGreaterThan(0);
});

test('[D4] a stage, a date and a drop there follow with the next poll, in the words of the stage map', async () => {
  const job = await openJobIn(world);
  const { id } = applyThere(job.theirs);
  await choose('show');
  const interview = stage(/interview/i);
  world.recruiter.move(id, interview.id);
  world.recruiter.giveDate(id, 'interview_at', '2027-03-01T09:00:00Z');
  await world.advance(onePoll, 5);
  expect(await shown(job.ours)).toMatchObject([
    {
      ...{ status: 'interview', stageName: interview.name },
      interviewAt: new Date('2027-03-01T09:00:00Z'),
    },
  ]);
  world.recruiter.drop(id);
  await world.advance(onePoll, 5);
  expect(await shown(job.ours)).toMatchObject([{ status: 'not_selected' }]);
  applyThere(job.theirs, 'Second Person');
  await world.advance(onePoll, 5);
  expect(await shown(job.ours)).toHaveLength(2);
  expect(writes()).toEqual([]);
});

test('[Q1] a poll costs one call, however many came from elsewhere', async () => {
  const job = await openJobIn(world);
  for (let made = 0; made < 30; made++) applyThere(job.theirs, `Person ${made}`);
  await choose('show');
  expect(await stored()).toHaveLength(30);
  const before = askedOfManatal('').length;
  const polled = (await runsOf('publicApplicants')).length;
  for (const { id } of manatalOf(world).matches) world.recruiter.move(id, stage(/interview/i).id);
  await world.advance(onePoll, 5);
  expect(await runsOf('publicApplicants')).toHaveLength(polled + 1);
  // Jobs, organisations, candidates, applications and these: a page each, beside what webhooks ask.
  const lists = world.simulator
    .requests()
    .slice(before)
    .filter(({ method, path }) => method === 'GET' && path.startsWith('/open/v3/matches/?'));
  expect(lists).toHaveLength(2);
  expect((await shown(job.ours)).every(({ status }) => status === 'interview')).toBe(true);
});

test('[A1] what is removed there is shown here no longer', async () => {
  const job = await openJobIn(world);
  const { id } = applyThere(job.theirs);
  applyThere(job.theirs, 'Who Stays');
  await choose('show');
  expect(await shown(job.ours)).toHaveLength(2);
  world.recruiter.remove('matches', id);
  const ask = { connectionId: await connectionId(), resource: 'publicApplicants' };
  await world.integrations.requestRuns({ ...ask, full: true, trigger: 'manual', by: null });
  await world.advance(5);
  expect(await shown(job.ours)).toHaveLength(1);
  expect(await world.db.select().from(failures)).toEqual([]);
});

test('on a job that KiEX does not have they stay outside, without a call, until the job is here', async () => {
  const { organization } = await openJobIn(world);
  const hidden = world.recruiter.postJob({
    ...{ organization, position_name: 'Diver', status: 'active', is_published: false },
  });
  if (!hidden.ok) throw new Error('no job');
  applyThere(hidden.row.id);
  await choose('show');
  const [run] = await runsOf('publicApplicants');
  expect(run!.skipReasons).toEqual({ 'on a job that is not in KiEX': 1 });
  expect(await stored()).toEqual([]);
  expect(askedOfManatal(`/jobs/${hidden.row.id}/`)).toEqual([]);
  world.recruiter.editJob(hidden.row.id, { is_published: true });
  await world.advance(onePoll, 5);
  const ask = { connectionId: await connectionId(), resource: 'publicApplicants' };
  await world.integrations.requestRuns({ ...ask, full: true, trigger: 'manual', by: null });
  await world.advance(5);
  expect(await stored()).toHaveLength(1);
});

test('[I5] a student of KiEX is never shown a second time, also where their match was there before', async () => {
  const job = await openJobIn(world);
  await choose('show');
  const sent = await world.addStudent('Sent By KiEX');
  await sent.applies(job.ours);
  await world.advance(onePoll, 5);
  expect(manatalOf(world).matches).toHaveLength(1);
  expect(await stored()).toEqual([]);
  // Somebody applied there first, was shown, and then applies through KiEX with the same address.
  const student = await world.addStudent('Was There', 'was.there@student.example');
  const there = { job: job.theirs, full_name: 'Was There', email: student.email };
  world.recruiter.receiveApplication(there);
  await world.advance(onePoll, 5);
  expect(await shown(job.ours)).toHaveLength(1);
  await student.applies(job.ours);
  await world.advance(onePoll, 5);
  expect(manatalOf(world).matches).toHaveLength(2);
  expect(await shown(job.ours)).toEqual([]);
  expect((await view.applicants(await reach(), job.ours, 1))!.total).toBe(2);
});

test('ignored again, however many there are, they are hidden at once, removed here, and come back as chosen', async () => {
  const job = await openJobIn(world);
  for (let made = 0; made < 15; made++) applyThere(job.theirs, `Person ${made}`);
  await choose('show');
  expect(await shown(job.ours)).toHaveLength(15);
  const there = manatalOf(world).matches.length;
  const id = await connectionId();
  const chosen = { publicApplicants: 'ignore' };
  await chooseOptions(world.parts, { connectionId: id, chosen, by: 'staff' });
  expect(await shown(job.ours)).toEqual([]);
  await world.advance(5);
  expect(await stored()).toEqual([]);
  const left = await world.db.select().from(links).where(eq(links.resource, 'publicApplicants'));
  expect(left).toEqual([]);
  const told = await world.db.select().from(activity).where(eq(activity.action, 'let go'));
  expect(told).toMatchObject([{ resource: 'publicApplicants', ok: true }]);
  expect(manatalOf(world).matches).toHaveLength(there);
  await world.advance(onePoll, 5);
  expect(await stored()).toEqual([]);
  await choose('show');
  expect(await shown(job.ours)).toHaveLength(15);
  expect(writes()).toEqual([]);
});

test('a connection that has ended shows nobody any more', async () => {
  const job = await openJobIn(world);
  applyThere(job.theirs);
  await choose('show');
  expect(await shown(job.ours)).toHaveLength(1);
  await world.integrations.disconnect(await connectionId(), 'staff');
  await world.advance(30, 5);
  expect(await shown(job.ours)).toEqual([]);
});

test('staff there who put somebody on a job are told apart from those who applied', async () => {
  const job = await openJobIn(world);
  const made = await world.callManatal('POST', '/candidates/', { full_name: 'Put There' });
  const { id } = (await made.json()) as { id: number };
  await world.callManatal('POST', '/matches/', { candidate: id, job: job.theirs });
  await choose('show');
  expect(await shown(job.ours)).toMatchObject([{ candidateId: String(id), addedByStaff: true }]);
});

test('each employer is shown those of their own account, and of no other; students are shown nobody', async () => {
  const { world: both, app, a, b } = await createTwoEmployers();
  const applied = new Map<Side, number>();
  for (const side of [a, b]) {
    const chosen = { publicApplicants: 'show' };
    await chooseOptions(both.parts, { connectionId: side.connectionId, chosen, by: 'test' });
    const [link] = await both.db.select().from(links).where(eq(links.ourId, side.jobId));
    const recruiter = both.simulator.recruiter(both.account.id + (side === a ? 0 : 1));
    const match = recruiter.receiveApplication({ job: Number(link!.theirId), full_name: 'Kiko' });
    if (match.ok) applied.set(side, match.row.candidate);
  }
  await both.advance(10, 5);
  /** What the page of the job's applicants shows them. */
  const look = async (viewer: Viewer, of: Side) => {
    const { own } = await app.deskOf(viewer);
    const found = own && (await app.employerView.applicants(own, of.jobId, 1));
    return found?.fromElsewhere.applicants.map(({ candidateId }) => Number(candidateId));
  };
  expect(await look(a.person, a)).toEqual([applied.get(a)]);
  expect(await look(b.person, b)).toEqual([applied.get(b)]);
  expect(await look(a.person, b)).toBeUndefined();
  await expect(look(b.student, b)).rejects.toMatchObject({ status: 403 });
  // The job of another account that carries their name: theirs to see, who applied there is not.
  const { organizationId } = a;
  await both.db.update(jobs).set({ organizationId }).where(eq(jobs.id, b.jobId));
  expect(await look(a.person, b)).toEqual([]);
  await both.end();
});
