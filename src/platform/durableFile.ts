import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file so that, when this returns, a power cut leaves the whole of it.
 *
 * onTaken  what happens when the name exists: 'replace' it in one step, or 'keep' what is there,
 *          also when two processes write at the same time.
 */
export async function writeDurably(options: {
  file: string;
  contents: string | Uint8Array;
  onTaken: 'replace' | 'keep';
}): Promise<void> {
  const { file, contents, onTaken } = options;
  const draft = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeSynced(draft, contents);
    await (onTaken === 'replace' ? fs.rename(draft, file) : linkUnlessTaken(draft, file));
    await syncFolder(path.dirname(file));
  } finally {
    await fs.rm(draft, { force: true });
  }
}

async function writeSynced(file: string, contents: string | Uint8Array): Promise<void> {
  const handle = await fs.open(file, 'wx', 0o600);
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// A link fails when the name is taken, where a rename would replace the other process's file.
async function linkUnlessTaken(draft: string, file: string): Promise<void> {
  try {
    await fs.link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

// The name is part of the folder and needs its own sync. Windows cannot open folders.
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
