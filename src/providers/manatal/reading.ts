import { done, failed, type Result } from '#src/platform/failure.ts';
import type { Surprise, TheirRecord } from '#src/sync/connector.ts';
import { type Field, readFields } from '#src/sync/fields.ts';

/** A row as it came: nothing about it is taken for granted. */
export type Row = Readonly<Record<string, unknown>>;

export const isRow = (raw: unknown): raw is Row =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** An id from a number or a string of digits; null when it is neither. reference/manatal.md 1.20 */
export function idOf(raw: unknown): string | null {
  if (typeof raw === 'number') return Number.isSafeInteger(raw) && raw >= 0 ? String(raw) : null;
  return typeof raw === 'string' && /^\d{1,18}$/.test(raw.trim()) ? raw.trim() : null;
}

/** An id given bare or inside an object. */
export const refOf = (raw: unknown) => (isRow(raw) ? idOf(raw.id) : idOf(raw));

/** A list, whichever of the shapes it has: an array or an envelope. reference/manatal.md 5.2 */
export function asList(json: unknown): unknown[] {
  if (Array.isArray(json)) return json;
  if (isRow(json) && Array.isArray(json.results)) return json.results;
  return isRow(json) && idOf(json.id) ? [json] : [];
}

/**
 * The rows of a look-up. What is no list in any known shape proves nothing: read as "nothing there",
 * it would make a second record. [I2] [F1]
 */
export function listedRows(json: unknown): Result<Row[]> {
  const rows = asList(json).filter(isRow);
  const isList = Array.isArray(json) || (isRow(json) && Array.isArray(json.results));
  const isNothing = json === null || (isRow(json) && Object.keys(json).length === 0);
  if (isList || isNothing || rows.length > 0) return done(rows);
  const detail = 'a list expected, and something else found';
  return failed({ kind: 'surprising', path: 'results', detail });
}

/**
 * Their change time in a form that sorts and keeps the microseconds: equal exactly when theirs are.
 * Echoed times may lack the zone; they are UTC all the same. reference/manatal.md 6
 */
export function sortableTime(raw: unknown): string | null {
  if (typeof raw !== 'string') return null;
  const pattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?)?$/;
  const match = pattern.exec(raw.trim());
  if (!match) return null;
  const [, day, time = '00:00:00', fraction = '', zone = 'Z'] = match;
  const whole = new Date(`${day}T${time}${zone}`);
  if (Number.isNaN(whole.getTime())) return null;
  return `${whole.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

/** The documented way to write a time in a filter: `YYYY-MM-DD HH:MM:SS`, some minutes earlier. */
export function filterTime(sortable: string, minutesEarlier: number): string {
  const instant = new Date(`${sortable.slice(0, 19)}Z`).getTime() - minutesEarlier * 60_000;
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
}

/** What a resource adds to the values of its mapping table. */
export type Rest = Pick<TheirRecord, 'ourId' | 'refs' | 'keepOut'> & {
  values?: TheirRecord['values'];
};

/**
 * Reads one row through its mapping table. A row that does not parse is a surprise with the path;
 * the page goes on. [F3] [F1]
 */
export function readRow(
  raw: unknown,
  fields: readonly Field[],
  rest: (row: Row) => Rest | Surprise,
): { record: TheirRecord } | { surprise: Surprise } {
  if (!isRow(raw))
    return { surprise: { theirId: null, path: '(row)', detail: 'an object expected' } };
  const id = idOf(raw.id);
  if (!id) return { surprise: { theirId: null, path: 'id', detail: 'a whole number expected' } };
  const read = readFields(fields, raw);
  if ('surprise' in read) return { surprise: { theirId: id, ...read.surprise } };
  const more = rest(raw);
  if ('path' in more) return { surprise: { ...more, theirId: id } };
  const revision = sortableTime(raw.updated_at);
  return {
    record: {
      id,
      revision,
      changedAt: revision,
      values: { ...read.values, ...more.values },
      ourId: more.ourId,
      refs: more.refs,
      keepOut: more.keepOut,
    },
  };
}

/** The same for an answer that is one record. */
export function readOne(
  json: unknown,
  fields: readonly Field[],
  rest: (row: Row) => Rest | Surprise,
): Result<TheirRecord> {
  const read = readRow(json, fields, rest);
  if ('record' in read) return done(read.record);
  return failed({ kind: 'surprising', path: read.surprise.path, detail: read.surprise.detail });
}
