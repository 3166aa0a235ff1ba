import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agreements } from '#src/privacy/tables.ts';
import { activity, connections, failures } from '#src/sync/tables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const all = ['phone', 'address', 'resume', 'note', 'profile'];
const without = (...left: string[]) => all.filter((name) => !left.includes(name));

async function applicant(options: { arrives?: boolean } = {}) {
  const job = await openJobIn(world);
  const student = await world.addStudent();
  const applicationId = await student.applies(job.ours, 'Hello.', { shareProfile: true });
  if (options.arrives ?? true) await world.advance(5);
  const chooses = (categories: string[] | null) =>
    world.sharing.choose(student.userId, { applicationId, categories });
  const editsPhone = (phone: string) =>
    world.students.saveProfile(
      { userId: student.userId, name: 'Sample Student', email: student.email, role: 'student' },
      { name: 'Sample Student', phone, address: 'Mangilao', territory: 'GU', about: '' },
    );
  return { student, applicationId, chooses, editsPhone };
}

const dropped = async () => {
  const rows = await world.db.select().from(activity).where(eq(activity.action, 'dropped'));
  const told = rows.map(({ resource, fields }) =>
    [resource, ...((fields as string[]) ?? [])].join(' '),
  );
  return told.toSorted();
};
const phone = () => manatalOf(world).candidates[0]!.phone_number;

test('[P2] a category that is withdrawn stops the next push at once, and what waited is written down', async () => {
  const { student, chooses, editsPhone } = await applicant();
  world.simulator.faults.add({
    kind: 'badGateway',
    method: '*',
    path: '/open/v3/candidates/*',
    chance: 1,
  });
  await editsPhone('+16715550199');
  const typed = { name: 'Cooking' };
  await world.profileParts.savePart(student.userId, { kind: 'skills', id: null, typed });
  await world.advance(3);
  await chooses(without('phone', 'profile'));
  world.simulator.faults.heal();
  expect(await dropped()).toEqual(['candidates phone', 'skills']);
  await world.advance(4_000, 100);
  expect(phone()).toBe('+16715550123');
  expect(world.simulator.rows(world.account.id, 'candidateSkills')).toEqual([]);
  const open = await world.db.select().from(failures);
  expect(open.map(({ state }) => state)).not.toContain('retrying');
  // The lines name fields, and no values. [P3]
  const lines = JSON.stringify(await world.db.select().from(activity));
  expect(lines).not.toMatch(/0199|Cooking/);
  // Nothing waited: nothing is said to be dropped.
  await chooses(without('phone', 'profile', 'address'));
  expect(await dropped()).toHaveLength(2);
});

test('[P2] an application whose student shares nothing any more is not sent, with all that belongs to it', async () => {
  const { chooses } = await applicant({ arrives: false });
  await chooses(null);
  await world.advance(130);
  expect(Object.values(manatalOf(world)).flat()).toEqual([]);
  // Its note would have gone with it, and waits for nothing of its own.
  expect(await dropped()).toEqual(['applications', 'candidates', 'resumes']);
});

test('[P2] what waits while the connection is paused is dropped as well', async () => {
  const { chooses, editsPhone } = await applicant();
  await world.db.update(connections).set({ state: 'paused' });
  await editsPhone('+16715550199');
  await chooses(null);
  expect(await dropped()).toEqual(['candidates phone']);
  await world.db.update(connections).set({ state: 'connected' });
  await world.advance(130);
  expect(phone()).toBe('+16715550123');
});

test('[P1] what is shared again goes again, and every choice stays in the ledger', async () => {
  const { student, chooses, editsPhone, applicationId } = await applicant();
  await chooses(null);
  await editsPhone('+16715550199');
  await world.advance(5);
  expect(phone()).toBe('+16715550123');
  await chooses(['phone']);
  await world.advance(5);
  expect(phone()).toBe('+16715550199');
  const ledger = await world.db.select().from(agreements);
  expect(ledger.map(({ withdrawnAt }) => withdrawnAt === null)).toEqual([false, true]);
  expect(ledger.at(-1)).toMatchObject({ applicationId, categories: ['name', 'email', 'phone'] });
  // Somebody else's application is not theirs to choose for.
  const other = await world.addStudent('Another Student');
  await world.sharing.choose(other.userId, { applicationId, categories: null });
  expect(await world.sharing.sharedBy(student.userId)).toMatchObject([
    { employer: 'Pacific Stay Hotels', categories: ['name', 'email', 'phone'] },
  ]);
});

test('consent stands with a candidate that KiEX makes, and a recruiter’s own answer is left alone', async () => {
  const { student } = await applicant();
  const [made] = manatalOf(world).candidates;
  expect(made).toMatchObject({ consent: true, external_id: student.userId });
  world.recruiter.editCandidate(made!.id, { consent: false });
  await world.advance(90_000, 3_000);
  expect(manatalOf(world).candidates[0]).toMatchObject({ consent: false });
});

test('[P2] a push that waits in line for the quota is not made once its student has withdrawn', async () => {
  const { chooses, editsPhone } = await applicant();
  // The line moves by one call: the read goes through, and the change waits behind it.
  const { quota } = world.parts;
  const take = quota.take.bind(quota);
  let calls = 0;
  Object.assign(quota, {
    take: async (...given: Parameters<typeof take>) => {
      await take(...given);
      if (++calls === 2) await chooses(without('phone'));
    },
  });
  await editsPhone('+16715550199');
  await world.advance(30);
  expect(calls).toBeGreaterThanOrEqual(2);
  expect(phone()).toBe('+16715550123');
  const open = (await world.db.select().from(failures)).filter(({ state }) => state !== 'resolved');
  expect(open).toEqual([]);
});
