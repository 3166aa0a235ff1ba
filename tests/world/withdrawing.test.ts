import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applicationEvents, applications } from '#src/applications/tables.ts';
import { agreements } from '#src/privacy/tables.ts';
import { chooseOptions } from '#src/sync/options.ts';
import { failures, links } from '#src/sync/tables.ts';
import { issues } from '#src/sync/trailTables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const connectionId = async () => (await world.db.select().from(links))[0]!.connectionId;
const match = () => manatalOf(world).matches[0]!;
const notes = () =>
  manatalOf(world).notes.map(({ info }) => String(info).replaceAll(/<[^>]+>/g, ' '));
const withdrawalNotes = () => notes().filter((words) => words.includes('withdrew'));
const openIssues = async () =>
  (await world.db.select().from(issues)).filter(({ closedAt }) => closedAt === null);

/** Every change of a match that KiEX asked for, also when its answer was lost. */
const dropsSent = () =>
  world.simulator
    .requests()
    .filter(({ method, path }) => method === 'PATCH' && path.includes('/matches/'));

async function applied() {
  const job = await openJobIn(world);
  const student = await world.addStudent();
  const applicationId = await student.applies(job.ours);
  await world.advance(10);
  const of = { studentId: student.userId, applicationId };
  return {
    ...{ job, student, applicationId },
    withdraws: () => world.applications.withdraw(of),
    seen: async () => (await student.sees())[0]!,
  };
}

const choose = async (way: string) => {
  const ask = { connectionId: await connectionId(), chosen: { withdrawal: way }, by: 'staff' };
  expect(await chooseOptions(world.parts, ask)).toMatchObject({ ok: true });
};

test('[F6] [D6] a withdrawal is Withdrawn here at once, and drops the match there once, with one note', async () => {
  const { student, withdraws, seen } = await applied();
  expect(await withdraws()).toEqual({ ok: true, already: false });
  expect(await seen()).toMatchObject({
    status: 'withdrawn',
    canWithdraw: false,
    delivery: { state: 'stored' },
  });
  await world.advance(130, 5);
  expect(match()).toMatchObject({ is_active: false });
  expect(match().dropped_at).not.toBeNull();
  expect(withdrawalNotes()).toHaveLength(1);
  for (const personal of ['Sample Student', student.email])
    expect(withdrawalNotes()[0]).not.toContain(personal);
  expect(dropsSent()).toHaveLength(1);
  const { status, delivery, events } = await seen();
  expect({ status, state: delivery.state }).toEqual({ status: 'withdrawn', state: 'delivered' });
  // The drop is our own: the student reads of no decision of the employer's.
  expect(events.map(({ word }) => word)).not.toContain('Not selected');
  expect(events.at(-1)).toMatchObject({ word: 'Withdrawn', by: 'student' });
  const [row] = await world.db.select().from(applications);
  expect(row).toMatchObject({ status: 'not_selected' });
});

test('pressing twice, or when it has ended, or on somebody else’s, withdraws nothing', async () => {
  const { applicationId, withdraws, student } = await applied();
  const stranger = { studentId: 'somebody', applicationId };
  expect(await world.applications.withdraw(stranger)).toEqual({ ok: false, reason: 'not_found' });
  const both = await Promise.all([withdraws(), withdraws()]);
  expect(both.map((answer) => answer.ok && answer.already).sort()).toEqual([false, true]);
  const events = await world.db
    .select()
    .from(applicationEvents)
    .where(eq(applicationEvents.status, 'withdrawn'));
  expect(events).toHaveLength(1);
  const second = await world.addStudent('Other Student');
  const id = await second.applies((await world.db.select().from(applications))[0]!.jobId);
  await world.advance(10);
  world.recruiter.hire(manatalOf(world).matches.find((row) => row.external_id === id)!.id);
  await world.advance(130, 5);
  const of = { studentId: second.userId, applicationId: id };
  expect(await world.applications.withdraw(of)).toEqual({ ok: false, reason: 'ended' });
  expect(student.userId).not.toBe(second.userId);
});

for (const [way, drops, told] of [
  ['drop', 1, 1],
  ['note', 0, 1],
  ['nothing', 0, 0],
] as const) {
  test(`the connection’s option "${way}" decides what the employer’s side is told`, async () => {
    const { withdraws, seen } = await applied();
    await choose(way);
    await withdraws();
    // What is chosen later holds for later withdrawals only.
    await choose(way === 'drop' ? 'nothing' : 'drop');
    await world.advance(260, 5);
    expect(dropsSent()).toHaveLength(drops);
    expect(match().is_active).toBe(drops === 0);
    expect(withdrawalNotes()).toHaveLength(told);
    expect((await seen()).status).toBe('withdrawn');
  });
}

for (const kind of [
  'answerLost',
  'requestLost',
  'truncated',
  'serverError',
  'throttled',
] as const) {
  test(`[I3] the drop and its note with ${kind} are made exactly once`, async () => {
    const { withdraws, seen } = await applied();
    const once = { kind, next: 1, seconds: 3 };
    world.simulator.faults.add({ ...once, method: 'PATCH', path: '/open/v3/matches/*/' });
    world.simulator.faults.add({ ...once, method: 'POST', path: '/open/v3/matches/*/notes/' });
    await withdraws();
    await world.advance(300, 5);
    const arrived = dropsSent().filter(({ status }) => status === 200);
    expect(match().is_active).toBe(false);
    expect(arrived.length).toBeLessThanOrEqual(1);
    expect(withdrawalNotes()).toHaveLength(1);
    expect((await seen()).delivery.state).toBe('delivered');
  });
}

test('[M6] what the recruiter does with it afterwards brings nothing back, and is not undone', async () => {
  const { withdraws, seen, applicationId } = await applied();
  await withdraws();
  await world.advance(130, 5);
  world.recruiter.undrop(match().id);
  const [pipeline] = world.simulator.rows(world.account.id, 'pipelines');
  const interview = pipeline!.stages.find(({ name }) => /interview/i.test(name))!;
  world.recruiter.move(match().id, interview.id);
  await world.advance(260, 5);
  expect(await seen()).toMatchObject({ status: 'withdrawn', stageName: interview.name });
  // What follows a withdrawal is for staff: no line of it in the student's timeline.
  expect((await seen()).events.at(-1)).toMatchObject({ word: 'Withdrawn', by: 'student' });
  const [row] = await world.db.select().from(applications);
  expect(row).toMatchObject({ id: applicationId, status: 'interview' });
  expect(match().is_active).toBe(true);
  expect(dropsSent()).toHaveLength(1);
});

test('a recruiter who dropped it first is not told to again by a drop', async () => {
  const { withdraws, seen } = await applied();
  world.recruiter.drop(match().id);
  const { dropped_at } = match();
  await withdraws();
  await world.advance(130, 5);
  expect(dropsSent()).toHaveLength(0);
  expect(match().dropped_at).toBe(dropped_at);
  expect(withdrawalNotes()).toHaveLength(1);
  expect((await seen()).delivery.state).toBe('delivered');
});

test('[P2] withdrawn before it was sent, nothing of it is ever sent, and nothing is told', async () => {
  const job = await openJobIn(world);
  const student = await world.addStudent();
  const connection = await connectionId();
  await world.integrations.pause(connection, 'staff');
  const applicationId = await student.applies(job.ours);
  const of = { studentId: student.userId, applicationId };
  expect(await world.applications.withdraw(of)).toMatchObject({ ok: true });
  expect((await world.db.select().from(agreements))[0]!.withdrawnAt).not.toBeNull();
  await world.integrations.resume(connection, 'staff');
  await world.advance(400, 10);
  expect(Object.values(manatalOf(world)).flat()).toEqual([]);
  expect((await student.sees())[0]).toMatchObject({
    status: 'withdrawn',
    delivery: { words: 'Not in Manatal' },
  });
  expect(await world.db.select().from(failures)).toEqual([]);
});

test('a match that is gone there has nothing to drop', async () => {
  const { withdraws } = await applied();
  world.recruiter.remove('matches', match().id);
  await withdraws();
  await world.advance(130, 5);
  expect(dropsSent()).toEqual([]);
});

test('sent again after a withdrawal: our row lives again, the match stays dropped, a note and an issue tell of it', async () => {
  const { job, student, applicationId, withdraws, seen } = await applied();
  await withdraws();
  await world.advance(130, 5);
  expect((await seen()).canApplyAgain).toBe(true);
  expect(await student.applies(job.ours, 'I can come after all.')).toBe(applicationId);
  await world.advance(260, 5);
  expect(await seen()).toMatchObject({ status: 'sent', canWithdraw: true });
  expect((await seen()).events.map(({ word }) => word)).toEqual([
    ...['Sent', 'Sent', 'Withdrawn', 'Sent'],
  ]);
  expect(manatalOf(world).matches).toHaveLength(1);
  expect(match().is_active).toBe(false);
  const again = notes().filter((words) => words.includes('again with KiEX'));
  expect(again).toHaveLength(1);
  expect(again[0]).toContain('I can come after all.');
  expect(await openIssues()).toMatchObject([{ kind: 'applied again', ourId: applicationId }]);
  // The recruiter re-opens it: the student sees where it stands, and nobody need be told any more.
  world.recruiter.undrop(match().id);
  await world.advance(130, 5);
  expect(await openIssues()).toEqual([]);
  world.recruiter.drop(match().id);
  await world.advance(130, 5);
  expect(await seen()).toMatchObject({ status: 'not_selected', canApplyAgain: true });
});

test('sent again and taken back again: each withdrawal is told once, and the second drops only what stands', async () => {
  const { job, student, withdraws, seen } = await applied();
  await withdraws();
  await world.advance(130, 5);
  await student.applies(job.ours, 'Again.');
  await world.advance(130, 5);
  expect(await withdraws()).toEqual({ ok: true, already: false });
  await world.advance(130, 5);
  expect(dropsSent()).toHaveLength(1);
  expect(withdrawalNotes()).toHaveLength(2);
  expect(await openIssues()).toEqual([]);
  await student.applies(job.ours, 'And again.');
  world.recruiter.undrop(match().id);
  await world.advance(130, 5);
  await withdraws();
  await world.advance(130, 5);
  expect(dropsSent()).toHaveLength(2);
  expect(match().is_active).toBe(false);
  expect((await seen()).status).toBe('withdrawn');
  expect(await world.db.select().from(failures).where(eq(failures.state, 'dead'))).toEqual([]);
});

test('taken back and sent again before anything was told: the match is left as it is', async () => {
  const { job, student, withdraws, seen } = await applied();
  const connection = await connectionId();
  await world.integrations.pause(connection, 'staff');
  await withdraws();
  await student.applies(job.ours, 'A slip of the thumb.');
  await world.integrations.resume(connection, 'staff');
  await world.advance(260, 5);
  expect(dropsSent()).toEqual([]);
  expect(match().is_active).toBe(true);
  expect(withdrawalNotes()).toEqual([]);
  expect((await seen()).status).toBe('sent');
  expect(await openIssues()).toEqual([]);
});

test('sent again after a rejection, in a stage or by a drop, reads Sent until the employer answers', async () => {
  const { job, student, seen } = await applied();
  world.recruiter.drop(match().id);
  await world.advance(130, 5);
  expect(await seen()).toMatchObject({ status: 'not_selected', canApplyAgain: true });
  await student.applies(job.ours, 'I have a licence now.');
  await world.advance(130, 5);
  expect((await seen()).status).toBe('sent');
  expect(await openIssues()).toMatchObject([{ kind: 'applied again' }]);
  expect(dropsSent()).toEqual([]);
});

test('withdrawn before it was sent, or removed there: sent again, it goes like a new one', async () => {
  const { job, student, applicationId, withdraws, seen } = await applied();
  world.recruiter.remove('matches', match().id);
  await world.advance(10);
  await withdraws();
  const ask = { connectionId: await connectionId(), resource: 'applications', full: true } as const;
  await world.integrations.requestRuns({ ...ask, trigger: 'manual', by: null });
  await world.advance(130, 5);
  expect(manatalOf(world).matches).toEqual([]);
  await student.applies(job.ours, 'I try once more.');
  await world.advance(260, 5);
  expect(manatalOf(world).matches).toMatchObject([{ external_id: applicationId, is_active: true }]);
  expect(notes().at(-1)).toContain('I try once more.');
  expect(await seen()).toMatchObject({ status: 'sent', delivery: { state: 'delivered' } });
});
