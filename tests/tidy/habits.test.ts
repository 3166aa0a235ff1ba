import { expect, test } from 'vitest';
import { habitFaults } from './habits.ts';
import { parse, readSources } from './source.ts';

test('the source keeps its habits', () => {
  expect(readSources(['src', 'tests']).flatMap(habitFaults)).toEqual([]);
});

test.each([
  ['src/jobs/a.ts', 'const port = process.env.PORT;'],
  ['src/jobs/a.ts', 'const { PORT } = process.env;'],
  ['src/jobs/a.ts', 'await fetch(url);'],
  ['src/jobs/a.ts', 'await globalThis.fetch(url);'],
  ['src/jobs/a.ts', 'const now = Date.now();'],
  ['src/jobs/a.ts', 'const now = new Date();'],
  ['src/jobs/a.tsx', 'const now = new Date();'],
  ['src/jobs/a.ts', 'const draw = Math.random;'],
  ['src/jobs/a.ts', 'setTimeout(f, 5);'],
  ['src/jobs/a.ts', 'setInterval(f, 5);'],
  ['src/jobs/a.ts', 'export default 1;'],
  ['src/jobs/a.ts', 'const a = b as any;'],
  ['src/jobs/a.ts', '// @ts-ignore\nconst a = 1;'],
  ['src/jobs/a.ts', `// ${'TO'}DO: finish\nconst a = 1;`],
  ['src/jobs/utils.ts', 'const a = 1;'],
  ['src/helpers/a.ts', 'const a = 1;'],
  ['src/jobs/index.ts', `export { a } from './a.ts';\nexport * from './b.ts';`],
  ['src/jobs/a.test.ts', `test.${'skip'}('a', () => {});`],
  ['src/jobs/a.test.ts', `test.${'only'}.each([1])('a', () => {});`],
])('in %s this is a fault: %s', (file, text) => {
  expect(habitFaults(parse(file, text))).toHaveLength(1);
});

test.each([
  ['src/config.ts', 'const port = process.env.PORT;'],
  ['src/platform/httpClient.ts', 'const fetch = globalThis.fetch;'],
  ['src/sync/a.ts', 'const f = ({ fetch }) => fetch(url);'],
  ['src/jobs/a.ts', 'const day = new Date(text);'],
  ['src/jobs/a.ts', 'const text = "Date.now() and process.env";'],
  [
    'src/jobs/page.tsx',
    'export default function Page() { setTimeout(f, 5); return <p>fetch()</p>; }',
  ],
  ['src/look/useLive.ts', 'const timer = setTimeout(f, 5);'],
  ['src/jobs/a.test.ts', 'const now = Date.now();'],
  ['src/jobs/a.ts', 'export { a } from "./a.ts";\nexport const b = 1;'],
])('in %s this is none: %s', (file, text) => {
  expect(habitFaults(parse(file, text))).toEqual([]);
});

test('a file that is too long is a fault, one line before it is none', () => {
  const faultsOf = (lines: number) => habitFaults(parse('src/jobs/a.ts', '//\n'.repeat(lines)));
  expect(faultsOf(300)).toEqual([]);
  expect(faultsOf(301)).toEqual(['src/jobs/a.ts:1 has 301 lines; split it by question']);
});

test('a fault names its line', () => {
  const [fault] = habitFaults(parse('src/jobs/a.ts', 'const a = 1;\n\nconst b = Date.now();'));
  expect(fault).toBe('src/jobs/a.ts:3 uses Date.now, which only src/platform/clock.ts may');
});
