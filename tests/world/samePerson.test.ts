import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { activity, failures, links } from '#src/sync/tables.ts';
import { issues } from '#src/sync/trailTables.ts';
import { manatalOf, openJobIn, ourJob, postJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const ambiguities = () => world.db.select().from(issues).where(eq(issues.kind, 'ambiguity'));
const tieOf = async (userId: string) => {
  const rows = await world.db.select().from(links).where(eq(links.resource, 'candidates'));
  return rows.find(({ ourId }) => ourId === userId)?.theirId ?? null;
};
const editsPhone = (student: { userId: string; email: string }, phone: string) =>
  world.students.saveProfile(
    { userId: student.userId, name: 'Same Person', email: student.email, role: 'student' },
    { name: 'Same Person', phone, address: 'Mangilao', territory: 'GU', about: '' },
  );

/** Two accounts of one person, the first of which is a candidate. */
async function twoAccounts() {
  const { ours, organization, theirs } = await openJobIn(world);
  const first = await world.addStudent('First Account');
  const second = await world.addStudent('Second Account');
  await first.applies(ours);
  await world.advance(5);
  return { ours, organization, theirs, first, second };
}

test('[I5] two students who are one candidate there: the first keeps it, the second waits for a person, and neither writes over the other', async () => {
  const { ours, first, second } = await twoAccounts();
  const [candidate] = manatalOf(world).candidates;
  world.recruiter.editCandidate(candidate!.id, { email: second.email });
  await second.applies(ours);
  await world.advance(30);
  expect(manatalOf(world).candidates).toHaveLength(1);
  expect(await tieOf(first.userId)).toBe(String(candidate!.id));
  expect(await tieOf(second.userId)).toBeNull();
  expect(await ambiguities()).toMatchObject([
    { resource: 'candidates', ourId: second.userId, closedAt: null },
  ]);
  // Ids only: who they are stands with the records. [P3]
  const told = JSON.stringify([await ambiguities(), await world.db.select().from(activity)]);
  expect(told).not.toContain(second.email);
  const dead = await world.db.select().from(failures).where(eq(failures.state, 'dead'));
  expect(dead.map(({ resource, status }) => [resource, status])).toEqual([
    ['candidates', 409],
    ['applications', 409],
  ]);
  await editsPhone(second, '+16715550188');
  await world.advance(130);
  expect(manatalOf(world).candidates[0]).toMatchObject({ phone_number: '+16715550123' });
  expect(await ambiguities()).toHaveLength(1);
});

test('[I4] [I5] staff merge two students’ candidates there: the one that is gone is closed here, and its student’s next application asks a person', async () => {
  const { ours, organization, first, second } = await twoAccounts();
  await second.applies(ours);
  await world.advance(5);
  const [kept, away] = manatalOf(world).candidates;
  expect(await tieOf(second.userId)).toBe(String(away!.id));
  // A merge as Manatal does it: one is gone, and the other has its e-mail.
  world.recruiter.remove('candidates', away!.id);
  world.recruiter.editCandidate(kept!.id, { email: second.email });
  await editsPhone(second, '+16715550188');
  await world.advance(130);
  expect(manatalOf(world).candidates).toHaveLength(1);
  expect(manatalOf(world).candidates[0]).toMatchObject({ phone_number: '+16715550123' });
  postJobIn(world, { organization, title: 'Cook' });
  await world.advance(130);
  await second.applies(await ourJob(world, 'Cook'));
  await world.advance(30);
  expect(manatalOf(world).candidates).toHaveLength(1);
  expect(await tieOf(first.userId)).toBe(String(kept!.id));
  expect(await ambiguities()).toMatchObject([{ ourId: second.userId, closedAt: null }]);
});

test('[I5] one student who is there twice: the lowest id is used, a person is told, and edits go to that one only', async () => {
  const { ours } = await openJobIn(world);
  const student = await world.addStudent();
  const body = { full_name: 'Known longer', email: student.email };
  for (let twice = 0; twice < 2; twice++) await world.callManatal('POST', '/candidates/', body);
  await student.applies(ours);
  await world.advance(5);
  const [low, high] = manatalOf(world).candidates;
  expect(await tieOf(student.userId)).toBe(String(low!.id));
  const [issue] = await ambiguities();
  expect(issue).toMatchObject({ ourId: student.userId, closedAt: null });
  expect(issue!.detail).toBe(
    `Their records ${low!.id}, ${high!.id} all fit it; ${low!.id} is used.`,
  );
  await editsPhone(student, '+16715550188');
  await world.advance(130);
  expect(manatalOf(world).candidates).toMatchObject([
    { phone_number: '+16715550188', full_name: 'Known longer' },
    { phone_number: null },
  ]);
});

test('[I4] a merge that leaves the older one: the student’s next application goes to it, and edits follow', async () => {
  const { ours, organization } = await openJobIn(world);
  const student = await world.addStudent();
  await student.applies(ours);
  await world.advance(5);
  const [away] = manatalOf(world).candidates;
  await world.callManatal('POST', '/candidates/', {
    ...{ full_name: 'Known longer', email: student.email, phone_number: '+16715550777' },
  });
  world.recruiter.remove('candidates', away!.id);
  postJobIn(world, { organization, title: 'Cook' });
  await world.advance(130);
  await student.applies(await ourJob(world, 'Cook'));
  await world.advance(30);
  await editsPhone(student, '+16715550188');
  await world.advance(130);
  const { candidates } = manatalOf(world);
  expect(candidates).toHaveLength(1);
  // The number is a recruiter's; the address was missing, and is filled.
  expect(candidates[0]).toMatchObject({ phone_number: '+16715550777', address: 'Mangilao' });
  expect(await tieOf(student.userId)).toBe(String(candidates[0]!.id));
});
