import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameSitePath, withNext } from './nextPath.ts';

test.each([
  ['/jobs/barista-1/apply', '/jobs/barista-1/apply'],
  ['/dashboard?sent=1#top', '/dashboard?sent=1#top'],
  ['/', '/'],
  ['/jobs/../dashboard', '/dashboard'],
])('%s leads on to %s', (typed, path) => {
  expect(sameSitePath(typed)).toBe(path);
});

test.each([
  'https://stranger.example/',
  '//stranger.example',
  '/\\stranger.example',
  '/\t/stranger.example',
  '/.//stranger.example',
  '/a/..//stranger.example',
  'javascript:alert(1)',
  'jobs',
  '',
  '/sign-in?next=/jobs',
  '/SIGN-OUT',
  null,
  undefined,
])('%s leads nowhere', (typed) => {
  expect(sameSitePath(typed)).toBeNull();
});

test('whatever is typed, the way leads to this site', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '\t',
      '\n',
      '%2f',
      '%5c',
      'x.example',
      '?',
      '#',
    ),
  );
  fc.assert(
    fc.property(pieces, (list) => {
      const path = sameSitePath(list.join(''));
      if (path !== null) {
        expect(new URL(path, 'https://kiex.example/a/b').host).toBe('kiex.example');
      }
    }),
    { numRuns: 2000 },
  );
});

test('carries the page along in an address', () => {
  expect(withNext('/sign-up', '/jobs/a?b=c')).toBe('/sign-up?next=%2Fjobs%2Fa%3Fb%3Dc');
  expect(withNext('/sign-up', null)).toBe('/sign-up');
});
