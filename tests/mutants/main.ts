import { Command, InvalidArgumentError } from 'commander';
import { type Mutant, mutants } from './mutants.ts';
import { copyProject, mutated, openMutatedTree } from './mutatedTree.ts';
import { type Asked, type Suite, suitesFor } from './suites.ts';

/**
 * Breaks the engine in one place after another and looks who notices. Ends with 1 when nobody
 * notices a mutant, or when somebody finds fault with the project as it is.
 */

interface Row {
  name: string;
  rule: string;
  suite: string | null;
  caughtBy: string | null;
  seconds: number;
}

const asked = new Command('npm run simulate:mutants --')
  .option('--simulation-only', 'ask the simulation alone', false)
  .option('--seeds <number>', 'how many worlds the simulation may take', wholeNumber, 30)
  .option('--without-simulation', 'ask the tests alone', false)
  .option('--named-only', 'ask only the tests that a mutant names', false)
  .option('--jobs <number>', 'trees looked at side by side', wholeNumber, 2)
  .option('--only <word>', 'mutants whose name has this word', '')
  .parse()
  .opts<Asked & { jobs: number; only: string }>();

const chosen = mutants.filter(({ name }) => name.includes(asked.only));
const original = copyProject();
// All of them before the first is tried: a text that has moved is told of at once.
for (const mutant of mutants) mutated(mutant, original.folder);
const waiting: (Mutant | null)[] = [null, ...chosen];
const rows: Row[] = [];
await Promise.all(Array.from({ length: asked.jobs }, work)).finally(original.remove);
process.stdout.write(`\n${tableOf(rows)}\n`);
const survivors = rows.filter(({ rule, suite }) => rule !== '' && suite === null);
const isSound = rows.some(({ rule, suite }) => rule === '' && suite === null);
process.stdout.write(`\n${rows.length - 1} mutants, ${survivors.length} survive.\n`);
if (!isSound)
  process.stdout.write('The project as it is does not pass: the table proves nothing.\n');
process.exitCode = survivors.length > 0 || !isSound ? 1 : 0;

async function work(): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const row = await tried(mutant);
    rows.push(row);
    process.stderr.write(`${lineOf(row)}\n`);
  }
}

async function tried(mutant: Mutant | null): Promise<Row> {
  const began = performance.now();
  const tree = openMutatedTree(mutant, original);
  const suites = suitesFor(asked, namedBy(mutant));
  const row: Row = {
    name: mutant?.name ?? '(the project as it is)',
    rule: mutant?.rule ?? '',
    suite: null,
    caughtBy: null,
    seconds: 0,
  };
  try {
    Object.assign(row, await firstToNotice(suites, tree.folder));
  } finally {
    tree.remove();
  }
  return { ...row, seconds: (performance.now() - began) / 1_000 };
}

/** The project as it is is asked everything, so it needs nobody by name. */
function namedBy(mutant: Mutant | null): readonly string[] {
  if (mutant) return mutant.caughtBy ?? [];
  return asked.namedOnly ? [...new Set(chosen.flatMap(({ caughtBy }) => caughtBy ?? []))] : [];
}

async function firstToNotice(
  all: readonly Suite[],
  folder: string,
): Promise<Pick<Row, 'suite' | 'caughtBy'>> {
  for (const suite of all) {
    const { caughtBy } = await suite.run(folder);
    if (caughtBy !== null) return { suite: suite.name, caughtBy };
  }
  return { suite: null, caughtBy: null };
}

function tableOf(all: readonly Row[]): string {
  const order = [null, ...mutants].map((mutant) => mutant?.name ?? '(the project as it is)');
  const sorted = [...all].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return sorted.map(lineOf).join('\n');
}

function lineOf({ name, rule, suite, caughtBy, seconds }: Row): string {
  const fate = suite === null ? (rule ? 'SURVIVES' : 'passes') : `${suite}: ${caughtBy}`;
  const time = `${seconds.toFixed(0)} s`.padStart(6);
  return `${rule.padEnd(3)} ${name.padEnd(52)} ${time}  ${fate.slice(0, 140)}`;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('Use a whole number above 0.');
  return Number(text);
}
