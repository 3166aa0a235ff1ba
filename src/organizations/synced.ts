import { and, eq, inArray, sql } from 'drizzle-orm';
import { isUuid } from '#src/platform/random.ts';
import { slugOf } from '#src/platform/words.ts';
import { text } from '#src/sync/canonical.ts';
import type { Synced, Write } from '#src/sync/synced.ts';
import { organizations } from './tables.ts';

/** The columns that travel, under the names the mapping tables use. */
const fields = ['name', 'website', 'address', 'description'] as const;

/** Employers as the engine reads and writes them. */
export const syncedOrganizations: Synced = {
  resource: 'organizations',

  async read(db, { connectionId }, ourIds) {
    const ids = ourIds.filter(isUuid);
    if (ids.length === 0) return new Map();
    const rows = await db
      .select()
      .from(organizations)
      .where(and(inArray(organizations.id, ids), concerns(connectionId)));
    return new Map(
      rows.map((row) => {
        const values = Object.fromEntries(fields.map((name) => [name, row[name]]));
        return [
          row.id,
          { id: row.id, version: row.version, values, changedAt: row.updatedAt, refs: {} },
        ];
      }),
    );
  },

  async write(tx, context, writes) {
    const versions = new Map<string, number>();
    const news = writes.filter((write) => write.version === null);
    if (news.length > 0)
      await tx.insert(organizations).values(news.map((write) => newRow(write, context.now)));
    for (const write of news) versions.set(write.ourId, 1);
    for (const write of writes) {
      if (write.version === null) continue;
      const version = write.version + 1;
      const changed = await tx
        .update(organizations)
        .set({ ...(write.values as Partial<Write['values']>), version, updatedAt: context.now })
        .where(and(eq(organizations.id, write.ourId), eq(organizations.version, write.version)))
        .returning({ id: organizations.id });
      if (changed.length > 0) versions.set(write.ourId, version);
    }
    return versions;
  },

  // One that is in no account yet goes there with the first job of it.
  due: (connectionId) => sql`
      select organizations.id from links
      join organizations on organizations.id = links.our_id::uuid
        and organizations.version > links.agreed_version
      where links.connection_id = ${connectionId} and links.resource = 'organizations'
        and links.their_id is not null and links.gone_at is null`,

  /**
   * The account's own employer is joined by name, since whoever set the connection up said whose it
   * is; no other organisation is ever joined on a name alone.
   */
  async match(db, context, values) {
    if (!context.organizationId) return null;
    const own = await db
      .select({ id: organizations.id, name: organizations.name })
      .from(organizations)
      .where(eq(organizations.id, context.organizationId));
    const plain = (name: unknown) => {
      const read = text(name);
      return 'value' in read ? String(read.value).toLowerCase() : null;
    };
    return own[0] && plain(own[0].name) === plain(values.name) ? own[0].id : null;
  },

  topics: async () => ['jobs'],
};

/**
 * An account knows the employers that are tied to it, its own, and those of jobs that are meant for it:
 * naming another employer as its own gives it nothing.
 */
const concerns = (connectionId: string) => sql`(exists (
  select from links where links.connection_id = ${connectionId}
    and links.resource = 'organizations' and links.our_id = ${organizations.id}::text)
  or exists (select from connections where connections.id = ${connectionId}
    and connections.organization_id = ${organizations.id})
  or exists (select from jobs where jobs.connection_id = ${connectionId}
    and jobs.organization_id = ${organizations.id}))`;

function newRow(write: Write, now: Date) {
  const name = (write.values.name as string | null) ?? 'Unnamed organisation';
  return {
    id: write.ourId,
    slug: slugOf(name, write.ourId),
    name,
    website: write.values.website as string | null,
    address: write.values.address as string | null,
    description: write.values.description as string | null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}
