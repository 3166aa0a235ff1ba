import { CommanderError } from 'commander';
import { StartProblem } from '#src/platform/startProblem.ts';

/** How a command ends. Scripts rely on these. */
export const exitCodes = {
  done: 0,
  /** It ran, and what it found or did is not good: a test failed, a run is not green. */
  failed: 1,
  /** It was asked in a way it does not understand, or for something that is not there. */
  usage: 2,
  /** KiEX cannot start: settings, database, port. */
  cannotStart: 3,
  /** Ended by Ctrl-C before its work was done; what every shell says then. */
  interrupted: 130,
} as const;

/** A command's end in words, with its exit code. */
export class CommandProblem extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.usage) {
    super(message);
    this.name = 'CommandProblem';
    this.exitCode = exitCode;
  }
}

/** Tells people why a command ended, on standard error, and returns its exit code. */
export function explainEnd(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its words already; after --help it ends like this too.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (error instanceof CommandProblem) {
    say(error.message);
    return error.exitCode;
  }
  if (error instanceof StartProblem) {
    say(`KiEX cannot start: ${error.message}\n${error.remedy}`);
    return exitCodes.cannotStart;
  }
  say((error as Error).stack ?? String(error));
  return exitCodes.failed;
}

/** Prints a result: JSON for scripts, words for people. Only results go to standard output. */
export function print(result: unknown, { json, words }: { json: boolean; words: string }): void {
  process.stdout.write(`${json ? JSON.stringify(result, null, 2) : words}\n`);
}

/** Progress and hints, beside the result. */
export const say = (words: string) => process.stderr.write(`${words}\n`);

/** Rows as a table for people; columns as wide as what is in them. */
export function tableOf(rows: readonly Record<string, unknown>[]): string {
  const [first] = rows;
  if (!first) return 'Nothing yet.';
  const names = Object.keys(first);
  const cells = rows.map((row) => names.map((name) => cellOf(row[name])));
  const widths = names.map((name, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]!.length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  return [line(names), ...cells.map(line)].join('\n');
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, one]) => `${name}: ${one}`)
      .join(', ');
  }
  return String(value).replace(/\s+/g, ' ');
}

/** A secret from standard input; never from an argument, which others on the machine can read. */
export async function readSecret(what: string): Promise<string> {
  if (process.stdin.isTTY) say(`Type the ${what}, then Enter and Ctrl-D:`);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const secret = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (!secret) throw new CommandProblem(`No ${what} came in on standard input.`);
  return secret;
}
