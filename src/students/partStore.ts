import { and, asc, count, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { PartKind, PartValues } from './partKinds.ts';
import { profileParts } from './tables.ts';

export type PartRow = typeof profileParts.$inferSelect;

/** What is on the profile, in the order in which it was added. */
export async function listParts(db: Queryable, studentId: string): Promise<PartRow[]> {
  return db
    .select()
    .from(profileParts)
    .where(and(eq(profileParts.studentId, studentId), isNull(profileParts.removedAt)))
    .orderBy(asc(profileParts.createdAt), asc(profileParts.id));
}

export async function countParts(
  db: Queryable,
  of: { studentId: string; kind: PartKind },
): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(profileParts)
    .where(and(isOf(of), isNull(profileParts.removedAt)));
  return row!.count;
}

const isOf = ({ studentId, kind }: { studentId: string; kind: PartKind }) =>
  and(eq(profileParts.studentId, studentId), eq(profileParts.kind, kind));

/**
 * Stores a new row, or brings back the one that was taken off with this key.
 * Returns  its id, also when the very same stands there; null when it stands there with other words.
 */
export async function addPart(
  db: Queryable,
  part: {
    id: string;
    studentId: string;
    kind: PartKind;
    key: string;
    values: PartValues;
    at: Date;
  },
): Promise<string | null> {
  const { at, ...row } = part;
  const [gone] = await db
    .select({ id: profileParts.id })
    .from(profileParts)
    .where(and(isOf(part), eq(profileParts.key, part.key), isNotNull(profileParts.removedAt)))
    .orderBy(desc(profileParts.removedAt), asc(profileParts.id))
    .limit(1);
  const [here] = await db
    .select()
    .from(profileParts)
    .where(and(isOf(part), eq(profileParts.key, part.key), isNull(profileParts.removedAt)));
  if (here) return isSame(here.values, part.values) ? here.id : null;
  if (gone) {
    await db
      .update(profileParts)
      .set({ values: row.values, removedAt: null, updatedAt: at, version: nextVersion })
      .where(eq(profileParts.id, gone.id));
    return gone.id;
  }
  const added = await db
    .insert(profileParts)
    .values({ ...row, createdAt: at, updatedAt: at })
    // Pressed twice: the other press has just stored it.
    .onConflictDoNothing()
    .returning({ id: profileParts.id });
  return added[0]?.id ?? null;
}

const nextVersion = sql`${profileParts.version} + 1`;

/** Stores what changed and raises the version. `twin`: another row of the profile says the same. */
export async function changePart(
  db: Queryable,
  part: {
    id: string;
    studentId: string;
    kind: PartKind;
    key: string;
    values: PartValues;
    at: Date;
  },
): Promise<'stored' | 'same' | 'twin' | 'not_found'> {
  const { id, key, values, at } = part;
  const rows = await db
    .select()
    .from(profileParts)
    .where(and(isOf(part), isNull(profileParts.removedAt)))
    .for('update');
  const row = rows.find((one) => one.id === id);
  if (!row) return 'not_found';
  if (rows.some((one) => one.id !== id && one.key === key)) return 'twin';
  if (isSame(row.values, values)) return 'same';
  await db
    .update(profileParts)
    .set({ key, values, updatedAt: at, version: nextVersion })
    .where(eq(profileParts.id, id));
  return 'stored';
}

const isSame = (before: PartValues, after: PartValues) =>
  Object.keys(after).every((name) => after[name] === (before[name] ?? null));

/** Takes it off the profile. Returns whether it was there. */
export async function takeOffPart(
  db: Queryable,
  { id, studentId, at }: { id: string; studentId: string; at: Date },
): Promise<boolean> {
  const taken = await db
    .update(profileParts)
    .set({ removedAt: at, updatedAt: at })
    .where(
      and(
        eq(profileParts.id, id),
        eq(profileParts.studentId, studentId),
        isNull(profileParts.removedAt),
      ),
    )
    .returning({ id: profileParts.id });
  return taken.length > 0;
}
