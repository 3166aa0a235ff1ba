import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PartKind } from '#src/students/partKinds.ts';
import { failures, links } from '#src/sync/tables.ts';
import { openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

type Student = Awaited<ReturnType<TestWorld['addStudent']>>;

/** A student whose application stands in Manatal. */
async function applicant({ shareProfile = true } = {}) {
  const job = await openJobIn(world);
  const student = await world.addStudent();
  await student.applies(job.ours, 'Hello.', { shareProfile });
  await world.advance(5);
  return { job, student, candidate: rows('candidates')[0]!.id };
}

const rows = (table: Parameters<TestWorld['simulator']['rows']>[1]) =>
  world.simulator.rows(world.account.id, table);
const candidate = () => rows('candidates')[0]! as unknown as Record<string, unknown>;

const edits = (student: Student, changed: object) =>
  world.students.saveProfile(
    { userId: student.userId, name: 'Sample Student', email: student.email, role: 'student' },
    {
      ...{ name: 'Sample Student', phone: '+16715550123', address: 'Mangilao' },
      ...{ territory: 'GU', about: '', ...changed },
    },
  );
const adds = async (
  student: Student,
  kind: PartKind,
  typed: Record<string, string>,
  id: string | null = null,
) => {
  const saved = await world.profileParts.savePart(student.userId, { kind, id, typed });
  if (!saved.ok) throw new Error(JSON.stringify(saved));
};
const partId = async (student: Student, kind: PartKind) =>
  (await world.profileParts.partsOf(student.userId)).find((part) => part.kind === kind)!.id;
const writes = () => world.simulator.requests().filter(({ method }) => method !== 'GET').length;

const school = { school: 'Island College', degree: 'Diploma', startedOn: '2022-08' };
const job = { title: 'Cook', employer: 'Reef House', startedOn: '2025', isCurrent: 'yes' };

test('[M1] what a student edits after applying reaches the candidate within seconds', async () => {
  const { student } = await applicant();
  await edits(student, { phone: '+16715550199', address: 'Yigo', about: 'I cook.' });
  await world.advance(3);
  expect(candidate()).toMatchObject({
    ...{ phone_number: '+16715550199', address: 'Yigo', description: 'I cook.' },
  });
  await adds(student, 'experiences', job);
  await world.advance(3);
  expect(candidate()).toMatchObject({ current_position: 'Cook', current_company: 'Reef House' });
});

test('[M1] [I3] what went out though its answer was lost is ours: a later edit follows it', async () => {
  const { student } = await applicant();
  const path = '/open/v3/candidates/*';
  world.simulator.faults.add({ kind: 'answerLost', method: 'PATCH', path, next: 2 });
  await edits(student, { phone: '+16715550199' });
  await world.advance(1);
  await edits(student, { phone: '+16715550200' });
  await world.advance(60);
  await edits(student, { phone: '+16715550201' });
  await world.advance(60);
  expect(candidate()).toMatchObject({ phone_number: '+16715550201' });
});

test('[M1] [F4] a crash right after a candidate was made does not make its values a stranger’s', async () => {
  const { student } = await applicant();
  const nothing = { base: null, theirRevision: null, agreedVersion: 0 };
  // As the create left it: the link, and what was written with it.
  const [link] = await world.db.select().from(links).where(eq(links.resource, 'candidates'));
  const sent = Object.fromEntries(
    Object.entries(link!.base ?? {}).map(([field, value]) => [field, [value as string]]),
  );
  await world.db
    .update(links)
    .set({ ...nothing, sent })
    .where(eq(links.id, link!.id));
  await edits(student, { phone: '+16715550199' });
  await world.advance(3);
  expect(candidate()).toMatchObject({ phone_number: '+16715550199' });
});

test('[M1] [I3] what a recruiter changes of a candidate whose answer was lost is theirs, the rest is ours', async () => {
  const { ours } = await openJobIn(world);
  const lost = { kind: 'answerLost', method: 'POST', path: '/open/v3/candidates/' } as const;
  world.simulator.faults.add({ ...lost, next: 1 });
  const student = await world.addStudent();
  await student.applies(ours, 'Hello.');
  await world.advance(1);
  world.recruiter.editCandidate(rows('candidates')[0]!.id, { phone_number: '+16715550777' });
  await world.advance(30);
  expect(rows('matches')).toHaveLength(1);
  await edits(student, { phone: '+16715550199', address: 'Yigo' });
  await world.advance(30);
  expect(candidate()).toMatchObject({ phone_number: '+16715550777', address: 'Yigo' });
  expect(rows('candidates')).toHaveLength(1);
});

test('what a recruiter wrote is never overwritten, nor what a recruiter took out put back', async () => {
  const { student, candidate: id } = await applicant();
  world.recruiter.editCandidate(id, { phone_number: '+16715550777', address: null });
  await edits(student, { phone: '+16715550199' });
  await world.advance(130);
  expect(candidate()).toMatchObject({ phone_number: '+16715550777', address: null });
  // Equal words of theirs are theirs all the same.
  await edits(student, { phone: '+16715550777' });
  await world.advance(3);
  await edits(student, { phone: '+16715550200', address: 'Yigo' });
  await world.advance(3);
  expect(candidate()).toMatchObject({ phone_number: '+16715550777', address: 'Yigo' });
});

test('[A2] what a student empties or takes off the profile stays there, and is not touched again', async () => {
  const { student } = await applicant();
  await adds(student, 'educations', school);
  await world.advance(3);
  await edits(student, { phone: '' });
  await world.profileParts.removePart(student.userId, await partId(student, 'educations'));
  await world.advance(130);
  expect(candidate()).toMatchObject({ phone_number: '+16715550123' });
  expect(rows('educations')).toMatchObject([{ school: 'Island College' }]);
  // The same again is the same row there, and follows again.
  await adds(student, 'educations', { ...school, subject: 'Cooking' });
  await world.advance(3);
  expect(rows('educations')).toMatchObject([{ specialization: 'Cooking' }]);
});

test('[I2] education, experience, skills and links stand there once each, and are kept up to date', async () => {
  const { student } = await applicant();
  await adds(student, 'educations', school);
  await adds(student, 'experiences', job);
  await adds(student, 'skills', { name: 'Cooking, Free  diving' });
  await adds(student, 'socialLinks', { url: 'www.linkedin.com/in/tasi' });
  await world.advance(5);
  expect(rows('educations')).toMatchObject([
    { school: 'Island College', degree_name: 'Diploma', started_at: '2022-08-01' },
  ]);
  expect(rows('experiences')).toMatchObject([
    { title: 'Cook', employer: 'Reef House', started_at: '2025-01-01', is_current_employer: true },
  ]);
  expect(rows('skills')).toMatchObject([{ name: 'Cooking' }, { name: 'Free diving' }]);
  expect(rows('candidateSkills')).toHaveLength(2);
  expect(rows('socialMedia')).toMatchObject([
    { social_media: 'linkedin', social_media_url: 'https://www.linkedin.com/in/tasi' },
  ]);
  await adds(
    student,
    'educations',
    { ...school, endedOn: '2024-05' },
    await partId(student, 'educations'),
  );
  await world.advance(3);
  expect(rows('educations')).toMatchObject([{ ended_at: '2024-05-01' }]);
  // Quiet: however often it looks, nothing more is written. [M6]
  const before = writes();
  await world.advance(90_000, 3_000);
  expect(writes()).toBe(before);
});

test('a row that stood there is not doubled, and never changed', async () => {
  const { student, candidate: id } = await applicant();
  await world.callManatal('POST', `/candidates/${id}/educations/`, {
    ...{ school: 'ISLAND  college', degree_name: 'diploma', started_at: '2022-08-15' },
  });
  await world.callManatal('POST', `/candidates/${id}/skills/bulk/`, {
    skills: [{ skill_name: 'cooking' }],
  });
  await adds(student, 'educations', { ...school, location: 'Majuro' });
  await adds(student, 'skills', { name: 'Cooking' });
  await world.advance(5);
  await adds(
    student,
    'educations',
    { ...school, location: 'Ebeye' },
    await partId(student, 'educations'),
  );
  await world.advance(130);
  expect(rows('educations')).toMatchObject([{ school: 'ISLAND  college' }]);
  expect(JSON.stringify(rows('educations'))).not.toMatch(/Majuro|Ebeye/);
  expect(rows('candidateSkills')).toHaveLength(1);
});

test('[P1] without the agreement to share it nothing of the profile leaves', async () => {
  const { student } = await applicant({ shareProfile: false });
  await adds(student, 'educations', school);
  await adds(student, 'skills', { name: 'Cooking' });
  await edits(student, { about: 'I cook.', phone: '+16715550199' });
  await world.advance(130);
  expect(rows('educations')).toEqual([]);
  expect(rows('candidateSkills')).toEqual([]);
  expect(candidate()).toMatchObject({ description: null, phone_number: '+16715550199' });
});

test.each(['array', 'envelope'] as const)(
  '[I3] a row whose answer was lost is there once, also when the student changed its words meanwhile (%s)',
  async (shape) => {
    const shapes = { educationsShape: shape, experiencesShape: shape, skillsShape: shape };
    world.simulator.set({ ...shapes, socialMediaShape: shape });
    const { student } = await applicant();
    const path = '/open/v3/candidates/*/educations/';
    world.simulator.faults.add({ kind: 'answerLost', method: 'POST', path, next: 1 });
    await adds(student, 'educations', school);
    await world.advance(2);
    expect(rows('educations')).toHaveLength(1);
    await adds(
      student,
      'educations',
      { ...school, school: 'Reef College' },
      await partId(student, 'educations'),
    );
    await world.advance(400, 10);
    expect(rows('educations')).toMatchObject([{ school: 'Reef College' }]);
  },
);

test('[F5] a change that Manatal does not take is shown in plain words, and leaves the row as it was', async () => {
  const { student } = await applicant();
  await adds(student, 'educations', school);
  await world.advance(3);
  world.simulator.set({ studiesEditable: false });
  await adds(
    student,
    'educations',
    { ...school, subject: 'Law' },
    await partId(student, 'educations'),
  );
  await world.advance(3);
  const [dead] = await world.db.select().from(failures);
  expect(dead).toMatchObject({
    state: 'dead',
    step: 'update',
    resource: 'educations',
    status: 405,
  });
  expect(dead!.detail).toContain('does not let KiEX change this line');
});
