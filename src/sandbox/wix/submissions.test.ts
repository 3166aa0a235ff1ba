import { expect, test } from 'vitest';
import { createTestbed, SITE, type Testbed } from './testbed.ts';

const BASE = '/form-submission-service/v4/submissions';
const NAMESPACE = 'wix.form_app.form';

/** The target of a field, by the start of its label. */
function formOf(bed: Testbed) {
  const form = bed.simulator.rows(SITE, 'forms')[0];
  if (!form) throw new Error('no form');
  const target = (start: string) => {
    const found = form.formFields.find(({ inputOptions }) =>
      inputOptions?.target.startsWith(start),
    );
    return found?.inputOptions?.target ?? '';
  };
  const values = (first: string, email: string) => ({
    [target('first_name')]: first,
    [target('last_name')]: 'Ngiraked',
    [target('school_e_mail')]: email,
    [target('island')]: 'Koror',
    [target('interests')]: ['marine'],
  });
  return { form, target, values };
}

const query = (bed: Testbed, more: object = {}, filter: object = {}) =>
  bed.post(`${BASE}/namespace/query`, {
    query: { filter: { namespace: { $eq: NAMESPACE }, ...filter }, ...more },
  });

test('a submission is confirmed at once and gets its contactId later; revisions are texts', async () => {
  const bed = createTestbed();
  const { form, values } = formOf(bed);
  const row = bed.simulator.visitor(SITE).submits(form.id, values('Tavita', 't@example.org'));
  const read = async () => (await bed.get(`${BASE}/${row.id}`)).body.submission;
  expect(await read()).toMatchObject({
    status: 'CONFIRMED',
    revision: '1',
    namespace: NAMESPACE,
    seen: false,
    submitter: { visitorId: expect.any(String) },
  });
  expect(await read()).not.toHaveProperty('contactId');
  await bed.pass(1);
  const mapped = await read();
  expect(mapped.revision).toBe('2');
  const contact = await bed.get(`/contacts/v4/contacts/${mapped.contactId}`);
  expect(contact.body.contact).toMatchObject({
    source: { sourceType: 'WIX_FORMS' },
    primaryInfo: { email: 't@example.org' },
    info: { name: { first: 'Tavita', last: 'Ngiraked' } },
  });
});

test('a submission may wait as PENDING before it is confirmed', async () => {
  const bed = createTestbed({ switches: { confirmationSeconds: 30 } });
  const { form, values } = formOf(bed);
  const visitor = bed.simulator.visitor(SITE);
  const row = visitor.submits(form.id, values('Tavita', 't@example.org'));
  const second = visitor.submits(form.id, values('Mere', 'm@example.org'));
  const read = async () => (await bed.get(`${BASE}/${row.id}`)).body.submission;
  expect(await read()).toMatchObject({ status: 'PENDING' });
  const confirmed = await bed.post(`${BASE}/${second.id}/confirm`);
  expect(confirmed.body.submission).toMatchObject({ status: 'CONFIRMED', revision: '2' });
  await bed.pass(31);
  expect(await read()).toMatchObject({ status: 'CONFIRMED', revision: '3' });
});

test('the same person submitting twice gives two submissions and one contact', async () => {
  const bed = createTestbed({ switches: { contactMappingSeconds: 60 } });
  const { form, values } = formOf(bed);
  const visitor = bed.simulator.visitor(SITE);
  visitor.submits(form.id, values('Tavita', 't@example.org'));
  visitor.submits(form.id, values('Tavi', 'T@example.org'));
  await bed.pass(60);
  const [one, two, ...more] = bed.simulator.rows(SITE, 'submissions');
  expect([one?.contactId, more]).toEqual([two?.contactId, []]);
  const [contact, ...others] = bed.simulator.rows(SITE, 'contacts');
  expect([contact?.info.name?.first, contact?.revision, others]).toEqual(['Tavita', 2, []]);
});

test('a form without contact fields maps nobody', async () => {
  const bed = createTestbed();
  const fields = [
    { kind: 'number', label: 'Score', target: 'score' },
    { kind: 'company', label: 'School', target: 'school' },
  ] as const;
  const { id } = bed.simulator.addForm(SITE, { name: 'Poll', fields: [...fields] });
  bed.simulator.visitor(SITE).submits(id, { score: 7 });
  bed.simulator.visitor(SITE).submits(id, { score: 8, school: 'College' });
  await bed.pass(1);
  const mappings = bed.simulator.rows(SITE, 'submissions').map(({ mapping }) => mapping);
  expect(mappings).toEqual(['skipped', 'skipped']);
  expect(bed.simulator.rows(SITE, 'contacts')).toEqual([]);
});

test('a query must name the namespace, at the top or inside $and', async () => {
  const bed = createTestbed();
  const { form, values } = formOf(bed);
  bed.simulator.visitor(SITE).submits(form.id, values('Tavita', 't@example.org'));
  const ask = (filter: unknown) => bed.post(`${BASE}/namespace/query`, { query: { filter } });
  expect((await ask({})).status).toBe(400);
  expect((await ask({ formId: form.id })).status).toBe(400);
  const and = { $and: [{ namespace: NAMESPACE }, { formId: { $eq: form.id } }] };
  expect((await ask(and)).body.submissions).toHaveLength(1);
  expect((await ask({ namespace: { $ne: NAMESPACE } })).status).toBe(400);
  expect((await ask({ namespace: 'wix.events' })).body.submissions).toEqual([]);
  const search = (filter: unknown) => bed.post(`${BASE}/namespace/search`, { search: { filter } });
  expect((await search({ namespace: NAMESPACE })).status).toBe(400);
  expect((await search({ namespace: NAMESPACE, formId: form.id })).status).toBe(200);
  const alias = await bed.post('/forms/v4/submissions/namespace/query', { query: { filter: and } });
  expect(alias.body.submissions).toHaveLength(1);
});

test('cursors carry filter and sort on, refuse them beside, and miss nothing that is new', async () => {
  const bed = createTestbed();
  const { form, values } = formOf(bed);
  const submit = async (name: string) => {
    await bed.clock.advance(1_000);
    bed.simulator.visitor(SITE).submits(form.id, values(name, `${name}@example.org`));
  };
  for (const name of ['a', 'b', 'c']) await submit(name);
  const sort = [{ fieldName: 'createdDate', order: 'ASC' }];
  const first = await query(bed, { sort, cursorPaging: { limit: 2 } });
  expect(first.body.metadata).toMatchObject({ count: 2, hasNext: true });
  const { next } = first.body.metadata.cursors;
  await submit('d');
  const follow = (more: object) =>
    bed.post(`${BASE}/namespace/query`, { query: { cursorPaging: { cursor: next }, ...more } });
  const rest = await follow({});
  expect([rest.body.submissions.length, rest.body.metadata]).toEqual([
    2,
    { count: 2, cursors: {}, hasNext: false },
  ]);
  expect((await follow({ filter: { namespace: NAMESPACE } })).status).toBe(400);
  expect((await follow({ sort })).status).toBe(400);
  const forged = { cursorPaging: { cursor: `x${next}` } };
  expect((await follow(forged)).status).toBe(400);
  expect((await query(bed, { cursorPaging: { limit: 101 } })).status).toBe(400);
});

test('submissions are filtered by dates, status and form, and sorted by up to three fields', async () => {
  const bed = createTestbed();
  const { form, values } = formOf(bed);
  bed.simulator.visitor(SITE).submits(form.id, values('Tavita', 't@example.org'));
  const count = async (filter: object) => (await query(bed, {}, filter)).body.submissions?.length;
  expect(await count({ createdDate: { $gt: '2027-01-12T07:58:00.000Z' } })).toBe(1);
  expect(await count({ createdDate: { $gt: '2027-01-12T08:00:00.000Z' } })).toBe(0);
  expect(await count({ status: { $in: ['CONFIRMED'] }, formId: form.id })).toBe(1);
  expect(await count({ seen: true })).toBe(0);
  expect((await query(bed, {}, { revision: '1' })).status).toBe(400);
  const sort = ['createdDate', 'id', 'status', 'formId'].map((fieldName) => ({ fieldName }));
  expect((await query(bed, { sort })).status).toBe(400);
  expect((await query(bed, { sort: sort.slice(0, 3) })).status).toBe(200);
});

test('wrong values are listed one by one, each with its path and type', async () => {
  const bed = createTestbed();
  const { form, target } = formOf(bed);
  const submissions = {
    [target('first_name')]: 7,
    [target('school_e_mail')]: 'nowhere',
    [target('phone')]: '555 1234',
    [target('island')]: 'Atlantis',
    stray: 1,
  };
  const answer = await bed.post(BASE, { submission: { formId: form.id, submissions } });
  const [violation] = answer.body.details.validationError.fieldViolations;
  expect([answer.status, violation.data.code]).toEqual([400, 'SUBMISSION_VALIDATION']);
  const errors = violation.data.errors.map(({ errorPath, errorType }: Record<string, string>) => [
    errorPath,
    errorType,
  ]);
  expect(errors).toEqual([
    [target('first_name'), 'TYPE_ERROR'],
    [target('last_name'), 'REQUIRED_VALUE_ERROR'],
    [target('school_e_mail'), 'FORMAT_ERROR'],
    [target('phone'), 'FORMAT_ERROR'],
    [target('island'), 'NOT_ALLOWED_VALUE_ERROR'],
    ['stray', 'UNKNOWN_VALUE_ERROR'],
  ]);
  const validated = { submission: { formId: form.id, submissions } };
  expect((await bed.post(`${BASE}/validate`, validated)).status).toBe(400);
});

test('a form that is switched off takes nothing and is listed only when asked for', async () => {
  const bed = createTestbed();
  const fields = [{ kind: 'text', label: 'Words', target: 'words' } as const];
  const form = bed.simulator.addForm(SITE, { name: 'Old', fields, enabled: false });
  expect(() => bed.simulator.visitor(SITE).submits(form.id, { words: 'x' })).toThrow('invalid');
  const list = '/form-schema-service/v4/forms?namespace=wix.form_app.form';
  const names = async (more: string) =>
    (await bed.get(list + more)).body.forms.map(({ name }: { name: string }) => name);
  expect(await names('')).toEqual(['Student sign-up']);
  expect(await names('&enabled=false')).toEqual(['Old']);
  expect((await bed.get(list)).body.pagingMetadata.count).toBe(1);
});

test('a schema tells targets, types, labels and what maps to a contact', async () => {
  const bed = createTestbed();
  const { form, target } = formOf(bed);
  const { body } = await bed.get(`/form-schema-service/v4/forms/${form.id}`);
  const email = body.form.formFields.find(
    ({ identifier }: { identifier: string }) => identifier === 'CONTACTS_EMAIL',
  );
  expect(email.inputOptions).toMatchObject({
    target: expect.stringMatching(/^school_e_mail_[0-9a-f]{4}$/),
    contactMapping: { contactField: 'EMAIL' },
    stringOptions: { textInputOptions: { label: 'School e-mail' } },
  });
  expect(body.form.formFields.at(-1)).toMatchObject({ fieldType: 'DISPLAY' });
  const summary = await bed.get(`/form-schema-service/v4/forms/${form.id}/summary`);
  expect(summary.body.formSummary.fields[0].target).toBe(target('first_name'));
  const queried = await bed.post('/form-schema-service/v4/forms/query', {
    query: { filter: { namespace: NAMESPACE } },
  });
  expect([queried.body.forms.length, queried.body.metadata.hasNext]).toEqual([1, false]);
});

test('a submission is shown with labels, marked seen, counted, changed and deleted', async () => {
  const bed = createTestbed();
  const { form, values, target } = formOf(bed);
  const sent = { formId: form.id, submissions: values('Tavita', 't@example.org') };
  const { id } = (await bed.post(BASE, { submission: sent })).body.submission;
  const labels = (await bed.get(`${BASE}/${id}/formatted`)).body.submissions;
  expect(labels[2]).toMatchObject({ label: 'School e-mail', value: 't@example.org' });
  const counts = async () =>
    (await bed.post(`${BASE}/count`, { formIds: [form.id] })).body.formsSubmissionsCount;
  expect(await counts()).toEqual([{ formId: form.id, totalCount: 1, unseenCount: 1 }]);
  await bed.post('/form-submission-service/v4/bulk/submissions/mark-as-seen', { ids: [id] });
  expect((await counts())[0].unseenCount).toBe(0);
  const change = (revision: unknown) =>
    bed.patch(`${BASE}/${id}`, {
      submission: { id, revision, submissions: { [target('island')]: 'Guam' } },
    });
  expect((await change(2)).status).toBe(409);
  expect((await change('2')).body.submission).toMatchObject({ revision: '3' });
  expect((await bed.remove(`${BASE}/${id}`)).body).toEqual({});
  expect((await bed.get(`${BASE}/${id}`)).status).toBe(404);
  expect((await query(bed)).body.submissions).toEqual([]);
});

test('a contact is tied to a submission by hand', async () => {
  const bed = createTestbed({ switches: { contactMappingSeconds: 3_600 } });
  const { form, values } = formOf(bed);
  const { id } = bed.simulator.visitor(SITE).submits(form.id, values('A', 'a@example.org'));
  const contact = await bed.makeContact();
  const path = '/form-submission-contact-mapping-service/v4/submissions-contacts';
  await bed.post(path, { submissionId: id, contactId: contact.id });
  await bed.pass(3_600);
  expect((await bed.get(`${BASE}/${id}`)).body.submission.contactId).toBe(contact.id);
});
