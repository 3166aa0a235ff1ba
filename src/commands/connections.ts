import type { Command } from 'commander';
import { secretFrom } from '#src/config.ts';
import type { ProbeLine } from '#src/integrations/commands.ts';
import type { Program } from '#src/program.ts';
import { type Connection, connectionByLabel } from '#src/sync/connections.ts';
import { finishDisconnect } from '#src/sync/disconnect.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, readSecret, tableOf } from './output.ts';

/** Who did it, in the activity log. */
export const commandLine = 'command line';

interface NewConnection extends Json {
  provider: string;
  label: string;
  organization: string;
}

/** connections add | list | test | pause | resume | replace-key | disconnect */
export function addConnectionCommands(kiex: Command): void {
  const connections = kiex.command('connections').description('accounts at providers');
  withJson(connections.command('add <provider>'))
    .requiredOption('--label <name>')
    .requiredOption('--organization <name>', 'the employer whose account it is')
    .option('--key-stdin', 'read the key, or the career page, from standard input (or KIEX_KEY)')
    .action((provider: string, given: Omit<NewConnection, 'provider'>) =>
      withProgram((program) => addConnection(program, { ...given, provider })),
    );
  withJson(connections.command('list')).action((given: Json) =>
    withProgram((program) => listConnections(program, given)),
  );
  withJson(connections.command('test <label>')).action((label: string, given: Json) =>
    withProgram((program) => testConnection(program, { ...given, label })),
  );
  for (const action of ['pause', 'resume'] as const) {
    withJson(connections.command(`${action} <label>`)).action((label: string, given: Json) =>
      withProgram((program) => holdConnection(program, { ...given, label, action })),
    );
  }
  withJson(connections.command('replace-key <label>'))
    .description('put a new key of the same account in the place of the old one')
    .option('--key-stdin', 'read the key from standard input (or set KIEX_KEY)')
    .action((label: string, given: Json) =>
      withProgram((program) => replaceKey(program, { ...given, label })),
    );
  withJson(connections.command('disconnect <label>'))
    .description('take its webhooks back, destroy its key, close its jobs for applicants')
    .requiredOption('--yes', 'without it nothing is done')
    .action((label: string, given: Json) =>
      withProgram((program) => disconnect(program, { ...given, label })),
    );
}

/** The connection of that name. Fails with words when there is none. */
export async function labelled({ parts }: Program, label: string): Promise<Connection> {
  const connection = await connectionByLabel(parts.db, label);
  if (!connection)
    throw new CommandProblem(`There is no connection named “${label}”. See: kiex connections list`);
  return connection;
}

async function addConnection(program: Program, given: NewConnection): Promise<number> {
  const known = program.app.integrations.offers().map(({ provider }) => provider);
  if (!known.includes(given.provider)) {
    const words = known.join(', ');
    throw new CommandProblem(`KiEX knows no provider “${given.provider}”. It knows: ${words}.`);
  }
  const key = secretFrom('KIEX_KEY') ?? (await readSecret('key'));
  const input = {
    provider: given.provider,
    label: given.label,
    organizationName: given.organization,
    key,
  };
  const added = await program.app.integrations.addConnection(input, commandLine);
  if (!added.ok) throw new CommandProblem(Object.values(added.errors).join(' '));
  const connection = await labelled(program, given.label.trim());
  const { id, state, stateReason } = connection;
  const words = `Added “${given.label}”: ${state.replaceAll('_', ' ')}.${stateReason ? ` ${stateReason}` : ''}`;
  print({ id, label: connection.label, state, reason: stateReason }, { json: given.json, words });
  return state === 'connected' || state === 'degraded' ? exitCodes.done : exitCodes.failed;
}

async function listConnections({ app }: Program, { json }: { json: boolean }): Promise<number> {
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
    'missed webhooks': row.missed.reduce((sum, { lost }) => sum + lost, 0),
    reason: row.stateReason,
  }));
  print(rows, { json, words: tableOf(lines) });
  return exitCodes.done;
}

async function testConnection(
  program: Program,
  { label, json }: { label: string; json: boolean },
): Promise<number> {
  const connection = await labelled(program, label);
  const lines = await program.app.integrations.testConnection(connection.id);
  print(
    lines.map(({ failure: _, ...line }) => line),
    { json, words: probeWords(lines) },
  );
  return lines.every((line) => line.ok || line.isOptional) ? exitCodes.done : exitCodes.failed;
}

const probeWords = (lines: ProbeLine[]) =>
  lines
    .map(({ capability, ok, words, remedy, isOptional }) =>
      [
        `${ok ? 'ok ' : isOptional ? '-  ' : 'NO '} ${capability.padEnd(20)} ${words}`,
        remedy && `    ${remedy}`,
      ]
        .filter(Boolean)
        .join('\n'),
    )
    .join('\n');

async function holdConnection(
  program: Program,
  { label, action, json }: { label: string; action: 'pause' | 'resume'; json: boolean },
): Promise<number> {
  const { id } = await labelled(program, label);
  const { integrations } = program.app;
  await integrations[action](id, commandLine);
  const { state } = await labelled(program, label);
  print({ label, state }, { json, words: `“${label}” is ${state}.` });
  return exitCodes.done;
}

async function replaceKey(
  program: Program,
  { label, json }: { label: string; json: boolean },
): Promise<number> {
  const { id } = await labelled(program, label);
  const key = secretFrom('KIEX_KEY') ?? (await readSecret('key'));
  const replaced = await program.app.integrations.replaceKey(
    { connectionId: id, key },
    commandLine,
  );
  if (!replaced.ok) throw new CommandProblem(Object.values(replaced.errors).join(' '));
  const { state } = await labelled(program, label);
  print({ label, state }, { json, words: `The key of “${label}” is replaced: ${state}.` });
  return exitCodes.done;
}

async function disconnect(
  program: Program,
  { label, json }: { label: string; json: boolean },
): Promise<number> {
  const { id } = await labelled(program, label);
  await program.app.integrations.disconnect(id, commandLine);
  // Without a running KiEX nobody else would; with one, whoever comes first.
  await finishDisconnect(program.parts, id);
  const { state, stateReason } = await labelled(program, label);
  const words = `“${label}” is ${state}.${stateReason ? ` ${stateReason}` : ''}`;
  print({ label, state, reason: stateReason }, { json, words });
  return exitCodes.done;
}
