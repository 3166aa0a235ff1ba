import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** What a suite says of a tree: who noticed the fault, null when nobody did. */
export interface Verdict {
  caughtBy: string | null;
}

export interface Suite {
  name: string;
  run(folder: string): Promise<Verdict>;
}

const minutesMax = 20;

/** Tests with vitest, up to the first that fails. */
const testsOf = (name: string, paths: readonly string[]): Suite => ({
  name,
  async run(folder) {
    const report = path.join(folder, 'report.json');
    const vitest = path.join(folder, 'node_modules/vitest/vitest.mjs');
    const ask = ['run', '--project', 'unit', '--bail', '1', '--reporter=json'];
    const args = [vitest, ...ask, `--outputFile=${report}`, ...paths];
    const ended = await carryOut(folder, args);
    if (ended.isLate) return { caughtBy: 'it never ends' };
    if (ended.code === 0) return { caughtBy: null };
    const failed = fs.existsSync(report) ? firstFailure(report) : null;
    if (!failed) throw new Error(`${name} did not run:\n${ended.words.slice(-2_000)}`);
    return { caughtBy: failed };
  },
});

interface Report {
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

function firstFailure(file: string): string | null {
  const { testResults } = JSON.parse(fs.readFileSync(file, 'utf8')) as Report;
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return all.find(({ status }) => status === 'failed')?.fullName.trim() ?? null;
}

/** Seeds one after the other, up to the first violation. */
const seedsPerStart = 6;

const simulationOf = (seeds: number): Suite => ({
  name: 'simulation',
  async run(folder) {
    for (let seed = 1; seed <= seeds; seed += seedsPerStart) {
      const runs = String(Math.min(seedsPerStart, seeds - seed + 1));
      const program = [
        '--import',
        './src/platform/fastDrizzle.ts',
        'src/sandbox/simulation/main.ts',
      ];
      const args = [...program, '--seed', String(seed), '--runs', runs];
      const ended = await carryOut(folder, args);
      if (ended.isLate) return { caughtBy: `seed ${seed} or after: it never ends` };
      if (ended.code === 0) continue;
      const said = /VIOLATION with seed (\d+):\n(.*)/.exec(ended.words);
      if (!said) throw new Error(`the simulation did not run:\n${ended.words.slice(-2_000)}`);
      return { caughtBy: `seed ${said[1]}: ${said[2]}` };
    }
    return { caughtBy: null };
  },
});

export interface Asked {
  seeds: number;
  simulationOnly: boolean;
  namedOnly: boolean;
  withoutSimulation: boolean;
}

/**
 * In the order in which they are asked: the quick ones first.
 *
 * named  test files that are known to notice this mutant; they go before all others.
 */
export function suitesFor(asked: Asked, named: readonly string[]): Suite[] {
  const simulation = simulationOf(asked.seeds);
  if (asked.simulationOnly) return [simulation];
  const first = named.length > 0 ? [testsOf('named', named)] : [];
  if (asked.namedOnly) return first;
  return [
    ...first,
    testsOf('properties', ['src/sync', 'src/providers', 'tests/contract']),
    testsOf('world', ['tests/world', 'src/applications', 'src/jobs', 'src/integrations']),
    ...(asked.withoutSimulation ? [] : [simulation]),
  ];
}

interface Ended {
  code: number | null;
  words: string;
  isLate: boolean;
}

function carryOut(folder: string, args: string[]): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const child = spawn(process.execPath, args, { cwd: folder, detached: true });
  let words = '';
  let isLate = false;
  const hear = (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-200_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const giveUp = setTimeout(() => {
    isLate = true;
    // With all that it started: it is a group of its own.
    process.kill(-child.pid!, 'SIGKILL');
  }, minutesMax * 60_000);
  child.on('error', reject);
  child.on('exit', (code) => {
    clearTimeout(giveUp);
    resolve({ code, words, isLate });
  });
  return promise;
}
