import { sql } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { migrateDatabase } from './migrate.ts';
import { providerQuota } from './tables.ts';
import { createTestDatabase } from './testDatabase.ts';

const { db, pool, drop } = await createTestDatabase();
afterAll(drop);

test('column names are written in snake case and instants come back as dates', async () => {
  const theoreticalArrival = new Date('2027-01-12T00:00:00.000Z');
  await db.insert(providerQuota).values({ key: 'manatal', callsPerMinute: 90, theoreticalArrival });
  const rows = await db.select().from(providerQuota);
  expect(rows[0]?.theoreticalArrival).toEqual(theoreticalArrival);
});

test('processes that migrate at the same time do not disturb each other', async () => {
  await db.execute(sql`drop schema public cascade`);
  await db.execute(sql`drop schema drizzle cascade`);
  await db.execute(sql`create schema public`);
  await Promise.all([migrateDatabase(pool), migrateDatabase(pool), migrateDatabase(pool)]);
  expect(await db.select().from(providerQuota)).toEqual([]);
});
