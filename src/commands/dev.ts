import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { developmentEnvironment } from '#src/config.ts';
import { systemClock } from '#src/platform/clock.ts';
import { aborted, listenForEnd } from './ending.ts';
import { say } from './output.ts';

const source = fileURLToPath(new URL('..', import.meta.url));
/** Editors write a file in several steps, and a switch of branches writes many files. */
const settleMilliseconds = 200;

/** dev: `start` for developers. */
export function addDevCommand(kiex: Command): void {
  kiex
    .command('dev')
    .description('start, for developers: pages change as they are written, the server starts anew')
    .action(dev);
}

// Node's own --watch would start anew for each file that Vite writes and loads for itself.
async function dev(): Promise<void> {
  const ending = listenForEnd(systemClock);
  const changes = watchServerFiles();
  while (!ending.aborted) {
    const changed = changes.next();
    const server = startServer();
    const ended = once(server, 'exit');
    await Promise.race([ended, changed, aborted(ending)]);
    if (server.exitCode !== null && !ending.aborted) {
      say('It ended. It starts again when a file of the server changes.');
      await Promise.race([changed, aborted(ending)]);
    }
    await stopServer(server);
  }
  process.exit();
}

function startServer(): ChildProcess {
  const args = [...process.execArgv, process.argv[1]!, 'start'];
  return spawn(process.execPath, args, { stdio: 'inherit', env: developmentEnvironment() });
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}

/** What Node itself loads; pages and their styles are Vite's, which puts them into the browser. */
const isServerFile = (file: string) =>
  /\.ts$/.test(file) && !/\.test\.ts$/.test(file) && !/^(look\/|routes\.ts$)/.test(file);

function watchServerFiles() {
  let tell = (_file: string) => {};
  fs.watch(source, { recursive: true }, (_event, file) => {
    if (file && isServerFile(file)) tell(file);
  });
  return {
    /** Resolves when a file has changed since this was called, and has settled. */
    async next(): Promise<void> {
      const file = await new Promise<string>((resolve) => {
        tell = resolve;
      });
      await systemClock.sleep(settleMilliseconds);
      say(`\n${file} changed: starting again`);
    },
  };
}
