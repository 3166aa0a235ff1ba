import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { users } from '#src/accounts/tables.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { createFiles } from '#src/platform/files.ts';
import { createIds, systemRandom } from '#src/platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#src/platform/testDatabase.ts';
import { sampleHtml, samplePdf } from './sampleFiles.ts';
import { createStudents, RESUMES_MAX, type Students } from './students.ts';
import { resumes, students as studentRows } from './tables.ts';

const clock = new ManualClock();
const newId = createIds(clock, systemRandom);
const maria: Viewer = {
  userId: 'maria',
  name: 'Maria Example',
  email: 'maria@student.example',
  role: 'student',
};
const typed = { name: maria.name, phone: '649 1234', address: 'Tumon', territory: 'GU', about: '' };

let database: TestDatabase;
let directory: string;
let students: Students;
let announced: { studentId: string }[];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  const { db } = database;
  await database.pool.query('delete from applications');
  await db.delete(resumes);
  await db.delete(studentRows);
  await db.delete(users);
  const now = clock.now();
  const { userId: id, ...account } = maria;
  await db.insert(users).values({ id, ...account, createdAt: now, updatedAt: now });
  directory = await mkdtemp(path.join(tmpdir(), 'kiex-resumes-'));
  announced = [];
  students = createStudents({
    db,
    files: createFiles({ directory }),
    clock,
    newId,
    announce: async (_tx, changed) => {
      announced.push(changed);
    },
  });
  return () => rm(directory, { recursive: true });
});

const upload = (name: string, words = name) => ({ name, bytes: samplePdf(words) });
const addResume = async (name: string, words?: string) => {
  const answer = await students.addResume(maria.userId, upload(name, words));
  if (!answer.ok) throw new Error(answer.words);
  return answer;
};
const filesKept = async () =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );

describe('the profile', () => {
  test('is kept as typed and shown again', async () => {
    expect(await students.saveProfile(maria, typed)).toEqual({ ok: true });
    expect(await students.profileOf(maria)).toEqual({ ...typed, phone: '+1 671 649 1234' });
  });

  test('[D6] a change raises the version and orders the push; saving the same does neither', async () => {
    await students.saveProfile(maria, typed);
    await students.saveProfile(maria, typed);
    await students.saveProfile(maria, { ...typed, address: 'Dededo' });
    const [row] = await database.db.select().from(studentRows);
    expect(row?.version).toBe(2);
    expect(announced).toEqual([{ studentId: 'maria' }, { studentId: 'maria' }]);
  });

  test('[D6] a new name is a change of the student too', async () => {
    await students.saveProfile(maria, typed);
    await students.saveProfile(maria, { ...typed, name: 'Maria E. Example' });
    expect((await database.db.select().from(users))[0]?.name).toBe('Maria E. Example');
    expect((await database.db.select().from(studentRows))[0]?.version).toBe(2);
    expect(announced).toHaveLength(2);
  });

  test('is not touched when a field is wrong', async () => {
    await students.saveProfile(maria, typed);
    const answer = await students.saveProfile(maria, { ...typed, address: 'Yigo', phone: '12' });
    expect(answer).toEqual({ ok: false, errors: { phone: expect.any(String) } });
    expect(await students.profileOf(maria)).toMatchObject({ address: 'Tumon' });
  });
});

describe('resumes', () => {
  test('are kept, listed newest first and given back to their owner only', async () => {
    const first = await addResume('old.pdf');
    await clock.advance(1000);
    const second = await addResume('new.pdf');
    expect(await students.resumesOf('maria')).toEqual([second.resume, first.resume]);
    expect(await students.openResume('maria', first.resume.id)).toEqual({
      bytes: samplePdf('old.pdf'),
      fileName: 'old.pdf',
      contentType: 'application/pdf',
    });
    expect(await students.openResume('jose', first.resume.id)).toBeNull();
    await students.removeResume('jose', first.resume.id);
    expect(await students.resumesOf('maria')).toHaveLength(2);
  });

  test('a refused file leaves nothing behind', async () => {
    const answer = await students.addResume('maria', { name: 'cv.pdf', bytes: sampleHtml() });
    expect(answer).toEqual({ ok: false, words: expect.stringMatching(/not a PDF/) });
    expect(await students.resumesOf('maria')).toEqual([]);
    expect(await filesKept()).toEqual([]);
  });

  test('the same file twice is one row and one file, also at the same moment', async () => {
    const answers = await Promise.all([
      addResume('cv.pdf', 'same'),
      addResume('resume.pdf', 'same'),
      addResume('again.pdf', 'same'),
    ]);
    expect(answers.filter(({ already }) => !already)).toHaveLength(1);
    expect(new Set(answers.map(({ resume }) => resume.id)).size).toBe(1);
    expect(await filesKept()).toHaveLength(1);
  });

  test('the same file of two students is a file of each', async () => {
    await addResume('cv.pdf', 'same');
    await students.addResume('jose', upload('cv.pdf', 'same'));
    expect(await students.resumesOf('jose')).toHaveLength(1);
    expect(await filesKept()).toHaveLength(2);
  });

  test('are erased when removed, and can be added again', async () => {
    const { resume } = await addResume('cv.pdf');
    await students.removeResume('maria', resume.id);
    expect(await database.db.select().from(resumes)).toEqual([]);
    expect(await filesKept()).toEqual([]);
    expect(await addResume('cv.pdf')).toMatchObject({ already: false });
  });

  test('stay when an application was sent with them, off the profile', async () => {
    const { resume } = await addResume('cv.pdf');
    await sendApplicationWith(resume.id);
    await students.removeResume('maria', resume.id);
    expect(await students.resumesOf('maria')).toEqual([]);
    expect(await students.openResume('maria', resume.id)).not.toBeNull();
    expect(await addResume('cv.pdf')).toMatchObject({ already: true, resume: { id: resume.id } });
    expect(await students.resumesOf('maria')).toHaveLength(1);
  });

  test('are not more than one can choose from', async () => {
    for (let count = 0; count < RESUMES_MAX; count += 1) await addResume(`${count}.pdf`);
    const answer = await students.addResume('maria', upload('more.pdf'));
    expect(answer).toEqual({ ok: false, words: expect.stringMatching(/Remove one first/) });
    expect(await addResume('again.pdf', '0.pdf')).toMatchObject({ already: true });
  });
});

/** In SQL: applications are a later room, which this one does not know. */
async function sendApplicationWith(resumeId: string) {
  const [jobId, id] = [newId(), newId()];
  await database.pool.query(
    `insert into jobs (id, slug, title, status, published, created_at, updated_at)
     values ($1, 'barista', 'Barista', 'open', true, $2, $2)`,
    [jobId, clock.now()],
  );
  await database.pool.query(
    `insert into applications (id, student_id, job_id, resume_id, status, submitted_at, updated_at)
     values ($1, 'maria', $2, $3, 'sent', $4, $4)`,
    [id, jobId, resumeId, clock.now()],
  );
}
