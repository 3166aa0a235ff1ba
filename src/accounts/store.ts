import { asc, eq } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { users } from './tables.ts';
import { isRole, type Role, type Viewer } from './viewer.ts';

export interface Account extends Viewer {
  createdAt: Date;
}

export async function findAccount(db: Queryable, userId: string): Promise<Account | null> {
  const [row] = await db.select().from(users).where(eq(users.id, userId));
  return row ? asAccount(row) : null;
}

export async function findAccountByEmail(db: Queryable, email: string): Promise<Account | null> {
  const [row] = await db.select().from(users).where(eq(users.email, email));
  return row ? asAccount(row) : null;
}

/** Accounts in the order they were made, at most `limit`. */
export async function listAccounts(db: Queryable, limit: number): Promise<Account[]> {
  const rows = await db
    .select()
    .from(users)
    .orderBy(asc(users.createdAt), asc(users.id))
    .limit(limit);
  return rows.map(asAccount);
}

/** Returns whether the name was another one before. */
export async function renameAccount(
  db: Queryable,
  { userId, name, at }: { userId: string; name: string; at: Date },
): Promise<boolean> {
  const [before] = await db.select({ name: users.name }).from(users).where(eq(users.id, userId));
  if (!before || before.name === name) return false;
  await db.update(users).set({ name, updatedAt: at }).where(eq(users.id, userId));
  return true;
}

export async function setRole(
  db: Queryable,
  { userId, role, at }: { userId: string; role: Role; at: Date },
): Promise<void> {
  await db.update(users).set({ role, updatedAt: at }).where(eq(users.id, userId));
}

function asAccount(row: typeof users.$inferSelect): Account {
  return {
    userId: row.id,
    name: row.name,
    email: row.email,
    // A role that we do not know may do nothing more than a student.
    role: isRole(row.role) ? row.role : 'student',
    createdAt: row.createdAt,
  };
}
