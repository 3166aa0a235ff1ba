import type { Command } from 'commander';
import type { Program } from '#src/program.ts';
import { commandLine } from './connections.ts';
import { asListing, idOf, type Listing } from './lists.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, tableOf } from './output.ts';

/** More at once would be a mass failure, to be mended at its cause. */
const retriesMax = 1_000;

/** dead-letters list | retry | dismiss */
export function addDeadLetterCommands(kiex: Command): void {
  const deadLetters = kiex.command('dead-letters').description('work that waits for a person');
  asListing(deadLetters.command('list')).action((given: Listing) =>
    withProgram((program) => listDeadLetters(program, given)),
  );
  withJson(deadLetters.command('retry [ids...]'))
    .option('--all', 'all that are open', false)
    .action((ids: string[], given: Json & { all: boolean }) =>
      withProgram((program) => retryDeadLetters(program, { ...given, ids })),
    );
  withJson(deadLetters.command('dismiss <ids...>'))
    .requiredOption('--reason <words>', 'why it needs no more work')
    .action((ids: string[], given: Json & { reason: string }) =>
      withProgram((program) => dismissDeadLetters(program, { ...given, ids })),
    );
}

/** dead-letters list: what waits for a person, and what is being retried. */
async function listDeadLetters(
  program: Program,
  { connection, limit, json }: Listing,
): Promise<number> {
  const { rows } = await program.app.dashboard.openFailures(await idOf(program, connection), limit);
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
  { ids, all, json }: { ids: string[]; all: boolean; json: boolean },
): Promise<number> {
  const { integrations, dashboard } = program.app;
  const wanted = all
    ? (await dashboard.openFailures(null, retriesMax)).rows.map(({ id }) => id)
    : ids;
  if (wanted.length === 0 && !all)
    throw new CommandProblem('Say which: ids from `dead-letters list`, or --all.');
  return act({ ids: wanted, json, done: 'asked to be tried again' }, (id) =>
    integrations.retryFailure(id, commandLine),
  );
}

async function dismissDeadLetters(
  program: Program,
  { ids, reason, json }: { ids: string[]; reason: string; json: boolean },
): Promise<number> {
  return act({ ids, json, done: 'dismissed' }, (id) =>
    program.app.integrations.dismissFailure(id, reason, commandLine),
  );
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
