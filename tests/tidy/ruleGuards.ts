import { Visitor } from 'vite';
import { isTest, readSources, readText, type Source } from './source.ts';

export const rulesFile = 'docs/sync-rules.md';
const begin = '<!-- guards -->';
const end = '<!-- end of guards -->';

/** Rules that no test guards yet, and why they come later. Taken off with the first test. */
export const laterRules: Readonly<Record<string, string>> = {
  P4: 'erasure comes with the privacy pages',
};

/** A test that quotes a rule in its title. */
export interface Guard {
  rule: string;
  file: string;
  /** With `…` for what is only known when it runs. */
  title: string;
}

/** The IDs of the rules, in the order of the file. */
export const rulesIn = (text: string): string[] =>
  [...text.matchAll(/^- \*\*\[([A-Z]\d+)\]\*\*/gm)].map(([, rule]) => rule!);

export const readRules = () => readText(rulesFile);

/** Every quote of a rule in the title of a test, by file and place. */
export const readGuards = (): Guard[] =>
  readSources(['src', 'tests'])
    .filter(({ file }) => isTest(file))
    .flatMap(guardsIn);

/** The rules file with the table that these tests make. */
export function withTable(text: string, guards: Guard[]): string {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${rulesFile} has no place for the table`);
  const rows = rulesIn(text).map((rule) => {
    const own = guards.filter((guard) => guard.rule === rule).map(line);
    return `| ${rule} | ${own.join('<br>') || `later: ${laterRules[rule] ?? 'no test'}`} |`;
  });
  const table = ['| Rule | Tests that guard it |', '| --- | --- |', ...rows].join('\n');
  return `${before}${begin}\n${table}\n${end}${after}`;
}

const line = ({ file, title }: Guard) =>
  `[${file}](../${file}) ${title.replace(/(\[[A-Z]\d+\] ?)+/g, '').replace(/[|<>]/g, '\\$&')}`;

/** A test by its title, with `…` for what is only known when it runs. */
export interface Titled {
  file: string;
  title: string;
}

export const guardsIn = (source: Source): Guard[] =>
  titlesIn(source).flatMap(({ file, title }) =>
    [...title.matchAll(/\[([A-Z]\d+)\]/g)].map(([, rule]) => ({ rule: rule!, file, title })),
  );

/** What stands first in `test(…)`, `test.each(…)(…)` and the like. */
export function titlesIn(source: Source): Titled[] {
  const titles: Titled[] = [];
  new Visitor({
    CallExpression(node) {
      const [first] = node.arguments;
      const called = source.text.slice(node.callee.start, node.callee.end);
      if (!first || !/^(test|it|describe)\b/.test(called)) return;
      const title =
        first.type === 'Literal'
          ? String(first.value)
          : first.type === 'TemplateLiteral'
            ? first.quasis.map(({ value }) => value.cooked).join('…')
            : '';
      if (title) titles.push({ file: source.file, title });
    },
  }).visit(source.program);
  return titles;
}
