import { expect, test } from 'vitest';
import { createTestbed } from './testbed.ts';

const BASE = '/contacts/v4/contacts';
const codeOf = ({ status, body }: { status: number; body: { details: never } }) => [
  status,
  (body.details as { applicationError?: { code: string } }).applicationError?.code,
];

test('labels are found or made, given, taken, renamed and removed', async () => {
  const bed = createTestbed();
  const made = await bed.post('/contacts/v4/labels', { displayName: 'KiEX' });
  expect(made.body).toMatchObject({ label: { key: 'custom.kiex' }, newLabel: true });
  const again = await bed.post('/contacts/v4/labels', { displayName: 'kiex' });
  expect(again.body).toMatchObject({ label: { key: 'custom.kiex' }, newLabel: false });
  const { id } = await bed.makeContact();
  const path = `${BASE}/${id}/labels`;
  const labelled = await bed.post(path, { labelKeys: ['custom.kiex'] });
  expect(labelled.body.contact).toMatchObject({
    revision: 2,
    info: { labelKeys: { items: ['custom.kiex'] } },
  });
  expect((await bed.post(path, { labelKeys: ['custom.none'] })).status).toBe(404);
  expect((await bed.post(path, { labelKeys: [] })).status).toBe(400);
  const taken = await bed.remove(path, { labelKeys: ['custom.kiex'] });
  expect(taken.body.contact.info).not.toHaveProperty('labelKeys');
  const renamed = await bed.patch('/contacts/v4/labels/custom.kiex', { displayName: 'Students' });
  expect(renamed.body.label).toMatchObject({ key: 'custom.kiex', displayName: 'Students' });
  const listed = await bed.get('/contacts/v4/labels');
  expect([listed.body.labels.length, listed.body.metadata.total]).toEqual([3, 3]);
  const queried = await bed.post('/contacts/v4/labels/query', { query: {} });
  expect(queried.body.pagingMetadata.total).toBe(3);
  expect((await bed.get('/contacts/v4/labels/custom.kiex')).status).toBe(200);
  expect((await bed.remove('/contacts/v4/labels/contacts.customers')).status).toBe(428);
  await bed.post(path, { labelKeys: ['custom.kiex'] });
  await bed.remove('/contacts/v4/labels/custom.kiex');
  expect((await bed.get(`${BASE}/${id}`)).body.contact.info).not.toHaveProperty('labelKeys');
});

test('an extended field is found or made; an unknown one fails the whole write', async () => {
  const bed = createTestbed();
  const wanted = { displayName: 'KiEX ID', dataType: 'TEXT' };
  const made = await bed.post('/contacts/v4/extended-fields', wanted);
  expect(made.body).toMatchObject({ field: { key: 'custom.kiex-id' }, newField: true });
  expect((await bed.post('/contacts/v4/extended-fields', wanted)).body.newField).toBe(false);
  const { id } = await bed.makeContact();
  const patch = (items: object, revision: number) =>
    bed.patch(`${BASE}/${id}`, { info: { company: 'New', extendedFields: { items } }, revision });
  const saved = await patch({ 'custom.kiex-id': 'usr_1' }, 1);
  expect(saved.body.contact.info.extendedFields.items['custom.kiex-id']).toBe('usr_1');
  const unknown = await patch({ 'custom.other': 'x' }, 2);
  expect(codeOf(unknown)).toEqual([400, 'INVALID_EXTENDED_FIELD_VALUE']);
  bed.simulator.set({ unknownFieldCode: 'EXTENDED_FIELD_NOT_FOUND' });
  expect(codeOf(await patch({ 'custom.other': 'x' }, 2))[1]).toBe('EXTENDED_FIELD_NOT_FOUND');
  expect((await patch({ 'custom.kiex-id': 7 }, 2)).status).toBe(400);
  const system = { 'emailSubscriptions.subscriptionStatus': 'SUBSCRIBED' };
  expect((await patch(system, 2)).status).toBe(400);
  bed.simulator.set({ systemFieldsRefused: false });
  const ignored = await patch(system, 2);
  expect(ignored.body.contact.info.extendedFields.items).toMatchObject({
    'emailSubscriptions.subscriptionStatus': 'NOT_SET',
  });
  await bed.remove('/contacts/v4/extended-fields/custom.kiex-id');
  const after = (await bed.get(`${BASE}/${id}`)).body.contact.info.extendedFields.items;
  expect(after).not.toHaveProperty(['custom.kiex-id']);
});

test('a site has at most 100 custom fields', async () => {
  const bed = createTestbed();
  const make = (number: number) =>
    bed.post('/contacts/v4/extended-fields', { displayName: `F ${number}`, dataType: 'URL' });
  for (let number = 0; number < 100; number += 1) await make(number);
  expect(codeOf(await make(100))).toEqual([428, 'FIELDS_QUOTA_EXCEEDED']);
  expect((await bed.get('/contacts/v4/extended-fields?paging.limit=10')).body.fields).toHaveLength(
    10,
  );
});

test('an extended field is listed, queried, read and renamed like a label', async () => {
  const bed = createTestbed();
  const path = '/contacts/v4/extended-fields';
  const { field } = (await bed.post(path, { displayName: 'KiEX ID', dataType: 'TEXT' })).body;
  expect((await bed.get(`${path}/${field.key}`)).body.field).toEqual(field);
  expect((await bed.get(`${path}/custom.none`)).status).toBe(404);
  const queried = await bed.post(`${path}/query`, { query: {} });
  expect(queried.body.fields.map(({ key }: { key: string }) => key)).toContain(field.key);
  expect(queried.body.pagingMetadata.total).toBe(5);
  const renamed = await bed.patch(`${path}/${field.key}`, { field: { displayName: 'Their id' } });
  expect(renamed.body.field).toMatchObject({ key: field.key, displayName: 'Their id' });
  const system = 'emailSubscriptions.subscriptionStatus';
  expect((await bed.patch(`${path}/${system}`, { field: { displayName: 'X' } })).status).toBe(428);
});
