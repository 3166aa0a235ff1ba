import type { Context } from 'hono';
import type { Core } from './core.ts';
import { FILTERS, type Filtering, readFilters } from './filters.ts';
import { answerPage, detail, idIn, type Routes, readBody } from './guard.ts';
import {
  createRecord,
  type Outcome,
  RECORD_NAMES,
  type RecordName,
  removeRecord,
  showRecord,
  updateRecord,
} from './records.ts';
import type { AccountRow, MatchRow, Row, Tables } from './rows.ts';

/** Lists, single records, and the matches below a job or candidate. Source: 5, 8, 9.1 */
export function addRecordRoutes(routes: Routes, core: Core): void {
  for (const name of RECORD_NAMES) addRecord(routes, core, name);
  addMatchesOf(routes, core, { parents: 'jobs', field: 'job', model: 'Job' });
  addMatchesOf(routes, core, { parents: 'candidates', field: 'candidate', model: 'Candidate' });
}

function addRecord(routes: Routes, core: Core, name: RecordName): void {
  const show = (account: AccountRow) => (row: Row) =>
    showRecord(core, account, name, row as Tables[typeof name]);
  const answer = (context: Context, account: AccountRow, done: Outcome<Row>, status: 200 | 201) =>
    done.ok ? context.json(show(account)(done.row), status) : context.json(done.body, done.status);

  routes.on(`/${name}/`, {
    GET(context, account) {
      const rows: readonly Row[] = core.store.table(account.id, name).rows;
      return answerFiltered(core, context, account, { rows, filters: name, show: show(account) });
    },
    async POST(context, account) {
      const read = await readBody(context);
      if (read instanceof Response) return read;
      const wanted = { name, body: read.body, actor: { by: 'api' } } as const;
      return answer(context, account, createRecord(core, account, wanted), 201);
    },
  });

  routes.on(`/${name}/:id{[0-9]+}/`, {
    GET(context, account) {
      const row: Row | undefined = core.store.table(account.id, name).get(idIn(context));
      return row ? context.json(show(account)(row)) : detail(context, 404, 'Not found.');
    },
    async PATCH(context, account) {
      const read = await readBody(context);
      if (read instanceof Response) return read;
      const wanted = { name, id: idIn(context), body: read.body, actor: { by: 'api' } } as const;
      return answer(context, account, updateRecord(core, account, wanted), 200);
    },
    DELETE(context, account) {
      const removed = removeRecord(core, account, { name, id: idIn(context) });
      return removed ? context.body(null, 204) : detail(context, 404, 'Not found.');
    },
  });
}

/** One page of the rows that pass the filters in the query. */
export function answerFiltered<Kept extends Row>(
  core: Core,
  context: Context,
  account: AccountRow,
  list: { rows: readonly Kept[]; filters: string; show: (row: Kept) => unknown },
): Response {
  const filtering = filtersOf(core, context, account, list.filters);
  if (!filtering.ok) return context.json(filtering.errors, 400);
  const rows = filtering.keep ? list.rows.filter(filtering.keep) : list.rows;
  return answerPage(core, context, rows, list.show);
}

function filtersOf(core: Core, context: Context, account: AccountRow, list: string): Filtering {
  const links = core.store.table(account.id, 'candidateTags');
  return readFilters(FILTERS[list], new URL(context.req.url).searchParams, {
    ignoreSubseconds: core.switches().filterIgnoresSubseconds,
    tagIdsOf: (id) => links.where('parent', `candidates/${id}`).map(({ tagId }) => Number(tagId)),
  });
}

function addMatchesOf(
  routes: Routes,
  core: Core,
  of: { parents: 'jobs' | 'candidates'; field: 'job' | 'candidate'; model: string },
): void {
  const parentIsKnown = (context: Context, account: AccountRow) =>
    core.store.table(account.id, of.parents).get(idIn(context)) !== undefined;
  const unknownParent = (context: Context) =>
    detail(context, 404, `No ${of.model} matches the given query.`);

  routes.on(`/${of.parents}/:id{[0-9]+}/matches/`, {
    GET(context, account) {
      if (!parentIsKnown(context, account)) return unknownParent(context);
      const rows = core.store.table(account.id, 'matches').where(of.field, idIn(context));
      const show = (row: MatchRow) => showRecord(core, account, 'matches', row);
      return answerFiltered(core, context, account, { rows, filters: 'matches', show });
    },
  });
  routes.on(`/${of.parents}/:id{[0-9]+}/matches/:match{[0-9]+}/`, {
    GET(context, account) {
      if (!parentIsKnown(context, account)) return unknownParent(context);
      const row = core.store.table(account.id, 'matches').get(idIn(context, 'match'));
      const isChild = row?.[of.field] === idIn(context);
      if (!row || !isChild) return detail(context, 404, 'Not found.');
      return context.json(showRecord(core, account, 'matches', row));
    },
  });
}
