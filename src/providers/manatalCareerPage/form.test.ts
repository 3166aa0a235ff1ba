import { expect, test } from 'vitest';
import { readForm } from './form.ts';

const raw = (id: number, more: Record<string, unknown> = {}) => ({
  ...{ id, label: `Question ${id}`, slug: `s${id}`, is_required: false, type: 'char' },
  ...{ display_type: 'text', options: null, field_category: null },
  ...more,
});

function read(...rows: unknown[]) {
  const form = readForm(rows);
  if (!form.ok) throw new Error(JSON.stringify(form.failure));
  return form.value;
}

test('questions are put in an order of ours: who, then the rest by id', () => {
  const rows = [raw(9), raw(3), raw(7, { slug: 'resume' }), raw(8, { slug: 'full_name' })];
  expect(read(...rows).map(({ id }) => id)).toEqual(['8', '7', '3', '9']);
});

test.each([
  [{ type: 'email' }, 'email'],
  [{ type: 'text', display_type: 'textarea' }, 'text'],
  [{ type: 'url', display_type: 'file' }, 'file'],
  [{ display_type: 'select', options: ['a'] }, 'one'],
  [{ display_type: 'multiselect', options: ['a'] }, 'several'],
  [{ display_type: 'of_later', options: ['a'] }, 'one'],
  [{ slug: 'nationality', type: 'number' }, 'one'],
])('[M7] %o is drawn as %s', (more, kind) => {
  expect(read(raw(1, more))[0]!.kind).toBe(kind);
});

test('[M7] a type that is not known is a line of text', () => {
  expect(read(raw(1, { type: 'of_later', display_type: 'of_later' }))[0]!.kind).toBe('line');
});

test('options are texts or objects, and keep the value that is to be sent', () => {
  const options = ['Day', { value: 4, label: 'Palau' }, { id: 5, name: 'Guam' }, null, {}];
  expect(read(raw(1, { display_type: 'select', options }))[0]!.options).toEqual([
    { value: 'Day', label: 'Day' },
    { value: 4, label: 'Palau' },
    { value: 5, label: 'Guam' },
  ]);
});

test('[F1] a form that cannot be read is a surprise with its path', () => {
  for (const odd of [{}, 'a text', [1], [{ label: 'no id' }]]) {
    expect(readForm(odd)).toMatchObject({ ok: false, failure: { kind: 'surprising' } });
  }
});
