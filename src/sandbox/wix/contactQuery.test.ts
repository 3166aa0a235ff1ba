import { expect, test } from 'vitest';
import { createTestbed, type Testbed } from './testbed.ts';

const QUERY = '/contacts/v4/contacts/query';

async function makeThree(bed: Testbed) {
  const people = [
    ['Ana', 'ana@one.example', 'Reef'],
    ['Ben', 'BEN@two.example', 'Atoll'],
    ['Cai', 'cai@one.example', 'Reef'],
  ] as const;
  for (const [first, email, company] of people) {
    await bed.clock.advance(60_000);
    const emails = { items: [{ email, primary: true }] };
    await bed.makeContact({ name: { first }, emails, company });
  }
}

async function names(bed: Testbed, query: object, search?: unknown): Promise<string[]> {
  const { body } = await bed.post(QUERY, { query, search });
  return body.contacts.map(({ info }: { info: { name: { first: string } } }) => info.name.first);
}

test('filters: equality, operators, several keys, $and, $or, $not', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  const of = (filter: object) => names(bed, { filter });
  expect(await of({ 'info.company': 'Reef' })).toEqual(['Ana', 'Cai']);
  expect(await of({ 'primaryInfo.email': { $eq: 'ben@TWO.example' } })).toEqual(['Ben']);
  expect(await of({ 'info.company': 'Reef', 'info.name.first': { $ne: 'Ana' } })).toEqual(['Cai']);
  expect(await of({ 'info.name.first': { $in: ['Ana', 'Ben'] } })).toEqual(['Ana', 'Ben']);
  expect(await of({ 'info.name.first': { $startsWith: 'c' } })).toEqual(['Cai']);
  expect(await of({ 'info.name.first': { $begins: 'c' } })).toEqual(['Cai']);
  expect(await of({ 'info.jobTitle': { $exists: false } })).toHaveLength(3);
  const and = [{ 'info.company': 'Reef' }, { createdDate: { $gt: '2027-01-12T08:02:00.000Z' } }];
  expect(await of({ $and: and })).toEqual(['Cai']);
  expect(await of({ $or: [{ 'info.name.first': 'Ana' }, { 'info.name.first': 'Ben' }] })).toEqual([
    'Ana',
    'Ben',
  ]);
  expect(await of({ $not: { 'info.company': 'Reef' } })).toEqual(['Ben']);
  expect(await names(bed, {}, 'two.example')).toEqual(['Ben']);
});

test('a filter on an e-mail may heed case', async () => {
  const bed = createTestbed({ switches: { emailFilterIgnoresCase: false } });
  await makeThree(bed);
  const filter = { 'primaryInfo.email': { $eq: 'ben@two.example' } };
  expect(await names(bed, { filter })).toEqual([]);
});

test('a breach of the query language has its code', async () => {
  const bed = createTestbed();
  const codeOf = async (query: object) => {
    const { status, body } = await bed.post(QUERY, { query });
    expect(status).toBe(400);
    return body.details.applicationError.code;
  };
  expect(await codeOf({ filter: { 'info.age': 3 } })).toBe('UNSUPPORTED_FILTER_FIELD_UNKNOWN');
  expect(await codeOf({ filter: { createdDate: { $startsWith: '2' } } })).toBe(
    'UNSUPPORTED_FILTER_OPERATOR',
  );
  expect(await codeOf({ filter: { id: { $in: 'x' } } })).toBe('UNSUPPORTED_FILTER_VALUE_TYPE');
  expect(await codeOf({ filter: [] })).toBe('MALFORMED_FILTER');
  expect(await codeOf({ paging: { limit: 1001 } })).toBe('ILLEGAL_LIMIT');
  expect(await codeOf({ sort: [{ fieldName: 'info.locale' }] })).toBe('UNSUPPORTED_SORT_FIELD');
});

test('updatedDate filters but does not sort, and only one sort field is taken', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  const filter = { updatedDate: { $gte: '2027-01-12T08:02:00.000Z' } };
  const sort = [{ fieldName: 'createdDate', order: 'DESC' }];
  expect(await names(bed, { filter, sort })).toEqual(['Cai', 'Ben']);
  const byUpdate = { sort: [{ fieldName: 'updatedDate', order: 'ASC' }] };
  expect((await bed.post(QUERY, { query: byUpdate })).status).toBe(400);
  const two = { sort: [...sort, { fieldName: 'info.name.first', order: 'ASC' }] };
  expect((await bed.post(QUERY, { query: two })).status).toBe(400);
});

test('without a sort the order is by creation, in a direction nobody knows', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  expect(await names(bed, {})).toEqual(['Ana', 'Ben', 'Cai']);
  bed.simulator.set({ contactDefaultOrder: 'DESC' });
  expect(await names(bed, {})).toEqual(['Cai', 'Ben', 'Ana']);
});

test('pages go by offset; a deletion between two pages shifts the rest', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  const page = async (offset: number) => {
    const query = { paging: { limit: 2, offset } };
    return (await bed.post(QUERY, { query })).body;
  };
  const first = await page(0);
  expect(first.pagingMetadata).toEqual({ count: 2, offset: 0, total: 3, tooManyToCount: false });
  await bed.remove(`/contacts/v4/contacts/${first.contacts[0].id}`);
  expect((await page(2)).contacts).toEqual([]);
});

test('the list takes dotted parameters, or all of them in one base64url text', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  const dotted =
    '?paging.limit=1&paging.offset=1&sort.fieldName=createdDate&sort.order=DESC&fieldsets=BASIC';
  const { body } = await bed.get(`/contacts/v4/contacts${dotted}`);
  expect(body.contacts.map(({ info }: { info: unknown }) => info)).toEqual([
    { name: { first: 'Ben' } },
  ]);
  const list = { paging: { limit: 1, offset: 1 }, fieldsets: ['FULL'] };
  const packed = Buffer.from(JSON.stringify(list)).toString('base64url');
  const again = await bed.get(`/contacts/v4/contacts?.r=${packed}`);
  expect(again.body.contacts).toMatchObject([{ info: { company: 'Atoll' } }]);
});

test('a fieldset leaves the rest out; none means everything', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  const ask = async (...fieldsets: string[]) =>
    (await bed.post(QUERY, { query: { fieldsets } })).body.contacts[0];
  expect(Object.keys(await ask('BASIC')).sort()).toEqual(['id', 'info', 'primaryInfo', 'revision']);
  expect(Object.keys((await ask('COMMUNICATION_DETAILS')).info)).toEqual(['name', 'emails']);
  expect(Object.keys((await ask('EXTENDED')).info)).toEqual(['name', 'extendedFields']);
  expect(await ask()).toEqual(await ask('FULL'));
  expect(await ask()).toHaveProperty('createdDate');
});

test('queries lag behind writes, gets do not; the consistency header closes the gap', async () => {
  const bed = createTestbed({ switches: { indexLagSeconds: 10 } });
  const { id } = await bed.makeContact();
  expect((await bed.get(`/contacts/v4/contacts/${id}`)).status).toBe(200);
  expect(await names(bed, {})).toEqual([]);
  const path = `/contacts/v4/contacts/${id}`;
  await bed.pass(10);
  const saved = await bed.patch(path, { info: { name: { first: 'New' } }, revision: 1 });
  expect(await names(bed, {})).toEqual(['Lani']);
  const token = saved.headers.get('x-wix-consistent') ?? '';
  const headers = { 'x-wix-consistent': token };
  const ask = { body: { query: {} }, headers };
  const fresh = await bed.call('POST', QUERY, ask);
  expect(fresh.body.contacts[0].info.name.first).toBe('New');
  bed.simulator.set({ consistentHeader: false });
  const stale = await bed.call('POST', QUERY, ask);
  expect(stale.body.contacts[0].info.name.first).toBe('Lani');
  await bed.pass(10);
  expect(await names(bed, {})).toEqual(['New']);
  await bed.remove(path);
  expect(await names(bed, {})).toEqual(['New']);
  await bed.pass(10);
  expect(await names(bed, {})).toEqual([]);
});

test('an own field can be filtered by its key', async () => {
  const bed = createTestbed();
  await bed.post('/contacts/v4/extended-fields', { displayName: 'KiEX ID', dataType: 'TEXT' });
  await makeThree(bed);
  const extendedFields = { items: { 'custom.kiex-id': 'usr_9' } };
  await bed.makeContact({ name: { first: 'Dee' }, extendedFields });
  const of = (key: string) => ({ filter: { [`info.extendedFields.${key}`]: { $eq: 'usr_9' } } });
  expect(await names(bed, of('custom.kiex-id'))).toEqual(['Dee']);
  expect((await bed.post(QUERY, { query: of('custom.none') })).status).toBe(400);
});
