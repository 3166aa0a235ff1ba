import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '#src/platform/clock.ts';
import { systemRandom } from '#src/platform/random.ts';
import { batchRuns, neverHappened, owedByBatch } from './checkers/coverage.ts';
import { type Outcome, simulate } from './run.ts';
import { scenario } from './scenario.ts';
import { drawSettings } from './settings.ts';
import { count, noTally, progressLine, tallyTable } from './tally.ts';
import { openWorldServer } from './worldServer.ts';

/** Simulates KiEX, seed after seed. Ends with 1 when anything happened that never must. */

interface Asked {
  seed: number;
  runs: number;
  jobs: number;
  trace?: string;
}

/** A child simulates every `step`th seed. */
interface Share {
  first: number;
  last: number;
  step: number;
  keepsTrace: boolean;
}

const runsPerLine = 50;

async function main(): Promise<void> {
  const asked = new Command('npm run simulate --')
    .description('Simulates KiEX from seeds: the real engine, under faults, on a virtual clock.')
    .option('--seed <number>', 'the first seed; by chance when left out', wholeNumber)
    .option('--runs <number>', 'how many seeds, one after the other', wholeNumber, 1)
    .option('--jobs <number>', 'processes that share the work', wholeNumber, 1)
    .option('--trace <file>', 'write everything that happened in the last run there')
    .parse()
    .opts<Omit<Asked, 'seed'> & { seed?: number }>();
  const seed = asked.seed ?? systemRandom.integer(1_000_000_000);
  const began = now();
  const tally = noTally();
  await outcomesOf({ ...asked, seed }, (outcome) => {
    count(tally, outcome);
    if (outcome.violations.length > 0) show(outcome);
    if (asked.trace) writeFileSync(asked.trace, `${outcome.trace.join('\n')}\n`);
    if (tally.runs % runsPerLine !== 0) return;
    process.stderr.write(`${progressLine(tally, { runs: asked.runs, seconds: since(began) })}\n`);
  });
  process.stdout.write(`${tallyTable(tally, { first: seed, seconds: since(began) })}\n`);
  const missed = tally.runs < batchRuns ? [] : neverHappened(tally.coverage, owedByBatch);
  if (missed.length > 0)
    process.stderr.write(`No run met: ${missed.join(', ')}. That part proves nothing.\n`);
  process.exitCode = tally.violations > 0 || missed.length > 0 ? 1 : 0;
}

async function outcomesOf(asked: Asked, hear: (outcome: Outcome) => void): Promise<void> {
  const { seed, runs, jobs, trace } = asked;
  const last = seed + runs - 1;
  const shares = Array.from({ length: Math.min(jobs, runs) }, (_, at): Share => {
    return { first: seed + at, last, step: jobs, keepsTrace: trace !== undefined };
  });
  if (shares.length === 1) return takeShare(shares[0]!, hear);
  await Promise.all(shares.map((share) => inChild(share, hear)));
}

async function takeShare(share: Share, hear: (outcome: Outcome) => void): Promise<void> {
  const server = await openWorldServer();
  try {
    for (let seed = share.first; seed <= share.last; seed += share.step) {
      hear(await simulate(server, drawSettings(seed), { ...share, scenario }));
    }
  } finally {
    await server.close();
  }
}

function inChild(share: Share, hear: (outcome: Outcome) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = fork(fileURLToPath(import.meta.url), [childMark, JSON.stringify(share)]);
  child.on('message', (outcome) => hear(outcome as Outcome));
  child.on('error', reject);
  child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a job ended ${code}`))));
  return promise;
}

function show({ seed, violations, trace }: Outcome): void {
  const lines = [
    '',
    ...trace.slice(-200),
    '',
    `VIOLATION with seed ${seed}:`,
    ...violations,
    '',
    `Again:  npm run simulate -- --seed ${seed} --trace trace.txt`,
    '',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.');
  return Number(text);
}

const now = () => systemClock.now().getTime();
const since = (began: number) => Math.max(0.001, (now() - began) / 1_000);

const childMark = '--share';

if (process.argv[2] === childMark) {
  await takeShare(JSON.parse(process.argv[3]!), (outcome) => process.send!(outcome));
  process.disconnect();
} else await main();
