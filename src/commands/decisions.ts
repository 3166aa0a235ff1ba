import { type Command, Option } from 'commander';
import type { Program } from '#src/program.ts';
import { commandLine } from './connections.ts';
import { asListing, idOf, type Listing } from './lists.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, tableOf } from './output.ts';

const states = ['open', 'settled', 'chosen', 'past'] as const;

interface ConflictListing extends Listing {
  state?: (typeof states)[number];
}

/** conflicts list | choose; issues list | close */
export function addDecisionCommands(kiex: Command): void {
  const conflicts = kiex
    .command('conflicts')
    .description('fields that changed on both sides to different values');
  asListing(conflicts.command('list'))
    .addOption(new Option('--state <state>', 'only in this state').choices(states))
    .action((given: ConflictListing) => withProgram((program) => listConflicts(program, given)));
  withJson(conflicts.command('choose <id> <side>'))
    .description('take the value of one side: ours or theirs')
    .action((id: string, side: string, given: Json) =>
      withProgram((program) => choose(program, { ...given, id, side })),
    );
  const issues = kiex.command('issues').description('what asks for a person’s judgement');
  asListing(issues.command('list'))
    .option('--closed', 'those that are over', false)
    .action((given: Listing & { closed: boolean }) =>
      withProgram((program) => listIssues(program, given)),
    );
  withJson(issues.command('close <id>'))
    .requiredOption('--reason <words>', 'what was done about it')
    .action((id: string, given: Json & { reason: string }) =>
      withProgram((program) => closeIssue(program, { ...given, id })),
    );
}

/** conflicts list: newest first, with both values. */
async function listConflicts(
  program: Program,
  { connection, limit, state, json }: ConflictListing,
): Promise<number> {
  const connectionId = await idOf(program, connection);
  const filter = { connectionId, state: state ?? null, limit };
  const rows = await program.app.decisions.conflicts(filter);
  const lines = rows.map((row) => ({
    id: row.id,
    state: row.state,
    connection: row.connectionLabel,
    resource: row.resource,
    record: row.theirId,
    field: row.field,
    ours: row.ours.value,
    theirs: row.theirs.value,
    before: row.base?.value ?? null,
    stands: row.chosen ?? row.winner,
    reason: row.reason,
    found: row.foundAt,
  }));
  print(rows, { json, words: tableOf(lines) });
  return exitCodes.done;
}

async function choose(
  program: Program,
  { id, side, json }: Json & { id: string; side: string },
): Promise<number> {
  if (side !== 'ours' && side !== 'theirs')
    throw new CommandProblem('Say whose value stands: ours or theirs.');
  const choice = await program.app.decisions.choose(id, side, commandLine);
  const words = choice.ok ? 'Chosen. It is carried to the other side.' : choice.words;
  print(choice, { json, words });
  return choice.ok ? exitCodes.done : exitCodes.failed;
}

/** issues list: newest first. */
async function listIssues(
  program: Program,
  { connection, limit, closed, json }: Listing & { closed: boolean },
): Promise<number> {
  const connectionId = await idOf(program, connection);
  const rows = await program.app.decisions.issues({ connectionId, closed, limit });
  const lines = rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    connection: row.connectionLabel,
    resource: row.resource,
    record: row.ourId ?? row.theirId,
    count: row.count,
    opened: row.openedAt,
    last: row.lastAt,
    ...(closed ? { closed: row.closedAt, reason: row.closedReason } : {}),
    detail: row.detail,
  }));
  print(rows, { json, words: tableOf(lines) });
  return exitCodes.done;
}

async function closeIssue(
  program: Program,
  { id, reason, json }: Json & { id: string; reason: string },
): Promise<number> {
  const ok = await program.app.decisions.closeIssue(id, reason, commandLine);
  print({ id, ok }, { json, words: ok ? 'Closed.' : `${id} is not an open issue.` });
  return ok ? exitCodes.done : exitCodes.failed;
}
