import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { productionEnvironment } from '#src/config.ts';
import { type Clock, systemClock } from '#src/platform/clock.ts';
import type { Log } from '#src/platform/log.ts';
import { StartProblem } from '#src/platform/startProblem.ts';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));
export const buildFolder = path.join(projectFolder, 'build');

/** What pages are made from; a change in any of it makes a build old. */
const sources = ['src', 'public', 'package-lock.json', 'vite.config.ts', 'react-router.config.ts'];

/** React Router writes this file last, so a build that was cut short counts as old. */
const lastFile = path.join('build', 'server', 'index.js');

/** Beside React Router's own notes, which git ignores. */
const lockFile = path.join('.react-router', 'building');

/** A build takes seconds; a lock this old was left by a process that died, whoever has its id now. */
const lockMinutesMax = 3;

/**
 * Builds the pages when they are missing or older than their source. Of several processes that
 * start at once one builds and the others wait for it.
 *
 * folder, build  the project and how to build it; replaced in tests.
 */
export async function ensurePagesBuilt(options: {
  log: Log;
  clock?: Clock;
  folder?: string;
  build?: (folder: string) => Promise<void>;
}): Promise<void> {
  const { log, clock = systemClock, folder = projectFolder, build = runReactRouter } = options;
  const lock = path.join(folder, lockFile);
  await fs.mkdir(path.dirname(lock), { recursive: true });
  while (await isOld(folder)) {
    if (!(await takeLock(lock, clock))) {
      await clock.sleep(200);
      continue;
    }
    try {
      // Another process may have built between our look and our lock.
      if (!(await isOld(folder))) return;
      const start = clock.now().getTime();
      await build(folder);
      const seconds = (clock.now().getTime() - start) / 1000;
      log.info({ seconds }, 'Built the pages');
      return;
    } finally {
      await fs.rm(lock, { force: true });
    }
  }
}

async function isOld(folder: string): Promise<boolean> {
  const built = await changedAt(path.join(folder, lastFile));
  if (built === null) return true;
  for (const source of sources) {
    if ((await newestIn(path.join(folder, source))) > built) return true;
  }
  return false;
}

async function newestIn(place: string): Promise<number> {
  const stats = await fs.stat(place).catch(() => null);
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const entries = await fs.readdir(place, { recursive: true, withFileTypes: true });
  const times = entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => changedAt(path.join(entry.parentPath, entry.name)));
  return Math.max(0, ...(await Promise.all(times)).map((time) => time ?? 0));
}

async function changedAt(file: string): Promise<number | null> {
  const stats = await fs.stat(file).catch(() => null);
  return stats?.mtimeMs ?? null;
}

/** True when the lock is ours now. One whose process is gone is taken away for the next try. */
async function takeLock(lock: string, clock: Clock): Promise<boolean> {
  try {
    await fs.writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const takenAt = await changedAt(lock);
  const holder = Number(await fs.readFile(lock, 'utf8').catch(() => ''));
  const tooOld = clock.now().getTime() - (takenAt ?? 0) > lockMinutesMax * 60_000;
  // An empty file is a lock that is being written just now.
  if (takenAt !== null && (tooOld || (holder > 0 && !isRunning(holder)))) await fs.rm(lock);
  return false;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function runReactRouter(folder: string): Promise<void> {
  const tool = path.join(folder, 'node_modules', '@react-router', 'dev', 'bin.cjs');
  const child = spawn(process.execPath, [tool, 'build'], {
    cwd: folder,
    env: productionEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listen = (text: Buffer) => {
    said = (said + text).slice(-4_000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  throw new StartProblem(`The pages could not be built:\n${said.trim()}`, {
    remedy: 'Run npm ci, then npm run build.',
  });
}
