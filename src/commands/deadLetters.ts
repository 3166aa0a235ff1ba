import type { Command } from 'commander';
import type { Program } from '#src/program.ts';
import { commandLine } from './connections.ts';
import { asListing, idOf, type Listing } from './lists.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, tableOf } from './output.ts';

/** Which open ones are meant. */
interface Filter {
  connection?: string;
  resource?: string;
  kind?: string;
  step?: string;
}

type Many = Json & Filter & { all: boolean };

const withFilter = (command: Command) =>
  command
    .option('--resource <name>', 'jobs, applications, candidates, …')
    .option('--kind <kind>', 'refused, surprising, unreachable, throttled or unauthorised')
    .option('--step <step>', 'read, find, create, update, verify, decode or needs');

/** Null: neither a filter nor --all was given. */
async function filterOf(program: Program, given: Filter & { all?: boolean }) {
  const { connection, resource, kind, step, all } = given;
  if (!all && !connection && !resource && !kind && !step) return null;
  const connectionId = await idOf(program, connection);
  return {
    connectionId,
    ...(resource && { resource }),
    ...(kind && { kind }),
    ...(step && { step }),
  };
}

const sayWhich = 'Say which: ids from `dead-letters list`, or --connection, --kind …, or --all.';

/** dead-letters list | retry | dismiss */
export function addDeadLetterCommands(kiex: Command): void {
  const deadLetters = kiex.command('dead-letters').description('work that waits for a person');
  withFilter(asListing(deadLetters.command('list'))).action((given: Listing & Filter) =>
    withProgram((program) => listDeadLetters(program, given)),
  );
  withFilter(withJson(deadLetters.command('retry [ids...]')))
    .option('--connection <label>', 'all that are open of this connection')
    .option('--all', 'all that are open', false)
    .action((ids: string[], given: Many) =>
      withProgram((program) => retryDeadLetters(program, { ...given, ids })),
    );
  withFilter(withJson(deadLetters.command('dismiss [ids...]')))
    .option('--connection <label>', 'all that are open of this connection')
    .option('--all', 'all that are open', false)
    .requiredOption('--reason <words>', 'why it needs no more work')
    .action((ids: string[], given: Many & { reason: string }) =>
      withProgram((program) => dismissDeadLetters(program, { ...given, ids })),
    );
}

/** dead-letters list: what waits for a person, and what is being retried. */
async function listDeadLetters(
  program: Program,
  { limit, json, ...filter }: Listing & Filter,
): Promise<number> {
  const which = (await filterOf(program, filter)) ?? {};
  const { rows } = await program.app.dashboard.openFailures(which, limit);
  const lines = rows.map((row) => ({
    id: row.id,
    state: row.state,
    connection: row.connectionLabel,
    resource: row.resource,
    record: row.ourId ?? row.theirId,
    step: row.step,
    kind: row.kind,
    path: row.path,
    attempts: row.attempts,
    next: row.nextTryAt,
    detail: row.detail,
  }));
  print(rows, { json, words: tableOf(lines) });
  return exitCodes.done;
}

async function retryDeadLetters(
  program: Program,
  { ids, json, ...given }: Many & { ids: string[] },
): Promise<number> {
  const { integrations } = program.app;
  const done = 'asked to be tried again';
  if (ids.length > 0)
    return act({ ids, json, done }, (id) => integrations.retryFailure(id, commandLine));
  const filter = await filterOf(program, given);
  if (!filter) throw new CommandProblem(sayWhich);
  const count = await integrations.retryFailures(filter, commandLine);
  print({ count }, { json, words: `${count} ${done}.` });
  return exitCodes.done;
}

async function dismissDeadLetters(
  program: Program,
  { ids, reason, json, ...given }: Many & { ids: string[]; reason: string },
): Promise<number> {
  const { integrations } = program.app;
  if (ids.length > 0) {
    return act({ ids, json, done: 'dismissed' }, (id) =>
      integrations.dismissFailure(id, reason, commandLine),
    );
  }
  const filter = await filterOf(program, given);
  if (!filter) throw new CommandProblem(sayWhich);
  const count = await integrations.dismissFailures(filter, reason, commandLine);
  print({ count }, { json, words: `${count} dismissed.` });
  return exitCodes.done;
}

const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

async function act(
  { ids, json, done }: { ids: string[]; json: boolean; done: string },
  one: (id: string) => Promise<boolean>,
): Promise<number> {
  const results: { id: string; ok: boolean }[] = [];
  for (const id of ids) results.push({ id, ok: uuid.test(id) && (await one(id)) });
  const missing = results.filter((result) => !result.ok);
  const words = [
    `${results.length - missing.length} ${done}.`,
    ...missing.map(({ id }) => `${id} is not an open dead letter.`),
  ].join('\n');
  print(results, { json, words });
  return missing.length === 0 ? exitCodes.done : exitCodes.failed;
}
