import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { EmbeddedBinaries } from './embeddedBinaries.ts';
import type { EmbeddedFolder, RunAs } from './embeddedFolder.ts';
import { isAlive } from './embeddedProcess.ts';
import { errorCode, StartProblem } from './startProblem.ts';

const LOG_BYTES_MAX = 1_000_000;

/** What is needed to start the server of one folder. */
export type Launch = { binaries: EmbeddedBinaries; folder: EmbeddedFolder; runAs: RunAs };

/** PostgreSQL's own settings by name; the values must not hold secrets (they show in `ps`). */
export type ServerSettings = Record<string, string>;

const SETTINGS: ServerSettings = {
  // Only the unix socket, which only its owner may open: that is why no password is needed.
  listen_addresses: '',
  unix_socket_permissions: '0700',
  // One small machine shared with KiEX itself.
  shared_buffers: '64MB',
  max_connections: '60',
  max_wal_size: '512MB',
  wal_compression: 'on',
  // Short queries over few rows: compiling or spreading them costs more than it brings.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Failed statements are thrown in KiEX, where they are logged without people's data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/**
 * Makes the data of a new server, once. Of several processes that do so at the same time the first
 * to finish wins, and the others throw theirs away.
 *
 * Fails  StartProblem: disk full, or whatever initdb says.
 */
export async function initialiseServer({ binaries, folder, runAs }: Launch): Promise<void> {
  clearHalfMade(folder);
  if (fs.existsSync(path.join(folder.pgdata, 'PG_VERSION'))) return;
  const fresh = fs.mkdtempSync(`${folder.pgdata}.init.${process.pid}.`);
  try {
    if (runAs) fs.chownSync(fresh, runAs.uid, runAs.gid);
    await promisify(execFile)(binaries.initdb, initdbArguments(fresh, runAs), place(fresh, runAs));
    moveIntoPlace(fresh, folder);
  } catch (cause) {
    fs.rmSync(fresh, { recursive: true, force: true });
    throw initialisationProblem(cause, binaries, folder);
  }
}

/** Starts the server; `exited` turns true when it has ended. It outlives this process. */
export function spawnServer(
  { binaries, folder, runAs }: Launch,
  settings: ServerSettings,
): { exited: boolean } {
  const size = fs.statSync(folder.logFile, { throwIfNoEntry: false })?.size ?? 0;
  const log = fs.openSync(folder.logFile, size > LOG_BYTES_MAX ? 'w' : 'a', 0o600);
  if (runAs) fs.fchownSync(log, runAs.uid, runAs.gid);
  const options = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(
    binaries.postgres,
    // The socket's folder is named from the data folder, where the server stands: no length limit.
    ['-D', dataArgument(folder.pgdata, runAs), '-k', '../run', '-p', '5432', ...options],
    // Detached, so that Ctrl-C (which goes to the whole process group) leaves the stopping to us.
    { ...place(folder.pgdata, runAs), stdio: ['ignore', log, log], detached: true },
  );
  fs.closeSync(log);
  const state = { exited: false };
  child.once('exit', () => {
    state.exited = true;
  });
  child.once('error', () => {
    state.exited = true;
  });
  child.unref();
  return state;
}

/** The last lines of what PostgreSQL said, for an error message. */
export function lastWords(folder: EmbeddedFolder): string {
  if (!fs.existsSync(folder.logFile)) return '';
  return fs.readFileSync(folder.logFile, 'utf8').trimEnd().split('\n').slice(-6).join('\n');
}

function place(cwd: string, runAs: RunAs) {
  return { ...runAs, cwd, env: { LC_ALL: locale(), TZ: 'UTC' } };
}

// As root, the unprivileged server may be unable to walk down to its folder (a checkout in root's
// home). Node enters the folder before it drops its rights, and there the folder's name is always
// /proc/self/cwd: PostgreSQL works from there without ever passing the closed folders above.
function dataArgument(pgdata: string, runAs: RunAs): string {
  return runAs && process.platform === 'linux' ? '/proc/self/cwd' : pgdata;
}

function initdbArguments(pgdata: string, runAs: RunAs): string[] {
  return [
    ...['-D', dataArgument(pgdata, runAs), '-U', 'kiex', '-A', 'trust', '-E', 'UTF8'],
    ...['--locale-provider=icu', '--icu-locale=und', `--locale=${locale()}`],
    ...['--data-checksums', '--no-instructions'],
  ];
}

const locale = () => (process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8');

function moveIntoPlace(fresh: string, folder: EmbeddedFolder) {
  try {
    fs.renameSync(fresh, folder.pgdata);
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    fs.rmSync(fresh, { recursive: true, force: true });
    return;
  }
  // A power cut must not take the name back after the first rows were promised to be kept.
  const root = fs.openSync(folder.root, 'r');
  fs.fsyncSync(root);
  fs.closeSync(root);
}

function clearHalfMade(folder: EmbeddedFolder) {
  for (const name of fs.readdirSync(folder.root)) {
    const pid = /^pgdata\.init\.(\d+)\./.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) {
      fs.rmSync(path.join(folder.root, name), { recursive: true, force: true });
    }
  }
}

function initialisationProblem(
  cause: unknown,
  binaries: EmbeddedBinaries,
  folder: EmbeddedFolder,
): StartProblem {
  // The program is there and yet "not found": what is missing is the loader it names, glibc's.
  if (errorCode(cause) === 'ENOENT' && fs.existsSync(binaries.initdb)) {
    return new StartProblem(
      'The built-in PostgreSQL needs glibc, which this system does not have.',
      {
        remedy: 'Use a Debian-based image rather than Alpine, or set DATABASE_URL to a server.',
        cause,
      },
    );
  }
  const said = String((cause as { stderr?: string }).stderr || (cause as Error).message).trim();
  if (errorCode(cause) === 'ENOSPC' || said.includes('No space left on device')) {
    return new StartProblem(`The disk is full: no room for the database in ${folder.root}.`, {
      remedy: 'Free at least 200 MB there, or set KIEX_DATA_DIR to a folder on another disk.',
      cause,
    });
  }
  return new StartProblem(`The built-in PostgreSQL could not make its data: ${said}`, {
    remedy: 'Mend what it names, or set DATABASE_URL to a PostgreSQL server of your own.',
    cause,
  });
}
