import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { users } from '#src/accounts/tables.ts';
import { suggestions } from '#src/applications/tables.ts';
import { students } from '#src/students/tables.ts';
import { chooseOptions } from '#src/sync/options.ts';
import { activity, connections } from '#src/sync/tables.ts';
import { openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const theirPhone = '+16715550777';

/** A student whose application stands in Manatal. */
async function applicant({ option = 'contact' } = {}) {
  const job = await openJobIn(world);
  await chooses(option);
  const student = await world.addStudent();
  const applicationId = await student.applies(job.ours, 'Hello.');
  await world.advance(5);
  const { userId } = student;
  const id = candidate().id as number;
  return {
    userId,
    applicationId,
    recruiterWrites: async (changed: object) => {
      world.recruiter.editCandidate(id, { ...changed });
      await world.advance(5);
    },
    offers: () => world.suggestions.offersTo(userId),
    answers: async (how: 'take' | 'keep', field: string, value: string) =>
      world.suggestions[how](userId, { connectionId: await connectionId(), field, value }),
    edits: async (changed: object) => {
      const who = {
        userId,
        name: 'Sample Student',
        email: student.email,
        role: 'student',
      } as const;
      const typed = { name: 'Sample Student', phone: '+16715550123', address: 'Mangilao' };
      await world.students.saveProfile(who, { ...typed, territory: 'GU', about: '', ...changed });
      await world.advance(5);
    },
    own: async () =>
      (await world.db.select().from(students).where(eq(students.userId, userId)))[0]!,
  };
}

async function chooses(option: string) {
  const chosen = { suggestions: option };
  const given = { connectionId: await connectionId(), chosen, by: 'staff-1' };
  expect(await chooseOptions(world.parts, given)).toMatchObject({ ok: true });
  await world.advance(5);
}

const connectionId = async () => (await world.db.select().from(connections))[0]!.id;
const candidate = () =>
  world.simulator.rows(world.account.id, 'candidates')[0]! as unknown as Record<string, unknown>;
const kept = () => world.db.select().from(suggestions);
const writes = () => world.simulator.requests().filter(({ method }) => method !== 'GET').length;
/** Long enough for everything to be compared once more. */
const aDay = () => world.advance(90_000, 3_000);

test('[M6] what a recruiter changed is offered, and looking again writes nothing', async () => {
  const { recruiterWrites, offers } = await applicant();
  expect(await offers()).toEqual([]);
  await recruiterWrites({ phone_number: theirPhone, description: 'Late twice.', address: 'Yigo' });
  expect(await offers()).toMatchObject([
    { employer: 'Pacific Stay Hotels', field: 'address', value: 'Yigo' },
    { employer: 'Pacific Stay Hotels', field: 'phone', value: theirPhone },
  ]);
  const before = await kept();
  await aDay();
  expect(await kept()).toEqual(before);
  expect(candidate()).toMatchObject({ phone_number: theirPhone, address: 'Yigo' });
  // Put back as it was, there is nothing to offer.
  await recruiterWrites({ phone_number: '+16715550123', address: null });
  expect(await kept()).toEqual([]);
});

test('[P1] nothing is kept or offered where the option does not say so', async () => {
  const { recruiterWrites, offers } = await applicant({ option: 'no' });
  await recruiterWrites({ phone_number: theirPhone });
  await aDay();
  expect(await kept()).toEqual([]);
  // What stands there already is offered once staff choose so, and goes when they choose otherwise.
  await chooses('contact');
  expect(await offers()).toMatchObject([{ field: 'phone', value: theirPhone }]);
  await chooses('no');
  expect(await offers()).toEqual([]);
  expect(await kept()).toEqual([]);
});

test('[M6] what the student uses is their own edit, and is neither written back nor offered again', async () => {
  const { userId, recruiterWrites, offers, answers, own, edits } = await applicant();
  await recruiterWrites({ phone_number: '671 555 0777', full_name: 'Tasi  Sample' });
  const { version } = await own();
  const before = writes();
  // Another value than the one on the page is not taken.
  expect(await answers('take', 'phone', '+16715550778')).toBe(false);
  expect(await answers('take', 'phone', theirPhone)).toBe(true);
  expect(await answers('take', 'phone', theirPhone)).toBe(false);
  expect(await answers('take', 'name', 'Tasi Sample')).toBe(true);
  expect(await own()).toMatchObject({ phone: theirPhone, address: 'Mangilao', territory: 'GU' });
  expect((await own()).version).toBe(version + 2);
  const [account] = await world.db.select().from(users).where(eq(users.id, userId));
  expect(account).toMatchObject({ name: 'Tasi Sample' });
  await aDay();
  expect(await offers()).toEqual([]);
  expect(writes()).toBe(before);
  // Theirs is theirs all the same, and was answered.
  await edits({ phone: '+16715550200', name: 'Tasi Sample' });
  await aDay();
  expect(await offers()).toEqual([]);
  expect(candidate()).toMatchObject({ phone_number: '671 555 0777', full_name: 'Tasi  Sample' });
});

test('what the student refuses is not offered again until the recruiter changes it', async () => {
  const { recruiterWrites, offers, answers, own } = await applicant();
  await recruiterWrites({ phone_number: theirPhone });
  expect(await answers('keep', 'phone', theirPhone)).toBe(true);
  await recruiterWrites({ description: 'Called.' });
  await aDay();
  expect(await offers()).toEqual([]);
  expect(await own()).toMatchObject({ phone: '+16715550123' });
  await recruiterWrites({ phone_number: '+16715550888' });
  expect(await offers()).toMatchObject([{ field: 'phone', value: '+16715550888' }]);
  expect(candidate()).toMatchObject({ phone_number: '+16715550888' });
});

test('[D3] an old read of theirs takes back neither an offer nor an answer', async () => {
  const { recruiterWrites, offers, answers } = await applicant();
  const path = '/open/v3/candidates/*';
  // Strikes nothing, and has answers remembered.
  world.simulator.faults.add({ kind: 'stale', method: 'GET', path, chance: 0 });
  await recruiterWrites({ description: 'Called.' });
  await recruiterWrites({ phone_number: theirPhone, address: 'Yigo' });
  expect(await answers('keep', 'phone', theirPhone)).toBe(true);
  world.simulator.faults.add({ kind: 'stale', method: 'GET', path, next: 2 });
  await recruiterWrites({ description: 'Called again.' });
  await recruiterWrites({ description: 'Called once more.' });
  expect(await offers()).toMatchObject([{ field: 'address', value: 'Yigo' }]);
  await recruiterWrites({ description: 'Called at last.' });
  expect(await offers()).toMatchObject([{ field: 'address', value: 'Yigo' }]);
});

test('neither what the form would refuse is offered, nor what KiEX wrote, nor the student’s own', async () => {
  const { recruiterWrites, offers, edits } = await applicant();
  await edits({ phone: '' });
  expect(candidate()).toMatchObject({ phone_number: '+16715550123' });
  expect(await kept()).toEqual([]);
  await recruiterWrites({ phone_number: 'ask his aunt', address: 'x'.repeat(201) });
  expect(await kept()).toEqual([]);
  await recruiterWrites({ phone_number: theirPhone, address: 'Yigo' });
  await edits({ address: 'Yigo' });
  expect(await offers()).toMatchObject([{ field: 'phone' }]);
});

test('[P2] what is shared no longer is offered no longer, and is not kept', async () => {
  const { userId, applicationId, recruiterWrites, offers, answers } = await applicant();
  await recruiterWrites({ phone_number: theirPhone, address: 'Yigo' });
  const shares = (categories: string[] | null) =>
    world.sharing.choose(userId, { applicationId, categories });
  await shares(['address']);
  expect((await kept()).map(({ field }) => field)).toEqual(['address']);
  expect(await answers('take', 'phone', theirPhone)).toBe(false);
  await recruiterWrites({ phone_number: '+16715550888' });
  await aDay();
  expect(await offers()).toMatchObject([{ field: 'address' }]);
  expect((await kept()).map(({ field }) => field)).toEqual(['address']);
  await world.applications.withdraw({ studentId: userId, applicationId });
  expect(await kept()).toEqual([]);
});

test('[P3] no line of history and no line of the log says what the recruiter wrote', async () => {
  const { recruiterWrites, answers } = await applicant();
  await recruiterWrites({ phone_number: theirPhone });
  await answers('take', 'phone', theirPhone);
  await aDay();
  const lines = JSON.stringify(await world.db.select().from(activity)) + world.logged.join('');
  expect(lines).not.toContain('5550777');
});

test('a connection that ended offers nothing, and what was kept of it is gone', async () => {
  const { recruiterWrites, offers } = await applicant();
  await recruiterWrites({ phone_number: theirPhone });
  await world.integrations.disconnect(await connectionId(), 'staff-1');
  expect(await offers()).toEqual([]);
  await world.advance(5);
  expect(await kept()).toEqual([]);
});
