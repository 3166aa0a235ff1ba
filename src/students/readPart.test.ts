import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindWords, partKinds, partLine } from './partKinds.ts';
import { partKey, readPart } from './readPart.ts';

test('what cannot stand is said at its field, all of it at once', () => {
  const typed = { school: ' ', startedOn: 'May', endedOn: '2024-13', degree: 'x'.repeat(201) };
  expect(readPart('educations', typed)).toEqual({
    ok: false,
    errors: {
      school: 'Fill in this field: School.',
      startedOn: 'Write a month like 2024-08, or a year like 2024.',
      endedOn: 'Write a month like 2024-08, or a year like 2024.',
      degree: 'Write at most 200 characters.',
    },
  });
  const job = { title: 'Cook', employer: 'Reef House' };
  const ended = readPart('experiences', { ...job, startedOn: '2024-05', endedOn: '2023' });
  expect(ended).toMatchObject({ errors: { endedOn: 'It cannot end before it began.' } });
  const both = readPart('experiences', { ...job, endedOn: '2024', isCurrent: 'yes' });
  expect(both).toMatchObject({ errors: { endedOn: expect.stringContaining('empty') } });
  // A year alone ends with its last month.
  expect(readPart('experiences', { ...job, startedOn: '2024-05', endedOn: '2024' }).ok).toBe(true);
});

test('several skills are typed at once, each kept once', () => {
  expect(readPart('skills', { name: ' C++, Free  diving,c++ ,, ' })).toEqual({
    ok: true,
    rows: [{ name: 'C++' }, { name: 'Free diving' }],
  });
  expect(readPart('skills', { name: ' , ' })).toMatchObject({ errors: { name: 'Write a skill.' } });
});

test.each([
  ['linkedin.com/in/tasi', 'https://linkedin.com/in/tasi'],
  ['HTTP://Reef.Example', 'http://reef.example/'],
])('the address %s is kept as %s', (typed, url) => {
  expect(readPart('socialLinks', { url: typed })).toEqual({ ok: true, rows: [{ url }] });
});

test.each([
  'javascript:alert(1)',
  'ftp://reef.example',
  'reef',
  'https://a:b@reef.example',
  'x y.com',
])('%s is no address of a page', (url) => {
  expect(readPart('socialLinks', { url })).toMatchObject({
    ok: false,
    errors: { url: expect.stringMatching(/^Write/) },
  });
});

test('whatever is typed is read or refused in words, and a row that stands reads the same again', () => {
  const typed = fc.dictionary(
    fc.constantFrom(...partKinds.flatMap((kind) => kindWords[kind].fields.map(({ name }) => name))),
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('2024', 'yes', 'a.b'),
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...partKinds), typed, (kind, given) => {
      const read = readPart(kind, given);
      if (!read.ok) {
        for (const words of Object.values(read.errors)) expect(words).toMatch(/^[A-Z].+\.$/);
        return;
      }
      for (const row of read.rows) {
        expect(partLine(kind, row).words).not.toBe('');
        const again = Object.entries(row).map(([name, value]) => [
          name,
          value === true ? 'yes' : String(value || ''),
        ]);
        const second = readPart(kind, Object.fromEntries(again));
        expect(second).toEqual({ ok: true, rows: [row] });
        expect(partKey(kind, row)).toBe(partKey(kind, row));
      }
    }),
  );
});
