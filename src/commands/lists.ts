import type { Command } from 'commander';
import type { Program } from '#src/program.ts';
import { labelled } from './connections.ts';
import { countOf, type Json, withJson, withProgram } from './opening.ts';
import { exitCodes, print, tableOf } from './output.ts';

/** What every listing understands. */
export interface Listing extends Json {
  connection?: string;
  limit: number;
}

/** runs, activity */
export function addListCommands(kiex: Command): void {
  asListing(kiex.command('runs'))
    .description('polls, backfills and full reads')
    .action((given: Listing) => withProgram((program) => listRuns(program, given)));
  asListing(kiex.command('activity'))
    .description('what was done to which record')
    .action((given: Listing) => withProgram((program) => listActivity(program, given)));
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
    reason: run.reason,
  }));
  print(rows, { json, words: tableOf(lines) });
  return exitCodes.done;
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
