import { expect, test } from 'vitest';
import {
  guardsIn,
  laterRules,
  readGuards,
  readRules,
  rulesFile,
  rulesIn,
  withTable,
} from './ruleGuards.ts';
import { parse } from './source.ts';

const text = readRules();
const rules = rulesIn(text);
const guards = readGuards();
const isGuarded = (rule: string) => guards.some((guard) => guard.rule === rule);

test('every rule is quoted in the title of a test, or is said to come later', () => {
  expect(rules.length).toBeGreaterThan(30);
  expect(rules.filter((rule) => !isGuarded(rule) && !(rule in laterRules))).toEqual([]);
});

test('a rule that a test guards is not said to come later: take it off the list', () => {
  expect(Object.keys(laterRules).filter((rule) => isGuarded(rule))).toEqual([]);
});

test('tests quote only rules that exist', () => {
  const unknown = guards.filter(({ rule }) => !rules.includes(rule));
  expect(unknown.map(({ file, rule }) => `${file} [${rule}]`)).toEqual([]);
});

test(`the table in ${rulesFile} is what the tests say: npm run docs:rules`, () => {
  expect(text).toBe(withTable(text, guards));
});

test('titles are found with all that is put into them', () => {
  const snippet = `
    test('first, of A1 and Q3', () => {});
    test.each([1, 2])(\`[\${'A1'}] no; [D4] lost \${1} times\`, () => {});
    describe('[M1] [M2] two', () => {});
    expect('[F1] none').toBe(1);`;
  expect(guardsIn(parse('made.test.ts', snippet))).toEqual([
    { rule: 'D4', file: 'made.test.ts', title: '[…] no; [D4] lost … times' },
    { rule: 'M1', file: 'made.test.ts', title: '[M1] [M2] two' },
    { rule: 'M2', file: 'made.test.ts', title: '[M1] [M2] two' },
  ]);
});
