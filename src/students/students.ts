import { createHash } from 'node:crypto';
import type { FieldErrors } from '#src/accounts/credentials.ts';
import { renameAccount } from '#src/accounts/store.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Tx } from '#src/platform/database.ts';
import type { Files } from '#src/platform/files.ts';
import type { NewId } from '#src/platform/random.ts';
import { phoneWords } from './phone.ts';
import { readProfile, type StudentProfile, type TypedProfile } from './profile.ts';
import { readResume, refusalWords } from './resumeFile.ts';
import * as store from './store.ts';

/** A resume as its owner sees it. */
export interface Resume {
  id: string;
  fileName: string;
  contentType: string;
  bytes: number;
  uploadedAt: Date;
}

export interface UploadedFile {
  name: string;
  bytes: Uint8Array;
}

export type AddResumeAnswer =
  /** `already` when the same file was there; it keeps the name it had. */
  { ok: true; resume: Resume; already: boolean } | { ok: false; words: string };

/** What students say about themselves and the files they keep here. */
export interface Students {
  /** As the profile form shows it; all empty before the first save. */
  profileOf(viewer: Viewer): Promise<TypedProfile>;
  saveProfile(
    viewer: Viewer,
    typed: TypedProfile,
  ): Promise<{ ok: true } | { ok: false; errors: FieldErrors }>;
  /**
   * Stores a profile inside a transaction of the caller, with the order to push it. [D6]
   * Returns whether anything changed; nothing is ordered when nothing did.
   */
  writeProfile(tx: Tx, userId: string, profile: StudentProfile): Promise<boolean>;
  /** Newest first. */
  resumesOf(studentId: string): Promise<Resume[]>;
  addResume(studentId: string, file: UploadedFile): Promise<AddResumeAnswer>;
  /** Takes it off the profile; erased at once unless an application was sent with it. */
  removeResume(studentId: string, resumeId: string): Promise<void>;
  /** For its owner only; null for anyone else's and for what is not there. */
  openResume(
    studentId: string,
    resumeId: string,
  ): Promise<{ bytes: Uint8Array; fileName: string; contentType: string } | null>;
}

export interface StudentsNeeds {
  db: Db;
  files: Files;
  clock: Clock;
  newId: NewId;
  /** Orders the push of a changed profile, in the transaction that changes it. [D6] */
  announce(tx: Tx, changed: { studentId: string }): Promise<void>;
}

/** More than anyone needs, and few enough to choose from on a phone. */
export const RESUMES_MAX = 10;

export function createStudents({ db, files, clock, newId, announce }: StudentsNeeds): Students {
  const writeProfile: Students['writeProfile'] = async (tx, userId, { name, ...facts }) => {
    const at = clock.now();
    const renamed = await renameAccount(tx, { userId, name, at });
    const rewritten = await store.writeFacts(tx, { userId, ...facts, at });
    if (!renamed && !rewritten) return false;
    if (!rewritten) await store.touchStudent(tx, { userId, at });
    await announce(tx, { studentId: userId });
    return true;
  };

  return {
    writeProfile,

    async profileOf(viewer) {
      const facts = await store.findFacts(db, viewer.userId);
      return {
        name: viewer.name,
        phone: phoneWords(facts.phone),
        address: facts.address ?? '',
        territory: facts.territory ?? '',
        about: facts.about ?? '',
      };
    },

    async saveProfile(viewer, typed) {
      const read = readProfile(typed);
      if (!read.ok) return read;
      await db.transaction((tx) => writeProfile(tx, viewer.userId, read.value));
      return { ok: true };
    },

    async resumesOf(studentId) {
      return (await store.listResumes(db, studentId)).map(asResume);
    },

    async addResume(studentId, file) {
      const read = await readResume(file);
      if (!read.ok) return { ok: false, words: refusalWords(read.reason) };
      const sha256 = createHash('sha256').update(file.bytes).digest('hex');
      const same = await store.findSameResume(db, { studentId, sha256 });
      const another = !same || same.removedAt !== null;
      if (another && (await store.countResumes(db, studentId)) >= RESUMES_MAX) {
        return { ok: false, words: `You keep ${RESUMES_MAX} resumes here. Remove one first.` };
      }
      const id = newId();
      const storageKey = `resumes/${studentId}/${id}`;
      // File first: a row always has its file, whatever stops us in between.
      await files.put(storageKey, file.bytes);
      const row = await store.keepResume(db, {
        id,
        studentId,
        fileName: read.fileName,
        contentType: read.contentType,
        bytes: file.bytes.length,
        sha256,
        storageKey,
        uploadedAt: clock.now(),
      });
      if (row.id !== id) await files.remove(storageKey);
      return { ok: true, resume: asResume(row), already: row.id !== id };
    },

    async removeResume(studentId, resumeId) {
      const resume = await store.findResume(db, { studentId, resumeId });
      if (!resume) return;
      const erased = await store.eraseUnusedResume(db, resume.id);
      if (erased) await files.remove(resume.storageKey);
      else await store.markResumeRemoved(db, { studentId, resumeId, at: clock.now() });
    },

    async openResume(studentId, resumeId) {
      const resume = await store.findResume(db, { studentId, resumeId });
      if (!resume) return null;
      const { fileName, contentType, storageKey } = resume;
      return { bytes: await files.get(storageKey), fileName, contentType };
    },
  };
}

function asResume(row: store.ResumeRow): Resume {
  const { id, fileName, contentType, bytes, uploadedAt } = row;
  return { id, fileName, contentType, bytes, uploadedAt };
}
