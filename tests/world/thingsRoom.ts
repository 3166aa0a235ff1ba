import { sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { OurRecord, Synced, Write } from '#src/sync/synced.ts';

interface Row extends Record<string, unknown> {
  id: string;
  fields: Record<string, string | null>;
  version: string;
  changed_at: string;
}

/** Makes the table behind the room; a test database has only the program's own. */
export const makeThings = (db: Queryable) =>
  db.execute(sql`create table things (id text primary key, fields jsonb not null,
    version bigint not null, changed_at timestamptz not null)`);

/** Our side of `things`: a room like any other, on a table of its own. */
export const syncedThings: Synced = {
  resource: 'things',

  async read(db, _context, ourIds) {
    const found = await db.execute<Row>(
      sql`select * from things where id = any(${sql.param(ourIds)})`,
    );
    return new Map(found.rows.map((row) => [row.id, recordOf(row)]));
  },

  async write(tx, { now }, writes) {
    const versions = new Map<string, number>();
    for (const write of writes) {
      const version = await writeOne(tx, write, now);
      if (version !== null) versions.set(write.ourId, version);
    }
    return versions;
  },

  due: (connectionId) => sql`
    select things.id from things left join links on links.connection_id = ${connectionId}
      and links.resource = 'things' and links.our_id = things.id
    where (links.their_id is null or links.agreed_version < things.version)
      and links.gone_at is null
    order by things.id`,

  async match(db, _context, { email }) {
    const found = await db.execute<{ id: string }>(
      sql`select id from things where fields->>'email' = ${email} order by id limit 1`,
    );
    return found.rows[0]?.id ?? null;
  },
};

async function writeOne(
  tx: Queryable,
  { ourId, version, values }: Write,
  now: Date,
): Promise<number | null> {
  const fields = JSON.stringify(values);
  if (version === null) {
    await tx.execute(sql`insert into things
      values (${ourId}, ${fields}::jsonb, 1, ${now.toISOString()})`);
    return 1;
  }
  const written = await tx.execute(sql`
    update things set fields = fields || ${fields}::jsonb, version = version + 1,
      changed_at = ${now.toISOString()}
    where id = ${ourId} and version = ${version} returning id`);
  return written.rows.length > 0 ? version + 1 : null;
}

const recordOf = (row: Row): OurRecord => ({
  id: row.id,
  version: Number(row.version),
  values: row.fields,
  changedAt: new Date(row.changed_at),
  refs: {},
});
