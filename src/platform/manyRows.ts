import { type SQL, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { PgTable } from 'drizzle-orm/pg-core';

/**
 * `insert into table …` for many rows that travel as one parameter. Placeholders for each value of a
 * page of wide rows cost more time to build and to parse than PostgreSQL needs to store them.
 *
 * rows  not empty; all with the columns of the first. A column that none names takes its default.
 * Needs text without NUL and without half of a surrogate pair, which JSON in PostgreSQL refuses.
 */
export function insertMany<Table extends PgTable>(
  table: Table,
  rows: readonly Table['$inferInsert'][],
): SQL {
  const names = Object.keys(rows[0]!).map((name) => ({ name, column: toSnakeCase(name) }));
  const stored = rows.map((row) => {
    const spelt: Record<string, unknown> = {};
    for (const { name, column } of names) spelt[column] = row[name as keyof typeof row];
    return spelt;
  });
  const columns = sql.raw(names.map(({ column }) => column).join(', '));
  return sql`insert into ${table} (${columns}) select ${columns}
    from jsonb_populate_recordset(null::${table}, ${JSON.stringify(stored)}::jsonb)`;
}
