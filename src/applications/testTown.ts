import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { users } from '#src/accounts/tables.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import { jobs } from '#src/jobs/tables.ts';
import { organizations } from '#src/organizations/tables.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { createFiles } from '#src/platform/files.ts';
import { createIds, systemRandom } from '#src/platform/random.ts';
import { createTestDatabase } from '#src/platform/testDatabase.ts';
import { samplePdf } from '#src/students/sampleFiles.ts';
import { createStudents } from '#src/students/students.ts';
import type { Asked } from '#src/sync/questions.ts';
import { type Applications, createApplications } from './applications.ts';
import type { Submission } from './submission.ts';
import { applicationEvents, applications as applicationRows } from './tables.ts';

export type Town = Awaited<ReturnType<typeof createTown>>;

export const maria: Viewer = {
  userId: 'maria',
  name: 'Maria Example',
  email: 'maria@student.example',
  role: 'student',
};
export const details = { phone: '649 1234', address: 'Tumon', territory: 'GU' };
export const upload = { name: 'resume-2026.pdf', bytes: samplePdf() };

/** For tests: a database of its own with one student, one employer and one open job. */
export async function createTown() {
  const clock = new ManualClock();
  const newId = createIds(clock, systemRandom);
  const database = await createTestDatabase();
  const { db } = database;
  const directory = await mkdtemp(path.join(tmpdir(), 'kiex-town-'));
  const made = { createdAt: clock.now(), updatedAt: clock.now() };
  const { userId: id, ...account } = maria;
  await db.insert(users).values({ id, ...account, ...made });
  const employer = { id: newId(), slug: 'pacific-stay', name: 'Pacific Stay Hotel' };
  await db.insert(organizations).values({ ...employer, ...made });
  const job = { id: newId(), slug: 'front-desk-associate', title: 'Front Desk Associate' };
  const open = { organizationId: employer.id, status: 'open', published: true };
  await db.insert(jobs).values({ ...job, ...open, ...made });

  const heard = { announced: [] as object[], published: [] as string[], announceFails: false };
  const files = createFiles({ directory });
  const students = createStudents({ db, files, clock, newId, announce: async () => {} });
  const live = {
    publish: async (topic: string) => {
      heard.published.push(topic);
    },
  };
  const announce = async (_tx: unknown, sent: object) => {
    if (heard.announceFails) throw new Error('the queue is away');
    heard.announced.push(sent);
  };
  const announceEvent = async (_tx: unknown, event: object) => {
    heard.announced.push(event);
  };
  /** What the employer's form asks; nothing, unless a test says otherwise. */
  const form: { asked: Asked } = { asked: { kind: 'nothing' } };
  const questionsOf = async () => form.asked;
  const applications = createApplications({
    ...{ db, clock, newId, students, live, questionsOf },
    ...{ announce, announceEvent },
  });

  const submission = (changes: Partial<Submission> = {}): Submission => ({
    studentId: maria.userId,
    jobId: job.id,
    resumeId: null,
    upload,
    note: 'I speak Chamorro and English.',
    agreed: true,
    details,
    ...changes,
  });

  return {
    db,
    clock,
    newId,
    students,
    applications,
    employer,
    job,
    heard,
    form,
    submission,
    send: (changes: Partial<Submission> = {}) => sent(applications, submission(changes)),

    /** What the engine stores when the recruiter has moved a candidate to another stage. */
    async recruiterMoves(applicationId: string, status: string, stageName: string) {
      const at = clock.now();
      await db.update(applicationRows).set({ status, stageName, updatedAt: at });
      const event = { id: newId(), applicationId, at, status, stageName, by: 'employer' };
      await db.insert(applicationEvents).values(event);
    },

    async close() {
      await database.drop();
      await rm(directory, { recursive: true });
    },
  };
}

async function sent(applications: Applications, submission: Submission) {
  const answer = await applications.submit(submission);
  if (!answer.ok) throw new Error(`not sent: ${answer.reason}`);
  return answer;
}
