import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doubtOf, outcomeOf, partialOf, type Showing } from './outcome.ts';

const showing = (given: Partial<Showing>): Showing => ({
  shown: 100,
  expected: null,
  linked: 100,
  believed: [100, 101, 99],
  doubted: null,
  askedByPerson: false,
  ...given,
});
const doubt = (given: Partial<Showing>) => doubtOf(showing(given))?.state ?? null;

test('[A1] an empty list where there were plenty is not believed', () => {
  expect(doubt({ shown: 0 })).toBe('empty');
  expect(doubt({ shown: 0, believed: [], linked: 11 })).toBe('empty');
  expect(doubt({ shown: 0, believed: [], linked: 10 })).toBe(null);
  expect(doubt({ shown: 0, believed: [11], linked: 0 })).toBe('empty');
  expect(doubt({ shown: 0, believed: [10], linked: 10 })).toBe(null);
  // The account has been empty of open jobs before, and a person believed it.
  expect(doubt({ shown: 0, believed: [0, 50], linked: 50 })).toBe(null);
});

test('[A1] a list far from what full reads usually show is not believed', () => {
  expect(doubt({ shown: 80 })).toBe(null);
  expect(doubt({ shown: 79 })).toBe('implausible');
  expect(doubt({ shown: 20, believed: [30] })).toBe(null);
  expect(doubt({ shown: 19, believed: [30] })).toBe('implausible');
  expect(doubt({ shown: 300 })).toBe(null);
  expect(doubt({ shown: 301 })).toBe('implausible');
  expect(doubt({ shown: 150, believed: [30], linked: 30 })).toBe('implausible');
  expect(doubt({ shown: 130, believed: [30], linked: 30 })).toBe(null);
  // Polls brought them in since, and an account that begins with nothing may well grow.
  expect(doubt({ shown: 150, believed: [30], linked: 150 })).toBe(null);
  expect(doubt({ shown: 150, believed: [0], linked: 0 })).toBe(null);
  // One odd read among the last ones changes nothing.
  expect(doubt({ shown: 100, believed: [40, 100, 100] })).toBe(null);
  expect(doubt({ shown: 5, believed: [] })).toBe(null);
});

test('a person who asks again and is shown about the same again is believed', () => {
  for (const shown of [0, 40]) {
    expect(doubt({ shown, doubted: shown, askedByPerson: true })).toBe(null);
    expect(doubt({ shown, doubted: shown, askedByPerson: false })).not.toBe(null);
    expect(doubt({ shown, doubted: null, askedByPerson: true })).not.toBe(null);
    expect(doubt({ shown, doubted: 80, askedByPerson: true })).not.toBe(null);
  }
});

test('what was always there is never doubted', () => {
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(20_000), fc.boolean(), (count, linked, askedByPerson) => {
      const believed = [count, count, count];
      expect(doubt({ shown: count, linked, believed, askedByPerson })).toBe(null);
    }),
  );
});

test('[F6] a run is green only when nothing at all speaks against it', () => {
  const side = { seen: 2, created: 0, updated: 0, unchanged: 2, skipped: 0, failed: 0 };
  const ours = {
    oursSeen: 0,
    oursCreated: 0,
    oursUpdated: 0,
    oursUnchanged: 0,
    oursSkipped: 0,
    oursFailed: 0,
    oursSkipReasons: {},
    oursFailReasons: {},
  };
  const run = { ...side, ...ours, skipReasons: {}, failReasons: {} };
  const failedThere = { oursSeen: 1, oursFailed: 1, oursFailReasons: { 'update: refused': 1 } };
  const partial = partialOf({ shown: 2, expected: 3 });
  expect(outcomeOf(run, null).state).toBe('done');
  expect(outcomeOf({ ...run, ...failedThere }, null).state).toBe('problems');
  expect(outcomeOf(run, partial)).toEqual({
    state: 'partial',
    reason: 'The provider counts 3 records and showed 2.',
  });
  expect(outcomeOf({ ...run, seen: 3 }, partial).state).toBe('unbalanced');
  expect(partialOf({ shown: 3, expected: 3 })).toBe(null);
  expect(partialOf({ shown: 3, expected: null })).toBe(null);
});
