import type { FieldErrors } from '#src/accounts/credentials.ts';
import { findAccount } from '#src/accounts/store.ts';
import type { Queryable } from '#src/platform/database.ts';
import { readProfile, type StudentProfile } from '#src/students/profile.ts';
import { findFacts } from '#src/students/store.ts';
import type { Students, UploadedFile } from '#src/students/students.ts';
import { readApply } from './applyForm.ts';

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
}

export type SubmitAnswer =
  /** `already` when this student had applied before, be it by pressing twice. */
  | { ok: true; applicationId: string; already: boolean }
  | { ok: false; reason: 'job_not_found' | 'job_paused' | 'job_closed' }
  /** `resumeId` is what is chosen now: an upload that was taken stays taken. */
  | { ok: false; reason: 'fields'; errors: FieldErrors; resumeId: string | null };

/** Everything an application needs, read and found good. */
export interface ReadSubmission {
  profile: StudentProfile;
  resumeId: string;
  note: string | null;
}

type SubmissionRead =
  | { ok: true; value: ReadSubmission }
  | Extract<SubmitAnswer, { reason: 'fields' }>;

/** Takes the upload first: whatever else is wrong, the student need not send it again. */
export async function readSubmission(
  { db, students }: { db: Queryable; students: Students },
  submission: Submission,
): Promise<SubmissionRead> {
  const errors: FieldErrors = {};
  const resume = await chooseResume(students, submission);
  const answers = readApply({ ...submission, resumeId: resume.id });
  if (!answers.ok) Object.assign(errors, answers.errors);
  if (resume.words) errors.resume = resume.words;
  const profile = await readDetails(db, submission);
  if (!profile.ok) Object.assign(errors, profile.errors);
  if (!answers.ok || !profile.ok || resume.words) {
    return { ok: false, reason: 'fields', errors, resumeId: resume.id };
  }
  return { ok: true, value: { ...answers.value, profile: profile.value } };
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
