import { createHash } from 'node:crypto';

/** Lines shown with a violation. */
const tailLines = 200;

/** What happened, line by line: the same seed writes the same lines, byte for byte. */
export interface Trace {
  /** One line; `now` is virtual, in milliseconds. */
  note(now: number, who: string, what: string): void;
  /** The last lines. */
  tail(): string[];
  /** All lines, when they are kept. */
  all(): string[];
  /** SHA-256 over every line so far. */
  digest(): string;
  lines(): number;
}

export function createTrace(options: { start: number; keepsAll: boolean }): Trace {
  const { start, keepsAll } = options;
  const hash = createHash('sha256');
  const kept: string[] = [];
  let lines = 0;
  return {
    note(now, who, what) {
      const line = `${((now - start) / 1_000).toFixed(3)} ${who} ${what}`;
      hash.update(line).update('\n');
      lines += 1;
      kept.push(line);
      // Cut seldom, so that keeping the tail costs nothing per line.
      if (!keepsAll && kept.length > tailLines * 2) kept.splice(0, tailLines);
    },
    tail: () => kept.slice(-tailLines),
    all: () => kept,
    digest: () => hash.copy().digest('hex'),
    lines: () => lines,
  };
}

/** A short fingerprint of text for a trace line (FNV-1a, 32 bits); not for secrets. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
