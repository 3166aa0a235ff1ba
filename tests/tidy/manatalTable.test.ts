import { expect, test } from 'vitest';
import { titlesIn } from './ruleGuards.ts';
import { parse, readText } from './source.ts';

const files = ['docs/manatal.md', 'docs/wix.md'];

interface Row {
  what: string;
  verdict: string;
  how: string;
  shown: { file: string; title: string }[];
}

/** The rows of the tables; a test is named as `[file](../file) title`. */
const rowsIn = (text: string): Row[] =>
  text.split('\n').flatMap((line) => {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim());
    if (cells.length !== 5 || cells[2] === 'KiEX' || /^-+$/.test(cells[2]!)) return [];
    const [, what = '', verdict = '', how = '', tests = ''] = cells;
    const shown = tests
      .split('<br>')
      .filter(Boolean)
      .map((named) => {
        const [, path = '', title = ''] = /^\[(.+?)\]\(\.\.\/.+?\) (.+)$/.exec(named) ?? [];
        return { file: path, title };
      });
    return [{ what, verdict, how, shown }];
  });

const rows = files.flatMap((file) => rowsIn(readText(file)));
const known = new Map<string, Set<string>>();

/** Titles as they stand in the table: without the rules they quote. */
function titlesOf(path: string): Set<string> {
  const plain = (title: string) => title.replace(/(\[[A-Z]\d+\] ?)+/g, '');
  const titles =
    known.get(path) ??
    new Set(titlesIn(parse(path, readText(path))).map(({ title }) => plain(title)));
  known.set(path, titles);
  return titles;
}

test('every row says what KiEX does, and how or why not', () => {
  expect(rows.length).toBeGreaterThan(60);
  const wanting = rows.filter(
    ({ verdict, how }) => !['used', 'handled', 'not needed'].includes(verdict) || how === '',
  );
  expect(wanting).toEqual([]);
});

test('every test that a row names exists', () => {
  const missing = rows.flatMap(({ what, shown }) =>
    shown
      .filter(({ file: path, title }) => !path || !titlesOf(path).has(title))
      .map(({ file: path, title }) => `${what}: ${path} “${title}”`),
  );
  expect(missing).toEqual([]);
});

test('a row is read with the tests it names', () => {
  const made =
    '| 9 | `/x/` | used | So. | [a.test.ts](../a.test.ts) one<br>[b.test.ts](../b.test.ts) two |';
  expect(rowsIn(made)).toEqual([
    {
      ...{ what: '`/x/`', verdict: 'used', how: 'So.' },
      shown: [
        { file: 'a.test.ts', title: 'one' },
        { file: 'b.test.ts', title: 'two' },
      ],
    },
  ]);
});
