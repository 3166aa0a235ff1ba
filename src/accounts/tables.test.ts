import { getAuthTables } from 'better-auth/db';
import { getTableColumns } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { authOptions } from './auth.ts';
import { sessions, signInMethods, signInThrottle, users, verifications } from './tables.ts';

const ours = { users, sessions, signInMethods, verifications, signInThrottle };
type TableName = keyof typeof ours;

const options = authOptions(
  { publicUrl: 'http://127.0.0.1:3000', trustedOrigins: [], secret: 'not asked for here' },
  { consume: async () => ({ allowed: true, retryAfter: null }), giveBack: async () => {} },
);
const asked = Object.values(getAuthTables(options));

test('there is a table for each that better-auth keeps, and no other', () => {
  expect(asked.map((table) => table.modelName).sort()).toEqual(Object.keys(ours).sort());
});

test.each(asked)(
  '$modelName has the columns that better-auth asks for',
  ({ modelName, fields }) => {
    const columns = getTableColumns(ours[modelName as TableName]);
    const wanted = Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        field.fieldName ?? name,
        { type: field.type, required: field.required === true, unique: field.unique === true },
      ]),
    );
    const found = Object.fromEntries(
      Object.entries(columns)
        .filter(([name]) => name !== 'id')
        .map(([name, column]) => [
          name,
          { type: column.dataType, required: column.notNull, unique: column.isUnique },
        ]),
    );
    expect(found).toEqual(wanted);
  },
);
