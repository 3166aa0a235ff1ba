import type pg from 'pg';
import { fingerprint } from './trace.ts';

/** What the database answered, with a fingerprint of the rows for the trace. */
export interface Answer {
  result: pg.QueryResult;
  print: string;
}

/** Answers to reads that cannot have changed since they were given. */
export interface RememberedReads {
  /** What the database would answer again, or null when it must be asked. */
  find(text: string, values: string): Answer | null;
  /** What the database answered; after a write, reads of what it wrote to are forgotten. */
  learn(asked: { text: string; values: string }, result: pg.QueryResult): Answer;
  /** A statement failed; in a transaction, every further one does until its end. */
  fail(): void;
  /** Something was rolled back. */
  forgetAll(): void;
}

/** What the text of a statement says about it. */
interface Kind {
  isRead: boolean;
  /** Every word of a read, its tables among them. */
  words: readonly string[];
  /** The tables that a write names as its own. */
  targets: readonly string[];
  /** Rows of other tables may go with what it removes. */
  removes: boolean;
  /** Its count of rows tells whether it changed any: no statement hides in another. */
  isPlainWrite: boolean;
}

const mayChangeOrVary =
  /\b(?:insert|update|delete|truncate|lock|set|share|nextval|setval|now|random|current_\w+|clock_timestamp|pg_\w+)\b/i;
const target = /\b(?:insert\s+into|update|delete\s+from)\s+"?(\w+)/gi;

const kinds = new Map<string, Kind>();

function kindOf(text: string): Kind {
  const known = kinds.get(text);
  if (known) return known;
  const isRead = /^\s*(?:select|with)\b/i.test(text) && !mayChangeOrVary.test(text);
  const kind: Kind = {
    isRead,
    words: isRead ? [...new Set(text.match(/\w+/g))] : [],
    targets: isRead ? [] : [...text.matchAll(target)].map((match) => match[1]!),
    removes: !isRead && /\bdelete\b/i.test(text),
    isPlainWrite: /^\s*(?:insert|update|delete)\b/i.test(text),
  };
  kinds.set(text, kind);
  return kind;
}

/**
 * While nobody writes to a table that a read names, the database answers it the same every time:
 * the same rows in the same order, for nothing moved. So it is asked once. Every word of a read
 * counts as a table that it reads. There are neither triggers nor views, and whatever removes rows
 * makes everything forgotten, for rows of other tables may go with them.
 */
export function createRememberedReads(): RememberedReads {
  const answers = new Map<string, Answer & { asOf: number }>();
  /** table -> the number of the last statement that may have written to it. */
  const written = new Map<string, number>();
  let statements = 0;
  let hasFailed = false;

  return {
    find(text, values) {
      const kind = kindOf(text);
      if (!kind.isRead || hasFailed) return null;
      const known = answers.get(text + values);
      if (!known || kind.words.some((word) => (written.get(word) ?? 0) > known.asOf)) return null;
      return { result: copyOf(known.result), print: known.print };
    },
    learn({ text, values }, result) {
      const kind = kindOf(text);
      const print = fingerprint(JSON.stringify(result.rows));
      statements += 1;
      if (kind.isRead) {
        answers.set(text + values, { result: copyOf(result), print, asOf: statements });
      } else if (!kind.isPlainWrite || (result.rowCount ?? 0) > 0) {
        for (const table of kind.targets) written.set(table, statements);
        if (kind.removes || result.command === 'ROLLBACK') answers.clear();
      }
      if (transactionEdge.test(text)) hasFailed = false;
      return { result, print };
    },
    fail() {
      answers.clear();
      hasFailed = true;
    },
    forgetAll() {
      answers.clear();
      hasFailed = false;
    },
  };
}

const transactionEdge = /^\s*(?:begin|commit|rollback)\b/i;

/** Whoever gets rows may do with them as he likes. */
function copyOf(result: pg.QueryResult): pg.QueryResult {
  const rows = result.rows.map((row) => {
    if (Array.isArray(row)) return row.map(copyOfCell);
    return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, copyOfCell(cell)]));
  });
  return { ...result, rows };
}

const copyOfCell = (cell: unknown) =>
  typeof cell === 'object' && cell !== null ? structuredClone(cell) : cell;
