import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface Journal<Entry> {
  append(entries: readonly Entry[]): void;
  close(): void;
}

/**
 * A file of changes, one line of JSON each. Opens it, hands every kept entry to `replay`, then rewrites it as `snapshot()` says, so that
 * it does not grow for ever. The rewrite goes to a second file that replaces the first in one step.
 *
 * Fails    throws when a line in the middle cannot be read: the file is not ours, or damaged.
 *          A torn last line is what a killed process leaves behind, and is dropped.
 */
export function openJournal<Entry>(options: {
  file: string;
  replay: (entry: Entry) => void;
  snapshot: () => Iterable<Entry>;
}): Journal<Entry> {
  mkdirSync(dirname(options.file), { recursive: true });
  for (const entry of readEntries<Entry>(options.file)) options.replay(entry);
  compact(options.file, options.snapshot());

  const descriptor = openSync(options.file, 'a', 0o600);
  return {
    append: (entries) => appendFileSync(descriptor, toLines(entries)),
    close: () => closeSync(descriptor),
  };
}

function* readEntries<Entry>(file: string): Generator<Entry> {
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last line break is empty, or was torn while it was written.
  lines.pop();
  for (const [index, line] of lines.entries()) {
    try {
      yield JSON.parse(line) as Entry;
    } catch (cause) {
      throw new Error(`line ${index + 1} of ${file} cannot be read`, { cause });
    }
  }
}

/** Entries per write while compacting: keeps the text in memory small. */
const ENTRIES_PER_WRITE = 1000;

function compact<Entry>(file: string, entries: Iterable<Entry>): void {
  const next = `${file}.next`;
  const descriptor = openSync(next, 'w', 0o600);
  let waiting: Entry[] = [];
  for (const entry of entries) {
    waiting.push(entry);
    if (waiting.length < ENTRIES_PER_WRITE) continue;
    appendFileSync(descriptor, toLines(waiting));
    waiting = [];
  }
  appendFileSync(descriptor, toLines(waiting));
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(next, file);
}

function toLines(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
