import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Settings of one installation: a data folder, a port, a provider. */
export type Settings = Record<string, string>;

/** KiEX as people run it: a process of its own, from the source, through its command line. */
export interface KiexProcess {
  url: string;
  /** From the start of the process until it answered that it is ready. */
  readyMilliseconds: number;
  spawnedAt: number;
  /** kill -9: nothing in the process hears of it. */
  kill(): Promise<void>;
  /** Asks it to end, as Ctrl-C does. */
  stop(): Promise<void>;
}

const readySecondsMax = 60;

/** Starts `kiex start` and waits until it is ready. */
export async function startKiex(settings: Settings): Promise<KiexProcess> {
  const spawnedAt = Date.now();
  const child = run(['start'], settings);
  const url = `http://127.0.0.1:${settings.PORT}`;
  await untilReady(child, url, settings);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url,
    readyMilliseconds: Date.now() - spawnedAt,
    spawnedAt,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Runs one command to its end. Fails when it does. */
export async function kiexCommand(words: string[], settings: Settings): Promise<void> {
  const child = run(words, settings);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`kiex ${words[0]} ended with ${code}\n${lastWords(settings)}`);
}

function run(words: string[], settings: Settings): ChildProcess {
  fs.mkdirSync(settings.KIEX_DATA_DIR!, { recursive: true });
  const log = fs.openSync(logOf(settings), 'a');
  const loader = ['--import', './src/platform/fastDrizzle.ts', 'src/main.ts'];
  const child = spawn(process.execPath, [...loader, ...words], {
    cwd: projectFolder,
    // Only the path: nothing of the machine's own settings may leak into the proof.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  return child;
}

async function untilReady(child: ChildProcess, url: string, settings: Settings): Promise<void> {
  const giveUpAt = Date.now() + readySecondsMax * 1_000;
  while (Date.now() < giveUpAt) {
    if (child.exitCode !== null) throw new Error(`KiEX did not start\n${lastWords(settings)}`);
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await sleep(20);
  }
  throw new Error(`KiEX is not ready after ${readySecondsMax} s\n${lastWords(settings)}`);
}

const logOf = (settings: Settings) => path.join(settings.KIEX_DATA_DIR!, 'kiex.log');
const lastWords = (settings: Settings) => fs.readFileSync(logOf(settings), 'utf8').slice(-3_000);

export const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
