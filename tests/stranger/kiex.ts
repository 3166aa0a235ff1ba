import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
const program = ['--import', './src/platform/fastDrizzle.ts', 'src/main.ts'];
const startSecondsMax = 120;

/** KiEX as an operator runs it: one process, one data folder, and the command line beside it. */
export interface Kiex {
  url: string;
  start(): Promise<void>;
  /** Ends it without a word, as a power cut does. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  output(): string;
  /** Runs one command; what it prints as JSON, and how it ended. */
  command(words: string[], input?: string): Promise<Ran>;
}

export interface Ran {
  // biome-ignore lint/suspicious/noExplicitAny: what a script gets from JSON
  json: any;
  code: number;
  said: string;
}

/** A new KiEX for these providers; not yet running. */
export async function createKiex(manatal: { url: string; manahookUrl: string }): Promise<Kiex> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'kiex-stranger-'));
  // Enterable by everybody: under root the database runs as another user.
  await fs.chmod(dataDir, 0o755);
  const env = {
    ...bareEnvironment(),
    PORT: String(port),
    KIEX_DATA_DIR: dataDir,
    KIEX_SANDBOX: 'off',
    KIEX_MANATAL_URL: manatal.url,
    KIEX_MANAHOOK_URL: manatal.manahookUrl,
    KIEX_ALLOW_INSECURE_PROVIDERS: '1',
    KIEX_PUBLIC_URL: url,
    KIEX_POLL_SECONDS: '5',
    KIEX_RESUME_VERIFY_SECONDS: '5',
    // So that twenty students can each have an address of their own.
    KIEX_PROXIES: '1',
    KIEX_LOG: 'json',
  };
  let child: ChildProcess | null = null;
  let said = '';
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise((resolve) => ending.once('close', resolve));
    ending.kill(signal);
    await ended;
  };
  process.once('exit', () => child?.kill('SIGKILL'));
  return {
    url,
    output: () => said,
    async start() {
      const started = spawn(process.execPath, [...program, 'start'], {
        cwd: projectFolder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (text: Buffer) => {
          said += text;
        });
      }
      for (let tries = 0; tries < startSecondsMax * 10; tries++) {
        if (started.exitCode !== null)
          throw new Error(`KiEX ended with ${started.exitCode}: ${said}`);
        if (
          await fetch(`${url}/readyz`).then(
            (answer) => answer.ok,
            () => false,
          )
        )
          return;
        await pause(100);
      }
      throw new Error(`KiEX did not get ready: ${said}`);
    },
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      await fs.rm(dataDir, { recursive: true, force: true });
    },
    command: (words, input) => run(env, words, input),
  };
}

function run(env: NodeJS.ProcessEnv, words: string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd: projectFolder, env, maxBuffer: 64 * 1024 * 1024 };
    const command = execFile(process.execPath, [...program, ...words], options, (_, out, err) => {
      const code = command.exitCode ?? 1;
      resolve({ json: jsonOf(out), code, said: `${out}\n${err}` });
    });
    command.stdin?.end(input);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Our own settings must not reach the program, nor those of the test runner. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(KIEX_|VITEST|VITE_|DATABASE_URL$|PORT$|LOG_LEVEL$|NODE_ENV$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
