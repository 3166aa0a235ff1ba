import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applicationEvents, applications } from '#src/applications/tables.ts';
import { syncRecord } from '#src/sync/engine.ts';
import { activity, connections, links } from '#src/sync/tables.ts';
import { history, issues } from '#src/sync/trailTables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const connectionId = async () => (await world.db.select().from(links))[0]!.connectionId;
const match = () => manatalOf(world).matches[0]!;
const pipeline = () => world.simulator.rows(world.account.id, 'pipelines')[0]!;
const stageNamed = (words: RegExp) => pipeline().stages.find(({ name }) => words.test(name))!;
const openIssues = async () =>
  (await world.db.select().from(issues)).filter(({ closedAt }) => closedAt === null);
const row = async () => (await world.db.select().from(applications))[0]!;

async function applied() {
  const job = await openJobIn(world);
  const student = await world.addStudent();
  const applicationId = await student.applies(job.ours);
  await world.advance(10);
  return { job, student, applicationId, seen: async () => (await student.sees())[0]! };
}

/** What staff do on the page: look, choose, preview, apply. */
async function chooses(choices: Record<string, string>) {
  const id = await connectionId();
  const preview = (await world.stages.preview(id, choices))!;
  const { fingerprint } = preview;
  const apply = () => world.stages.choose(id, { choices, fingerprint, by: 'staff' });
  return { preview, apply };
}

const shownStages = async () =>
  (await world.stages.of(await connectionId()))!.pipelines.flatMap(({ stages }) => stages);

test('every stage of the account is shown, guessed until a person has looked', async () => {
  await applied();
  const all = await shownStages();
  expect(all.map(({ id }) => id).sort()).toEqual(
    world.simulator
      .rows(world.account.id, 'pipelines')
      .flatMap(({ stages }) => stages.map(({ id }) => String(id)))
      .sort(),
  );
  expect(all.every(({ isGuessed, isNew }) => isGuessed && !isNew)).toBe(true);
  expect(all.find(({ id }) => id === String(match().stage))).toMatchObject({ applications: 1 });
  const same = Object.fromEntries(all.map(({ id, status }) => [id, status]));
  const { preview, apply } = await chooses(same);
  expect(preview.total).toBe(0);
  expect(await apply()).toEqual({ ok: true, changed: 0 });
  expect((await shownStages()).some(({ isGuessed }) => isGuessed)).toBe(false);
});

test('a preview says what would change and writes nothing; applying does just that, here only, told once', async () => {
  const { applicationId, seen } = await applied();
  const interview = stageNamed(/interview/i);
  world.recruiter.move(match().id, interview.id);
  await world.advance(10);
  expect((await seen()).status).toBe('interview');
  const choices = { [interview.id]: 'in_review' };
  const { preview, apply } = await chooses(choices);
  expect(preview.counts).toEqual([{ before: 'interview', after: 'in_review', total: 1 }]);
  expect(preview.shown).toMatchObject([{ applicationId, stageName: interview.name }]);
  expect((await seen()).status).toBe('interview');
  const calls = world.simulator.requests().length;
  world.published.length = 0;
  expect(await apply()).toEqual({ ok: true, changed: 1 });
  expect(world.published.filter((topic) => topic.startsWith('applications:'))).toHaveLength(1);
  expect(world.simulator.requests()).toHaveLength(calls);
  expect(await seen()).toMatchObject({ status: 'in_review', stageName: interview.name });
  const told = eq(applicationEvents.by, 'kiex');
  expect(await world.db.select().from(applicationEvents).where(told)).toMatchObject([
    { applicationId, status: 'in_review', stageName: interview.name },
  ]);
  const of = and(eq(history.ourId, applicationId), eq(history.door, 'staff'));
  expect((await world.db.select().from(history).where(of))[0]!.fields).toEqual({
    status: { before: 'interview', after: 'in_review', rule: 'stage map' },
  });
  const lines = await world.db.select().from(activity).where(eq(activity.ourId, applicationId));
  expect(lines.some(({ detail }) => detail?.includes('stage map'))).toBe(true);
  // However often it is looked at, nothing more is written. [M6]
  const before = await row();
  await world.integrations.requestRuns({
    ...{ connectionId: await connectionId(), resource: 'applications', full: true },
    ...{ trigger: 'manual', by: null },
  });
  await world.advance(300, 5);
  expect(await row()).toEqual(before);
});

test('what was previewed is applied to no other map', async () => {
  await applied();
  const interview = stageNamed(/interview/i);
  const first = await chooses({ [interview.id]: 'offer' });
  const second = await chooses({ [interview.id]: 'hired' });
  expect(await first.apply()).toMatchObject({ ok: true });
  expect(await second.apply()).toEqual({ ok: false, reason: 'moved' });
  const shown = (await shownStages()).find(({ id }) => id === String(interview.id));
  expect(shown?.status).toBe('offer');
  expect(await world.stages.preview(await connectionId(), { [interview.id]: 'king' })).toBeNull();
});

test('a pass that was under way while the map changed stores no status of the old one', async () => {
  const { applicationId } = await applied();
  const interview = stageNamed(/interview/i);
  world.recruiter.move(match().id, interview.id);
  const resource = world.parts.connectors
    .get('manatal')!
    .resources.find(({ name }) => name === 'applications')!;
  const read = resource.get!;
  resource.get = async (context, theirId) => {
    resource.get = read;
    const seen = await read(context, theirId);
    const { apply } = await chooses({ [interview.id]: 'offer' });
    await apply();
    return seen;
  };
  const of = { connectionId: await connectionId(), resource: 'applications' };
  await syncRecord(world.parts, { ...of, ourId: applicationId, door: 'manual' });
  expect((await row()).status).toBe('offer');
});

test('[M7] an application in a stage that nobody has looked at opens an issue, which closes when a person has', async () => {
  const { seen } = await applied();
  const added = world.recruiter.addStage(pipeline().id, 'Proefdag');
  world.recruiter.move(match().id, added);
  await world.advance(10);
  expect(await seen()).toMatchObject({ status: 'in_review', stageName: 'Proefdag' });
  expect(await openIssues()).toMatchObject([
    {
      kind: 'unknown stages',
      count: 1,
      detail: `1 application stands in a stage KiEX does not know (${added}).`,
    },
  ]);
  const unread = (await shownStages()).find(({ id }) => id === String(added));
  expect(unread).toMatchObject({ name: 'Proefdag', isNew: true, pipeline: '', applications: 1 });
  expect(await world.stages.readAgain(await connectionId(), 'staff')).toBeNull();
  const listed = (await shownStages()).find(({ id }) => id === String(added));
  expect(listed).toMatchObject({ isNew: true, isGuessed: true, pipeline: pipeline().name });
  // Its guess is the one that was in force before the map had it.
  expect((await seen()).status).toBe('in_review');
  expect(await openIssues()).toHaveLength(1);
  const { apply } = await chooses({ [added]: 'interview' });
  expect(await apply()).toEqual({ ok: true, changed: 1 });
  expect(await openIssues()).toEqual([]);
  expect((await seen()).status).toBe('interview');
});

test('the issue closes by itself when the last application leaves the stage', async () => {
  await applied();
  const added = world.recruiter.addStage(pipeline().id, 'Proefdag');
  world.recruiter.move(match().id, added);
  await world.advance(10);
  expect(await openIssues()).toHaveLength(1);
  world.recruiter.move(match().id, stageNamed(/interview/i).id);
  await world.advance(10);
  expect(await openIssues()).toEqual([]);
});

test('a stage that is renamed there keeps its meaning and is marked with its former name', async () => {
  await applied();
  const interview = stageNamed(/interview/i);
  const { apply } = await chooses({ [interview.id]: 'interview' });
  await apply();
  world.recruiter.renameStage(interview.id, 'Job offer');
  await world.stages.readAgain(await connectionId(), 'staff');
  const shown = (await shownStages()).find(({ id }) => id === String(interview.id));
  expect(shown).toMatchObject({
    ...{ name: 'Job offer', formerName: interview.name },
    ...{ status: 'interview', isGuessed: false },
  });
});

test('what staff choose while the pipelines are being read is not overwritten', async () => {
  await applied();
  const interview = stageNamed(/interview/i);
  const connector = world.parts.connectors.get('manatal')!;
  const refresh = connector.refreshSettings!;
  connector.refreshSettings = async (context) => {
    connector.refreshSettings = refresh;
    const read = await refresh(context);
    const { apply } = await chooses({ [interview.id]: 'offer' });
    await apply();
    return read;
  };
  await world.stages.readAgain(await connectionId(), 'staff');
  const shown = (await shownStages()).find(({ id }) => id === String(interview.id));
  expect(shown).toMatchObject({ status: 'offer', isGuessed: false });
  const [connection] = await world.db.select().from(connections);
  expect(connection!.settings.refreshedAt).toBeDefined();
});

test('a withdrawn application changes for staff alone', async () => {
  const { student, applicationId, seen } = await applied();
  const interview = stageNamed(/interview/i);
  world.recruiter.move(match().id, interview.id);
  await world.advance(10);
  await world.integrations.pause(await connectionId(), 'staff');
  await world.applications.withdraw({ studentId: student.userId, applicationId });
  const events = (await seen()).events.length;
  const { apply } = await chooses({ [interview.id]: 'offer' });
  expect(await apply()).toEqual({ ok: true, changed: 1 });
  expect((await row()).status).toBe('offer');
  const after = await seen();
  expect(after.status).toBe('withdrawn');
  expect(after.events).toHaveLength(events);
});

test('dates that are set, moved and taken away are followed, each with its line for the student', async () => {
  const { seen } = await applied();
  const gives = async (body: object) => {
    await world.callManatal('PATCH', `/matches/${match().id}/`, body);
    await world.advance(130, 5);
  };
  await gives({ interview_at: '2027-02-01T23:00:00Z' });
  expect(await seen()).toMatchObject({
    status: 'interview',
    interviewAt: new Date('2027-02-01T23:00:00Z'),
  });
  await gives({ interview_at: '2027-02-03T23:00:00Z' });
  expect((await seen()).events.at(-1)).toMatchObject({
    word: 'Interview',
    interviewAt: new Date('2027-02-03T23:00:00Z'),
  });
  await gives({ offer_at: '2027-02-10' });
  expect(await seen()).toMatchObject({ status: 'offer', offerAt: new Date('2027-02-10') });
  await gives({ offer_at: null, interview_at: null });
  expect(await seen()).toMatchObject({ status: 'sent', interviewAt: null, offerAt: null });
  await gives({ hired_at: '2027-02-12' });
  world.recruiter.drop(match().id);
  await world.advance(130, 5);
  expect((await seen()).status).toBe('not_selected');
  world.recruiter.undrop(match().id);
  await world.advance(130, 5);
  expect((await seen()).status).toBe('hired');
});
