import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { errorCode } from './startProblem.ts';

/** The PostgreSQL process that runs on this data, or null. Never another program with a reused id. */
export function runningServer(pgdata: string): number | null {
  const pid = notedServer(pgdata);
  return pid !== null && isServerOf(pid, pgdata) ? pid : null;
}

/** Sends a signal to the server on this data, and returns its process; null when none runs. */
export function signalServer(pgdata: string, signal: 'SIGINT' | 'SIGQUIT'): number | null {
  const pid = runningServer(pgdata);
  if (pid === null) return null;
  try {
    process.kill(pid, signal);
    return pid;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return null; // it ended between the look and the signal
    throw error;
  }
}

/**
 * Clears a `postmaster.pid` away whose process is gone but whose id another program now has (after a
 * restart of the machine or container). PostgreSQL itself would take that program for its server.
 */
export function clearReusedPid(pgdata: string): void {
  const pid = notedServer(pgdata);
  if (pid === null || !isAlive(pid) || isServerOf(pid, pgdata)) return;
  const file = path.join(pgdata, 'postmaster.pid');
  const aside = `${file}.${process.pid}`;
  fs.renameSync(file, aside);
  const moved = Number.parseInt(fs.readFileSync(aside, 'utf8'), 10);
  // A server that started between our look and our move keeps its file.
  if (moved !== pid) fs.linkSync(aside, file);
  fs.rmSync(aside);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function notedServer(pgdata: string): number | null {
  try {
    const pid = Number.parseInt(fs.readFileSync(path.join(pgdata, 'postmaster.pid'), 'utf8'), 10);
    return pid > 0 ? pid : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

// A server stands in its data folder from before its first instruction until its end.
function isServerOf(pid: number, pgdata: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    try {
      const name = fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
      const standsIn = fs.readlinkSync(`/proc/${pid}/cwd`);
      return name === 'postgres' && standsIn === fs.realpathSync(pgdata);
    } catch {
      return false; // gone meanwhile, or a program of another user: not ours
    }
  }
  try {
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(pgdata);
  } catch {
    return false;
  }
}
