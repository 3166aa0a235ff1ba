import type { Command } from 'commander';
import type { RunRow } from '#src/integrations/dashboardRows.ts';
import type { Program } from '#src/program.ts';
import { commandLine, labelled } from './connections.ts';
import { countOf, type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, say, tableOf } from './output.ts';

/** What every listing understands. */
export interface Listing extends Json {
  connection?: string;
  limit: number;
}

/** runs, runs approve | refuse | resume, activity */
export function addListCommands(kiex: Command): void {
  const runs = asListing(kiex.command('runs')).description('polls, backfills and full reads');
  for (const answer of runAnswers) {
    runs
      .command(`${answer.name} <id>`)
      .description(answer.words)
      .action((id: string) => withProgram((program) => answerRun(program, { ...answer, id })));
  }
  runs.action((given: Listing) => withProgram((program) => listRuns(program, given)));
  asListing(kiex.command('activity'))
    .description('what was done to which record')
    .action((given: Listing) => withProgram((program) => listActivity(program, given)));
}

/** What a person can say to a run. */
const runAnswers = [
  { name: 'approve', ask: 'approveRun', words: 'let a run that asks close what it would' },
  { name: 'refuse', ask: 'refuseRun', words: 'leave open what a run asks about' },
  { name: 'resume', ask: 'resumeRun', words: 'have an interrupted or failed run go on' },
] as const;

async function answerRun(
  { app }: Program,
  { id, name, ask }: (typeof runAnswers)[number] & { id: string },
): Promise<number> {
  const run = await app.dashboard.run(id);
  if (!run) throw new CommandProblem(`There is no run ${id}. See: kiex runs`);
  if (!(await app.integrations[ask](run.id, commandLine))) {
    throw new CommandProblem(`The run is ${run.state}; there is nothing to ${name}.`);
  }
  say(`${run.resource} run ${run.id}: ${name}d.`);
  return exitCodes.done;
}

/** Gives a command the options of a listing. */
export function asListing(command: Command): Command {
  return withJson(command)
    .option('--connection <label>', 'only of this connection')
    .option('--limit <n>', 'how many', countOf, 50);
}

/** The id of a connection by its label; null for all. */
export const idOf = async (program: Program, label: string | undefined) =>
  label ? (await labelled(program, label)).id : null;

/** runs: those that are open, then those that ended, newest first. */
async function listRuns(program: Program, { connection, limit, json }: Listing): Promise<number> {
  const { dashboard } = program.app;
  const connectionId = await idOf(program, connection);
  const open = await dashboard.openRuns(connectionId);
  const ended = await dashboard.recentRuns({ connectionId, quiet: true, limit });
  const rows = [...open, ...ended].slice(0, limit);
  const lines = rows.map((run) => ({
    id: run.id,
    requested: run.requestedAt,
    connection: run.connectionLabel,
    resource: run.resource,
    kind: run.kind,
    state: run.state,
    seen: run.seen,
    created: run.created,
    updated: run.updated,
    unchanged: run.unchanged,
    skipped: run.skipped,
    failed: run.failed,
    ours: oursOf(run),
    reason: run.reason,
  }));
  print(rows, { json, words: tableOf(lines) });
  return exitCodes.done;
}

/** What became of our records there: '3 of 120' moved; '' when none was looked at. */
function oursOf({ oursSeen, oursCreated, oursUpdated, oursFailed }: RunRow): string {
  if (oursSeen === 0) return '';
  const failed = oursFailed > 0 ? `, ${oursFailed} failed` : '';
  return `${oursCreated + oursUpdated} of ${oursSeen}${failed}`;
}

/** activity: what was done to which record, newest first. */
async function listActivity(
  program: Program,
  { connection, limit, json }: Listing,
): Promise<number> {
  const connectionId = (await idOf(program, connection)) ?? '';
  const filter = { connectionId, resource: '', outcome: '', runId: '', page: 1 } as const;
  const { rows } = await program.app.dashboard.activity(filter, limit);
  const lines = rows.map((line) => ({
    at: line.at,
    connection: line.connectionLabel,
    door: line.door,
    way: line.direction,
    resource: line.resource,
    action: line.action,
    ok: line.ok ? 'ok' : 'NO',
    ours: line.ourId,
    theirs: line.theirId,
    detail: line.detail ?? line.fields.join(', '),
  }));
  print(rows, { json, words: tableOf(lines) });
  return exitCodes.done;
}
