import type { Scene } from './core.ts';
import { compileFilter, compileSort, type Grammar, type Queryable } from './filters.ts';
import { type Call, fieldsetsIn, type Routes } from './guard.ts';
import {
  changeMemberSlug,
  changeMemberState,
  createMember,
  deleteMember,
  MEMBER_VERBS,
  memberById,
  saveMember,
  showMember,
  updateMember,
} from './members.ts';
import { inOrder, offsetPage } from './paging.ts';
import { refuse } from './refusals.ts';
import type { MemberRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { emailIn, isObject, listIn, objectIn, valueAt, wrong } from './values.ts';

const BASE = '/members/v1/members';
const NEEDS = { permission: 'members' } as const;

const full = (row: MemberRow) => ({ member: showMember(row, ['FULL']) });

/** Members v1. Source: reference/wix.md 5.1 */
export function addMemberRoutes(routes: Routes): void {
  routes.site('GET', BASE, NEEDS, (call) => {
    const { sorting, ...query } = call.query;
    return page(call, { ...query, ...(isObject(sorting) ? { sorting: [sorting] } : {}) });
  });
  // `sorting` inside the query, and the fieldsets beside it. (s) 5.1
  routes.site('POST', `${BASE}/query`, NEEDS, (call) =>
    page(call, objectIn(call.body.query, 'query')),
  );
  routes.site('POST', BASE, NEEDS, ({ scene, body }) => full(createMember(scene, body.member)));
  addBulk(routes);
  routes.site('GET', `${BASE}/:id`, NEEDS, ({ scene, query, param }) => ({
    member: showMember(memberById(scene, param('id')), fieldsetsIn(query.fieldsets)),
  }));
  routes.site('PATCH', `${BASE}/:id`, NEEDS, ({ scene, body, param }) =>
    full(updateMember(scene, param('id'), body.member)),
  );
  routes.site('DELETE', `${BASE}/:id`, NEEDS, ({ scene, param }) => {
    deleteMember(scene, param('id'));
    return {};
  });
  for (const verb of MEMBER_VERBS) {
    routes.site('POST', `${BASE}/:id/${verb}`, NEEDS, ({ scene, param }) =>
      full(changeMemberState(scene, param('id'), verb)),
    );
  }
  routes.site('POST', `${BASE}/:id/slug`, NEEDS, ({ scene, body, param }) =>
    full(changeMemberSlug(scene, param('id'), body.slug)),
  );
  for (const list of ['phones', 'emails', 'addresses']) {
    routes.site('DELETE', `${BASE}/:id/${list}`, NEEDS, ({ scene, param }) => {
      const row = memberById(scene, param('id'));
      const { [list]: _, ...contact } = row.contact;
      return full(saveMember(scene, { ...row, contact }));
    });
  }
  const mail = '/wix-sm/api/v1/auth/v1/auth/members/send-set-password-email';
  routes.site('POST', mail, NEEDS, ({ scene: { core, site }, body }) => {
    const to = emailIn(body.email, 'email');
    core.store.put(site.id, 'mails', { id: core.newGuid(), to, sentAt: core.now() });
    return { accepted: true };
  });
}

function page(call: Call, query: Fields): Fields {
  const { scene, body } = call;
  const { core, site } = scene;
  const test = compileFilter(GRAMMAR, query.filter);
  const words = typeof body.search === 'string' ? body.search : valueAt(body.search, 'expression');
  const wanted = typeof words === 'string' ? words.toLowerCase() : '';
  const found = core.store
    .rowsAt(site.id, 'members', call.indexedUntil())
    .filter(
      (row) =>
        test(row) && `${row.loginEmail} ${row.profile.nickname}`.toLowerCase().includes(wanted),
    );
  // Whether sorting is heeded is not certain; a client must look at the order itself. (u) 5.3
  const sorting = core.switches().memberSortHonoured ? query.sorting : undefined;
  const fallback = [{ fieldName: 'createdDate', order: 'DESC' }];
  const order = compileSort(SORTS, sorting, { max: 2, fallback });
  const asked = fieldsetsIn(body.fieldsets ?? query.fieldsets);
  const cut = offsetPage(inOrder(found, order), query.paging, { usual: 100, max: 100 });
  return { members: cut.rows.map((row) => showMember(row, asked)), metadata: cut.metadata };
}

const OPERATORS = ['$eq', '$ne', '$in', '$nin', '$exists', '$hasSome', '$startsWith'];
const FILTERED = new Set([
  ...['id', 'loginEmail', 'contactId', 'contact.firstName', 'contact.lastName'],
  ...['profile.nickname', 'profile.slug', 'status', 'privacyStatus'],
]);
const SORTED = new Set([
  ...['createdDate', 'updatedDate', 'lastLoginDate', 'profile.nickname'],
  ...['contact.firstName', 'contact.lastName'],
]);

const fieldOf = (name: string): Queryable<MemberRow> => ({
  operators: OPERATORS,
  sorts: SORTED.has(name),
  kind: name.endsWith('Date') ? 'instant' : name === 'loginEmail' ? 'email' : 'plain',
  read: (row) => valueAt(row, name),
});
const complain: Grammar<MemberRow>['complain'] = ({ text }) =>
  refuse(400, 'INVALID_ARGUMENT', text);

/** `createdDate` cannot be filtered. (c) 5.3 */
const GRAMMAR: Grammar<MemberRow> = {
  fields: (name) => (FILTERED.has(name) ? fieldOf(name) : undefined),
  complain,
  ignoresEmailCase: true,
};
const SORTS: Grammar<MemberRow> = {
  fields: (name) => (SORTED.has(name) ? fieldOf(name) : undefined),
  complain,
  ignoresEmailCase: true,
};

/** Bulk calls on members. There is no bulk create. (s) 5.1 */
function addBulk(routes: Routes): void {
  routes.site('POST', `${BASE}/bulk/delete`, NEEDS, ({ scene, body }) => {
    const ids = listIn(body.memberIds, 'memberIds', 100) ?? [];
    if (ids.length === 0) throw wrong('memberIds', 'must not be empty', 'OTHER');
    for (const id of ids) deleteMember(scene, String(id));
    const results = ids.map((id, at) => ({
      itemMetadata: { id, originalIndex: at, success: true },
    }));
    return { results, bulkActionMetadata: { totalSuccesses: ids.length, totalFailures: 0 } };
  });
  const verbs = { delete: deleteMember, approve: approve, block: block };
  for (const [verb, act] of Object.entries(verbs)) {
    routes.site('POST', `${BASE}/bulk/${verb}-by-filter`, NEEDS, ({ scene, body }) => {
      const { core, site } = scene;
      const test = compileFilter(GRAMMAR, body.filter);
      for (const { id } of core.store.rows(site.id, 'members').filter(test)) act(scene, id);
      return { jobId: core.newGuid() };
    });
  }
}

const approve = (scene: Scene, id: string) => void changeMemberState(scene, id, 'approve');
const block = (scene: Scene, id: string) => void changeMemberState(scene, id, 'block');
