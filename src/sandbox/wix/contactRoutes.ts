import { bulkContacts } from './contactBulk.ts';
import { queryContacts } from './contactQuery.ts';
import { showContact } from './contactShow.ts';
import { submitContact } from './contactSubmit.ts';
import {
  contactById,
  createContact,
  deleteContact,
  mergeContacts,
  updateContact,
} from './contacts.ts';
import type { Scene } from './core.ts';
import { type Call, fieldsetsIn, type Routes } from './guard.ts';
import {
  findOrCreateField,
  findOrCreateLabel,
  labelContact,
  removeName,
  rename,
} from './labels.ts';
import { offsetPage } from './paging.ts';
import { notFound } from './refusals.ts';
import type { ContactRow, ExtendedFieldRow, LabelRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { isObject, objectIn } from './values.ts';

const BASE = '/contacts/v4/contacts';
const NEEDS = { permission: 'contacts' } as const;

/** Contacts v4, with labels and extended fields. Source: reference/wix.md 3.1 */
export function addContactRoutes(routes: Routes): void {
  routes.site('POST', BASE, NEEDS, ({ scene, body }) =>
    one(scene, createContact(scene, { info: body.info, allowDuplicates: body.allowDuplicates })),
  );
  routes.site('GET', BASE, NEEDS, (call) => {
    const { sort, ...query } = call.query;
    return page(call, { ...query, ...(isObject(sort) ? { sort: [sort] } : {}) });
  });
  routes.site('POST', `${BASE}/query`, NEEDS, (call) =>
    page(call, objectIn(call.body.query, 'query')),
  );
  routes.site('GET', `${BASE}/:id`, NEEDS, ({ scene, query, param }) => {
    const row = contactById(scene, param('id'));
    const contact = showContact(scene.core, scene.site, row, fieldsetsIn(query.fieldsets));
    return { contact, responseType: row.id === param('id').toLowerCase() ? 'REGULAR' : 'MERGED' };
  });
  routes.site('PATCH', `${BASE}/:id`, NEEDS, ({ scene, body, param }) =>
    one(scene, updateContact(scene, param('id'), readUpdate(body))),
  );
  routes.site('DELETE', `${BASE}/:id`, NEEDS, ({ scene, param }) => {
    deleteContact(scene, param('id'));
    return {};
  });
  routes.site('POST', `${BASE}/:id/merge`, NEEDS, ({ scene, body, param }) => {
    const { targetContactRevision, sourceContactIds } = body;
    const wanted = { targetContactRevision, sourceContactIds };
    return one(scene, mergeContacts(scene, param('id'), wanted));
  });
  for (const method of ['POST', 'DELETE'] as const) {
    routes.site(method, `${BASE}/:id/labels`, NEEDS, ({ scene, body, query, param }) => {
      const given = body.labelKeys ?? query.labelKeys;
      const labelKeys = typeof given === 'string' ? [given] : given;
      return one(scene, labelContact(scene, param('id'), { labelKeys, adds: method === 'POST' }));
    });
  }
  for (const job of ['update', 'delete', 'add-remove-labels'] as const) {
    routes.site('POST', `/contacts/v4/bulk/contacts/${job}`, NEEDS, ({ scene, body }) => ({
      jobId: bulkContacts(scene, job, body),
    }));
  }
  routes.site('POST', '/contacts/v4/contact-submit', NEEDS, ({ scene, body }) =>
    submitContact(scene, body),
  );
  addNames(routes, 'labels');
  addNames(routes, 'extendedFields');
}

const readUpdate = ({ info, revision, allowDuplicates }: Fields) => ({
  info,
  revision,
  allowDuplicates,
});

const one = ({ core, site }: Scene, row: ContactRow) => ({ contact: showContact(core, site, row) });

function page(call: Call, query: Fields): Fields {
  const { scene, body } = call;
  const until = call.indexedUntil();
  const { rows, metadata } = queryContacts(scene, { query, search: body.search, until });
  const fieldsets = fieldsetsIn(query.fieldsets);
  const contacts = rows.map((row) => showContact(scene.core, scene.site, row, fieldsets));
  return { contacts, pagingMetadata: metadata };
}

const NAMES = {
  labels: { path: '/contacts/v4/labels', one: 'label', many: 'labels', max: 2_000 },
  extendedFields: {
    ...{ path: '/contacts/v4/extended-fields', one: 'field', many: 'fields', max: 2_000 },
  },
} as const;

/** Labels and extended fields have the same calls under other names. (s) 3.1 */
function addNames(routes: Routes, table: keyof typeof NAMES): void {
  const { path, one: single, many, max } = NAMES[table];
  const rowsOf = ({ core, site }: Scene): (LabelRow | ExtendedFieldRow)[] =>
    core.store.rows(site.id, table);
  const pageOf = (scene: Scene, paging: unknown) =>
    offsetPage(rowsOf(scene), paging, { usual: 1_000, max });

  routes.site('POST', path, NEEDS, ({ scene, body }) => {
    if (table === 'extendedFields') {
      const { field, newField } = findOrCreateField(scene, body);
      return { field: showName(field), newField };
    }
    const { label, newLabel } = findOrCreateLabel(scene, body.displayName);
    return { label: showName(label), newLabel };
  });
  routes.site('GET', path, NEEDS, ({ scene, query }) => {
    const { rows, metadata } = pageOf(scene, query.paging);
    return { [many]: rows.map(showName), metadata };
  });
  routes.site('POST', `${path}/query`, NEEDS, ({ scene, body }) => {
    const { rows, metadata } = pageOf(scene, objectIn(body.query, 'query').paging);
    return { [many]: rows.map(showName), pagingMetadata: metadata };
  });
  routes.site('GET', `${path}/:key`, NEEDS, ({ scene, param }) => {
    const row = rowsOf(scene).find(({ id }) => id === param('key'));
    if (!row) throw notFound(single);
    return { [single]: showName(row) };
  });
  routes.site('PATCH', `${path}/:key`, NEEDS, ({ scene, body, param }) => {
    const sent = isObject(body[single]) ? body[single] : body;
    const wanted = { id: param('key'), displayName: sent.displayName };
    return { [single]: showName(rename(scene, table, wanted)) };
  });
  routes.site('DELETE', `${path}/:key`, NEEDS, ({ scene, param }) => {
    removeName(scene, table, param('key'));
    return {};
  });
}

function showName({ id, ...row }: LabelRow | ExtendedFieldRow): Fields {
  return { key: id, ...row };
}
