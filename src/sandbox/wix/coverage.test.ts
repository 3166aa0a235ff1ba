import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { seededRandom } from '#src/platform/random.ts';
import { coverageTables } from '../coverageTables.ts';
import { createQuota } from '../quota.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { createCore } from './core.ts';
import { ROUTES, routesSpeltOut } from './coverage.ts';
import { createSiteApi } from './siteApi.ts';
import { SWITCHES } from './switches.ts';

const HERE = import.meta.dirname;
const TABLES_START =
  '<!-- Below: written by the test coverage.test.ts. Renew it with vitest -u. -->';

/** Every `METHOD /path` the simulator really serves, parameters in braces. */
function routesServed(): string[] {
  const outgoing = async () => new Response();
  const core = createCore({ clock: new ManualClock(), random: seededRandom(1), outgoing });
  const served = createSiteApi(core, createQuota<string>(core))
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
  return [...new Set(served)];
}

/** The titles of all tests of this simulator, and the text of their files. */
function readTests(): { titles: Set<string>; text: string } {
  const text = readdirSync(HERE)
    .filter((name) => name.endsWith('.test.ts') && name !== 'coverage.test.ts')
    .map((name) => readFileSync(join(HERE, name), 'utf8'))
    .join('\n');
  const titles = [...text.matchAll(/^test\('((?:[^'\\]|\\.)*)'/gm)].map(([, title]) => title ?? '');
  return { titles: new Set(titles), text };
}

test('the table of routes is exactly what is served', () => {
  expect(routesSpeltOut().sort()).toEqual(routesServed().sort());
});

test('every row of the tables names a test that exists', () => {
  const { titles } = readTests();
  const named = [...ROUTES, ...BEHAVIOURS].map(({ test: title }) => title);
  expect(named.filter((title) => !titles.has(title))).toEqual([]);
});

test('every switch is flipped by some test', () => {
  const { text } = readTests();
  const untried = Object.keys(SWITCHES).filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  expect(untried).toEqual([]);
});

test('the paper on the simulator carries the tables as they are', async () => {
  const paper = join(HERE, '../../../docs/wix-simulator.md');
  const [prose = ''] = readFileSync(paper, 'utf8').split(TABLES_START);
  const tables = coverageTables({
    routes: {
      head: ['Area', 'Path', 'Methods', 'Mark', 'Shown by the test'],
      rows: ROUTES.map(({ area, path, methods, mark, test: title }) => [
        area,
        `\`${path}\``,
        methods,
        mark,
        title,
      ]),
    },
    behaviours: BEHAVIOURS,
    switches: SWITCHES,
  });
  await expect(`${prose}${TABLES_START}\n\n${tables}\n`).toMatchFileSnapshot(paper);
});
