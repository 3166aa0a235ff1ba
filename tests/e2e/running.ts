import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The program as its users start it, in a process of its own, on free ports and a fresh data folder. */
export interface RunningKiex {
  /** Where its pages are. */
  url: string;
  /** Where the recruiter acts in the simulated Manatal; ends in a slash. */
  inspectorUrl: string;
  /** From the start of the process to the first answer of `/readyz`. */
  secondsToReady: number;
  /** All that it has printed so far. */
  output(): string;
  /** Asks it to end, as Ctrl-C does, and removes its data. Fails when it does not end well. */
  stop(): Promise<void>;
}

/** Pages may have to be built first. */
const startSecondsMax = 90;
const stopSecondsMax = 20;
const lookAgainMilliseconds = 50;
const outputCharactersMax = 200_000;

/** Lets it call the simulated Manatal as fast as it can: the board is filled ten seconds sooner. */
export const unpaced = { KIEX_MANATAL_CALLS_PER_MINUTE: '0' };

/** Starts the program and resolves when it is ready and has told where everything is. */
export async function startKiex(settings: Record<string, string> = {}): Promise<RunningKiex> {
  const [port, manatalPort, manahookPort] = await freePorts(3);
  const dataDir = await makeDataFolder();
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', './src/platform/fastDrizzle.ts', 'src/main.ts', 'start'],
    {
      cwd: projectFolder,
      env: {
        ...bareEnvironment(),
        PORT: String(port),
        KIEX_SANDBOX_MANATAL_PORT: String(manatalPort),
        KIEX_SANDBOX_MANAHOOK_PORT: String(manahookPort),
        KIEX_DATA_DIR: dataDir,
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  // Whatever ends the test run also ends the program.
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  const output = listenTo(child);
  const url = `http://127.0.0.1:${port}`;
  const end = async () => {
    process.off('exit', endWithUs);
    const code = await endProcess(child);
    await fs.rm(dataDir, { recursive: true, force: true });
    return code;
  };
  try {
    await until(child, output, () => answers(`${url}/readyz`));
    const secondsToReady = (performance.now() - startedAt) / 1000;
    await until(child, output, async () => output().includes('Ctrl-C'));
    return {
      url,
      inspectorUrl: `http://127.0.0.1:${manatalPort}/admin/`,
      secondsToReady,
      output,
      async stop() {
        const code = await end();
        if (code !== 0) throw new Error(`KiEX ended with ${code}.\n${output()}`);
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Our own settings must not reach the program, nor those of the test runner. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(KIEX_|VITEST|VITE_|DATABASE_URL$|PORT$|LOG_LEVEL$|NODE_ENV$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Enterable by everybody: under root the database runs as another user. */
async function makeDataFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'kiex-e2e-'));
  await fs.chmod(folder, 0o755);
  return folder;
}

/** Held together until all are known, so that none is given twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listenAnywhere(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function listenTo(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      said = (said + text).slice(-outputCharactersMax);
    });
  }
  return () => said;
}

async function answers(address: string): Promise<boolean> {
  return fetch(address).then(
    (response) => response.ok,
    () => false,
  );
}

async function until(
  child: ChildProcess,
  output: () => string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const end = performance.now() + startSecondsMax * 1000;
  while (!(await isSo())) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`KiEX ended before it was ready.\n${output()}`);
    }
    if (performance.now() > end) throw new Error(`KiEX did not get ready.\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, lookAgainMilliseconds));
  }
}

async function endProcess(child: ChildProcess): Promise<number | string | null> {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('close', () => resolve());
  });
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), stopSecondsMax * 1000);
  await ended;
  clearTimeout(patience);
  return child.exitCode ?? child.signalCode;
}
