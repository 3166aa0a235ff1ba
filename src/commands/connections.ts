import type { ProbeLine } from '#src/integrations/commands.ts';
import type { Program } from '#src/program.ts';
import { type Connection, connectionByLabel } from '#src/sync/connections.ts';
import { CommandProblem, exitCodes, print, readSecret, tableOf } from './output.ts';

export const commandLine = 'command line';

export async function labelled({ parts }: Program, label: string): Promise<Connection> {
  const connection = await connectionByLabel(parts.db, label);
  if (!connection)
    throw new CommandProblem(`There is no connection named “${label}”. See: kiex connections list`);
  return connection;
}

/** connections add manatal --label L --organization NAME --key-stdin */
export async function addConnection(
  program: Program,
  given: {
    provider: string;
    label: string;
    organization: string;
    json: boolean;
    secret: string | null;
  },
): Promise<number> {
  if (given.provider !== 'manatal')
    throw new CommandProblem(`KiEX knows no provider “${given.provider}”.`);
  const key = given.secret ?? (await readSecret('key'));
  const input = {
    provider: 'manatal',
    label: given.label,
    organizationName: given.organization,
    key,
  } as const;
  const added = await program.app.integrations.addConnection(input, commandLine);
  if (!added.ok) throw new CommandProblem(Object.values(added.errors).join(' '));
  const connection = await labelled(program, given.label.trim());
  const { id, state, stateReason } = connection;
  const words = `Added “${given.label}”: ${state.replaceAll('_', ' ')}.${stateReason ? ` ${stateReason}` : ''}`;
  print({ id, label: connection.label, state, reason: stateReason }, { json: given.json, words });
  return state === 'connected' || state === 'degraded' ? exitCodes.done : exitCodes.failed;
}

export async function listConnections(
  { app }: Program,
  { json }: { json: boolean },
): Promise<number> {
  const connections = await app.dashboard.connections();
  // The webhook address holds a secret: shown to staff on the page, not in a listing.
  const rows = connections.map(({ webhookAddress: _, ...connection }) => connection);
  const lines = rows.map((row) => ({
    label: row.label,
    provider: row.provider,
    organisation: row.organizationName,
    state: row.state,
    key: `…${row.keyLastFour}`,
    linked: row.resources.reduce((sum, resource) => sum + resource.linked, 0),
    failures: row.openFailures,
    reason: row.stateReason,
  }));
  print(rows, { json, words: tableOf(lines) });
  return exitCodes.done;
}

export async function testConnection(
  program: Program,
  { label, json }: { label: string; json: boolean },
): Promise<number> {
  const connection = await labelled(program, label);
  const lines = await program.app.integrations.testConnection(connection.id);
  print(
    lines.map(({ failure: _, ...line }) => line),
    { json, words: probeWords(lines) },
  );
  return lines.every((line) => line.ok) ? exitCodes.done : exitCodes.failed;
}

const probeWords = (lines: ProbeLine[]) =>
  lines
    .map(({ capability, ok, words, remedy }) =>
      [`${ok ? 'ok ' : 'NO '} ${capability.padEnd(20)} ${words}`, remedy && `    ${remedy}`]
        .filter(Boolean)
        .join('\n'),
    )
    .join('\n');

export async function holdConnection(
  program: Program,
  { label, pause, json }: { label: string; pause: boolean; json: boolean },
): Promise<number> {
  const { id } = await labelled(program, label);
  const { integrations } = program.app;
  await (pause ? integrations.pause(id, commandLine) : integrations.resume(id, commandLine));
  const { state } = await labelled(program, label);
  print({ label, state }, { json, words: `“${label}” is ${state}.` });
  return exitCodes.done;
}
