import { done, type Failure, failed, type Result } from '#src/platform/failure.ts';

/** A row as it came: nothing about it is taken for granted. */
export type Row = Readonly<Record<string, unknown>>;

export const isRow = (raw: unknown): raw is Row =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** A GUID in lower case; null when it is none. reference/wix.md 1.2 */
export function guidOf(raw: unknown): string | null {
  const plain = typeof raw === 'string' ? raw.trim().toLowerCase() : '';
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(plain) ? plain : null;
}

/**
 * A time of theirs in a form that sorts, to the microsecond; some of theirs have nanoseconds.
 * reference/wix.md 2.1
 */
export function sortableTime(raw: unknown): string | null {
  if (typeof raw !== 'string') return null;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/.exec(raw.trim());
  if (!match) return null;
  const [, time, fraction = '', zone] = match;
  const whole = new Date(`${time}${zone}`);
  if (Number.isNaN(whole.getTime())) return null;
  return `${whole.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

/** Such a time, some seconds earlier, as a filter takes it. */
export const earlier = (sortable: string, seconds: number): string =>
  new Date(new Date(`${sortable.slice(0, 23)}Z`).getTime() - seconds * 1_000).toISOString();

/** What stands in an answer under a name, as an object; anything else is a surprise. [F1] */
export function objectIn(json: unknown, name: string): Result<Row> {
  const value = isRow(json) ? json[name] : undefined;
  return isRow(value) ? done(value) : failed(unexpected(name, 'an object'));
}

export function listIn(json: unknown, name: string): Result<unknown[]> {
  const value = isRow(json) ? json[name] : undefined;
  return Array.isArray(value) ? done(value) : failed(unexpected(name, 'a list'));
}

const unexpected = (path: string, what: string): Failure => ({
  kind: 'surprising',
  path,
  detail: `${what} expected, and something else found`,
});

/** Their number of rows: under one of three names, and not always known. reference/wix.md 2.2 */
export function totalIn(json: unknown): number | null {
  for (const name of ['pagingMetadata', 'metadata', 'metaData']) {
    const metadata = isRow(json) ? json[name] : null;
    if (!isRow(metadata) || metadata.tooManyToCount === true) continue;
    if (typeof metadata.total === 'number') return metadata.total;
  }
  return null;
}

/** The items of one of their lists, whether it is wrapped or bare. reference/wix.md 9.2 */
export function itemsOf(raw: unknown): Row[] {
  const list = isRow(raw) ? raw.items : raw;
  return Array.isArray(list) ? list.filter(isRow) : [];
}
