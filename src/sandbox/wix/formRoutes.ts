import type { Scene } from './core.ts';
import { compileFilter, compileSort, type Grammar } from './filters.ts';
import { SITE_FORMS } from './formMaking.ts';
import type { Routes } from './guard.ts';
import { cursorPage, inOrder, readCursorQuery } from './paging.ts';
import { notFound, refuse } from './refusals.ts';
import type { FormRow, SubmissionRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { querySubmissions } from './submissionQuery.ts';
import {
  confirm,
  createSubmission,
  deleteSubmission,
  labelled,
  saveSubmission,
  showSubmission,
  submissionById,
  updateSubmission,
} from './submissions.ts';
import { submissionRefusal } from './submissionValidation.ts';
import { guidIn, listIn, objectIn, wrong } from './values.ts';

const SUBMISSIONS = '/form-submission-service/v4/submissions';
const FORMS = '/form-schema-service/v4/forms';
const NEEDS = { permission: 'forms', app: 'forms' } as const;

const one = (row: SubmissionRow) => ({ submission: showSubmission(row) });

/** Submissions and the schemas of forms. Source: reference/wix.md 4.1 */
export function addFormRoutes(routes: Routes): void {
  addSubmissionQueries(routes);
  addSubmissionWrites(routes);
  addSchemas(routes);
}

function addSubmissionQueries(routes: Routes): void {
  for (const [path, also] of [
    ['query', []],
    ['search', ['formId']],
  ] as const) {
    routes.site('POST', `${SUBMISSIONS}/namespace/${path}`, NEEDS, (call) => {
      const query = objectIn(call.body.query ?? call.body.search, 'query');
      const until = call.indexedUntil();
      const page = querySubmissions(call.scene, { query, until, also: [...also] });
      return { submissions: page.rows.map(showSubmission), metadata: page.metadata };
    });
  }
  routes.site('POST', `${SUBMISSIONS}/count`, NEEDS, ({ scene, body }) => ({
    formsSubmissionsCount: counts(scene, body),
  }));
  routes.site('POST', `${SUBMISSIONS}/validate`, NEEDS, ({ scene, body }) => {
    const sent = objectIn(body.submission, 'submission');
    const refusal = submissionRefusal(formById(scene, sent.formId), sent.submissions);
    if (refusal) throw refusal;
    return {};
  });
  routes.site('GET', `${SUBMISSIONS}/:id`, NEEDS, ({ scene, param }) =>
    one(submissionById(scene, param('id'))),
  );
  routes.site('GET', `${SUBMISSIONS}/:id/formatted`, NEEDS, ({ scene, param }) => {
    const row = submissionById(scene, param('id'));
    return { submissions: labelled(formById(scene, row.formId), row) };
  });
}

function counts({ core, site }: Scene, body: Fields): Fields[] {
  const ids = listIn(body.formIds, 'formIds', 100) ?? [];
  if (ids.length === 0) throw wrong('formIds', 'must have 1 to 100 items', 'OUT_OF_RANGE');
  const statuses = listIn(body.statuses, 'statuses', 10) ?? [];
  const rows = core.store
    .rows(site.id, 'submissions')
    .filter(
      ({ trashed, status }) => !trashed && (statuses.length === 0 || statuses.includes(status)),
    );
  return ids.map((formId) => {
    const ofForm = rows.filter((row) => row.formId === formId);
    const unseenCount = ofForm.filter(({ seen }) => !seen).length;
    return { formId, totalCount: ofForm.length, unseenCount };
  });
}

function addSubmissionWrites(routes: Routes): void {
  routes.site('POST', SUBMISSIONS, NEEDS, ({ scene, body }) => {
    const { formId, submissions } = objectIn(body.submission, 'submission');
    return one(createSubmission(scene, { formId, submissions }));
  });
  routes.site('PATCH', `${SUBMISSIONS}/:id`, NEEDS, ({ scene, body, param }) =>
    one(updateSubmission(scene, param('id'), objectIn(body.submission, 'submission'))),
  );
  routes.site('POST', `${SUBMISSIONS}/:id/confirm`, NEEDS, ({ scene, param }) =>
    one(confirm(scene, submissionById(scene, param('id')))),
  );
  routes.site('DELETE', `${SUBMISSIONS}/:id`, NEEDS, ({ scene, query, param }) => {
    deleteSubmission(scene, param('id'), query.permanent === 'true' || query.permanent === true);
    return {};
  });
  routes.site(
    'POST',
    '/form-submission-service/v4/bulk/submissions/mark-as-seen',
    NEEDS,
    ({ scene, body }) => {
      for (const id of listIn(body.ids, 'ids', 100) ?? []) {
        const row = submissionById(scene, String(id));
        if (!row.seen) saveSubmission(scene, { ...row, seen: true });
      }
      return {};
    },
  );
  const contacts = '/form-submission-contact-mapping-service/v4/submissions-contacts';
  routes.site('POST', contacts, NEEDS, ({ scene, body }) => {
    const row = submissionById(scene, String(body.submissionId));
    const contactId = guidIn(body.contactId, 'contactId');
    saveSubmission(scene, { ...row, contactId, mapping: 'done' });
    return { contactId };
  });
}

function formById({ core, site }: Scene, id: unknown): FormRow {
  const form = core.store.get(site.id, 'forms', guidIn(id, 'formId'));
  if (!form) throw notFound('form');
  return form;
}

const GRAMMAR: Grammar<FormRow> = {
  fields: (name) =>
    ['id', 'namespace', 'name', 'enabled', 'createdDate', 'updatedDate'].includes(name)
      ? {
          operators: ['$eq', '$ne', '$in', '$gt', '$gte', '$lt', '$lte'],
          sorts: true,
          kind: name.endsWith('Date') ? 'instant' : 'plain',
          read: (row) => row[name as keyof FormRow],
        }
      : undefined,
  complain: ({ text }) => refuse(400, 'INVALID_ARGUMENT', text),
  ignoresEmailCase: false,
};

function formsPage({ core, site }: Scene, query: Fields, filter?: Fields) {
  const asked = readCursorQuery('forms', query, { usual: 50, max: 100 });
  // A cursor carries on what the first call asked for.
  if (filter && !asked.after) asked.filter = filter;
  const fallback = [{ fieldName: 'createdDate', order: 'ASC' }];
  const order = compileSort(GRAMMAR, asked.sort, { max: 1, fallback });
  const rows = core.store.rows(site.id, 'forms').filter(compileFilter(GRAMMAR, asked.filter));
  const page = cursorPage('forms', inOrder(rows, order), { query: asked, order });
  return { forms: page.rows as unknown as Fields[], metadata: page.metadata };
}

function addSchemas(routes: Routes): void {
  routes.site('GET', FORMS, NEEDS, ({ scene, query }) => {
    const namespace = query.namespace ?? SITE_FORMS;
    // Only enabled forms, unless the others are asked for. (v) 4.1
    const filter = { namespace, enabled: query.enabled !== 'false' && query.enabled !== false };
    const { forms, metadata } = formsPage(scene, { cursorPaging: query.paging }, filter);
    return { forms, pagingMetadata: metadata };
  });
  routes.site('POST', `${FORMS}/query`, NEEDS, ({ scene, body }) =>
    formsPage(scene, objectIn(body.query, 'query')),
  );
  routes.site('GET', `${FORMS}/:id`, NEEDS, ({ scene, param }) => ({
    form: formById(scene, param('id')) as unknown as Fields,
  }));
  routes.site('GET', `${FORMS}/:id/summary`, NEEDS, ({ scene, param }) => {
    const { id, name, namespace, formFields } = formById(scene, param('id'));
    const fields = formFields
      .filter(({ fieldType }) => fieldType === 'INPUT')
      .map((field) => ({ id: field.id, target: field.inputOptions?.target }));
    return { formSummary: { formId: id, name, namespace, fields } };
  });
}
