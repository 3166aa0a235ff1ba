import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { text } from '#src/sync/canonical.ts';
import { activity, links } from '#src/sync/tables.ts';
import { insertMany } from './manyRows.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const id = (at: number) => `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`;
const line = (at: number, detail: unknown) => ({
  id: id(at),
  at: new Date('2027-01-12T00:00:00.123Z'),
  door: 'poll',
  direction: 'in' as const,
  action: 'created',
  ok: true,
  fields: ['title', 'pay, "most"'],
  detail: detail as string | null,
});

test('rows come back as they were given: times, lists, nothing, and defaults', async () => {
  await database.db.execute(insertMany(activity, [line(1, null), line(2, 'it\'s "here"\n')]));
  const rows = await database.db.select().from(activity).orderBy(activity.id);
  expect(rows).toMatchObject([line(1, null), line(2, 'it\'s "here"\n')]);
  expect(rows[0]!.milliseconds).toBeNull();
});

test('[F3] whatever text a provider sends can be stored, halves of letters included', async () => {
  let at = 10;
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\0', '\ud83d', '\udc4d', 'a') }),
      async (one, other) => {
        const canonical = text(one + other);
        const value = 'value' in canonical ? canonical.value : null;
        at++;
        await database.db.execute(insertMany(activity, [line(at, value)]));
        const { rows } = await database.db.execute(
          sql`select detail from activity where id = ${id(at)}`,
        );
        expect(rows[0]!.detail).toBe(value);
      },
    ),
    { numRuns: 60 },
  );
});

test('a conflict leaves the row that was there', async () => {
  const before = await database.db.select().from(activity);
  await database.db.execute(
    sql`${insertMany(activity, [line(1, 'other')])} on conflict do nothing`,
  );
  expect(await database.db.select().from(activity)).toEqual(before);
  expect(await database.db.select().from(links)).toEqual([]);
});
