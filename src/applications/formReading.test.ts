import { expect, test } from 'vitest';
import type { Question } from '#src/sync/connector.ts';
import { barriersOf, categoriesOf, filledFrom, shownOf } from './employerForm.ts';
import { readForm } from './formReading.ts';

const question = (id: string, more: Partial<Question> = {}): Question => ({
  ...{ id, slug: `slug_${id}`, label: `Question ${id}`, required: false, kind: 'line' as const },
  options: [],
  ...more,
});
const palau = { value: 4, label: 'Palau' };
const shifts = ['Day', 'Night'].map((value) => ({ value, label: value }));

/** Reads one answer, typed in one field. */
function read(more: Partial<Question>, ...typed: string[]) {
  const form = readForm([question('7', more)], { '7': typed }, { territory: 'GU', resumeId: null });
  return form.ok ? form.answers[0]?.value : form.errors['answer-7'];
}

test.each<[Partial<Question>, string[], unknown]>([
  [{}, ['  two\n words '], 'two words'],
  [{ kind: 'text' }, ['one\r\ntwo'], 'one\ntwo'],
  [{ kind: 'email' }, [' Maria@Example.COM '], 'maria@example.com'],
  [{ kind: 'phone' }, ['649 1234'], '+16716491234'],
  [{ kind: 'url' }, ['example.com/me'], 'https://example.com/me'],
  [{ kind: 'date' }, ['2001-02-28'], '2001-02-28'],
  [{ kind: 'number' }, ['12,500.50'], 12500.5],
  [{ kind: 'one', options: [palau] }, ['4'], 4],
  [{ kind: 'several', options: shifts }, ['Day', 'Night', 'Day'], ['Day', 'Night']],
])('%o takes %o as %o', (more, typed, value) => {
  expect(read(more, ...typed)).toEqual(value);
});

test.each<[Partial<Question>, string, RegExp]>([
  [{ kind: 'email' }, 'maria', /e-mail address/],
  [{ kind: 'phone' }, 'none', /phone number/],
  [{ kind: 'url' }, 'javascript:alert(1)', /address like/],
  [{ kind: 'date' }, '2001-02-29', /date like/],
  [{ kind: 'date' }, '28 Feb', /date like/],
  [{ kind: 'number' }, 'three', /number of at most/],
  [{ kind: 'number' }, '12345678901', /number of at most/],
  [{ kind: 'one', options: [palau] }, 'Guam', /Choose one of the list/],
  [{ kind: 'several', options: shifts }, 'Noon', /Choose one of the list/],
  [{}, 'x'.repeat(256), /at most 255/],
  [{ kind: 'text' }, 'x'.repeat(4_001), /at most 4000/],
])('%o refuses %s with words', (more, typed, words) => {
  expect(read(more, typed)).toMatch(words);
});

test('what is required must be there, and empty answers are left out', () => {
  const questions = [
    question('1', { required: true, label: 'Your name' }),
    question('2'),
    question('3', { required: true, kind: 'one', options: shifts, label: 'Shift' }),
    question('4', { required: true, kind: 'file', slug: 'resume' }),
  ];
  const empty = { '1': ['  '], '2': [''], '3': [] };
  const bare = { territory: null, resumeId: null };
  expect(readForm(questions, empty, bare)).toEqual({
    ok: false,
    errors: {
      'answer-1': 'Write an answer: Your name',
      'answer-3': 'Choose an answer: Shift',
      resume: expect.any(String),
    },
  });
  const filled = { ...empty, '1': ['Maria'], '3': ['Day'] };
  const read = readForm(questions, filled, { territory: null, resumeId: 'r' });
  expect(read.ok && read.answers).toEqual([
    { id: '1', slug: 'slug_1', label: 'Your name', value: 'Maria' },
    { id: '3', slug: 'slug_3', label: 'Shift', value: 'Day' },
    { id: '4', slug: 'resume', label: 'Question 4', file: 'resume' },
  ]);
});

test('what a page cannot ask is left out, or stands in the way when it is required', () => {
  const certificate = question('5', { kind: 'file', slug: 'certificate' });
  const nationality = question('6', { kind: 'one', slug: 'nationality' });
  const name = question('7');
  expect(shownOf([certificate, nationality, name])).toEqual([name]);
  expect(barriersOf([certificate, nationality, name])).toEqual([]);
  const required = { ...certificate, required: true };
  expect(barriersOf([required, name])).toEqual([required]);
});

test('what the profile knows is filled in by name, and nothing else', () => {
  const known = { name: 'Maria', email: 'm@x.example', phone: '', address: 'Tumon' };
  const slugs = ['full_name', 'email', 'phone_number', 'address', 'toString'];
  const questions = slugs.map((slug, index) => question(String(index), { slug }));
  expect(filledFrom(questions, known)).toEqual({ 0: ['Maria'], 1: ['m@x.example'], 3: ['Tumon'] });
});

test('[P1] every answer belongs to a kind of data that is agreed to', () => {
  const answer = (slug: string) => ({ id: '1', slug, label: slug, value: 'x' });
  expect(
    categoriesOf([
      answer('full_name'),
      answer('birth_date'),
      answer('shift'),
      { id: '2', slug: 'resume', label: 'Resume', file: 'resume' },
    ]),
  ).toEqual(['name', 'answers', 'resume']);
});
