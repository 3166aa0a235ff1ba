import { and, count, eq, type SQL, sql } from 'drizzle-orm';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Queryable, Tx } from '#src/platform/database.ts';
import type { Live } from '#src/platform/live.ts';
import { isUuid, type NewId } from '#src/platform/random.ts';
import { record } from '#src/sync/activity.ts';
import type { Values } from '#src/sync/canonical.ts';
import {
  canonicalFields,
  type OrganizationErrors,
  organizationFields,
  readOrganization,
  type TypedOrganization,
} from './organizationChanges.ts';
import { type OrganizationPlace, placesOf } from './organizationPlaces.ts';
import { syncedOrganizations } from './synced.ts';
import { organizations } from './tables.ts';

/** An employer as staff see it in their list. */
export interface ListedOrganization {
  id: string;
  slug: string;
  name: string;
  website: string | null;
  address: string | null;
  /** Accounts that know it, and whether they have what KiEX says of it. */
  places: OrganizationPlace[];
}

export interface EditedOrganization extends ListedOrganization {
  version: number;
}

export type OrganizationAnswer =
  | { ok: true; changed: string[] }
  | { ok: false; reason: 'unknown' | 'moved on' }
  | { ok: false; reason: 'fields'; errors: OrganizationErrors };

/** What may be done with employers here. */
export interface OrganizationEditing {
  /** In the order of the alphabet; `page` from 1. */
  list(search: { text: string; page: number }): Promise<{
    organizations: ListedOrganization[];
    total: number;
    pages: number;
  }>;
  byId(id: string): Promise<EditedOrganization | null>;
  /**
   * Changes an employer and orders the push to every account that knows it, in one transaction. [D6]
   *
   * version  the one they looked at, when a newer one must not be written over unseen.
   */
  edit(
    id: string,
    typed: TypedOrganization,
    person: { by: string; version?: number },
  ): Promise<OrganizationAnswer>;
}

export interface OrganizationEditingNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  live: Pick<Live, 'publish'>;
  /** Orders the push of a changed employer, in the transaction that changes it. [D6] */
  announce(tx: Tx, changed: { organizationId: string }): Promise<void>;
}

export const ORGANIZATIONS_PER_PAGE = 30;

export function createOrganizationEditing(needs: OrganizationEditingNeeds): OrganizationEditing {
  const { db } = needs;
  return {
    async list({ text, page }) {
      const words = text.trim().split(/\s+/).filter(Boolean);
      const where = and(
        ...words.map((word) => sql`strpos(lower(${organizations.name}), lower(${word})) > 0`),
      );
      const rows = await listed(db, where)
        .orderBy(sql`lower(${organizations.name})`, organizations.id)
        .limit(ORGANIZATIONS_PER_PAGE)
        .offset((page - 1) * ORGANIZATIONS_PER_PAGE);
      const [counted] = await db.select({ total: count() }).from(organizations).where(where);
      const total = counted?.total ?? 0;
      const pages = Math.max(1, Math.ceil(total / ORGANIZATIONS_PER_PAGE));
      return { organizations: await withPlaces(db, rows), total, pages };
    },

    async byId(id) {
      if (!isUuid(id)) return null;
      const rows = await listed(db, eq(organizations.id, id));
      return (await withPlaces(db, rows))[0] ?? null;
    },

    async edit(id, typed, person) {
      const read = readOrganization(typed);
      if (!read.ok) return { ...read, reason: 'fields' };
      if (!isUuid(id)) return { ok: false, reason: 'unknown' };
      return db.transaction((tx) => write(needs, tx, { id, values: read.values, ...person }));
    },
  };
}

const { id, slug, name, website, address, version } = organizations;
const listed = (db: Queryable, where: SQL | undefined) =>
  db
    .select({ id, slug, name, website, address, version })
    .from(organizations)
    .where(where)
    .$dynamic();

async function withPlaces<Row extends { id: string }>(
  db: Queryable,
  rows: Row[],
): Promise<(Row & { places: OrganizationPlace[] })[]> {
  const places = await placesOf(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({ ...row, places: places.get(row.id) ?? [] }));
}

/** The one transaction: the changed row, its line of history, and the order to push it. */
async function write(
  { clock, newId, live, announce }: OrganizationEditingNeeds,
  tx: Tx,
  asked: { id: string; values: Values; by: string; version?: number },
): Promise<OrganizationAnswer> {
  const of = eq(organizations.id, asked.id);
  const [row] = await tx.select().from(organizations).where(of).for('update');
  if (!row) return { ok: false, reason: 'unknown' };
  if (asked.version !== undefined && row.version !== asked.version) {
    return { ok: false, reason: 'moved on' };
  }
  const before = canonicalFields(row);
  const changed = organizationFields.filter(
    (field) => field in asked.values && asked.values[field] !== before[field],
  );
  if (changed.length === 0) return { ok: true, changed };
  const now = clock.now();
  const values = Object.fromEntries(changed.map((field) => [field, asked.values[field]!]));
  const context = { connectionId: '', organizationId: null, now };
  const write = { ourId: row.id, version: row.version, values, refs: {} };
  await syncedOrganizations.write!(tx, context, [write]);
  const about = { connectionId: null, resource: 'organizations', ourId: row.id } as const;
  const line = { ...about, door: 'staff', direction: 'none', action: 'edited', ok: true } as const;
  await record(tx, [{ ...line, fields: [...changed], detail: `by ${asked.by}` }], { newId, now });
  await announce(tx, { organizationId: row.id });
  await live.publish('jobs', tx);
  return { ok: true, changed };
}
