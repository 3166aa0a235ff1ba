import type { Scene } from './core.ts';
import { compileFilter, compileSort, type Grammar, type Queryable } from './filters.ts';
import { cursorPage, inOrder, type Page, readCursorQuery } from './paging.ts';
import { refuse } from './refusals.ts';
import type { SubmissionRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { isObject, valueAt } from './values.ts';

const NAMED = ['$eq', '$ne', '$in', '$nin'];
const COMPARES = [...NAMED, '$gt', '$gte', '$lt', '$lte'];

type Field = Queryable<SubmissionRow>;
const named = (path: string): [string, Field] => [
  path,
  { operators: NAMED, sorts: true, kind: 'text', read: (row) => valueAt(row, path) },
];
const dated = (path: 'createdDate' | 'updatedDate'): [string, Field] => [
  path,
  { operators: COMPARES, sorts: true, kind: 'instant', read: (row) => row[path] },
];

/** Source: reference/wix.md 4.3 (s) */
const FIELDS = new Map<string, Field>([
  ...['id', 'formId', 'contactId', 'status', 'orderDetails.checkoutId'].map(named),
  ...['memberId', 'visitorId', 'applicationId', 'userId'].map((id) => named(`submitter.${id}`)),
  ...(['createdDate', 'updatedDate'] as const).map(dated),
  ['seen', { operators: ['$eq', '$ne'], sorts: true, kind: 'plain', read: (row) => row.seen }],
  ['namespace', { operators: ['$eq'], sorts: false, kind: 'text', read: (row) => row.namespace }],
  ['childMetaSiteId', { operators: NAMED, sorts: false, kind: 'text', read: () => undefined }],
]);

const GRAMMAR: Grammar<SubmissionRow> = {
  fields: (name) => FIELDS.get(name),
  complain: ({ text }) => refuse(400, 'INVALID_ARGUMENT', text),
  ignoresEmailCase: false,
};

const KIND = 'submissions';

/**
 * One page of submissions of a namespace, which the filter must name. (c)(s) 4.3
 *
 * also  further fields the filter must name: search wants the form too.
 */
export function querySubmissions(
  { core, site }: Scene,
  { query, until, also = [] }: { query: Fields; until: number; also?: string[] },
): Page<SubmissionRow> {
  const asked = readCursorQuery(KIND, query, { usual: 50, max: 100 });
  for (const name of ['namespace', ...also]) {
    if (!namesInFilter(asked.filter, name)) {
      throw refuse(400, 'INVALID_ARGUMENT', `the filter must name ${name}`);
    }
  }
  const fits = compileFilter(GRAMMAR, asked.filter);
  const fallback = [{ fieldName: 'createdDate', order: 'DESC' }];
  const order = compileSort(GRAMMAR, asked.sort, { max: 3, fallback });
  const rows = core.store
    .rowsAt(site.id, 'submissions', until)
    .filter((row) => !row.trashed && fits(row));
  return cursorPage(KIND, inOrder(rows, order), { query: asked, order });
}

/** Equality on the field, at the top or inside `$and`. (x) 12.3 */
function namesInFilter(filter: unknown, name: string): boolean {
  if (!isObject(filter)) return false;
  if (filter[name] !== undefined) return true;
  const parts = Array.isArray(filter.$and) ? filter.$and : [];
  return parts.some((part) => namesInFilter(part, name));
}
