import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { seededRandom } from '#src/platform/random.ts';
import { createQuota } from '../quota.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { createCore } from './core.ts';
import { ROUTES, routesSpeltOut } from './coverage.ts';
import { renderCoverage } from './coverageTable.ts';
import { createFiles } from './files.ts';
import { createManahook } from './manahook.ts';
import { createOpenApi } from './openApi.ts';
import { SWITCHES } from './switches.ts';

const HERE = import.meta.dirname;
const TABLES_START =
  '<!-- Below: written by the test coverage.test.ts. Renew it with vitest -u. -->';

/** Every `METHOD /path/` the simulator really serves, parameters in braces. */
function routesServed(): string[] {
  const outgoing = async () => new Response();
  const core = createCore({ clock: new ManualClock(), random: seededRandom(1), outgoing });
  const quota = createQuota(core);
  const openApi = createOpenApi(core, createFiles(core), quota);
  const served = [...openApi.routes, ...createManahook(core, quota).routes]
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
  return [...new Set(served)];
}

/** The titles of all tests of the sandbox, and the text of their files. */
function readTests(): { titles: Set<string>; text: string } {
  const files = [HERE, join(HERE, '..')].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.test.ts') && name !== 'coverage.test.ts')
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  const text = files.join('\n');
  const titles = [...text.matchAll(/^test\('((?:[^'\\]|\\.)*)'/gm)].map(([, title]) => title ?? '');
  return { titles: new Set(titles), text };
}

test('the table of routes is exactly what is served', () => {
  expect(routesSpeltOut().sort()).toEqual(routesServed().sort());
});

test('every row of the tables names a test that exists', () => {
  const { titles } = readTests();
  const missing = [...ROUTES, ...BEHAVIOURS].map(({ test: title }) => title);
  expect(missing.filter((title) => !titles.has(title))).toEqual([]);
});

test('every switch is flipped by some test', () => {
  const { text } = readTests();
  const untried = Object.keys(SWITCHES).filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  expect(untried).toEqual([]);
});

test('the paper on the simulator carries the tables as they are', async () => {
  const paper = join(HERE, '../../../docs/manatal-simulator.md');
  const [prose = ''] = readFileSync(paper, 'utf8').split(TABLES_START);
  const whole = `${prose}${TABLES_START}\n\n${renderCoverage()}\n`;
  await expect(whole).toMatchFileSnapshot(paper);
});
