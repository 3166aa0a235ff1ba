import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { users } from '#src/accounts/tables.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import { jobs } from '#src/jobs/tables.ts';
import { organizations } from '#src/organizations/tables.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { createFiles } from '#src/platform/files.ts';
import { createIds, systemRandom } from '#src/platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#src/platform/testDatabase.ts';
import { categoriesAgreed } from '#src/privacy/store.ts';
import { agreements } from '#src/privacy/tables.ts';
import { sampleHtml, samplePdf } from '#src/students/sampleFiles.ts';
import { createStudents, type Students } from '#src/students/students.ts';
import { resumes, students as studentRows } from '#src/students/tables.ts';
import { connections, failures, links } from '#src/sync/tables.ts';
import { type Applications, createApplications, type Submission } from './applications.ts';
import { applicationEvents, applications as applicationRows } from './tables.ts';

const clock = new ManualClock();
const newId = createIds(clock, systemRandom);
const maria: Viewer = {
  userId: 'maria',
  name: 'Maria Example',
  email: 'maria@student.example',
  role: 'student',
};
const organizationId = newId();
const jobId = newId();
const slug = 'front-desk-associate';
const details = { phone: '649 1234', address: 'Tumon', territory: 'GU' };

let database: TestDatabase;
let directory: string;
let students: Students;
let applications: Applications;
let announced: { applicationId: string; jobId: string }[];
let published: string[];
let announceFails: boolean;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'kiex-applications-'));
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

beforeEach(async () => {
  const { db } = database;
  for (const table of [
    agreements,
    applicationRows,
    resumes,
    studentRows,
    jobs,
    organizations,
    connections,
    users,
  ]) {
    await db.delete(table);
  }
  const made = { createdAt: clock.now(), updatedAt: clock.now() };
  const { userId: id, ...account } = maria;
  await db.insert(users).values({ id, ...account, ...made });
  await db
    .insert(organizations)
    .values({ id: organizationId, slug: 'pacific-stay', name: 'Pacific Stay Hotel', ...made });
  await db
    .insert(jobs)
    .values({
      id: jobId,
      slug,
      organizationId,
      title: 'Front Desk Associate',
      status: 'open',
      published: true,
      ...made,
    });
  [announced, published, announceFails] = [[], [], false];
  students = createStudents({
    db,
    files: createFiles({ directory }),
    clock,
    newId,
    announce: async () => {},
  });
  applications = createApplications({
    db,
    clock,
    newId,
    students,
    live: {
      publish: async (topic) => {
        published.push(topic);
      },
    },
    announce: async (_tx, sent) => {
      if (announceFails) throw new Error('the queue is away');
      announced.push(sent);
    },
  });
});

const upload = { name: 'resume-2026.pdf', bytes: samplePdf() };
const submission = (changes: Partial<Submission> = {}): Submission => ({
  studentId: maria.userId,
  jobId,
  resumeId: null,
  upload,
  note: 'I speak Chamorro and English.',
  agreed: true,
  details,
  ...changes,
});

async function send(changes: Partial<Submission> = {}) {
  const answer = await applications.submit(submission(changes));
  if (!answer.ok) throw new Error(`not sent: ${answer.reason}`);
  return answer;
}

describe('sending', () => {
  test('[D6] [P1] stores application, timeline and agreement, and orders the push', async () => {
    const { applicationId, already } = await send();
    expect(already).toBe(false);
    const { db } = database;
    expect(await db.select().from(applicationRows)).toMatchObject([
      {
        id: applicationId,
        studentId: 'maria',
        jobId,
        status: 'sent',
        version: 1,
        note: 'I speak Chamorro and English.',
      },
    ]);
    expect(await db.select().from(applicationEvents)).toMatchObject([
      { applicationId, status: 'sent', by: 'student', at: clock.now() },
    ]);
    expect(await db.select().from(agreements)).toMatchObject([
      {
        studentId: 'maria',
        applicationId,
        organizationId,
        provider: 'manatal',
        categories: ['name', 'email', 'phone', 'address', 'resume', 'note'],
        textVersion: expect.stringMatching(/./),
        agreedAt: clock.now(),
        withdrawnAt: null,
      },
    ]);
    expect(announced).toEqual([{ applicationId, jobId }]);
    expect(published).toEqual(['applications:maria']);
    expect(await students.profileOf(maria)).toMatchObject({ ...details, phone: '+1 671 649 1234' });
  });

  test('[P1] agreement covers only what was given', async () => {
    const none = { phone: '', address: '', territory: '' };
    const { applicationId } = await send({ note: '  ', details: none });
    const agreed = await categoriesAgreed(database.db, applicationId);
    expect([...agreed]).toEqual(['name', 'email', 'resume']);
    await database.db.update(agreements).set({ withdrawnAt: clock.now() });
    expect((await categoriesAgreed(database.db, applicationId)).size).toBe(0);
  });

  test('pressing five times at once gives one application, pushed once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send()));
    expect(new Set(answers.map(({ applicationId }) => applicationId)).size).toBe(1);
    expect(answers.filter(({ already }) => !already)).toHaveLength(1);
    expect(await database.db.select().from(applicationRows)).toHaveLength(1);
    expect(await database.db.select().from(applicationEvents)).toHaveLength(1);
    expect(await database.db.select().from(agreements)).toHaveLength(1);
    expect(await database.db.select().from(resumes)).toHaveLength(1);
    expect(announced).toHaveLength(1);
  });

  test('a lost answer is found again, even after the job has closed', async () => {
    const { applicationId } = await send();
    await database.db.update(jobs).set({ status: 'closed' });
    expect(await send({ resumeId: null, upload: null, agreed: false })).toEqual({
      ok: true,
      applicationId,
      already: true,
    });
  });

  test('[D6] when the order to push cannot be stored, nothing is', async () => {
    announceFails = true;
    await expect(applications.submit(submission())).rejects.toThrow('the queue is away');
    for (const table of [applicationRows, applicationEvents, agreements, studentRows]) {
      expect(await database.db.select().from(table)).toEqual([]);
    }
  });

  test('an upload that was taken stays taken when something else is wrong', async () => {
    const answer = await applications.submit(submission({ agreed: false, note: 'x'.repeat(4001) }));
    const [kept] = await students.resumesOf('maria');
    expect(answer).toEqual({
      ok: false,
      reason: 'fields',
      errors: { note: expect.any(String), agreed: expect.any(String) },
      resumeId: kept?.id,
    });
    expect(await send({ upload: null, resumeId: kept!.id })).toMatchObject({ already: false });
  });

  test('a refused upload keeps the resume that was chosen', async () => {
    const added = await students.addResume('maria', upload);
    const resumeId = added.ok ? added.resume.id : '';
    const bad = { name: 'new.pdf', bytes: sampleHtml() };
    expect(await applications.submit(submission({ resumeId, upload: bad }))).toMatchObject({
      errors: { resume: expect.stringMatching(/not a PDF/) },
      resumeId,
    });
    expect(await database.db.select().from(applicationRows)).toEqual([]);
  });

  test('nobody can send a resume of someone else, or one taken off', async () => {
    const other = await students.addResume('jose', upload);
    const removed = await students.addResume('maria', { name: 'old.pdf', bytes: samplePdf('old') });
    if (!other.ok || !removed.ok) throw new Error('not added');
    await database.db
      .update(resumes)
      .set({ removedAt: clock.now() })
      .where(eq(resumes.id, removed.resume.id));
    for (const resumeId of [other.resume.id, removed.resume.id, 'not an id']) {
      expect(await applications.submit(submission({ upload: null, resumeId }))).toMatchObject({
        errors: { resume: expect.any(String) },
        resumeId: null,
      });
    }
  });

  test.each([
    ['paused', true, 'job_paused'],
    ['closed', true, 'job_closed'],
    ['open', false, 'job_not_found'],
  ])('a job that is %s and published %s answers %s', async (status, isPublished, reason) => {
    await database.db.update(jobs).set({ status, published: isPublished });
    expect(await applications.submit(submission())).toEqual({ ok: false, reason });
    expect(await database.db.select().from(resumes)).toEqual([]);
  });
});

describe('the apply page', () => {
  const job = { id: jobId, slug, title: 'Front Desk Associate', employer: 'Pacific Stay Hotel' };

  test('is filled from the profile', async () => {
    await students.saveProfile(maria, { name: maria.name, about: '', ...details });
    await students.addResume('maria', upload);
    expect(await applications.prepare(maria, slug)).toEqual({
      kind: 'open',
      job,
      details: { ...details, phone: '+1 671 649 1234' },
      resumes: await students.resumesOf('maria'),
    });
  });

  test('says when the job is paused, closed, or was applied for already', async () => {
    await database.db.update(jobs).set({ status: 'paused' });
    expect(await applications.prepare(maria, slug)).toEqual({ kind: 'paused', job });
    await database.db.update(jobs).set({ status: 'filled' });
    expect(await applications.prepare(maria, slug)).toEqual({ kind: 'closed', job });
    await database.db.update(jobs).set({ status: 'open' });
    const { applicationId } = await send();
    const submittedAt = clock.now();
    expect(await applications.prepare(maria, slug)).toEqual({
      kind: 'already',
      job,
      applicationId,
      submittedAt,
    });
    expect(await applications.prepare(maria, 'no-such-job')).toEqual({ kind: 'not_found' });
  });
});

describe('following', () => {
  test('[F6] "Sent" is stored here; "In Manatal" only once Manatal answered with an id', async () => {
    const { applicationId } = await send();
    const delivery = async () => (await applications.forStudent('maria'))[0]?.delivery;
    expect(await delivery()).toMatchObject({
      state: 'stored',
      words: 'Kept here, on its way to Manatal',
    });

    const connectionId = await connect();
    const link = { id: newId(), connectionId, resource: 'applications', ourId: applicationId };
    const made = { createdAt: clock.now(), updatedAt: clock.now() };
    await database.db.insert(links).values({ ...link, ...made, createSentAt: clock.now() });
    expect(await delivery()).toMatchObject({ state: 'stored' });

    await database.db.update(links).set({ theirId: '9100' }).where(eq(links.id, link.id));
    expect(await delivery()).toMatchObject({ state: 'delivered', words: 'In Manatal' });

    await database.db.update(links).set({ goneAt: clock.now() }).where(eq(links.id, link.id));
    expect(await delivery()).toMatchObject({ state: 'problem', words: 'No longer in Manatal' });
  });

  test('[F6] a link of another record with the same id is not ours', async () => {
    const { applicationId } = await send();
    const connectionId = await connect();
    const made = { createdAt: clock.now(), updatedAt: clock.now() };
    const link = {
      id: newId(),
      connectionId,
      resource: 'jobs',
      ourId: applicationId,
      theirId: '1',
    };
    await database.db.insert(links).values({ ...link, ...made });
    expect(await applications.forStudent('maria')).toMatchObject([
      { delivery: { state: 'stored' } },
    ]);
  });

  test('tells of trouble on the way, without calling it sent there', async () => {
    const { applicationId } = await send();
    const connectionId = await connect();
    const delivery = async () => (await applications.forStudent('maria'))[0]!.delivery;
    await failOn(connectionId, applicationId);
    expect((await delivery()).meaning).toMatch(/keep trying/);
    await database.db.update(failures).set({ state: 'dead' });
    expect(await delivery()).toMatchObject({
      state: 'problem',
      words: 'Kept here, not yet in Manatal',
    });
    await database.db.update(failures).set({ state: 'resolved' });
    await linkJob(connectionId);
    await database.db.update(connections).set({ state: 'needs_attention' });
    expect(await delivery()).toMatchObject({
      state: 'stored',
      meaning: expect.stringMatching(/as soon as that opens/),
    });
  });

  test('shows the true status with the way it came, the latest change first', async () => {
    const { applicationId } = await send();
    const sentAt = clock.now();
    await clock.advance(60_000);
    await recruiterMoves(applicationId, 'interview', 'Phone screen');
    const [seen] = await applications.forStudent('maria');
    expect(seen).toMatchObject({
      id: applicationId,
      jobSlug: slug,
      jobTitle: 'Front Desk Associate',
      employer: 'Pacific Stay Hotel',
      statusWord: 'Interview',
      stageName: 'Phone screen',
      submittedAt: sentAt,
      updatedAt: clock.now(),
      updatedBy: 'employer',
      events: [
        { at: sentAt, word: 'Sent', stageName: null, by: 'student' },
        { at: clock.now(), word: 'Interview', stageName: 'Phone screen', by: 'employer' },
      ],
    });
    expect(seen?.steps.map(({ state }) => state)).toEqual([
      'done',
      'done',
      'now',
      'ahead',
      'ahead',
    ]);
  });

  test('shows nothing of other students', async () => {
    await send();
    expect(await applications.forStudent('jose')).toEqual([]);
  });
});

async function connect(): Promise<string> {
  const id = newId();
  const now = clock.now();
  await database.db.insert(connections).values({
    id,
    provider: 'manatal',
    label: 'Manatal · Pacific Stay',
    organizationId,
    state: 'connected',
    credentials: 'sealed',
    keyLastFour: '1234',
    quotaKey: 'manatal:1',
    webhookSecret: 'sealed',
    webhookSecretHash: id,
    settings: {},
    createdAt: now,
    updatedAt: now,
  });
  return id;
}

async function linkJob(connectionId: string) {
  const now = clock.now();
  const link = { id: newId(), connectionId, resource: 'jobs', ourId: jobId, theirId: '5100' };
  await database.db.insert(links).values({ ...link, createdAt: now, updatedAt: now });
}

async function failOn(connectionId: string, applicationId: string) {
  await database.db.insert(failures).values({
    id: newId(),
    connectionId,
    resource: 'applications',
    recordKey: `our:${applicationId}`,
    ourId: applicationId,
    state: 'retrying',
    kind: 'unreachable',
    step: 'create',
    detail: 'time-out',
    attempts: 1,
    firstAt: clock.now(),
    lastAt: clock.now(),
  });
}

async function recruiterMoves(applicationId: string, status: string, stageName: string) {
  const at = clock.now();
  await database.db.update(applicationRows).set({ status, stageName, updatedAt: at });
  const event = { id: newId(), applicationId, at, status, stageName, by: 'employer' };
  await database.db.insert(applicationEvents).values(event);
}
