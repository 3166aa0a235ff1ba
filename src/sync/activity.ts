import type { Queryable } from '#src/platform/database.ts';
import { insertMany } from '#src/platform/manyRows.ts';
import type { NewId } from '#src/platform/random.ts';
import { activity } from './tables.ts';

/** Which door led into the corridor. */
export type Door = 'webhook' | 'poll' | 'push' | 'manual' | 'schedule' | 'staff';

/** One line of history. Field names only, never values. [P3] */
export interface ActivityLine {
  connectionId: string | null;
  resource?: string;
  ourId?: string | null;
  theirId?: string | null;
  runId?: string | null;
  deliveryId?: string | null;
  door: Door;
  direction: 'in' | 'out' | 'none';
  action: string;
  ok: boolean;
  fields?: string[];
  detail?: string | null;
  milliseconds?: number;
}

const emptyLine = {
  resource: null,
  ourId: null,
  theirId: null,
  runId: null,
  deliveryId: null,
  fields: [],
  detail: null,
  milliseconds: null,
};

/** Writes lines of history, in one statement. */
export async function record(
  db: Queryable,
  lines: ActivityLine[],
  { newId, now }: { newId: NewId; now: Date },
): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map((line) => ({ ...emptyLine, ...line, id: newId(), at: now }));
  await db.execute(insertMany(activity, rows));
}
