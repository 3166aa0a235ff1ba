import { and, asc, count, desc, eq, isNull, sql } from 'drizzle-orm';
import { users } from '#src/accounts/tables.ts';
import type { Queryable, Tx } from '#src/platform/database.ts';
import type { StudentProfile } from './profile.ts';
import { resumes, students } from './tables.ts';
import { isTerritory } from './territories.ts';

export type ResumeRow = typeof resumes.$inferSelect;

/** What the students table holds of a profile; the name lives with the account. */
export type StudentFacts = Omit<StudentProfile, 'name'>;

export async function findFacts(db: Queryable, userId: string): Promise<StudentFacts> {
  const [row] = await db.select().from(students).where(eq(students.userId, userId));
  return {
    phone: row?.phone ?? null,
    address: row?.address ?? null,
    territory: isTerritory(row?.territory) ? row.territory : null,
    about: row?.about ?? null,
  };
}

/**
 * Holds a student's profile to the end of the transaction, for who reads all of it to change a part.
 * The account first, as where a profile is saved: two that wait for each other would both fail.
 */
export async function lockStudent(tx: Tx, userId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
  await tx
    .select({ userId: students.userId })
    .from(students)
    .where(eq(students.userId, userId))
    .for('update');
}

/** Stores what changed and raises the version. Returns whether anything did. */
export async function writeFacts(
  db: Queryable,
  { userId, at, ...facts }: StudentFacts & { userId: string; at: Date },
): Promise<boolean> {
  const changed = sql`(${students.phone}, ${students.address}, ${students.territory}, ${students.about})
    is distinct from (excluded.phone, excluded.address, excluded.territory, excluded.about)`;
  const written = await db
    .insert(students)
    .values({ userId, ...facts, createdAt: at, updatedAt: at })
    .onConflictDoUpdate({
      target: students.userId,
      set: { ...facts, version: sql`${students.version} + 1`, updatedAt: at },
      setWhere: changed,
    })
    .returning({ userId: students.userId });
  return written.length > 0;
}

/** Raises the version for a change that is stored elsewhere, such as the name. */
export async function touchStudent(db: Queryable, { userId, at }: { userId: string; at: Date }) {
  await db
    .insert(students)
    .values({ userId, createdAt: at, updatedAt: at })
    .onConflictDoUpdate({
      target: students.userId,
      set: { version: sql`${students.version} + 1`, updatedAt: at },
    });
}

/**
 * Stores what staff mended, unless the student has changed the profile since `version`.
 * Returns  the new version; null when nothing was stored.
 */
export async function correctFacts(
  tx: Tx,
  corrected: {
    userId: string;
    version: number;
    at: Date;
    change: { phone?: string | null; address?: string | null };
  },
): Promise<number | null> {
  const { userId, version, at, change } = corrected;
  const [row] = await tx
    .update(students)
    .set({ ...change, version: version + 1, updatedAt: at })
    .where(and(eq(students.userId, userId), eq(students.version, version)))
    .returning({ version: students.version });
  return row?.version ?? null;
}

/** Resumes the student has on the profile, newest first. */
export async function listResumes(db: Queryable, studentId: string): Promise<ResumeRow[]> {
  return db
    .select()
    .from(resumes)
    .where(and(eq(resumes.studentId, studentId), isNull(resumes.removedAt)))
    .orderBy(desc(resumes.uploadedAt), asc(resumes.id));
}

export async function countResumes(db: Queryable, studentId: string): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(resumes)
    .where(and(eq(resumes.studentId, studentId), isNull(resumes.removedAt)));
  return row!.count;
}

/** One of the student's own files; also one taken off the profile, which applications may show. */
export async function findResume(
  db: Queryable,
  { studentId, resumeId }: { studentId: string; resumeId: string },
): Promise<ResumeRow | null> {
  const [row] = await db
    .select()
    .from(resumes)
    .where(and(eq(resumes.id, resumeId), eq(resumes.studentId, studentId)));
  return row ?? null;
}

/** Holds a resume of the profile to the end of the transaction. False when it is not there. */
export async function lockResume(
  tx: Tx,
  { studentId, resumeId }: { studentId: string; resumeId: string },
): Promise<boolean> {
  const rows = await tx
    .select({ id: resumes.id })
    .from(resumes)
    .where(
      and(eq(resumes.id, resumeId), eq(resumes.studentId, studentId), isNull(resumes.removedAt)),
    )
    .for('key share');
  return rows.length > 0;
}

export async function findSameResume(
  db: Queryable,
  { studentId, sha256 }: { studentId: string; sha256: string },
): Promise<ResumeRow | null> {
  const [row] = await db
    .select()
    .from(resumes)
    .where(and(eq(resumes.studentId, studentId), eq(resumes.sha256, sha256)));
  return row ?? null;
}

/** Stores a file's row, or brings back the row of the same file with the name it had. */
export async function keepResume(
  db: Queryable,
  resume: Omit<ResumeRow, 'removedAt'>,
): Promise<ResumeRow> {
  const [row] = await db
    .insert(resumes)
    .values(resume)
    .onConflictDoUpdate({
      target: [resumes.studentId, resumes.sha256],
      set: { removedAt: null },
    })
    .returning();
  return row!;
}

/** Deletes the row unless an application refers to it. Returns whether it did. */
export async function eraseUnusedResume(db: Queryable, resumeId: string): Promise<boolean> {
  try {
    await db.delete(resumes).where(eq(resumes.id, resumeId));
    return true;
  } catch (error) {
    // The database itself knows what refers to the file; to ask first would leave a gap in time.
    if (isStillReferred(error)) return false;
    throw error;
  }
}

const FOREIGN_KEY_VIOLATION = '23503';

function isStillReferred(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return (
    typeof cause === 'object' &&
    cause !== null &&
    'code' in cause &&
    cause.code === FOREIGN_KEY_VIOLATION
  );
}

export async function markResumeRemoved(
  db: Queryable,
  { studentId, resumeId, at }: { studentId: string; resumeId: string; at: Date },
): Promise<void> {
  await db
    .update(resumes)
    .set({ removedAt: at })
    .where(
      and(eq(resumes.id, resumeId), eq(resumes.studentId, studentId), isNull(resumes.removedAt)),
    );
}
