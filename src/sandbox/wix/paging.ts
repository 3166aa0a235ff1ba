import { createHash } from 'node:crypto';
import { compareByOrder, compareValues, type Order } from './filters.ts';
import { refuse } from './refusals.ts';
import type { Fields } from './siteRows.ts';
import { isObject, present, wrong } from './values.ts';

/** The rows of one page, and what is said about the rest. */
export interface Page<Row> {
  rows: Row[];
  metadata: Fields;
}

export interface PageSize {
  /** Used when none is asked for. */
  usual: number;
  max: number;
}

/** Sorted by `order`, the id deciding between equals. */
export function inOrder<Row extends { id: string }>(rows: Row[], order: Order<Row>): Row[] {
  const keyed = rows.map((row) => ({ row, values: order.valuesOf(row) }));
  keyed.sort(
    (a, b) => compareByOrder(order, a.values, b.values) || compareValues(a.row.id, b.row.id),
  );
  return keyed.map(({ row }) => row);
}

/** A page by `{limit, offset}`. Throws when the limit is too large. */
export function offsetPage<Row>(rows: readonly Row[], paging: unknown, size: PageSize): Page<Row> {
  const asked = isObject(paging) ? paging : {};
  const limit = limitIn(asked.limit, size);
  const offset = wholeNumber(asked.offset, 'paging.offset') ?? 0;
  const cut = rows.slice(offset, offset + limit);
  const metadata = { count: cut.length, offset, total: rows.length, tooManyToCount: false };
  return { rows: cut, metadata };
}

export function limitIn(value: unknown, { usual, max }: PageSize): number {
  const limit = wholeNumber(value, 'paging.limit') ?? usual;
  if (limit > max) {
    throw refuse(400, 'ILLEGAL_LIMIT', `the limit is at most ${max}`, { limit, max });
  }
  return limit;
}

function wholeNumber(value: unknown, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) {
    throw wrong(field, 'must be a number of 0 or more', 'OUT_OF_RANGE');
  }
  return number;
}

/** A query as its cursor carries it on. */
export interface CursorQuery {
  filter: unknown;
  sort: unknown;
  limit: number;
  /** Where the page before ended. */
  after: { values: unknown[]; id: string } | null;
}

/**
 * Reads `{filter, sort, cursorPaging}`. With a cursor, filter and sort travel inside it, and
 * repeating them is refused. (c) 2.2
 *
 * kind  the list the cursor is for; a cursor of another list is refused.
 */
export function readCursorQuery(kind: string, query: Fields, size: PageSize): CursorQuery {
  const paging = isObject(query.cursorPaging) ? query.cursorPaging : {};
  const limit = limitIn(paging.limit, size);
  if (typeof paging.cursor !== 'string' || paging.cursor === '') {
    return { filter: query.filter, sort: query.sort, limit, after: null };
  }
  const hasMore = hasContent(query.filter) || hasContent(query.sort);
  const kept = hasMore ? null : openCursor(kind, paging.cursor);
  if (!kept) throw refuse(400, 'INVALID_CURSOR', 'the cursor does not fit this query');
  return { ...kept, limit };
}

const hasContent = (value: unknown) =>
  value !== undefined && value !== null && Object.keys(value).length > 0;

/** The page that follows `query.after` in rows sorted by `order`. */
export function cursorPage<Row extends { id: string }>(
  kind: string,
  sorted: readonly Row[],
  { query, order }: { query: CursorQuery; order: Order<Row> },
): Page<Row> {
  const { after } = query;
  const isLater = (row: Row) =>
    !after ||
    (compareByOrder(order, order.valuesOf(row), after.values) || compareValues(row.id, after.id)) >
      0;
  const start = sorted.findIndex(isLater);
  const rest = start === -1 ? [] : sorted.slice(start);
  const rows = rest.slice(0, query.limit);
  const last = rows.at(-1);
  const hasNext = rest.length > rows.length;
  const next =
    hasNext && last
      ? sealCursor(kind, {
          filter: query.filter,
          sort: query.sort,
          after: { values: order.valuesOf(last), id: last.id },
        })
      : undefined;
  return { rows, metadata: { count: rows.length, cursors: present({ next }), hasNext } };
}

type Kept = Pick<CursorQuery, 'filter' | 'sort' | 'after'>;

function sealCursor(kind: string, kept: Kept): string {
  const text = Buffer.from(JSON.stringify(kept)).toString('base64url');
  return `${text}.${checkOf(kind, text)}`;
}

function openCursor(kind: string, cursor: string): Kept | null {
  const [text = '', check] = cursor.split('.');
  if (check !== checkOf(kind, text)) return null;
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Kept;
}

const checkOf = (kind: string, text: string) =>
  createHash('sha256').update(`${kind} ${text}`).digest('base64url').slice(0, 8);
