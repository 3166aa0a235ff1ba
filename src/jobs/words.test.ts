import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldQuery, foldText, plainText, slugOf, startOf } from '#src/platform/words.ts';
import { searchTextOf } from './words.ts';

const id = '019a2b3c-4d5e-7f60-8a9b-0c1d9f2c41aa';
const anyText = fc.string({ unit: 'grapheme', maxLength: 80 });

test('accents, apostrophes and glottal marks do not matter', () => {
  expect(foldText('Hagåtña')).toBe('hagatna');
  expect(foldText('Inalåhan, GU')).toBe('inalahan gu');
  expect(foldText("O'Brien & Sons")).toBe('obrien sons');
  expect(foldText('Chamoruʼ')).toBe(foldText("CHAMORU'"));
  expect(foldText('M̧ajro')).toBe('majro');
  expect(foldText('Mājro')).toBe('majro');
});

test('folding twice changes nothing, and leaves words with single spaces', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const folded = foldText(text);
      expect(foldText(folded)).toBe(folded);
      expect(folded).not.toMatch(/^\s|\s\s|\s$|['’ʼ]/);
    }),
  );
});

test('a text written composed or decomposed folds to the same', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(foldText(text.normalize('NFD'))).toBe(foldText(text.normalize('NFC')));
    }),
  );
});

test('quotation marks and a leading minus keep their meaning in a search', () => {
  expect(foldQuery('“Front Desk” -Hôtel')).toBe('"front desk" -hotel');
  expect(foldQuery('front-desk')).toBe('front desk');
  expect(foldQuery(' - " ')).toBe('');
  expect(foldQuery("C++ 'dev'")).toBe('c dev');
});

test('a slug is plain, readable and ends in its id', () => {
  expect(slugOf('Front Desk Associate', id)).toBe('front-desk-associate-9f2c41aa');
  expect(slugOf('Maestra de Español (Hagåtña)', id)).toBe('maestra-de-espanol-hagatna-9f2c41aa');
  expect(slugOf('프런트 데스크', id)).toBe('job-9f2c41aa');
  fc.assert(
    fc.property(anyText, fc.uuid(), (title, anyId) => {
      const slug = slugOf(title, anyId);
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slug.length).toBeLessThanOrEqual(69);
      expect(slug.endsWith(anyId.replaceAll('-', '').slice(-8))).toBe(true);
    }),
  );
});

test('a long title is cut between words', () => {
  const slug = slugOf(`Senior ${'coordinator '.repeat(10)}`, id);
  expect(slug).toMatch(/^senior(-coordinator)+-9f2c41aa$/);
});

test('plain text drops tags and reads entities', () => {
  expect(plainText('<p>Salt &amp; pepper</p><ul><li>A&nbsp;b</li></ul>')).toBe('Salt & pepper A b');
  expect(plainText('&#x48;&#105; &unknown;')).toBe('Hi &unknown;');
});

test('a shortened text ends between words and says so', () => {
  expect(startOf('short', 20)).toBe('short');
  expect(startOf('one two three four', 10)).toBe('one two…');
});

test('the search reads title, employer, place, type and text', () => {
  const text = searchTextOf({
    title: 'Barista',
    employerName: "Café O'Mar",
    city: 'Hagåtña',
    state: null,
    country: 'GU',
    address: null,
    employmentType: 'part_time',
    descriptionHtml: '<p>Make <b>coffee</b></p>',
    territory: 'Guam',
  });
  expect(text).toBe('barista cafe omar hagatna gu guam part time make coffee');
});

test('plain letters take a shorter way to the same words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      // A foreign letter in front sends the same text the long way round.
      expect(foldText(text)).toBe(foldText(`${text} å`).replace(/ ?a$/, '').trim());
    }),
  );
});
