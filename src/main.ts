import { Command, CommanderError, Option } from 'commander';
import { exitCodes } from './commands/output.ts';
import {
  type Config,
  explainProblems,
  readConfig,
  secretFrom,
  settleNodeEnvironment,
} from './config.ts';
import type { Log } from './platform/log.ts';
import type { Program } from './program.ts';

// Rooms are imported where a command needs them: React and better-auth look at the environment
// when they are loaded, and a listing should not load a web server.

type Json = { json: boolean };
type Listing = Json & { connection?: string; limit: number };

const program = new Command('kiex')
  .description('Connects students with jobs kept in Manatal.')
  .configureOutput({ outputError: (text, write) => write(text) })
  .exitOverride();

const number = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new CommanderError(2, 'limit', `not a number: ${text}`);
  return value;
};

program
  .command('start')
  .description('web and worker in one process; with the sandbox unless KIEX_SANDBOX=off')
  .action(() => serving({ web: true, worker: true, sandbox: true }));
program
  .command('web')
  .description('pages and webhooks only')
  .action(() => serving({ web: true, worker: false, sandbox: false }));
program
  .command('worker')
  .description('the engine only; any number may run')
  .action(() => serving({ web: false, worker: true, sandbox: false }));

withJson(program.command('migrate').description('bring the database to this version')).action(
  (options: Json) =>
    withProgram(async () => {
      const { print } = await import('./commands/output.ts');
      print({ migrated: true }, { ...options, words: 'The database is up to date.' });
      return exitCodes.done;
    }),
);
withJson(
  program.command('doctor').description('check database, keys, clock, providers and disk'),
).action((options: Json) =>
  withProgram(async (running, config) => {
    const { doctor } = await import('./commands/doctor.ts');
    return doctor(running, config, options);
  }),
);

const users = program.command('users').description('accounts of people');
withJson(users.command('create'))
  .requiredOption('--email <e-mail>')
  .requiredOption('--name <name>')
  .addOption(
    new Option('--role <role>')
      .choices(['student', 'employer', 'staff', 'admin'])
      .makeOptionMandatory(),
  )
  .option('--password-stdin', 'read the password from standard input (or set KIEX_PASSWORD)')
  .action((options: Json & { email: string; name: string; role: string }) =>
    withProgram(async (running) => {
      const { createUser } = await import('./commands/users.ts');
      return createUser(running, { ...options, secret: secretFrom('KIEX_PASSWORD') });
    }),
  );

const connections = program.command('connections').description('accounts at providers');
withJson(connections.command('add <provider>'))
  .requiredOption('--label <name>')
  .requiredOption('--organization <name>', 'the employer whose account it is')
  .option('--key-stdin', 'read the key from standard input (or set KIEX_KEY)')
  .action((provider: string, options: Json & { label: string; organization: string }) =>
    withProgram(async (running) => {
      const { addConnection } = await import('./commands/connections.ts');
      return addConnection(running, { ...options, provider, secret: secretFrom('KIEX_KEY') });
    }),
  );
withJson(connections.command('list')).action((options: Json) =>
  withProgram(async (running) => {
    const { listConnections } = await import('./commands/connections.ts');
    return listConnections(running, options);
  }),
);
withJson(connections.command('test <label>')).action((label: string, options: Json) =>
  withProgram(async (running) => {
    const { testConnection } = await import('./commands/connections.ts');
    return testConnection(running, { ...options, label });
  }),
);
for (const pause of [true, false]) {
  withJson(connections.command(`${pause ? 'pause' : 'resume'} <label>`)).action(
    (label: string, options: Json) =>
      withProgram(async (running) => {
        const { holdConnection } = await import('./commands/connections.ts');
        return holdConnection(running, { ...options, label, pause });
      }),
  );
}

withJson(program.command('sync <label>').description('ask for a sync now'))
  .option('--resource <name>', 'only this kind of record')
  .option('--full', 'read everything, not only what changed', false)
  .option('--wait', 'stay until it ends; the exit code tells whether it is green', false)
  .action((label: string, options: Json & { resource?: string; full: boolean; wait: boolean }) =>
    withProgram(async (running) => {
      const { sync } = await import('./commands/sync.ts');
      return sync(running, { ...options, label });
    }),
  );

withListing(program.command('runs').description('polls, backfills and full reads')).action(
  (options: Listing) =>
    withProgram(async (running) =>
      (await import('./commands/lists.ts')).listRuns(running, options),
    ),
);
withListing(program.command('activity').description('what was done to which record')).action(
  (options: Listing) =>
    withProgram(async (running) =>
      (await import('./commands/lists.ts')).listActivity(running, options),
    ),
);

const deadLetters = program.command('dead-letters').description('work that waits for a person');
withListing(deadLetters.command('list')).action((options: Listing) =>
  withProgram(async (running) =>
    (await import('./commands/lists.ts')).listDeadLetters(running, options),
  ),
);
withJson(deadLetters.command('retry [ids...]'))
  .option('--all', 'all that are open', false)
  .action((ids: string[], options: Json & { all: boolean }) =>
    withProgram(async (running) =>
      (await import('./commands/lists.ts')).retryDeadLetters(running, { ...options, ids }),
    ),
  );
withJson(deadLetters.command('dismiss <ids...>'))
  .requiredOption('--reason <words>', 'why it needs no more work')
  .action((ids: string[], options: Json & { reason: string }) =>
    withProgram(async (running) =>
      (await import('./commands/lists.ts')).dismissDeadLetters(running, { ...options, ids }),
    ),
  );

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON', false);
}

function withListing(command: Command): Command {
  return withJson(command)
    .option('--connection <label>', 'only of this connection')
    .option('--limit <n>', 'how many', number, 50);
}

async function serving(roles: { web: boolean; worker: boolean; sandbox: boolean }): Promise<void> {
  const { config, log } = await prepare(false);
  const { serve } = await import('./commands/serve.ts');
  await serve(config, log, roles);
  process.exit(exitCodes.done);
}

/** Opens the program without web and worker, for one command; works beside a running server. */
async function withProgram(
  work: (running: Program, config: Config) => Promise<number>,
): Promise<void> {
  const { config, log } = await prepare(true);
  const { openProgram } = await import('./program.ts');
  const { withSandbox } = await import('./commands/serve.ts');
  const { sandboxAddresses } = await import('./sandbox/start.ts');
  const settled = withSandbox(config, sandboxAddresses(config));
  const running = await openProgram({ config: settled, log, sandbox: null });
  try {
    process.exitCode = await work(running, settled);
  } finally {
    await running.close();
  }
}

/** Settings and log; a command logs warnings only, to standard error, beside its result. */
async function prepare(forCommand: boolean): Promise<{ config: Config; log: Log }> {
  const read = readConfig();
  if (!read.ok)
    throw new CommanderError(exitCodes.cannotStart, 'settings', explainProblems(read.problems));
  settleNodeEnvironment(read.config);
  const { createLog } = await import('./platform/log.ts');
  const { level, pretty } = read.config.log;
  const log = forCommand
    ? createLog({ level: level === 'info' ? 'warn' : level, pretty, destination: process.stderr })
    : createLog({ level, pretty });
  return { config: read.config, log };
}

function explain(error: unknown): number {
  const { name, message } = error as Error;
  if (error instanceof CommanderError) {
    if (error.code === 'settings') process.stderr.write(`${message}\n`);
    return error.exitCode === 0
      ? exitCodes.done
      : error.code === 'settings'
        ? error.exitCode
        : exitCodes.usage;
  }
  if (name === 'CommandProblem') {
    process.stderr.write(`${message}\n`);
    return (error as { exitCode: number } & Error).exitCode;
  }
  if (name === 'StartProblem') {
    const { remedy } = error as { remedy: string } & Error;
    process.stderr.write(`KiEX cannot start: ${message}\n${remedy}\n`);
    return exitCodes.cannotStart;
  }
  process.stderr.write(`${(error as Error).stack ?? message}\n`);
  return exitCodes.failed;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exit(explain(error));
}
