import type { Program } from '#src/program.ts';
import { commandLine, labelled } from './connections.ts';
import { CommandProblem, exitCodes, print, tableOf } from './output.ts';

interface Listing {
  connection?: string;
  limit: number;
  json: boolean;
}

const idOf = async (program: Program, label: string | undefined) =>
  label ? (await labelled(program, label)).id : null;

/** runs: those that are open, then those that ended, newest first. */
export async function listRuns(
  program: Program,
  { connection, limit, json }: Listing,
): Promise<number> {
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
export async function listActivity(
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

/** dead-letters list: what waits for a person, and what is being retried. */
export async function listDeadLetters(
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

export async function retryDeadLetters(
  program: Program,
  { ids, all, json }: { ids: string[]; all: boolean; json: boolean },
): Promise<number> {
  const { integrations, dashboard } = program.app;
  const wanted = all ? (await dashboard.openFailures(null, 1_000)).rows.map(({ id }) => id) : ids;
  if (wanted.length === 0 && !all)
    throw new CommandProblem('Say which: ids from `dead-letters list`, or --all.');
  return act({ ids: wanted, json, done: 'asked to be tried again' }, (id) =>
    integrations.retryFailure(id, commandLine),
  );
}

export async function dismissDeadLetters(
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
