import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TERRITORIES, territoryName, territoryOf, zoneOf, zoneWords } from './places.ts';

test('the five are known however an address writes them', () => {
  expect(territoryOf({ country: 'Guam' })).toBe('GU');
  expect(territoryOf({ country: 'United States', state: 'GU' })).toBe('GU');
  expect(territoryOf({ country: 'US', zipcode: '96913' })).toBe('GU');
  expect(territoryOf({ country: 'Northern Mariana Islands' })).toBe('MP');
  expect(territoryOf({ city: 'Saipan', country: 'USA' })).toBe('MP');
  expect(territoryOf({ country: 'Republic of Palau' })).toBe('PW');
  expect(territoryOf({ country: 'Federated States of Micronesia', state: 'Yap' })).toBe('FM');
  expect(territoryOf({ country: 'Marshall Islands' })).toBe('MH');
  expect(territoryOf({ country: 'MH' })).toBe('MH');
});

test('postal codes tell the five apart', () => {
  const of = (zipcode: string) => territoryOf({ zipcode });
  expect(
    ['96910', '96932', '96950', '96940', '96939', '96941', '96944', '96960', '96970'].map(of),
  ).toEqual(['GU', 'GU', 'MP', 'PW', 'PW', 'FM', 'FM', 'MH', 'MH']);
});

test('other places are elsewhere', () => {
  expect(territoryOf({ city: 'Honolulu', state: 'Hawaii', country: 'United States' })).toBeNull();
  expect(territoryOf({ country: 'Philippines', zipcode: '1000' })).toBeNull();
  expect(territoryOf({ state: 'MH', city: 'Mumbai', country: 'India' })).toBeNull();
  expect(territoryOf({})).toBeNull();
});

test('Micronesia keeps two times, by state', () => {
  expect(zoneOf({ country: 'FM', state: 'Chuuk' })).toBe('Pacific/Chuuk');
  expect(zoneOf({ country: 'FM', state: 'Yap' })).toBe('Pacific/Chuuk');
  expect(zoneOf({ country: 'FM', city: 'Kolonia', state: 'Pohnpei' })).toBe('Pacific/Pohnpei');
  expect(zoneOf({ country: 'Palau' })).toBe('Pacific/Palau');
});

test('every zone is one that this machine knows, and has words', () => {
  for (const { zone } of TERRITORIES) {
    expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
    expect(zoneWords(zone)).toMatch(/ time$/);
  }
});

test('whatever an address says, it has a zone', () => {
  const text = fc.option(fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.record({ city: text, state: text, country: text, zipcode: text }), (address) => {
      expect(zoneOf(address)).toMatch(/^Pacific\//);
      const code = territoryOf(address);
      if (code) expect(territoryName(code)).not.toBeNull();
    }),
  );
});
