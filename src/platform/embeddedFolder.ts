import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dataFolderProblem, makeDataFolder } from './dataFolder.ts';
import { errorCode, StartProblem } from './startProblem.ts';

/** A unix socket's path may hold 107 bytes (103 on macOS), of which `/.s.PGSQL.5432` takes 15. */
const SOCKET_FOLDER_BYTES_MAX = 85;

/** PostgreSQL refuses to run as root; there it runs as this user ("nobody" on every Unix). */
const UNPRIVILEGED = 65534;

/** Who runs PostgreSQL: another user when we are root, null for ourselves. */
export type RunAs = { uid: number; gid: number } | null;

/** Where the built-in PostgreSQL of one data folder keeps its things. */
export type EmbeddedFolder = {
  /** Private to the user that runs PostgreSQL; holds everything below. */
  root: string;
  /** PostgreSQL's own data. Exists once initdb has succeeded, never half-made. */
  pgdata: string;
  /** Holds the unix socket. */
  run: string;
  /** What PostgreSQL says; it starts anew when it has grown past a megabyte. */
  logFile: string;
};

/** Names the folders without making them; also for a back-up, which copies `pgdata`. */
export function embeddedFolder(dataDir: string): EmbeddedFolder {
  const root = path.join(path.resolve(dataDir), 'postgres');
  return {
    root,
    pgdata: path.join(root, 'pgdata'),
    run: path.join(root, 'run'),
    logFile: path.join(root, 'postgres.log'),
  };
}

/** As root: whoever owns the data already (an ordinary user's checkout, started once with sudo). */
export function chooseRunAs(folder: EmbeddedFolder): RunAs {
  if (process.getuid?.() !== 0) return null;
  const owner = fs.statSync(folder.pgdata, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return { uid: UNPRIVILEGED, gid: UNPRIVILEGED };
}

/**
 * Makes the folders, owned by the user that runs PostgreSQL.
 *
 * Fails  StartProblem when the data folder cannot be written.
 */
export function makeEmbeddedFolder(folder: EmbeddedFolder, runAs: RunAs): void {
  const dataDir = path.dirname(folder.root);
  makeDataFolder(dataDir);
  try {
    for (const one of [folder.root, folder.run]) {
      fs.mkdirSync(one, { recursive: true, mode: 0o700 });
      if (runAs) fs.chownSync(one, runAs.uid, runAs.gid);
    }
    fs.accessSync(folder.root, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (cause) {
    throw dataFolderProblem(dataDir, cause);
  }
}

/**
 * The address by which programs on this machine reach the server of this folder.
 *
 * A folder whose name is too long for a socket is reached by a short link in the temporary folder;
 * PostgreSQL itself opens the socket relative to its data and never meets the long name.
 */
export function embeddedUrl(folder: EmbeddedFolder): string {
  const socket =
    Buffer.byteLength(folder.run) <= SOCKET_FOLDER_BYTES_MAX ? folder.run : shortLink(folder.run);
  return `postgres://kiex@localhost:5432/postgres?host=${encodeURIComponent(socket)}`;
}

function shortLink(target: string): string {
  const name = `kiex-${createHash('sha256').update(target).digest('hex').slice(0, 12)}`;
  const link = path.join(os.tmpdir(), name);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const stat = fs.lstatSync(link, { throwIfNoEntry: false });
    if (
      stat?.uid === process.getuid?.() &&
      stat?.isSymbolicLink() &&
      fs.readlinkSync(link) === target
    )
      return link;
    try {
      if (stat) fs.rmSync(link, { recursive: true });
      fs.symlinkSync(target, link);
    } catch (cause) {
      if (errorCode(cause) === 'EEXIST') continue;
      throw new StartProblem(`The name of the folder ${target} is too long for a socket.`, {
        remedy: `Set KIEX_DATA_DIR to a shorter one, or clear ${link} away.`,
        cause,
      });
    }
  }
  return link;
}
