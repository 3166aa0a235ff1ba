import { Visitor } from 'vite';
import { expect, test } from 'vitest';
import { isTest, readSources, type Source } from './source.ts';

/** Rules of docs/sync-rules.md that the program claims to keep. */
const rulesInForce = [
  ...['I1', 'I2', 'I3', 'I4', 'I5'],
  ...['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M8'],
  ...['D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7'],
  'A1',
  ...['Q1', 'Q3'],
  ...['F1', 'F3', 'F4', 'F5', 'F6'],
];

test('every rule in force is quoted in the title of a test', () => {
  const titles = readSources(['src', 'tests'])
    .filter(({ file }) => isTest(file))
    .flatMap(titlesOf)
    .join('\n');
  expect(rulesInForce.filter((rule) => !titles.includes(`[${rule}]`))).toEqual([]);
});

/** What stands first in `test(…)`, `test.each(…)(…)` and the like. */
function titlesOf(source: Source): string[] {
  const titles: string[] = [];
  new Visitor({
    CallExpression(node) {
      const [title] = node.arguments;
      const called = source.text.slice(node.callee.start, node.callee.end);
      if (!title || !/^(test|it|describe)\b/.test(called)) return;
      if (title.type === 'Literal' || title.type === 'TemplateLiteral') {
        titles.push(source.text.slice(title.start, title.end));
      }
    },
  }).visit(source.program);
  return titles;
}
