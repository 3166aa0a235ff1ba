import fs from 'node:fs';
import path from 'node:path';
import { errorCode, StartProblem } from './startProblem.ts';

/**
 * Makes the data folder, for our eyes only, if it is not there.
 *
 * Fails  StartProblem when it cannot be had or written.
 */
export function makeDataFolder(dataDir: string): void {
  try {
    makeFolder(path.resolve(dataDir));
    fs.accessSync(dataDir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (cause) {
    throw dataFolderProblem(dataDir, cause);
  }
}

// Node's own recursive form never ends where folders cannot be made at all, as below /proc.
function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    const parent = path.dirname(folder);
    if (errorCode(error) !== 'ENOENT' || fs.existsSync(parent)) throw error;
    makeFolder(parent);
    makeFolder(folder);
  }
}

const reasons: Record<string, string> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EEXIST: 'something that is no folder is in its place',
  ENOTDIR: 'something that is no folder is in its way',
  ENOENT: 'nothing can be made there',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
};

/** What a failed write to the data folder means for the person who starts KiEX. */
export function dataFolderProblem(dataDir: string, cause: unknown): StartProblem {
  const code = errorCode(cause) ?? (cause as Error).message;
  return new StartProblem(
    `The data folder ${dataDir} cannot be written: ${reasons[code] ?? code}.`,
    { remedy: 'Give this user the folder, or set KIEX_DATA_DIR to one it may write.', cause },
  );
}
