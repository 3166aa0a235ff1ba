import { expect, test } from 'vitest';
import { mutants } from '../mutants/mutants.ts';
import { mutated } from '../mutants/mutatedTree.ts';

test.each(mutants)('the mutant that $name still finds its text, once', (mutant) => {
  expect(mutated(mutant)).toContain(mutant.replace);
});

test('a mutant whose text has moved is told of', () => {
  const moved = { ...mutants[0]!, find: 'no such text' };
  expect(() => mutated(moved)).toThrow('0 times, not once');
});

test('mutants break a dozen rules, each under a name of its own', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  expect(new Set(mutants.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(12);
});
