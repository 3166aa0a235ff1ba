import type { Value, Values } from './canonical.ts';
import type { HistoryRow } from './history.ts';

/** What stands beside a value that was taken back, in the history. */
export const takenBackFrom = (runId: string) => `taken back from run ${runId}`;

/** A field, or with null the record, that stays as it is, and why in words for staff. */
export interface Left {
  ourId: string;
  field: string | null;
  reason: string;
}

/** What taking back a run's writes would do to one record. */
export interface TakeBack {
  ourId: string;
  /** field -> what stood there before the run. */
  values: Values;
  /** The run brought the record in: it is closed here, never deleted. [A1] */
  closes: boolean;
  /** How many fields of it were taken back before. */
  earlier: number;
  left: Left[];
}

export type PastWrite = Pick<
  HistoryRow,
  'ourId' | 'runId' | 'direction' | 'action' | 'fields' | 'undoneAt'
>;

/** What may be done with a record, and what it is now. */
interface Present {
  runId: string;
  /** Our canonical values now; null when the record is not here any more. */
  ours: Values | null;
  canClose: boolean;
}

/**
 * What can be taken back of what a run wrote to one of our records: only what nobody touched since.
 * Pure.
 *
 * writes  all writes to the record since the run began, in either direction, oldest first.
 */
export function decideTakeBack(ourId: string, writes: PastWrite[], present: Present): TakeBack {
  const { runId, ours } = present;
  const own = writes.filter((row) => row.runId === runId && row.direction === 'in');
  const result: TakeBack = { ourId, values: {}, closes: false, earlier: 0, left: [] };
  const leave = (field: string | null, reason: string) =>
    result.left.push({ ourId, field, reason });
  if (own.every((row) => row.undoneAt)) {
    result.earlier = namesIn(own).length;
    return result;
  }
  if (!ours) leave(null, 'The record is not here any more.');
  else if (own.some((row) => row.action === 'closed')) {
    leave(null, 'It was closed because it is gone at the provider.');
  } else if (own.some((row) => row.action === 'created')) closeCreated();
  else takeFields(ours);
  return result;

  function closeCreated() {
    const touched = namesIn(own).filter((name) => faultOf(name, ours!) !== null);
    if (touched.length === 0 && present.canClose) result.closes = true;
    else if (!present.canClose)
      leave(null, 'Records of this kind are never closed or deleted here.');
    // A record that lives on since is nobody's to close by taking back how it began.
    for (const name of touched) leave(name, `${faultOf(name, ours!)} The record stays open.`);
  }

  function takeFields(values: Values) {
    const taken: Record<string, Value> = {};
    for (const name of namesIn(own)) {
      const fault = faultOf(name, values);
      if (fault === 'earlier') result.earlier++;
      else if (fault) leave(name, fault);
      else taken[name] = own.find((row) => name in row.fields)!.fields[name]!.before;
    }
    result.values = taken;
  }

  function faultOf(name: string, values: Values): string | null {
    const last = writes.findLastIndex((row) => own.includes(row) && name in row.fields);
    const since = writes.slice(last + 1).filter((row) => name in row.fields);
    if (since.some((row) => row.fields[name]!.rule === takenBackFrom(runId))) return 'earlier';
    const standing = withoutTakenBack(since, name);
    const newest = standing.at(-1);
    if (newest) return sinceWords(newest);
    const after = writes[last]!.fields[name]!.after;
    return (values[name] ?? null) === after ? null : 'It was changed here since.';
  }
}

const namesIn = (rows: PastWrite[]) => [...new Set(rows.flatMap((row) => Object.keys(row.fields)))];

/** What another run wrote and what took exactly that back again cancel each other out. */
function withoutTakenBack(rows: PastWrite[], name: string): PastWrite[] {
  let standing: PastWrite[] = [];
  for (const row of rows) {
    const { rule } = row.fields[name]!;
    const others = standing.filter(({ runId }) => !runId || rule !== takenBackFrom(runId));
    standing = others.length < standing.length ? others : [...standing, row];
  }
  return standing;
}

function sinceWords({ direction, runId }: PastWrite): string {
  if (direction === 'out') return 'A value was sent to the provider since.';
  return runId ? `Run ${runId} wrote it since.` : 'It was written again since.';
}
