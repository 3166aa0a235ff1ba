import type { Viewer } from '#src/accounts/viewer.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { categoriesShared } from '#src/privacy/agreement.ts';
import { recordAgreement } from '#src/privacy/store.ts';
import { lockResume } from '#src/students/store.ts';
import type { Resume, Students } from '#src/students/students.ts';
import type { Question } from '#src/sync/connector.ts';
import type { Asked } from '#src/sync/questions.ts';
import { decideApply, shownStatus } from './application.ts';
import { applyAgain } from './applyingAgain.ts';
import {
  barriersOf,
  categoriesOf,
  filledFrom,
  shownOf,
  type TypedAnswers,
} from './employerForm.ts';
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
  | { kind: 'paused' | 'closed' | 'form_unknown'; job: JobToApply }
  /** The employer's form asks for what cannot be given here; `asked` says what. */
  | { kind: 'form_barred'; job: JobToApply; asked: string[] }
  | { kind: 'already'; job: JobToApply; applicationId: string; submittedAt: Date }
  | {
      kind: 'open';
      job: JobToApply;
      details: TypedDetails;
      resumes: Resume[];
      /** How the application ended that this one renews; null: it is the first. */
      ended: string | null;
      /** The employer's own form, in the place of our details and note. */
      form?: EmployerForm;
    };

export interface EmployerForm {
  questions: readonly Question[];
  /** What the profile knows already. */
  filled: TypedAnswers;
}

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
  /** What the employer's own form asks, where the job's connection has one. */
  questionsOf(jobId: string): Promise<Asked>;
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
      const asked = await needs.questionsOf(jobId);
      const barred = barredBy(asked);
      if (barred) return { ok: false, reason: barred };
      const questions = asked.kind === 'asked' ? asked.questions : null;
      const read = await readSubmission({ db, students: needs.students, questions }, submission);
      if (!read.ok) return read;
      const by = { studentId, shareProfile: submission.shareProfile ?? false };
      const sent = { job: job!, ...by, again: decision.again, ...read.value };
      return db.transaction((tx) => send(needs, tx, sent));
    },

    withdraw: (of) => db.transaction((tx) => withdraw(needs, tx, of)),

    forStudent: (studentId) => studentApplications(db, { studentId, now: clock.now() }),
  };
}

/** Why nothing can be sent now, however well the page is filled in. */
function barredBy(asked: Asked): 'job_closed' | 'form_unknown' | 'form_barred' | null {
  if (asked.kind === 'gone') return 'job_closed';
  if (asked.kind === 'unknown') return 'form_unknown';
  if (asked.kind === 'nothing') return null;
  return barriersOf(asked.questions).length > 0 ? 'form_barred' : null;
}

async function prepare(
  { db, clock, students, questionsOf }: ApplicationsNeeds,
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
  const [asked, { phone, address, territory }, resumes] = await Promise.all([
    questionsOf(id),
    students.profileOf(viewer),
    students.resumesOf(viewer.userId),
  ]);
  const ended = earlier && shownStatus(earlier);
  const details = { phone, address, territory };
  const open = { kind: 'open' as const, job, details, resumes, ended };
  if (asked.kind === 'nothing') return open;
  if (asked.kind === 'gone') return { kind: 'closed', job };
  if (asked.kind === 'unknown') return { kind: 'form_unknown', job };
  const barriers = barriersOf(asked.questions).map(({ label }) => label);
  if (barriers.length > 0) return { kind: 'form_barred', job, asked: barriers };
  const { name, email } = viewer;
  const filled = filledFrom(asked.questions, { name, email, phone, address });
  return { ...open, form: { questions: shownOf(asked.questions), filled } };
}

/** The one transaction: application, timeline, agreement and the order to push. [D6] [P1] */
async function send(
  needs: ApplicationsNeeds,
  tx: Tx,
  sent: ReadSubmission & {
    job: store.JobRow;
    studentId: string;
    shareProfile: boolean;
    again: string | null;
  },
): Promise<SubmitAnswer> {
  const { clock, newId, students, live, announce } = needs;
  const { job, studentId, again, profile, resumeId, note, answers, shareProfile } = sent;
  if (resumeId && !(await lockResume(tx, { studentId, resumeId }))) return resumeGone;
  const at = clock.now();
  const id = again ?? newId();
  const ids = { id, eventId: newId(), studentId, jobId: job.id };
  const stored = again
    ? await applyAgain(needs, tx, { ...sent, applicationId: again })
    : await store.insertSent(tx, { ...ids, resumeId, note, answers, submittedAt: at });
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
    categories: answers
      ? categoriesOf(answers)
      : categoriesShared({ ...profile, resumeId, note, shareProfile }),
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
