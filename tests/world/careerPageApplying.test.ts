import { afterEach, beforeEach, expect, test } from 'vitest';
import { applications } from '#src/applications/tables.ts';
import { agreements } from '#src/privacy/tables.ts';
import type { FaultKind } from '#src/sandbox/faults.ts';
import { syncRecord } from '#src/sync/engine.ts';
import {
  applicant,
  asked,
  connectCareerPage,
  failuresOf,
  inManatal,
  linkOf,
  openJob,
} from './careerPage.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let connectionId: string;
let job: Awaited<ReturnType<typeof openJob>>;
let student: Awaited<ReturnType<typeof applicant>>;
beforeEach(async () => {
  world = await createTestWorld();
  connectionId = await connectCareerPage(world);
  job = await openJob(world);
  student = await applicant(world);
});
afterEach(() => world.end());

const theirForm = () =>
  world.parts.connectors
    .get('manatalCareerPage')!
    .resources.find(({ name }) => name === 'applications')!;
const form = '/open/v3/career-page/*/application-form/';
const posts = () => world.simulator.requests().filter(({ method }) => method === 'POST').length;
const sent = () => [inManatal(world).candidates.length, inManatal(world).matches.length];

test('[P1] the page asks what the career page asks, and what was answered is sent once', async () => {
  const page = await student.page(job.slug);
  if (page.kind !== 'open' || !page.form) throw new Error(page.kind);
  expect(page.form.questions.map(({ slug }) => slug).slice(0, 4)).toEqual([
    ...['full_name', 'email', 'phone_number', 'resume'],
  ]);
  // A file that KiEX cannot send, and that is not required, is not asked for.
  expect(page.form.questions.map(({ slug }) => slug)).not.toContain('certificate');
  expect(page.form.filled).toMatchObject({ [asked(world, 'email')]: [student.email] });
  const applicationId = await student.sends(job.ours, { [asked(world, 'drivinglicence')]: ['B'] });
  await world.advance(10);
  expect(sent()).toEqual([1, 1]);
  expect(inManatal(world).candidates[0]).toMatchObject({
    ...{ full_name: 'Sample Student', email: student.email, source_type: 'applied' },
    custom_fields: { shift: 'Night', nationality: 4, drivinglicence: ['B'] },
  });
  expect(inManatal(world).resumes).toMatchObject([{ downloadedAt: expect.any(String) }]);
  expect(await linkOf(world, applicationId)).toMatchObject({ theirId: `form:${applicationId}` });
  expect(await student.delivery()).toMatchObject({
    ...{ state: 'delivered', words: 'Sent to the employer’s career page' },
    meaning: expect.stringContaining('not reported back'),
  });
  expect((await world.db.select().from(agreements))[0]!.categories).toEqual([
    ...['name', 'email', 'resume', 'answers'],
  ]);
  await world.advance(300, 30);
  expect([posts(), sent()]).toEqual([1, [1, 1]]);
});

test('what cannot stand is said at its field, and nothing is stored or sent', async () => {
  const email = asked(world, 'email');
  const answer = await student.submit(job.ours, {
    [email]: ['at home'],
    [asked(world, 'shift')]: [],
  });
  expect(answer).toMatchObject({
    ...{ ok: false, reason: 'fields' },
    errors: {
      [`answer-${email}`]: expect.stringContaining('e-mail'),
      [`answer-${asked(world, 'shift')}`]: expect.stringContaining('Choose an answer'),
    },
  });
  expect(await world.db.select().from(applications)).toEqual([]);
});

for (const kind of [
  'answerLost',
  'requestLost',
  'serverError',
  'badGateway',
  'truncated',
] satisfies FaultKind[]) {
  test(`[I3] with ${kind}, an application is never sent twice by itself`, async () => {
    world.simulator.faults.add({ kind, method: 'POST', path: form, next: 1 });
    const applicationId = await student.sends(job.ours);
    await world.advance(30);
    await world.advance(1_800, 60);
    expect(posts()).toBe(1);
    expect(sent()[0]).toBeLessThanOrEqual(1);
    expect(await failuresOf(world)).toMatchObject([
      {
        ...{ state: 'dead', step: 'unanswered', ourId: applicationId, kind: 'unreachable' },
        detail: expect.stringContaining('cannot tell whether Manatal career page took it'),
      },
    ]);
    expect(await student.delivery()).toMatchObject({ state: 'problem', words: 'Not certain yet' });
  });
}

test('[I3] sent again by a person it goes once more, and is done', async () => {
  world.simulator.faults.add({ kind: 'serverError', method: 'POST', path: form, next: 1 });
  const applicationId = await student.sends(job.ours);
  await world.advance(5);
  const [failure] = await failuresOf(world);
  expect(await world.integrations.retryFailure(failure!.id, 'staff')).toBe(true);
  await world.advance(5);
  expect([posts(), sent()]).toEqual([2, [1, 1]]);
  expect((await failuresOf(world))[0]!.state).toBe('resolved');
  expect(await linkOf(world, applicationId)).toMatchObject({ theirId: `form:${applicationId}` });
});

test('[I3] a person’s word to send again is for one sending only', async () => {
  world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path: form, next: 2 });
  await student.sends(job.ours);
  await world.advance(5);
  const [failure] = await failuresOf(world);
  await world.integrations.retryFailure(failure!.id, 'staff');
  await world.advance(600, 30);
  expect(posts()).toBe(2);
  expect((await failuresOf(world))[0]).toMatchObject({ state: 'dead', step: 'unanswered' });
});

test('[I3] [F4] a stop between sending and storing leaves the doubt to a person', async () => {
  const resource = theirForm();
  const { create } = resource;
  resource.create = async (...given) => {
    await create!(...given);
    throw new Error('the process is gone');
  };
  const applicationId = await student.sends(job.ours);
  const task = {
    connectionId,
    resource: 'applications',
    ourId: applicationId,
    door: 'push',
  } as const;
  await expect(syncRecord(world.parts, task)).rejects.toThrow('the process is gone');
  resource.create = create!;
  expect(sent()).toEqual([1, 1]);
  await world.advance(60);
  expect(posts()).toBe(1);
  expect(await failuresOf(world)).toMatchObject([{ state: 'dead', step: 'unanswered' }]);
});

test('[I3] what never left is no doubt: it is sent later by itself', async () => {
  const { create } = theirForm();
  let tries = 0;
  theirForm().create = async () => {
    tries++;
    if (tries === 1) throw new Error('the process is gone');
    return { ok: false, failure: { kind: 'unreachable', detail: 'refused', notSent: true } };
  };
  const ourId = await student.sends(job.ours);
  const task = { connectionId, resource: 'applications', ourId, door: 'push' } as const;
  await expect(syncRecord(world.parts, task)).rejects.toThrow('the process is gone');
  await world.advance(5);
  expect(tries).toBeGreaterThan(1);
  expect(await failuresOf(world)).toMatchObject([{ state: 'retrying', step: 'create' }]);
  theirForm().create = create!;
  await world.advance(60, 5);
  expect([posts(), sent()]).toEqual([1, [1, 1]]);
});

test('[I3] a change of our record sends nothing again that may have arrived', async () => {
  world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path: form, next: 1 });
  await student.sends(job.ours);
  await world.advance(5);
  const change = () => world.db.update(applications).set({ version: 7 });
  await change();
  await world.advance(60);
  expect([posts(), (await failuresOf(world))[0]!.state]).toEqual([1, 'dead']);
  const [failure] = await failuresOf(world);
  await world.integrations.dismissFailure(failure!.id, 'The employer has it', 'staff');
  await world.db.update(applications).set({ version: 8 });
  await world.advance(60);
  expect([posts(), (await failuresOf(world))[0]!.state]).toEqual([1, 'dismissed']);
  expect(await student.delivery()).toMatchObject({ words: 'Settled by our staff' });
});

test('[M6] a change of what was sent is left alone, and not looked at for ever', async () => {
  const applicationId = await student.sends(job.ours);
  await world.advance(5);
  await world.db.update(applications).set({ version: 7 });
  await world.advance(5);
  expect(await linkOf(world, applicationId)).toMatchObject({ agreedVersion: 7 });
  expect(posts()).toBe(1);
});

test('[Q3] told to wait, it waits, and is sent', async () => {
  const stop = world.simulator.faults.add({
    kind: 'throttled',
    method: 'POST',
    path: form,
    seconds: 20,
  });
  await student.sends(job.ours);
  await world.advance(5);
  expect(sent()).toEqual([0, 0]);
  expect(await failuresOf(world)).toMatchObject([{ state: 'retrying', kind: 'throttled' }]);
  world.simulator.faults.remove(stop.id);
  await world.advance(60, 5);
  expect(sent()).toEqual([1, 1]);
});

test('[F5] what the form refuses is a dead letter with the words of the form', async () => {
  await student.sends(job.ours);
  // Asked before it is sent: the employer puts other questions on the form.
  world.simulator.askInstead(world.account.id, [
    ...world.simulator.questionsOf(world.account.id).map(({ id: _id, ...question }) => question),
  ]);
  await world.advance(5);
  expect(sent()).toEqual([0, 0]);
  const [failure] = await failuresOf(world);
  expect(failure).toMatchObject({ state: 'dead', step: 'create', kind: 'refused', status: 400 });
  expect(failure).toMatchObject({ path: 'application_data' });
  expect(failure!.detail).toContain('Field E-mail is required.');
  expect(failure!.detail).not.toContain(student.email);
  expect(await student.delivery()).toMatchObject({ words: 'Not taken by the career page' });
});

test('[F3] retrying everything sends nothing again that may have arrived', async () => {
  world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path: form, next: 1 });
  await student.sends(job.ours);
  await world.advance(5);
  expect(await world.integrations.retryFailures({ connectionId }, 'staff')).toBe(0);
  await world.advance(60);
  expect(posts()).toBe(1);
  expect(await world.integrations.retryFailures({ step: 'unanswered' }, 'staff')).toBe(1);
  await world.advance(60);
  expect(posts()).toBe(2);
});

test('a form that cannot be read now is said, and one that was read lately is used on', async () => {
  world.simulator.faults.add({ kind: 'serverError', method: 'GET', path: form });
  expect(await student.page(job.slug)).toMatchObject({ kind: 'form_unknown' });
  expect(await student.submit(job.ours)).toEqual({ ok: false, reason: 'form_unknown' });
  world.simulator.faults.heal();
  expect(await student.page(job.slug)).toMatchObject({ kind: 'open' });
  world.simulator.faults.add({ kind: 'serverError', method: 'GET', path: form });
  await world.clock.advance(3_600_000);
  expect(await student.page(job.slug)).toMatchObject({ kind: 'open' });
  await student.sends(job.ours);
  await world.advance(5);
  expect(sent()).toEqual([1, 1]);
});

test('a form is read once for the many who look at it within minutes', async () => {
  const reads = () => world.simulator.requests().filter(({ path }) => /form/.test(path)).length;
  for (let look = 0; look < 5; look++) await student.page(job.slug);
  await Promise.all([student.page(job.slug), student.page(job.slug)]);
  expect(reads()).toBe(1);
  await world.clock.advance(301_000);
  await student.page(job.slug);
  expect(reads()).toBe(2);
});

test('a form that demands what KiEX cannot send says so, and takes nothing', async () => {
  const questions = world.simulator
    .questionsOf(world.account.id)
    .map(({ id: _id, ...question }) => ({ ...question, is_required: true }));
  world.simulator.askInstead(world.account.id, questions);
  expect(await student.page(job.slug)).toMatchObject({
    kind: 'form_barred',
    asked: ['Certificate'],
  });
  expect(await student.submit(job.ours)).toEqual({ ok: false, reason: 'form_barred' });
});

test('[P1] what is no longer agreed to is not sent', async () => {
  const applicationId = await student.sends(job.ours);
  await world.db.update(agreements).set({ withdrawnAt: world.clock.now() });
  await world.advance(60);
  expect([posts(), await linkOf(world, applicationId)]).toEqual([0, null]);
});
