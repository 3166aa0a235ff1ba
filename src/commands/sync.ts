import type { Command } from 'commander';
import { costWords, totalLines } from '#src/integrations/previewWords.ts';
import type { Program } from '#src/program.ts';
import { hasRunMovedSince, type Run, runById } from '#src/sync/runs.ts';
import { labelled } from './connections.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, say, tableOf } from './output.ts';

/** A worker takes up a run within seconds, unless others keep all its hands busy. */
const nobodySeconds = 10;
/** A run that moved this lately is being worked on: a provider may ask for pauses in between. */
const lastMoveSeconds = 120;
const lookMilliseconds = 250;

interface Wish extends Json {
  label: string;
  resource?: string;
  full: boolean;
  wait: boolean;
  preview: boolean;
}

/** sync LABEL [--resource R] [--full] [--preview] [--wait] */
export function addSyncCommand(kiex: Command): void {
  withJson(kiex.command('sync <label>'))
    .description('ask for a sync now')
    .option('--resource <name>', 'only this kind of record')
    .option('--full', 'read everything, not only what changed', false)
    .option('--preview', 'only look what a full read would do; nothing is written', false)
    .option('--wait', 'stay until it ends; the exit code tells whether it is green', false)
    .action((label: string, given: Omit<Wish, 'label'>) =>
      withProgram((program) => sync(program, { ...given, label })),
    );
}

const open = (run: Run) => run.state === 'waiting' || run.state === 'running';

/** Asks for runs, and with --wait stays until they end. */
async function sync(program: Program, given: Wish): Promise<number> {
  const { app } = program;
  const connection = await labelled(program, given.label);
  const offered = app.integrations.resourcesOf(connection.provider).map(({ name }) => name);
  if (given.resource && !offered.includes(given.resource)) {
    throw new CommandProblem(
      `“${given.resource}” cannot be read. Choose one of: ${offered.join(', ')}.`,
    );
  }
  const ask = {
    connectionId: connection.id,
    resource: given.resource ?? null,
    trigger: 'command' as const,
    by: null,
  };
  const ids = given.preview
    ? await app.previews.request({ ...ask, settings: null })
    : await app.integrations.requestRuns({ ...ask, full: given.full });
  return follow(program, ids, given);
}

/** Says how the runs stand, with `wait` once they have ended; the exit code tells whether all are green. */
export async function follow(
  program: Program,
  ids: string[],
  { wait, json }: { wait: boolean; json: boolean },
): Promise<number> {
  const read = async () =>
    (await Promise.all(ids.map((id) => runById(program.parts.db, id)))).filter(
      (run) => run !== null,
    );
  const runs = wait ? await waitFor(program, read) : await read();
  const rows = await Promise.all(runs.map((run) => toldOf(program, run)));
  print(rows, { json, words: tableOf(rows) });
  if (!wait) return exitCodes.done;
  return runs.every((run) => run.state === 'done') ? exitCodes.done : exitCodes.failed;
}

async function waitFor({ parts }: Program, read: () => Promise<Run[]>): Promise<Run[]> {
  let said = '';
  let lastSign = parts.clock.now().getTime();
  for (;;) {
    const runs = await read();
    if (!runs.some(open)) return runs;
    const line = runs.map(progressOf).join(', ');
    const now = parts.clock.now().getTime();
    const lately = new Date(now - lastMoveSeconds * 1_000);
    // A run that waits for its next try is cared for, too.
    if (
      line !== said ||
      runs.some((run) => run.nextTryAt) ||
      (await hasRunMovedSince(parts.db, lately))
    ) {
      lastSign = now;
    }
    if (line !== said) say(line);
    said = line;
    if (now - lastSign > nobodySeconds * 1_000) {
      throw new CommandProblem(
        'Nobody takes up the run: start KiEX (npm start) or a worker (kiex worker). The run stays asked for.',
        exitCodes.failed,
      );
    }
    await parts.clock.sleep(lookMilliseconds);
  }
}

/** 'jobs running 120 of 300', and why it waits when it does. */
function progressOf({ resource, state, seen, expected, reason }: Run): string {
  const known = expected === null ? '' : ` of ${expected}`;
  return `${resource} ${state} ${seen}${known}${reason ? ` (${reason})` : ''}`;
}

/** A run as scripts read it: these of its columns, in this order. */
const told = [
  'resource',
  'kind',
  'state',
  'expected',
  'seen',
  'created',
  'updated',
  'unchanged',
  'skipped',
  'failed',
  'skipReasons',
  'failReasons',
  'oursSeen',
  'oursCreated',
  'oursUpdated',
  'oursUnchanged',
  'oursSkipped',
  'oursFailed',
  'shown',
  'reason',
  'id',
] as const satisfies readonly (keyof Run)[];

async function toldOf({ app }: Program, run: Run): Promise<Record<string, unknown>> {
  const counts = Object.fromEntries(told.map((name) => [name, run[name]]));
  const preview = run.mode === 'preview' ? await app.previews.of(run.id, 1) : null;
  if (!preview) return counts;
  const would = totalLines(preview.totals).join('; ') || 'nothing';
  return { ...counts, would, cost: costWords(preview.cost) };
}
