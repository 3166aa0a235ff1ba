import type { Viewer } from '#src/accounts/viewer.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { categoriesShared } from '#src/privacy/agreement.ts';
import { recordAgreement } from '#src/privacy/store.ts';
import { lockResume } from '#src/students/store.ts';
import type { Resume, Students } from '#src/students/students.ts';
import { decideApply, shownStatus } from './application.ts';
import { applyAgain } from './applyingAgain.ts';
import * as store from './store.ts';
import { type StudentApplication, studentApplications } from './studentView.ts';
import {
  type ReadSubmission,
  readSubmission,
  type Submission,
  type SubmitAnswer,
  type TypedDetails,
} from './submission.ts';
import { type WithdrawAnswer, withdraw } from './withdrawing.ts';

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
  | {
      kind: 'open';
      job: JobToApply;
      details: TypedDetails;
      resumes: Resume[];
      /** How the application ended that this one renews; null: it is the first. */
      ended: string | null;
    };

/** Applying for jobs, and following what becomes of it. */
export interface Applications {
  prepare(viewer: Viewer, jobSlug: string): Promise<ApplyPage>;
  /** Sends an application: stored here, agreed to and ordered to be pushed in one transaction. */
  submit(submission: Submission): Promise<SubmitAnswer>;
  /** Takes one of a student's own applications back. */
  withdraw(of: { studentId: string; applicationId: string }): Promise<WithdrawAnswer>;
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
  /** Orders that the employer's side is told of a later step of the student's. [D6] */
  announceEvent(tx: Tx, event: { eventId: string; applicationId: string }): Promise<void>;
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
      const sent = { job: job!, studentId, again: decision.again, ...read.value };
      return db.transaction((tx) => send(needs, tx, sent));
    },

    withdraw: (of) => db.transaction((tx) => withdraw(needs, tx, of)),

    forStudent: (studentId) => studentApplications(db, { studentId, now: clock.now() }),
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
  const decision = decideApply(found, earlier, clock.now());
  if (!decision.ok) {
    if (decision.reason === 'already_applied') {
      const { id: applicationId, submittedAt } = earlier!;
      return { kind: 'already', job, applicationId, submittedAt };
    }
    if (decision.reason === 'job_not_found') return { kind: 'not_found' };
    return { kind: decision.reason === 'job_paused' ? 'paused' : 'closed', job };
  }
  const [{ phone, address, territory }, resumes] = await Promise.all([
    students.profileOf(viewer),
    students.resumesOf(viewer.userId),
  ]);
  const ended = earlier && shownStatus(earlier);
  return { kind: 'open', job, details: { phone, address, territory }, resumes, ended };
}

/** The one transaction: application, timeline, agreement and the order to push. [D6] [P1] */
async function send(
  needs: ApplicationsNeeds,
  tx: Tx,
  sent: ReadSubmission & { job: store.JobRow; studentId: string; again: string | null },
): Promise<SubmitAnswer> {
  const { clock, newId, students, live, announce } = needs;
  const { job, studentId, again, profile, resumeId, note } = sent;
  if (!(await lockResume(tx, { studentId, resumeId }))) return resumeGone;
  const at = clock.now();
  const id = again ?? newId();
  const ids = { id, eventId: newId(), studentId, jobId: job.id };
  const stored = again
    ? await applyAgain(needs, tx, { ...sent, applicationId: again })
    : await store.insertSent(tx, { ...ids, resumeId, note, submittedAt: at });
  if (!stored) {
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
    categories: categoriesShared({ ...profile, resumeId, note }),
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
