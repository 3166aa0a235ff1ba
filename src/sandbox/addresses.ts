import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** Where the running simulators answer; other processes of the same installation read it. */
export interface SandboxAddresses {
  manatalUrl: string;
  manahookUrl: string;
  inspectorUrl: string;
  /** Null where no Wix is simulated. */
  wix: { url: string; inspectorUrl: string } | null;
}

interface Note extends SandboxAddresses {
  /** Who runs them. */
  pid: number;
}

const noteFile = (folder: string) => path.join(folder, 'addresses.json');

/** Where the simulators of this folder answer, as their process wrote it; null before the first start. */
export function sandboxAddresses(folder: string): SandboxAddresses | null {
  const note = readNote(folder);
  if (!note) return null;
  const { pid: _, ...addresses } = note;
  // A note of an older KiEX knows of none.
  return { ...addresses, wix: addresses.wix ?? null };
}

/** Kept after the end too: another installation's simulators must not be taken for ours. */
export function noteAddresses(folder: string, addresses: SandboxAddresses): void {
  const note: Note = { ...addresses, pid: process.pid };
  fs.writeFileSync(noteFile(folder), JSON.stringify(note));
}

/**
 * Whether another process serves the simulators of this folder: two must not write one journal.
 * A process id alone proves nothing, since containers give the same few again and again.
 */
export async function isServedElsewhere(folder: string): Promise<boolean> {
  const note = readNote(folder);
  if (!note || note.pid === process.pid || !isAlive(note.pid)) return false;
  return answers(Number(new URL(note.inspectorUrl).port));
}

function readNote(folder: string): Note | null {
  try {
    return JSON.parse(fs.readFileSync(noteFile(folder), 'utf8')) as Note;
  } catch {
    return null; // none yet, or cut off by a power cut: the next start writes it anew
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
