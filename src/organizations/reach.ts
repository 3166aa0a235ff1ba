import { inArray } from 'drizzle-orm';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { Queryable } from '#src/platform/database.ts';
import { connections } from '#src/sync/tables.ts';
import { organizationsOf } from './memberships.ts';

/** What of one person's employers is theirs to see and change. Whatever is not named here is not. */
export interface OwnReach {
  organizations: readonly { id: string; name: string; slug: string }[];
  organizationIds: readonly string[];
  connectionIds: readonly string[];
}

/** Staff reach everything. */
export type Reach = 'all' | OwnReach;

/**
 * How far a person reaches; asked anew with every request, so that a membership that ends ends at
 * once. A student, and whoever is not signed in, reaches nothing.
 */
export async function reachOf(
  db: Queryable,
  viewer: Pick<Viewer, 'userId' | 'role'> | null,
): Promise<Reach> {
  if (viewer?.role === 'staff' || viewer?.role === 'admin') return 'all';
  const organizations = viewer?.role === 'employer' ? await organizationsOf(db, viewer.userId) : [];
  const organizationIds = organizations.map(({ id }) => id);
  if (organizationIds.length === 0) return { organizations, organizationIds, connectionIds: [] };
  const rows = await db
    .select({ id: connections.id })
    .from(connections)
    .where(inArray(connections.organizationId, organizationIds));
  return { organizations, organizationIds, connectionIds: rows.map(({ id }) => id) };
}
