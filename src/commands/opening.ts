import { type Command, InvalidArgumentError } from 'commander';
import { type Config, explainProblems, readConfig, settleNodeEnvironment } from '#src/config.ts';
import { systemClock } from '#src/platform/clock.ts';
import { makeDataFolder } from '#src/platform/dataFolder.ts';
import { createLog, type Log } from '#src/platform/log.ts';
import type { Program } from '#src/program.ts';
import { sandboxAddresses } from '#src/sandbox/addresses.ts';
import { aborted, listenForEnd } from './ending.ts';
import { CommandProblem, exitCodes } from './output.ts';
import { withSandbox } from './simulators.ts';

export interface Json {
  json: boolean;
}

/** Options of every command that prints a result. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON', false);
}

/** Whole numbers from 1, for options. */
export function countOf(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Write a number.');
  return value;
}

/**
 * Opens the program without web and worker, for one command; works beside a running server.
 *
 * work   does the command and returns its exit code.
 * Fails  CommandProblem or StartProblem, in words.
 */
export async function withProgram(
  work: (program: Program, config: Config) => Promise<number>,
): Promise<void> {
  const config = settings();
  const log = createLog({ ...config.log, level: warningsOf(config), destination: process.stderr });
  const ending = listenForEnd(systemClock);
  const settled = withSandbox(config, sandboxAddresses(config.sandbox.folder));
  const { openProgram } = await import('#src/program.ts');
  const program = await openProgram({ config: settled, log, sandbox: null });
  try {
    const interrupted = aborted(ending).then(() => exitCodes.interrupted);
    process.exitCode = await Promise.race([work(program, settled), interrupted]);
  } finally {
    await program.close();
  }
  // What was interrupted may still hold something open.
  if (ending.aborted) process.exit();
}

/** Settings and log for a process that serves. */
export function prepareServing(): { config: Config; log: Log } {
  const config = settings();
  return { config, log: createLog(config.log) };
}

/** The settings; from here on React and better-auth may be loaded. */
function settings(): Config {
  const read = readConfig();
  if (!read.ok) throw new CommandProblem(explainProblems(read.problems), exitCodes.cannotStart);
  settleNodeEnvironment(read.config);
  makeDataFolder(read.config.dataDir);
  return read.config;
}

/** A command logs warnings only, beside its result. */
const warningsOf = ({ log }: Config) => (log.level === 'info' ? 'warn' : log.level);
