import type { Context } from 'hono';
import {
  addChild,
  CHILD_KINDS,
  type ChildKind,
  changeChild,
  isVisible,
  showChild,
} from './children.ts';
import type { Core } from './core.ts';
import type { Files } from './files.ts';
import { FILTERS, readFilters } from './filters.ts';
import { answerList, detail, type Handler, idIn, type Routes, readBody } from './guard.ts';
import type { RecordName } from './records.ts';
import type { AccountRow, ChildRow, TableName } from './rows.ts';
import { validate } from './validate.ts';

/** The model names that leak into the text of a 404. [S] */
export const MODEL_NAMES: Record<RecordName, string> = {
  candidates: 'Candidate',
  contacts: 'Contact',
  jobs: 'Job',
  organizations: 'Organization',
  matches: 'Match',
};

/** Notes, attachments, activities and the other alike sub-resources. Source: 9.1, 9.4 */
export function addChildRoutes(routes: Routes, core: Core, files: Files): void {
  for (const kind of CHILD_KINDS)
    for (const parents of kind.parents) addKind(routes, core, files, kind, parents);
}

function addKind(
  routes: Routes,
  core: Core,
  files: Files,
  kind: ChildKind,
  parents: RecordName,
): void {
  const list = `/${parents}/:id{[0-9]+}/${kind.path}/`;
  const exists = existsIn(core);
  const show = (account: AccountRow) => (row: ChildRow) => showChild(core, account, kind, row);
  const rowsOf = (context: Context, account: AccountRow): ChildRow[] => {
    const table = core.store.table(account.id, kind.table);
    return table.where('parent', `${parents}/${idIn(context)}`).filter(isVisible);
  };
  const find = (context: Context, account: AccountRow) =>
    rowsOf(context, account).find((row) => row.id === idIn(context, 'child'));

  const get: Handler = (context, account) => {
    const row = find(context, account);
    return row ? context.json(show(account)(row)) : detail(context, 404, 'Not found.');
  };
  const isFixed = () =>
    (kind.table === 'educations' || kind.table === 'experiences') &&
    !core.switches().studiesEditable;
  const patch: Handler = async (context, account) => {
    if (isFixed()) return detail(context, 405, 'Method "PATCH" not allowed.');
    const row = find(context, account);
    if (!row) return detail(context, 404, 'Not found.');
    const read = await readBody(context);
    if (read instanceof Response) return read;
    const checked = validate(kind.fields, read.body, { creating: false, exists: exists(account) });
    if (!checked.ok) return context.json(checked.errors, 400);
    const wanted = { account, table: kind.table, row, values: checked.values };
    return context.json(show(account)(changeChild(core, files, wanted)));
  };
  const remove: Handler = (context, account) => {
    const row = find(context, account);
    if (!row) return detail(context, 404, 'Not found.');
    core.store.remove(account.id, kind.table, row.id);
    if (kind.table === 'attachments') files.forget(account.id, 'attachments', row.id);
    return context.body(null, 204);
  };
  const post: Handler = async (context, account) => {
    const read = await readBody(context);
    if (read instanceof Response) return read;
    const checked = validate(kind.fields, read.body, { creating: true, exists: exists(account) });
    if (!checked.ok) return context.json(checked.errors, 400);
    const parent = `${parents}/${idIn(context)}`;
    const { values } = checked;
    const user = account.keyUser;
    const row = addChild(core, files, { account, table: kind.table, parent, values, user });
    return context.json(show(account)(row), 201);
  };

  routes.on(list, {
    GET: withParent(core, parents, (context, account) => {
      const rows = rowsOf(context, account).filter(filterOf(kind, context));
      return answerList(core, context, { rows, show: show(account), shape: kind.shape });
    }),
    ...(kind.listMethods.includes('POST') ? { POST: withParent(core, parents, post) } : {}),
  });
  routes.on(`${list}:child{[0-9]+}/`, {
    GET: withParent(core, parents, get),
    ...(kind.itemMethods.includes('PATCH') ? { PATCH: withParent(core, parents, patch) } : {}),
    ...(kind.itemMethods.includes('DELETE') ? { DELETE: withParent(core, parents, remove) } : {}),
  });
}

/** Refuses with the leaking model name when the parent does not exist. */
export function withParent(core: Core, parents: RecordName, handler: Handler): Handler {
  return (context, account) => {
    const parent = core.store.table(account.id, parents).get(idIn(context));
    if (parent) return handler(context, account);
    return detail(context, 404, `No ${MODEL_NAMES[parents]} matches the given query.`);
  };
}

/** Whether a key points at a record of the account. */
export function existsIn(core: Core) {
  return (account: AccountRow) => (table: TableName, id: number) =>
    core.store.table(account.id, table).get(id) !== undefined;
}

function filterOf(kind: ChildKind, context: Context): (row: object) => boolean {
  const filtering = readFilters(FILTERS[kind.table], new URL(context.req.url).searchParams, {
    ignoreSubseconds: false,
    tagIdsOf: () => [],
  });
  return filtering.ok && filtering.keep ? filtering.keep : () => true;
}
