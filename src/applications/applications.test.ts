import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { agreements } from '#src/privacy/tables.ts';
import { sampleHtml, samplePdf } from '#src/students/sampleFiles.ts';
import { resumes, students as studentRows } from '#src/students/tables.ts';
import { applicationEvents, applications as applicationRows } from './tables.ts';
import { createTown, details, maria, type Town, upload } from './testTown.ts';

let town: Town;
beforeEach(async () => {
  town = await createTown();
});
afterEach(() => town.close());

describe('sending', () => {
  test('[D6] [P1] stores application, timeline and agreement, and orders the push', async () => {
    const { applicationId, already } = await town.send();
    expect(already).toBe(false);
    const { db } = town;
    expect(await db.select().from(applicationRows)).toMatchObject([
      {
        id: applicationId,
        studentId: 'maria',
        jobId: town.job.id,
        status: 'sent',
        version: 1,
        note: 'I speak Chamorro and English.',
      },
    ]);
    expect(await db.select().from(applicationEvents)).toMatchObject([
      { applicationId, status: 'sent', by: 'student', at: town.clock.now() },
    ]);
    expect(await db.select().from(agreements)).toMatchObject([
      {
        studentId: 'maria',
        applicationId,
        organizationId: town.employer.id,
        provider: 'manatal',
        categories: ['name', 'email', 'phone', 'address', 'resume', 'note'],
        textVersion: expect.stringMatching(/./),
        agreedAt: town.clock.now(),
        withdrawnAt: null,
      },
    ]);
    expect(town.heard.announced).toEqual([{ applicationId, jobId: town.job.id }]);
    expect(town.heard.published).toEqual(['applications:maria']);
    expect(await town.students.profileOf(maria)).toMatchObject({
      ...details,
      phone: '+1 671 649 1234',
    });
  });

  test('[P1] agreement covers only what was given', async () => {
    const none = { phone: '', address: '', territory: '' };
    const { applicationId } = await town.send({ note: '  ', details: none });
    const [agreed] = await town.db.select().from(agreements);
    expect(agreed).toMatchObject({ applicationId, categories: ['name', 'email', 'resume'] });
  });

  test('pressing five times at once gives one application, pushed once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => town.send()));
    expect(new Set(answers.map(({ applicationId }) => applicationId)).size).toBe(1);
    expect(answers.filter(({ already }) => !already)).toHaveLength(1);
    expect(await town.db.select().from(applicationRows)).toHaveLength(1);
    expect(await town.db.select().from(applicationEvents)).toHaveLength(1);
    expect(await town.db.select().from(agreements)).toHaveLength(1);
    expect(await town.db.select().from(resumes)).toHaveLength(1);
    expect(town.heard.announced).toHaveLength(1);
  });

  test('a lost answer is found again, even after the job has closed', async () => {
    const { applicationId } = await town.send();
    await town.db.update(jobs).set({ status: 'closed' });
    expect(await town.send({ resumeId: null, upload: null, agreed: false })).toEqual({
      ok: true,
      applicationId,
      already: true,
    });
  });

  test('[D6] when the order to push cannot be stored, nothing is', async () => {
    town.heard.announceFails = true;
    await expect(town.applications.submit(town.submission())).rejects.toThrow('the queue is away');
    for (const table of [applicationRows, applicationEvents, agreements, studentRows]) {
      expect(await town.db.select().from(table)).toEqual([]);
    }
  });

  test('an upload that was taken stays taken when something else is wrong', async () => {
    const answer = await town.applications.submit(
      town.submission({ agreed: false, note: 'x'.repeat(4001) }),
    );
    const [kept] = await town.students.resumesOf('maria');
    expect(answer).toEqual({
      ok: false,
      reason: 'fields',
      errors: { note: expect.any(String), agreed: expect.any(String) },
      resumeId: kept?.id,
    });
    expect(await town.send({ upload: null, resumeId: kept!.id })).toMatchObject({ already: false });
  });

  test('a refused upload keeps the resume that was chosen', async () => {
    const added = await town.students.addResume('maria', upload);
    const resumeId = added.ok ? added.resume.id : '';
    const bad = { name: 'new.pdf', bytes: sampleHtml() };
    expect(
      await town.applications.submit(town.submission({ resumeId, upload: bad })),
    ).toMatchObject({
      errors: { resume: expect.stringMatching(/not a PDF/) },
      resumeId,
    });
    expect(await town.db.select().from(applicationRows)).toEqual([]);
  });

  test('nobody can send a resume of someone else, or one taken off', async () => {
    const other = await town.students.addResume('jose', upload);
    const removed = await town.students.addResume('maria', {
      name: 'old.pdf',
      bytes: samplePdf('old'),
    });
    if (!other.ok || !removed.ok) throw new Error('not added');
    await town.db
      .update(resumes)
      .set({ removedAt: town.clock.now() })
      .where(eq(resumes.id, removed.resume.id));
    for (const resumeId of [other.resume.id, removed.resume.id, 'not an id']) {
      expect(
        await town.applications.submit(town.submission({ upload: null, resumeId })),
      ).toMatchObject({
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
    await town.db.update(jobs).set({ status, published: isPublished });
    expect(await town.applications.submit(town.submission())).toEqual({ ok: false, reason });
    expect(await town.db.select().from(resumes)).toEqual([]);
  });
});

describe('the apply page', () => {
  const jobShown = () => ({ ...town.job, employer: 'Pacific Stay Hotel' });

  test('is filled from the profile', async () => {
    await town.students.saveProfile(maria, { name: maria.name, about: '', ...details });
    await town.students.addResume('maria', upload);
    expect(await town.applications.prepare(maria, town.job.slug)).toEqual({
      kind: 'open',
      ended: null,
      job: jobShown(),
      details: { ...details, phone: '+1 671 649 1234' },
      resumes: await town.students.resumesOf('maria'),
    });
  });

  test('says when the job is paused, closed, or was applied for already', async () => {
    await town.db.update(jobs).set({ status: 'paused' });
    expect(await town.applications.prepare(maria, town.job.slug)).toEqual({
      kind: 'paused',
      job: jobShown(),
    });
    await town.db.update(jobs).set({ status: 'filled' });
    expect(await town.applications.prepare(maria, town.job.slug)).toEqual({
      kind: 'closed',
      job: jobShown(),
    });
    await town.db.update(jobs).set({ status: 'open' });
    const { applicationId } = await town.send();
    const submittedAt = town.clock.now();
    expect(await town.applications.prepare(maria, town.job.slug)).toEqual({
      kind: 'already',
      job: jobShown(),
      applicationId,
      submittedAt,
    });
    expect(await town.applications.prepare(maria, 'no-such-job')).toEqual({ kind: 'not_found' });
  });
});
