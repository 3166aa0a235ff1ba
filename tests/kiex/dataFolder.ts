import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { embeddedFolder } from '#src/platform/embeddedFolder.ts';
import { runningServer, signalServer } from '#src/platform/embeddedProcess.ts';

const folders: string[] = [];
const removalsMax = 100;

/** A fresh data folder, enterable by everybody: under root the database runs as another user. */
export function makeDataDir(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kiex-e2e-'));
  fs.chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

/** The process of the built-in PostgreSQL of a data folder; null when none runs. */
export const databaseOf = (dataDir: string) => runningServer(embeddedFolder(dataDir).pgdata);

/** Removes all that were made; a database that still runs on one is ended first. */
export function removeDataDirs(): void {
  for (const folder of folders.splice(0)) {
    signalServer(embeddedFolder(folder).pgdata, 'SIGQUIT');
    // A file that the ending database takes away first makes a removal stop half-way, in silence.
    for (let tries = 0; tries < removalsMax && fs.existsSync(folder); tries++) {
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  }
}
