import { sql } from 'drizzle-orm';
import type { Db } from '#src/platform/database.ts';

/** Every row as 'table place writer': a row that is written, even to the same values, changes both. */
export async function rowVersions(db: Db): Promise<Set<string>> {
  const tables = await db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const versions = new Set<string>();
  for (const { name } of tables.rows) {
    const rows = await db.execute<{ place: string; writer: string }>(
      sql`select ctid::text as place, xmin::text as writer from ${sql.identifier(name)}`,
    );
    for (const { place, writer } of rows.rows) versions.add(`${name} ${place} ${writer}`);
  }
  return versions;
}

/** Tables with a row that came, changed or went. */
export function written(before: Set<string>, after: Set<string>): string[] {
  const differing = [
    ...[...before].filter((row) => !after.has(row)),
    ...[...after].filter((row) => !before.has(row)),
  ];
  return [...new Set(differing.map((row) => row.split(' ')[0]!))].sort();
}
