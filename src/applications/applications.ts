import type { Viewer } from '#src/accounts/viewer.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { categoriesShared } from '#src/privacy/agreement.ts';
import { recordAgreement } from '#src/privacy/store.ts';
import { lockResume } from '#src/students/store.ts';
import type { Resume, Students } from '#src/students/students.ts';
import { decideApply } from './application.ts';
import * as store from './store.ts';
import { type StudentApplication, studentApplications } from './studentView.ts';
import {
  type ReadSubmission,
  readSubmission,
  type Submission,
  type SubmitAnswer,
  type TypedDetails,
} from './submission.ts';

/** What an apply page shows of the job. */
export interface JobToApply {
  id: string;
  slug: string;
  title: string;
  employer: string;
}

export type ApplyPage =
  | { kind: 'not_found' }
  | { kind: 'paused' | 'closed'; job: JobToApply }
  | { kind: 'already'; job: JobToApply; applicationId: string; submittedAt: Date }
  | { kind: 'open'; job: JobToApply; details: TypedDetails; resumes: Resume[] };

/** Applying for jobs, and following what becomes of it. */
export interface Applications {
  prepare(viewer: Viewer, jobSlug: string): Promise<ApplyPage>;
  /** Sends an application: stored here, agreed to and ordered to be pushed in one transaction. */
  submit(submission: Submission): Promise<SubmitAnswer>;
  /** The last sent first. */
  forStudent(studentId: string): Promise<StudentApplication[]>;
}

export interface ApplicationsNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  students: Students;
  /** Tells open pages of this student, when the transaction commits. */
  live: { publish(topic: string, tx?: Tx): Promise<void> };
  /** Orders the push, in the transaction that stores the application. [D6] */
  announce(tx: Tx, sent: { applicationId: string; jobId: string }): Promise<void>;
}

export function createApplications(needs: ApplicationsNeeds): Applications {
  const { db, clock } = needs;
  return {
    prepare: (viewer, jobSlug) => prepare(needs, viewer, jobSlug),

    async submit(submission) {
      const { studentId, jobId } = submission;
      const job = await store.findJob(db, { id: jobId });
      const earlier = await store.findApplication(db, { studentId, jobId });
      const decision = decideApply(job, earlier, clock.now());
      if (!decision.ok) {
        if (decision.reason !== 'already_applied') return decision;
        return { ok: true, applicationId: decision.applicationId, already: true };
      }
      const read = await readSubmission({ db, students: needs.students }, submission);
      if (!read.ok) return read;
      const asked = { studentId, shareProfile: submission.shareProfile ?? false };
      return db.transaction((tx) => send(needs, tx, { job: job!, ...asked, ...read.value }));
    },

    forStudent: (studentId) => studentApplications(db, studentId),
  };
}

async function prepare(
  { db, clock, students }: ApplicationsNeeds,
  viewer: Viewer,
  jobSlug: string,
): Promise<ApplyPage> {
  const found = await store.findJob(db, { slug: jobSlug });
  if (!found) return { kind: 'not_found' };
  const { id, slug, title } = found;
  const job = { id, slug, title, employer: store.employerWords(found.employer) };
  const earlier = await store.findApplication(db, { studentId: viewer.userId, jobId: id });
  if (earlier) {
    const { id: applicationId, submittedAt } = earlier;
    return { kind: 'already', job, applicationId, submittedAt };
  }
  const decision = decideApply(found, null, clock.now());
  if (!decision.ok) {
    if (decision.reason === 'job_not_found') return { kind: 'not_found' };
    return { kind: decision.reason === 'job_paused' ? 'paused' : 'closed', job };
  }
  const [{ phone, address, territory }, resumes] = await Promise.all([
    students.profileOf(viewer),
    students.resumesOf(viewer.userId),
  ]);
  return { kind: 'open', job, details: { phone, address, territory }, resumes };
}

/** The one transaction: application, timeline, agreement and the order to push. [D6] [P1] */
async function send(
  { clock, newId, students, live, announce }: ApplicationsNeeds,
  tx: Tx,
  sent: ReadSubmission & { job: store.JobRow; studentId: string; shareProfile: boolean },
): Promise<SubmitAnswer> {
  const { job, studentId, profile, resumeId, note, shareProfile } = sent;
  if (!(await lockResume(tx, { studentId, resumeId }))) return resumeGone;
  const at = clock.now();
  const id = newId();
  const ids = { id, eventId: newId(), studentId, jobId: job.id };
  const inserted = await store.insertSent(tx, { ...ids, resumeId, note, submittedAt: at });
  if (!inserted) {
    // Pressed twice: the other request has just committed.
    const earlier = await store.findApplication(tx, { studentId, jobId: job.id });
    return { ok: true, applicationId: earlier!.id, already: true };
  }
  await students.writeProfile(tx, studentId, profile);
  await recordAgreement(tx, {
    id: newId(),
    studentId,
    applicationId: id,
    organizationId: job.organizationId,
    categories: categoriesShared({ ...profile, resumeId, note, shareProfile }),
    agreedAt: at,
  });
  await announce(tx, { applicationId: id, jobId: job.id });
  await live.publish(`applications:${studentId}`, tx);
  return { ok: true, applicationId: id, already: false };
}

const resumeGone: SubmitAnswer = {
  ok: false,
  reason: 'fields',
  errors: { resume: 'This resume was removed a moment ago. Choose another one.' },
  resumeId: null,
};
