import { primaryOf } from './contactShow.ts';
import type { Scene } from './core.ts';
import { compileFilter, compileSort, type Grammar, type Queryable, type Test } from './filters.ts';
import { inOrder, offsetPage, type Page } from './paging.ts';
import { refuse } from './refusals.ts';
import type { ContactInfo, ContactRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { isObject, valueAt } from './values.ts';

const COMPARES = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'];
const TEXTS = ['$eq', '$ne', '$in', '$exists', '$startsWith'];
const CODES = ['$eq', '$ne', '$in', '$exists'];
const LISTS = ['$hasSome', '$hasAll'];

type Field = Queryable<ContactRow>;
const field = (
  operators: string[],
  sorts: boolean,
  read: Field['read'],
  kind: Field['kind'] = 'text',
): Field => ({ operators, sorts, read, kind });
const fromInfo = (read: (info: ContactInfo) => unknown) => (row: ContactRow) => read(row.info);
const addressPart = (name: string) => (row: ContactRow) =>
  (row.info.addresses?.items ?? []).map(({ address }) => address[name]).filter(Boolean);

/** Which fields may be filtered and sorted. Source: reference/wix.md 3.6 (c)(s) */
const FIELDS: Record<string, Field> = {
  id: field(CODES, false, (row) => row.id),
  createdDate: field(COMPARES, true, (row) => row.createdDate, 'instant'),
  updatedDate: field(COMPARES, false, (row) => row.updatedDate, 'instant'),
  'lastActivity.activityDate': field(
    COMPARES,
    true,
    (row) => row.lastActivity.activityDate,
    'instant',
  ),
  'info.birthdate': field(COMPARES, true, (row) => row.info.birthdate),
  'primaryInfo.email': field(
    TEXTS,
    true,
    fromInfo((info) => primaryOf(info.emails?.items)?.email),
    'email',
  ),
  'info.name.first': field(TEXTS, true, (row) => row.info.name?.first),
  'info.name.last': field(TEXTS, true, (row) => row.info.name?.last),
  'info.company': field(TEXTS, true, (row) => row.info.company),
  'info.jobTitle': field(TEXTS, true, (row) => row.info.jobTitle),
  'primaryInfo.phone': field(
    TEXTS,
    false,
    fromInfo((info) => primaryOf(info.phones?.items)?.phone),
  ),
  'info.emails.email': field(
    TEXTS,
    false,
    fromInfo((info) => info.emails?.items.map(({ email }) => email)),
    'email',
  ),
  'info.phones.phone': field(
    TEXTS,
    false,
    fromInfo((info) => info.phones?.items.map(({ phone }) => phone)),
  ),
  'info.phones.e164Phone': field(
    TEXTS,
    false,
    fromInfo((info) => info.phones?.items.map(({ e164Phone }) => e164Phone)),
  ),
  'info.addresses.street': field(TEXTS, false, addressPart('addressLine')),
  'info.addresses.city': field(TEXTS, false, addressPart('city')),
  'info.addresses.subdivision': field(CODES, false, addressPart('subdivision')),
  'info.addresses.country': field(CODES, false, addressPart('country')),
  'info.locale': field(CODES, false, (row) => row.info.locale),
  'info.labelKeys': field(LISTS, false, (row) => row.info.labelKeys?.items),
  'info.locations': field(LISTS, false, () => undefined),
};

const EXTENDED = /^info\.extendedFields\.(.+)$/;

function grammarOf({ core, site }: Scene): Grammar<ContactRow> {
  return {
    ignoresEmailCase: core.switches().emailFilterIgnoresCase,
    complain: ({ code, text }) => refuse(400, code, text),
    fields(name) {
      const key = EXTENDED.exec(name)?.[1]?.replace(/^items\./, '');
      if (!key) return FIELDS[name];
      if (!core.store.get(site.id, 'extendedFields', key)) return undefined;
      const read = (row: ContactRow) => row.info.extendedFields?.items[key];
      return field([...TEXTS, ...COMPARES], true, read, 'plain');
    },
  };
}

/** One page of contacts, as the index knows them. At most one sort field. (c) 3.6 */
export function queryContacts(
  scene: Scene,
  { query, search, until }: { query: Fields; search?: unknown; until: number },
): Page<ContactRow> {
  const { core, site } = scene;
  const test = contactTest(scene, query.filter, search);
  const fallback = [{ fieldName: 'createdDate', order: core.switches().contactDefaultOrder }];
  const order = compileSort(grammarOf(scene), query.sort, { max: 1, fallback });
  const found = core.store.rowsAt(site.id, 'contacts', until).filter(test);
  return offsetPage(inOrder(found, order), query.paging, { usual: 50, max: 1_000 });
}

/** What a filter and a free text ask of a contact. */
export function contactTest(scene: Scene, filter: unknown, search: unknown): Test<ContactRow> {
  const fits = compileFilter(grammarOf(scene), filter);
  const words = isObject(search) ? valueAt(search, 'expression') : search;
  if (typeof words !== 'string' || words.trim() === '') return fits;
  const wanted = words.trim().toLowerCase();
  return (row) => fits(row) && searchText(row.info).includes(wanted);
}

function searchText({ name, emails, phones }: ContactInfo): string {
  const parts = [
    ...[name?.first, name?.last],
    ...(emails?.items ?? []).map(({ email }) => email),
    ...(phones?.items ?? []).map(({ phone }) => phone),
  ];
  return parts.filter(Boolean).join(' ').toLowerCase();
}
