import type { Scene } from './core.ts';
import { compileFilter, compileSort, type Grammar, type Queryable } from './filters.ts';
import { cursorPage, inOrder, offsetPage, type Page, readCursorQuery } from './paging.ts';
import { refuse } from './refusals.ts';
import type { CategoryRow, DraftRow, PostContent, TagRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { isObject } from './values.ts';

const EQUAL = ['$eq', '$ne'];
const NAMED = [...EQUAL, '$in', '$nin'];
const COMPARES = [...EQUAL, '$in', '$gt', '$gte', '$lt', '$lte'];
const TEXTS = [...COMPARES, '$exists', '$startsWith'];
const LISTS = ['$hasSome', '$hasAll'];

const field = <Row>(
  operators: string[],
  sorts: boolean,
  read: (row: Row) => unknown,
  kind: Queryable<Row>['kind'] = 'plain',
): Queryable<Row> => ({ operators, sorts, read, kind });

const ofContent = (name: keyof PostContent) => (row: DraftRow) => row.content[name];
const ofPublished = (name: keyof PostContent) => (row: DraftRow) => row.published?.[name];

/** Source: reference/wix.md 6.8 (s). There is no seoSlug, createdDate or memberId among them. */
const DRAFT_FIELDS: Record<string, Queryable<DraftRow>> = {
  id: field(NAMED, true, ({ id }) => id),
  status: field(NAMED, true, ({ status }) => status),
  title: field(TEXTS, true, ofContent('title')),
  excerpt: field(TEXTS, true, ofContent('excerpt')),
  editedDate: field(COMPARES, true, ({ editedDate }) => editedDate, 'instant'),
  scheduledPublishDate: field(COMPARES, true, (row) => row.scheduledPublishDate, 'instant'),
  categoryIds: field(LISTS, false, ofContent('categoryIds')),
  hashtags: field(LISTS, false, ofContent('hashtags')),
  tagIds: field(LISTS, false, ofContent('tagIds')),
  hasUnpublishedChanges: field(EQUAL, true, (row) => row.hasUnpublishedChanges),
  featured: field(EQUAL, true, ofContent('featured')),
  commentingEnabled: field(EQUAL, true, ofContent('commentingEnabled')),
  language: field(NAMED, true, ofContent('language')),
};

const POST_FIELDS: Record<string, Queryable<DraftRow>> = {
  id: field(NAMED, true, ({ id }) => id),
  title: field(TEXTS, true, ofPublished('title')),
  slug: field([...EQUAL, '$hasSome', '$startsWith'], true, ofPublished('seoSlug')),
  firstPublishedDate: field(COMPARES, true, (row) => row.firstPublishedDate, 'instant'),
  lastPublishedDate: field(COMPARES, true, (row) => row.lastPublishedDate, 'instant'),
  featured: field(EQUAL, true, ofPublished('featured')),
  pinned: field(EQUAL, true, () => false),
  memberId: field([...EQUAL, '$hasSome'], false, ofPublished('memberId')),
  tagIds: field(LISTS, false, ofPublished('tagIds')),
  categoryIds: field(LISTS, false, ofPublished('categoryIds')),
  language: field(NAMED, false, ofPublished('language')),
};

const NAME_FIELDS: Record<string, Queryable<TagRow | CategoryRow>> = {
  id: field(NAMED, true, ({ id }) => id),
  label: field(TEXTS, true, ({ label }) => label),
  slug: field(TEXTS, true, ({ slug }) => slug),
};

const grammar = <Row>(fields: Record<string, Queryable<Row>>): Grammar<Row> => ({
  fields: (name) => fields[name],
  complain: ({ text }) => refuse(400, 'INVALID_ARGUMENT', text),
  ignoresEmailCase: false,
});

const SIZE = { usual: 50, max: 100 };

/** `paging` or `cursorPaging`, whichever is sent. (s) 2.2 */
function page<Row extends { id: string }>(
  kind: string,
  rows: Row[],
  {
    fields,
    query,
    fallback,
  }: {
    fields: Record<string, Queryable<Row>>;
    query: Fields;
    fallback: { fieldName: string; order: string };
  },
): Page<Row> {
  const rules = grammar(fields);
  const usesCursor = isObject(query.cursorPaging);
  const asked = usesCursor ? readCursorQuery(kind, query, SIZE) : null;
  const { filter, sort } = asked ?? query;
  const found = rows.filter(compileFilter(rules, filter));
  const order = compileSort(rules, sort, { max: 3, fallback: [fallback] });
  const sorted = inOrder(found, order);
  if (asked) return cursorPage(kind, sorted, { query: asked, order });
  return offsetPage(sorted, query.paging, SIZE);
}

export function queryDrafts({ core, site }: Scene, query: Fields, until: number): Page<DraftRow> {
  const rows = core.store
    .rowsAt(site.id, 'drafts', until)
    .filter((row) => row.status !== 'DELETED');
  const fallback = { fieldName: 'editedDate', order: 'DESC' };
  return page('drafts', rows, { fields: DRAFT_FIELDS, query, fallback });
}

export function queryPosts({ core, site }: Scene, query: Fields, until: number): Page<DraftRow> {
  const rows = core.store.rowsAt(site.id, 'drafts', until).filter((row) => row.published !== null);
  const fallback = { fieldName: 'firstPublishedDate', order: 'DESC' };
  return page('posts', rows, { fields: POST_FIELDS, query, fallback });
}

export function queryNames<Name extends 'tags' | 'categories'>(
  { core, site }: Scene,
  table: Name,
  query: Fields,
): Page<TagRow | CategoryRow> {
  const rows: (TagRow | CategoryRow)[] = core.store.rows(site.id, table);
  const fallback = { fieldName: 'label', order: 'ASC' };
  return page(table, rows, { fields: NAME_FIELDS, query, fallback });
}
