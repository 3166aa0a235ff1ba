import { done, failed, type Result } from '#src/platform/failure.ts';
import type {
  CallContext,
  Cursor,
  Page,
  ResourceConnector,
  Surprise,
  TheirRecord,
} from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import { isNotFound } from '../caller.ts';
import type { ManatalClient } from './client.ts';
import {
  asList,
  filterTime,
  isRow,
  type Rest,
  type Row,
  readOne,
  readRow,
  sortableTime,
} from './reading.ts';

/** Manatal's greatest page. reference/manatal.md 5.1 */
const pageSizeMax = 100;
/** Another sweep asks for smaller pages, so that rows fall into other ones. reference/manatal.md 5.3 */
const pageSizeOf = (sweep: number) => Math.max(50, pageSizeMax - 7 * (sweep - 1));

interface ListRequest {
  path: string;
  filters: Record<string, string>;
  cursor: Cursor | null;
  read: (raw: unknown) => { record: TheirRecord } | { surprise: Surprise };
}

/**
 * One page of a list. Pages are counted here: `next` may point at another host and is only a sign
 * that there is more. reference/manatal.md 5.1
 */
async function listPage(
  client: Pick<ManatalClient, 'call'>,
  context: CallContext,
  { path, filters, cursor, read }: ListRequest,
): Promise<Result<Page>> {
  const page = Number(cursor?.page ?? 1);
  const sweep = Number(cursor?.sweep ?? 1);
  const answer = await client.call(context, {
    method: 'GET',
    path,
    query: { ...filters, page, page_size: pageSizeOf(sweep) },
  });
  if (!answer.ok) {
    // Past the end: rows went away while we read.
    if (page > 1 && isNotFound(answer.failure)) return done(emptyPage);
    return failed(answer.failure);
  }
  const json = answer.value;
  if (!Array.isArray(json) && !(isRow(json) && Array.isArray(json.results))) {
    const detail = 'a list or an envelope with results expected';
    return failed({ kind: 'surprising', path: 'results', detail });
  }
  const records: TheirRecord[] = [];
  const surprises: Surprise[] = [];
  for (const raw of asList(json)) {
    const row = read(raw);
    if ('record' in row) records.push(row.record);
    else surprises.push(row.surprise);
  }
  const rows = records.length + surprises.length;
  // A bare array says nothing of what follows; a full one may not be all.
  const more = rows > 0 && (isRow(json) ? Boolean(json.next) : rows >= pageSizeOf(sweep));
  const total = isRow(json) && typeof json.count === 'number' ? json.count : null;
  const next = more ? { page: page + 1, sweep } : null;
  const settled = answer.answeredAt ? { settledUntil: settledAt(answer.answeredAt) } : {};
  return done({ records, surprises, next, total, ...settled });
}

/** Their servers' clocks may differ, and an index may lag behind: no more is taken for settled. */
const settlesMinutes = 10;

const settledAt = (answered: Date): string =>
  sortableTime(new Date(answered.getTime() - settlesMinutes * 60_000).toISOString())!;

const emptyPage: Page = { records: [], surprises: [], next: null, total: null };

/** Filters look at whole seconds at best, and clocks differ: ask for a little more. reference/manatal.md 14 */
const overlapMinutes = 5;

/** One record by id; 'gone' when they answer that it does not exist. [A1] */
export async function getOne(
  client: Pick<ManatalClient, 'call'>,
  context: CallContext,
  { path, read }: { path: string; read: (json: unknown) => Result<TheirRecord> },
): Promise<Result<TheirRecord | 'gone'>> {
  const answer = await client.call(context, { method: 'GET', path });
  if (answer.ok) return read(answer.value);
  if (!isNotFound(answer.failure)) return failed(answer.failure);
  if (answer.failure.detail !== 'status 404') return done('gone');
  // A 404 without their words (a proxy's page) says nothing about the record.
  return failed({ kind: 'unreachable', detail: 'a 404 that is not in their words', status: 404 });
}

/**
 * The three ways to read a resource: whole, by change time, and by id.
 *
 * filters  narrow the whole list only; unknown ones are ignored there, so rows are looked at again.
 * rest     what a row holds beside its mapped fields.
 */
export function readingOf(
  client: Pick<ManatalClient, 'call'>,
  source: {
    path: string;
    filters?(context: CallContext): Record<string, string>;
    fields: readonly Field[];
    rest(context: CallContext): (row: Row) => Rest | Surprise;
  },
): Required<Pick<ResourceConnector, 'list' | 'changedSince' | 'get'>> {
  const { path, filters, fields, rest } = source;
  const page = (context: CallContext, narrowed: Record<string, string>, cursor: Cursor | null) =>
    listPage(client, context, {
      path,
      filters: narrowed,
      cursor,
      read: (raw) => readRow(raw, fields, rest(context)),
    });
  return {
    list: (context, cursor) => page(context, filters?.(context) ?? {}, cursor),
    changedSince: (context, since, cursor) =>
      page(context, { updated_at__gte: filterTime(since, overlapMinutes) }, cursor),
    get: (context, theirId) =>
      getOne(client, context, {
        path: `${path}${theirId}/`,
        read: (json) => readOne(json, fields, rest(context)),
      }),
  };
}
