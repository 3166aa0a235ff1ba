import { eq, sql } from 'drizzle-orm';
import type { Db, Queryable, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { slugOf } from '#src/platform/words.ts';
import { organizations } from './tables.ts';

/** An employer as everybody may see it. */
export interface Organization {
  id: string;
  slug: string;
  name: string;
  website: string | null;
  address: string | null;
  /** Plain text. */
  description: string | null;
}

export interface Organizations {
  bySlug(slug: string): Promise<Organization | null>;
  /** In the order of the alphabet, for choosing one in a form. */
  names(): Promise<string[]>;
}

/** All SQL that reads organisations. */
export function createOrganizations({ db }: { db: Db }): Organizations {
  const { id, slug, name, website, address, description } = organizations;
  return {
    async bySlug(wanted) {
      const [row] = await db
        .select({ id, slug, name, website, address, description })
        .from(organizations)
        .where(eq(slug, wanted));
      return row ?? null;
    },

    async names() {
      const rows = await db.select({ name }).from(organizations).orderBy(name);
      return rows.map((row) => row.name);
    },
  };
}

/** Makes an employer of ours; whoever makes one of another name alike makes two. Returns its id. */
export async function addOrganization(
  tx: Tx,
  { name }: { name: string },
  { newId, now }: { newId: NewId; now: Date },
): Promise<string> {
  const id = newId();
  const row = { id, slug: slugOf(name, id), name, createdAt: now, updatedAt: now };
  await tx.insert(organizations).values(row);
  return id;
}

/** The employer of this name, found in any case or made. Returns its id. */
export async function organizationNamed(
  db: Queryable,
  { name, id, at }: { name: string; id: string; at: Date },
): Promise<string> {
  const [known] = await db
    .select({ id: organizations.id })
    .from(organizations)
    .where(sql`lower(${organizations.name}) = lower(${name})`);
  if (known) return known.id;
  await db
    .insert(organizations)
    .values({ id, slug: slugOf(name, id), name, createdAt: at, updatedAt: at });
  return id;
}
