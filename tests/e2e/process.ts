import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { embeddedFolder } from '#src/platform/embeddedFolder.ts';
import { runningServer, signalServer } from '#src/platform/embeddedProcess.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(project, 'bin', 'kiex');

type Settings = Record<string, string>;

/** A process of KiEX, in a process group of its own as a terminal gives it. */
export interface Started {
  process: ChildProcess;
  /** What it has printed so far, on both outputs. */
  said(): string;
  /** Resolves when it has printed this; fails when it ends before or takes too long. */
  says(words: string | RegExp, seconds?: number): Promise<void>;
  /** To the process that was started, or to all of its group as Ctrl-C does. */
  signal(signal: NodeJS.Signals, whom?: 'it' | 'group'): void;
  /** Its exit code when it ends. */
  ended: Promise<number | null>;
}

export interface Answer {
  code: number | null;
  out: string;
  err: string;
  /** What it printed, read as JSON. */
  json<T>(): T;
}

const started: Started[] = [];
const folders: string[] = [];

/** Ends whatever a failed test left running, databases too, and removes the folders. */
export async function cleanUp(): Promise<void> {
  for (const one of started.splice(0)) {
    if (one.process.exitCode !== null || one.process.signalCode !== null) continue;
    one.signal('SIGKILL', 'group');
    await one.ended;
  }
  for (const folder of folders.splice(0)) {
    signalServer(embeddedFolder(folder).pgdata, 'SIGQUIT');
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** A data folder that goes away with `cleanUp`. */
export function makeDataDir(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kiex-e2e-'));
  folders.push(folder);
  return folder;
}

/** The process of the built-in PostgreSQL of a data folder; null when none runs. */
export const databaseOf = (dataDir: string) => runningServer(embeddedFolder(dataDir).pgdata);

/** Free just now; nobody else on this machine is expected to take it in the next seconds. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** Starts `bin/kiex`, or `npm` with these arguments, and leaves it running. */
export function start(args: string[], settings: Settings, by: 'kiex' | 'npm' = 'kiex'): Started {
  const child = spawn(by === 'npm' ? 'npm' : program, args, {
    cwd: project,
    env: environment(settings),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listen = (text: Buffer) => {
    said += text;
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const one: Started = {
    process: child,
    ended,
    said: () => said,
    async says(words, seconds = 60) {
      for (let tries = 0; !said.match(words); tries++) {
        const gone = child.exitCode !== null || child.signalCode !== null;
        if (gone || tries > seconds * 20) throw new Error(`not said: ${words}\n${said}`);
        await sleep(50);
      }
    },
    signal: (signal, whom = 'it') =>
      process.kill(whom === 'group' ? -child.pid! : child.pid!, signal),
  };
  started.push(one);
  return one;
}

/** Runs a command of `bin/kiex` to its end. */
export async function run(args: string[], settings: Settings, input = ''): Promise<Answer> {
  // From another folder, since that must not matter.
  const child = spawn(program, args, { cwd: os.tmpdir(), env: environment(settings) });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    err += text;
  });
  child.stdin.on('error', () => undefined); // it ended without reading
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, out, err, json: () => JSON.parse(out) };
}

/** Ours without settings of KiEX: the tests say each that matters. */
function environment(settings: Settings): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(
    ([name]) => !/^(KIEX_|npm_|PORT$|DATABASE_URL$|LOG_LEVEL$|NODE_|VITEST)/.test(name),
  );
  return { ...Object.fromEntries(ours), ...settings };
}
