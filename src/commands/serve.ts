import type { SandboxSigns } from '#src/app.ts';
import type { Config } from '#src/config.ts';
import { systemClock } from '#src/platform/clock.ts';
import { outgoingFetch } from '#src/platform/httpClient.ts';
import type { Log } from '#src/platform/log.ts';
import { systemRandom } from '#src/platform/random.ts';
import { openProgram, type Program } from '#src/program.ts';
import { connectSandbox, SANDBOX_PEOPLE, seedPeople } from '#src/sandbox/people.ts';
import { type Sandbox, sandboxAddresses, startSandbox } from '#src/sandbox/start.ts';
import { mountWebhooks } from '#src/web/webhookDoor.ts';
import { createWebServer } from '#src/web.ts';
import { startWorker } from '#src/worker.ts';

/** What of the program this process runs. */
export interface Roles {
  web: boolean;
  worker: boolean;
  /** Starts the simulators; only `start` does. */
  sandbox: boolean;
}

interface Running {
  lines: string[];
  close(): Promise<void>;
}

/** Runs until a signal asks for the end; then ends everything in turn, the database last. */
export async function serve(config: Config, log: Log, roles: Roles): Promise<void> {
  const running = await startAll(config, log, roles);
  for (const line of running.lines) process.stdout.write(`${line}\n`);
  await endSignal();
  process.stdout.write('\nStopping…\n');
  await running.close();
  process.stdout.write('Stopped. All data is kept.\n');
}

async function startAll(config: Config, log: Log, roles: Roles): Promise<Running> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closers.toReversed()) await end();
  };
  try {
    const sandbox =
      roles.sandbox && config.sandbox.manatalSimulator ? await openSandbox(config) : null;
    if (sandbox) closers.push(() => sandbox.close());
    const settled = withSandbox(config, sandbox?.addresses ?? sandboxAddresses(config));
    const program = await openProgram({ config: settled, log, sandbox: signsOf(settled, sandbox) });
    closers.push(() => program.close());
    const web = roles.web ? await openWeb(settled, log, program) : null;
    if (web) closers.push(() => web.close());
    if (sandbox) await seedPeople(program.parts.db, program.app);
    if (roles.worker) {
      const worker = await startWorker(program.parts, { publicUrl: settled.publicUrl });
      closers.push(() => worker.stop());
    }
    if (sandbox) {
      // Registering webhooks takes seconds at a provider's pace; nobody waits for it at the prompt.
      const connecting = connectSandbox(program.parts.db, program.app, sandbox).catch((error) => {
        log.error({ err: error }, 'The sandbox could not be connected; the next start tries again');
      });
      closers.push(() => connecting);
    }
    return { lines: welcome(settled, program, { sandbox, web: Boolean(web) }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const openSandbox = (config: Config) =>
  startSandbox({ config, clock: systemClock, random: systemRandom, outgoing: outgoingFetch });

/** The simulators may have taken other ports than those in the settings. */
export function withSandbox(
  config: Config,
  addresses: { manatalUrl: string; manahookUrl: string } | null,
): Config {
  if (!config.sandbox.manatalSimulator || !addresses) return config;
  return { ...config, manatalUrl: addresses.manatalUrl, manahookUrl: addresses.manahookUrl };
}

function signsOf(config: Config, sandbox: Sandbox | null): SandboxSigns | null {
  const inspectorUrl = sandbox?.addresses.inspectorUrl ?? sandboxAddresses(config)?.inspectorUrl;
  if (!config.sandbox.manatalSimulator || !inspectorUrl) return null;
  return { inspectorUrl, signIns: SANDBOX_PEOPLE };
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

function welcome(
  config: Config,
  { app, database }: Program,
  { sandbox, web }: { sandbox: Sandbox | null; web: boolean },
): string[] {
  const address = `http://localhost:${config.port}`;
  const where =
    database.kind === 'embedded' ? `its own PostgreSQL in ${config.dataDir}` : 'your PostgreSQL';
  const lines = web ? ['', `  KiEX          ${address}`] : ['', '  KiEX worker'];
  if (app.sandbox && web) {
    lines.push(`  Recruiter     ${app.sandbox.inspectorUrl}  (simulated Manatal)`);
    if (sandbox?.portWasTaken)
      lines.push('                its usual port is taken, so it chose a free one');
    for (const { role, email, password } of app.sandbox.signIns) {
      lines.push(`  ${`As ${role}`.padEnd(13)} ${email}  ${password}`);
    }
  }
  if (web && !app.sandbox) {
    lines.push('  First steps   kiex users create …, then connect Manatal in Integration Settings');
  }
  lines.push(`  Data          ${where}`, '  Ctrl-C        stops everything; all data is kept', '');
  return lines;
}

/** Resolves at the first signal that asks for the end; a second one ends at once. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
    }
  });
}
