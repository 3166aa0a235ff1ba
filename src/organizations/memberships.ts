import { and, asc, eq } from 'drizzle-orm';
import { users } from '#src/accounts/tables.ts';
import type { Queryable } from '#src/platform/database.ts';
import { memberships, organizations } from './tables.ts';

export interface Membership {
  userId: string;
  organizationId: string;
}

/** Returns whether this is new. */
export async function addMembership(
  db: Queryable,
  { userId, organizationId, at }: Membership & { at: Date },
): Promise<boolean> {
  const added = await db
    .insert(memberships)
    .values({ userId, organizationId, addedAt: at })
    .onConflictDoNothing()
    .returning({ userId: memberships.userId });
  return added.length > 0;
}

/** Returns whether there was one. */
export async function removeMembership(db: Queryable, of: Membership): Promise<boolean> {
  const removed = await db
    .delete(memberships)
    .where(
      and(eq(memberships.userId, of.userId), eq(memberships.organizationId, of.organizationId)),
    )
    .returning({ userId: memberships.userId });
  return removed.length > 0;
}

/** The employers a person acts for, in the order of the alphabet. */
export async function organizationsOf(
  db: Queryable,
  userId: string,
): Promise<{ id: string; name: string; slug: string }[]> {
  return db
    .select({ id: organizations.id, name: organizations.name, slug: organizations.slug })
    .from(memberships)
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(eq(memberships.userId, userId))
    .orderBy(asc(organizations.name), asc(organizations.id));
}

/** Everybody who acts for an employer, in the order they came. */
export async function listMembers(db: Queryable) {
  return db
    .select({
      organizationId: memberships.organizationId,
      addedAt: memberships.addedAt,
      userId: users.id,
      name: users.name,
      email: users.email,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .orderBy(asc(memberships.addedAt), asc(users.id));
}
