import type { SandboxSigns } from '#src/app.ts';
import type { Config } from '#src/config.ts';
import { systemClock } from '#src/platform/clock.ts';
import { outgoingFetch } from '#src/platform/httpClient.ts';
import type { Log } from '#src/platform/log.ts';
import { systemRandom } from '#src/platform/random.ts';
import { openProgram, type Program } from '#src/program.ts';
import { type SandboxAddresses, sandboxAddresses } from '#src/sandbox/addresses.ts';
import {
  addSandboxConnections,
  addSandboxPeople,
  isUnfilled,
  SANDBOX_PEOPLE,
} from '#src/sandbox/people.ts';
import { type Sandbox, startSandbox } from '#src/sandbox/start.ts';
import { checkAddressFree } from '#src/web/listening.ts';
import { mountWebhooks } from '#src/web/webhookDoor.ts';
import { createWebServer } from '#src/web.ts';
import { startWorker } from '#src/worker.ts';
import { aborted, listenForEnd } from './ending.ts';
import { withSandbox } from './simulators.ts';
import { welcome } from './welcome.ts';

/** What of the program this process runs. */
export interface Roles {
  web: boolean;
  worker: boolean;
  /** Starts the simulators; only `start` does. */
  sandbox: boolean;
}

/** What was started, to be ended in the opposite order. */
type Closers = { name: string; close(): Promise<void> }[];

/** Runs until a signal asks for the end; then ends everything in turn, the database last. */
export async function serve(config: Config, log: Log, roles: Roles): Promise<void> {
  const ending = listenForEnd(systemClock);
  const closers: Closers = [];
  try {
    const lines = await startAll({ config, log, roles, ending, closers });
    process.stdout.write(`${lines.join('\n')}\n`);
    await aborted(ending);
  } catch (error) {
    // Whoever asks for the end during the start gets it, whatever fails on the way.
    if (!ending.aborted) throw error;
  } finally {
    if (ending.aborted) process.stdout.write('\nStopping…\n');
    await closeAll(closers, log);
  }
  process.stdout.write('Stopped. All data is kept.\n');
}

async function startAll(start: {
  config: Config;
  log: Log;
  roles: Roles;
  ending: AbortSignal;
  closers: Closers;
}): Promise<string[]> {
  const { config, log, roles, ending, closers } = start;
  if (roles.web) await checkAddressFree(config);
  const sandbox = roles.sandbox ? await openSandbox(config) : null;
  if (sandbox) closers.push({ name: 'simulators', close: sandbox.close });
  ending.throwIfAborted();

  const addresses = sandboxAddresses(config.sandbox.folder);
  const settled = withSandbox(config, addresses);
  const signs = signsOf(settled, addresses);
  const program = await openProgram({ config: settled, log, sandbox: signs });
  closers.push({ name: 'database', close: program.close });
  ending.throwIfAborted();

  if (roles.web) {
    const web = await openWeb(settled, log, program);
    closers.push({ name: 'web server', close: web.close });
  }
  if (roles.worker) {
    const worker = await startWorker(program.parts);
    closers.push({ name: 'worker', close: worker.stop });
  }
  if (sandbox) await fillSandbox({ program, sandbox, log, ending });
  const embedded = program.database.kind === 'embedded';
  return welcome({ config: settled, embedded, web: roles.web, sandbox, signs });
}

async function openSandbox({ sandbox }: Config): Promise<Sandbox | null> {
  if (!sandbox.manatalSimulator) return null;
  return startSandbox({
    folder: sandbox.folder,
    ports: {
      manatal: sandbox.manatalPort,
      manahook: sandbox.manahookPort,
      wix: sandbox.wixSimulator ? sandbox.wixPort : null,
    },
    clock: systemClock,
    random: systemRandom,
    outgoing: outgoingFetch,
  });
}

function signsOf(config: Config, addresses: SandboxAddresses | null): SandboxSigns | null {
  if (!config.sandbox.manatalSimulator || !addresses) return null;
  const websiteUrl = config.sandbox.wixSimulator ? (addresses.wix?.inspectorUrl ?? null) : null;
  return { inspectorUrl: addresses.inspectorUrl, websiteUrl, signIns: SANDBOX_PEOPLE };
}

/** People at once, so that one can sign in; connections take their time beside everything else. */
async function fillSandbox(options: {
  program: Program;
  sandbox: Sandbox;
  log: Log;
  ending: AbortSignal;
}): Promise<void> {
  const { program, sandbox, log, ending } = options;
  const { app, parts } = program;
  if (!(await isUnfilled(parts.db))) return;
  await addSandboxPeople(app.accounts, parts);
  const { integrations } = app;
  addSandboxConnections({ db: parts.db, integrations }, sandbox.accounts).catch((error) => {
    // At the end the database goes away under it; the next start finishes what is missing.
    if (!ending.aborted) log.error({ err: error }, 'The sandbox’s connections could not be made');
  });
}

const openWeb = (config: Config, log: Log, { app, parts, fileLinks, checkReady }: Program) =>
  createWebServer({
    config,
    log,
    app,
    doors: {
      viewerOf: (request) => app.accounts.viewerOf(request),
      live: parts.live,
      fileLinks,
      mountWebhooks: (site) => mountWebhooks(site, parts),
      checkReady,
    },
  });

/** What fails to end must not keep the rest, the database above all, from ending. */
async function closeAll(closers: Closers, log: Log): Promise<void> {
  for (const { name, close } of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      log.error({ err: error }, `The ${name} did not end well`);
    }
  }
}
