import type pg from 'pg';
import { expect, test } from 'vitest';
import { createRememberedReads } from './rememberedReads.ts';

const answer = (command: string, rows: unknown[] = [], rowCount = rows.length) =>
  ({ command, rows, rowCount }) as unknown as pg.QueryResult;
const read = { text: 'select name from links where id = $1', values: '[1]' };

function remembering() {
  const remembered = createRememberedReads();
  remembered.learn(read, answer('SELECT', [[{ name: 'a' }]]));
  return { ...remembered, known: () => remembered.find(read.text, read.values)?.result.rows };
}

test('a read is known until a table that it names is written to', () => {
  const { learn, known } = remembering();
  learn({ text: 'update "failures" set id = $1', values: '[1]' }, answer('UPDATE', [], 1));
  learn({ text: 'update "links" set id = $1', values: '[2]' }, answer('UPDATE', [], 0));
  expect(known()).toEqual([[{ name: 'a' }]]);
  const hidden = 'with one as (update links set id = 2 returning id) select id from one';
  learn({ text: hidden, values: '[]' }, answer('SELECT', []));
  expect(known()).toBeUndefined();
});

test('whatever is removed, rolled back or failed makes it forgotten', () => {
  for (const [text, command] of [
    ['delete from users', 'DELETE'],
    ['rollback', 'ROLLBACK'],
    ['commit', 'ROLLBACK'],
  ] as const) {
    const { learn, known } = remembering();
    learn({ text, values: '[]' }, answer(command, [], 1));
    expect(known()).toBeUndefined();
  }
  const { fail, learn, known } = remembering();
  fail();
  learn(read, answer('SELECT', [['b']]));
  expect(known()).toBeUndefined();
});

test('whoever alters the rows alters his own', () => {
  const { known } = remembering();
  (known() as [[{ name: string }]])[0][0].name = 'altered';
  expect(known()).toEqual([[{ name: 'a' }]]);
});
