import type { FieldErrors } from '#src/accounts/credentials.ts';
import { findAccount } from '#src/accounts/store.ts';
import type { Queryable } from '#src/platform/database.ts';
import { type ProfileRead, readProfile, type StudentProfile } from '#src/students/profile.ts';
import { findFacts } from '#src/students/store.ts';
import type { Students, UploadedFile } from '#src/students/students.ts';
import type { Question } from '#src/sync/connector.ts';
import { readApply } from './applyForm.ts';
import type { FormAnswer, TypedAnswers } from './employerForm.ts';
import { type FormRead, readForm } from './formReading.ts';

/** The contact details of an application, as they stand in its form. */
export interface TypedDetails {
  phone: string;
  address: string;
  territory: string;
}

export interface Submission {
  studentId: string;
  jobId: string;
  /** A resume of the profile; an upload goes before it. */
  resumeId: string | null;
  upload?: UploadedFile | null;
  note: string;
  agreed: boolean;
  /** Also the parts of the profile that no application needs. */
  shareProfile?: boolean;
  /** Saved to the profile with the application; left as they are when absent. */
  details?: TypedDetails;
  /** Answers to the employer's own form, where there is one. */
  answers?: TypedAnswers;
}

export type SubmitAnswer =
  /** `already` when this student had applied before, be it by pressing twice. */
  | { ok: true; applicationId: string; already: boolean }
  | { ok: false; reason: 'job_not_found' | 'job_paused' | 'job_closed' }
  /** The employer's form cannot be read now, or asks what cannot be answered here. */
  | { ok: false; reason: 'form_unknown' | 'form_barred' }
  /** `resumeId` is what is chosen now: an upload that was taken stays taken. */
  | { ok: false; reason: 'fields'; errors: FieldErrors; resumeId: string | null };

/** Everything an application needs, read and found good. */
export interface ReadSubmission {
  profile: StudentProfile;
  /** Null where an employer's form asks for none. */
  resumeId: string | null;
  note: string | null;
  /** Null where there is no form. */
  answers: FormAnswer[] | null;
}

type SubmissionRead =
  | { ok: true; value: ReadSubmission }
  | Extract<SubmitAnswer, { reason: 'fields' }>;

/** What a submission is read with. */
interface Reading {
  db: Queryable;
  students: Students;
  /** The employer's own form; null where there is none. */
  questions: readonly Question[] | null;
}

/** Takes the upload first: whatever else is wrong, the student need not send it again. */
export async function readSubmission(
  { db, students, questions }: Reading,
  submission: Submission,
): Promise<SubmissionRead> {
  const errors: FieldErrors = {};
  const resume = await chooseResume(students, submission);
  const profile = await readDetails(db, submission);
  if (!profile.ok) Object.assign(errors, profile.errors);
  const form = questions && readTheirForm(questions, submission, { profile, resumeId: resume.id });
  if (form && !form.ok) Object.assign(errors, form.errors);
  // A form of theirs says itself what it must have, and has its own place for words.
  const own = form ? { note: '', resumeIsOptional: true } : {};
  const answers = readApply({ ...submission, ...own, resumeId: resume.id });
  if (!answers.ok) Object.assign(errors, answers.errors);
  if (resume.words) errors.resume = resume.words;
  if (!answers.ok || !profile.ok || resume.words || form?.ok === false) {
    return { ok: false, reason: 'fields', errors, resumeId: resume.id };
  }
  const { note } = answers.value;
  const isSent = !form || form.answers.some(({ file }) => file);
  const resumeId = isSent ? answers.value.resumeId : null;
  return {
    ok: true,
    value: { resumeId, note, profile: profile.value, answers: form?.answers ?? null },
  };
}

function readTheirForm(
  questions: readonly Question[],
  { answers = {} }: Submission,
  { profile, resumeId }: { profile: ProfileRead; resumeId: string | null },
): FormRead {
  const territory = profile.ok ? profile.value.territory : null;
  return readForm(questions, answers, { territory, resumeId });
}

async function chooseResume(
  students: Students,
  { studentId, resumeId, upload }: Submission,
): Promise<{ id: string | null; words?: string }> {
  const kept = await students.resumesOf(studentId);
  const chosen = kept.some(({ id }) => id === resumeId) ? resumeId : null;
  if (!upload) return { id: chosen };
  const added = await students.addResume(studentId, upload);
  return added.ok ? { id: added.resume.id } : { id: chosen, words: added.words };
}

async function readDetails(db: Queryable, { studentId, details }: Submission) {
  const account = await findAccount(db, studentId);
  if (!account) throw new Error(`There is no account ${studentId}`);
  const facts = await findFacts(db, studentId);
  const { name } = account;
  if (!details) return { ok: true as const, value: { name, ...facts } };
  return readProfile({ name, about: facts.about ?? '', ...details });
}
