import { expect, test } from 'vitest';
import { createTestbed, LANI, SITE } from './testbed.ts';

const BASE = '/contacts/v4/contacts';
const emails = (...list: string[]) => ({
  emails: { items: list.map((email, at) => ({ email, primary: at === 0 })) },
});
const codeOf = ({ status, body }: { status: number; body: { details: never } }) => [
  status,
  (body.details as { applicationError?: { code: string } }).applicationError?.code,
];

test('a contact is created as the reference shows: ids, primaries, revision a number', async () => {
  const bed = createTestbed();
  const contact = await bed.makeContact();
  expect(contact).toMatchObject({
    revision: 1,
    source: { sourceType: 'OTHER' },
    createdDate: '2027-01-12T08:00:00.000Z',
    lastActivity: { activityType: 'CONTACT_CREATED' },
    primaryInfo: { email: 'lani.cruz@example.edu', phone: '671-555-0142' },
    primaryEmail: { subscriptionStatus: 'NOT_SET' },
    info: {
      emails: { items: [{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), primary: true }] },
      phones: { items: [{ e164Phone: '+16715550142' }] },
      extendedFields: { items: { 'emailSubscriptions.subscriptionStatus': 'NOT_SET' } },
    },
  });
  expect(contact.info).not.toHaveProperty('jobTitle');
  expect((await bed.get(`${BASE}/${contact.id}`)).body).toEqual({
    contact,
    responseType: 'REGULAR',
  });
});

test('a contact needs a name, an e-mail or a phone, and at most one primary of each', async () => {
  const bed = createTestbed();
  expect(codeOf(await bed.post(BASE, { info: { company: 'X' } }))).toEqual([
    400,
    'INSUFFICIENT_CONTACT_DATA',
  ]);
  const items = ['a@x.example', 'b@x.example'].map((email) => ({ email, primary: true }));
  expect(codeOf(await bed.post(BASE, { info: { emails: { items } } }))).toEqual([
    400,
    'CANNOT_HAVE_MULTIPLE_PRIMARY_INFO',
  ]);
  const unmarked = await bed.makeContact({ emails: { items: [{ email: 'c@x.example' }] } });
  expect(unmarked.info.emails.items[0].primary).toBe(true);
});

test('a second contact with the e-mail is 409 with the id of the first, whatever the case', async () => {
  const bed = createTestbed();
  const first = await bed.makeContact();
  const again = await bed.post(BASE, { info: emails('LANI.CRUZ@example.edu') });
  expect(codeOf(again)).toEqual([409, 'DUPLICATE_CONTACT_EXISTS']);
  expect(again.body.details.applicationError.data).toEqual({
    duplicateContactId: first.id,
    duplicateEmail: 'LANI.CRUZ@example.edu',
  });
  const allowed = { info: emails('lani.cruz@example.edu'), allowDuplicates: true };
  expect((await bed.post(BASE, allowed)).status).toBe(200);
});

test('without an e-mail the phone decides about duplicates; with one it does not', async () => {
  const bed = createTestbed();
  await bed.makeContact();
  const phones = { items: [{ phone: '+1 671 555 0142' }] };
  const same = await bed.post(BASE, { info: { name: { first: 'L' }, phones } });
  expect(same.body.details.applicationError.data.duplicatePhone).toBe('+1 671 555 0142');
  expect((await bed.post(BASE, { info: { ...emails('l@x.example'), phones } })).status).toBe(200);
});

test('a wrong value names its field; the shape of v5 is refused', async () => {
  const bed = createTestbed();
  const fieldOf = async (info: Record<string, unknown>) => {
    const { status, body } = await bed.post(BASE, { info: { name: { first: 'A' }, ...info } });
    expect(status).toBe(400);
    return body.details.validationError?.fieldViolations[0].field ?? body.message;
  };
  const address = (more: object) => ({ addresses: { items: [{ address: more }] } });
  expect(await fieldOf(emails('no address'))).toBe('info.emails.items[0].email');
  expect(await fieldOf({ birthdate: '12 May' })).toBe('info.birthdate');
  expect(await fieldOf(address({ subdivision: 'PNI', country: 'FM' }))).toContain('subdivision');
  expect(await fieldOf(address({ country: 'Guam' }))).toContain('country');
  expect(await fieldOf({ jobTitle: 'x'.repeat(1001) })).toBe('info.jobTitle');
  expect(await fieldOf({ labelKeys: { items: ['custom.none'] } })).toBe('info.labelKeys.items');
  expect(await fieldOf({ emails: [{ email: 'a@x.example' }] })).toBe('Expected an object');
  const fine = await bed.makeContact({
    name: { first: 'B' },
    ...address({ subdivision: 'FM-PNI' }),
  });
  expect(fine.info.addresses.items[0].address.subdivision).toBe('FM-PNI');
});

test('an update needs the present revision and changes only what it names', async () => {
  const bed = createTestbed();
  const contact = await bed.makeContact();
  const { id } = contact;
  await bed.clock.advance(5_000);
  const saved = await bed.patch(`${BASE}/${id}`, { info: { jobTitle: 'Nurse' }, revision: 1 });
  expect(saved.body.contact).toMatchObject({
    revision: 2,
    updatedDate: '2027-01-12T08:00:05.000Z',
  });
  expect(saved.body.contact.info).toEqual({ ...contact.info, jobTitle: 'Nurse' });
  const stale = await bed.patch(`${BASE}/${id}`, { info: { company: 'Y' }, revision: 1 });
  expect(codeOf(stale)).toEqual([409, 'CONTACT_ALREADY_CHANGED']);
  const without = await bed.patch(`${BASE}/${id}`, { info: { company: 'Y' } });
  expect(without.status).toBe(409);
  const nothing = await bed.patch(`${BASE}/${id}`, { info: {}, revision: 2 });
  expect(codeOf(nothing)).toEqual([400, 'INSUFFICIENT_UPDATE_CONTACT_DATA']);
  const gone = '99999999-1111-4222-8333-444444444444';
  const none = await bed.patch(`${BASE}/${gone}`, { info: { company: 'Y' }, revision: 1 });
  expect(codeOf(none)).toEqual([404, 'CONTACT_NOT_FOUND']);
});

test('an empty text clears a field; half a name keeps the other half, unless switched', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeContact();
  const cleared = await bed.patch(`${BASE}/${id}`, { info: { company: '' }, revision: 1 });
  expect(cleared.body.contact.info).not.toHaveProperty('company');
  const half = await bed.patch(`${BASE}/${id}`, { info: { name: { first: 'L' } }, revision: 2 });
  expect(half.body.contact.info.name).toEqual({ first: 'L', last: 'Cruz' });
  bed.simulator.set({ contactNamePatch: 'replace' });
  const whole = await bed.patch(`${BASE}/${id}`, { info: { name: { first: 'M' } }, revision: 3 });
  expect(whole.body.contact.info.name).toEqual({ first: 'M' });
});

test('a sent list replaces the kept one and keeps item ids, unless switched', async () => {
  const bed = createTestbed();
  const contact = await bed.makeContact();
  const path = `${BASE}/${contact.id}`;
  const phone = { ...contact.info.phones.items[0], phone: '671-555-0199' };
  const patch = (info: object, revision: number) => bed.patch(path, { info, revision });
  const saved = await patch({ phones: { items: [phone] } }, 1);
  expect(saved.body.contact.info.phones.items).toEqual([{ ...phone, e164Phone: '+16715550199' }]);
  bed.simulator.set({ emptyListClears: false });
  expect((await patch({ phones: { items: [] } }, 2)).body.contact.info.phones.items).toHaveLength(
    1,
  );
  bed.simulator.set({ contactListPatch: 'append' });
  const more = await patch({ phones: { items: [{ phone: '555 2' }] } }, 3);
  expect(more.body.contact.info.phones.items).toHaveLength(2);
  bed.simulator.set({ contactListPatch: 'replace', emptyListClears: true });
  expect((await patch({ phones: { items: [] } }, 4)).body.contact.info).not.toHaveProperty(
    'phones',
  );
});

test('the primary e-mail of a member is not changed through the contact, nor is he deleted', async () => {
  const bed = createTestbed();
  const member = await bed.makeMember('lani.cruz@example.edu');
  const path = `${BASE}/${member.contactId}`;
  const { contact } = (await bed.get(path)).body;
  expect(contact.memberInfo).toMatchObject({ memberId: member.id, status: 'ACTIVE' });
  const { revision } = contact;
  const changed = await bed.patch(path, { info: emails('new@example.edu'), revision });
  expect(codeOf(changed)).toEqual([428, 'CANNOT_UPDATE_MEMBER_EMAIL']);
  expect((await bed.patch(path, { info: { company: 'Z' }, revision })).status).toBe(200);
  expect(codeOf(await bed.remove(path))).toEqual([428, 'CANNOT_DELETE_MEMBER']);
  await bed.remove(`/members/v1/members/${member.id}`);
  expect((await bed.remove(path)).body).toEqual({});
  expect((await bed.get(path)).status).toBe(404);
});

test('a merge completes the target; asking for a source gives the target, as MERGED', async () => {
  const bed = createTestbed();
  const target = await bed.makeContact();
  const info = { ...emails('lani@home.example'), jobTitle: 'Student', company: 'Elsewhere' };
  const source = await bed.makeContact(info);
  const wanted = { targetContactRevision: 1, sourceContactIds: [source.id] };
  const stale = { ...wanted, targetContactRevision: 0 };
  expect((await bed.post(`${BASE}/${target.id}/merge`, stale)).status).toBe(409);
  const merged = await bed.post(`${BASE}/${target.id}/merge`, wanted);
  expect(merged.body.contact).toMatchObject({
    id: target.id,
    revision: 2,
    lastActivity: { activityType: 'CONTACT_MERGED' },
    info: { company: 'University of Guam', jobTitle: 'Student' },
  });
  expect(merged.body.contact.info.emails.items).toMatchObject([
    { email: 'lani.cruz@example.edu', primary: true },
    { email: 'lani@home.example', primary: false },
  ]);
  const asked = await bed.get(`${BASE}/${source.id}`);
  expect(asked.body).toMatchObject({ responseType: 'MERGED', contact: { id: target.id } });
  const self = { targetContactRevision: 2, sourceContactIds: [target.id] };
  expect(codeOf(await bed.post(`${BASE}/${target.id}/merge`, self))).toEqual([
    400,
    'ILLEGAL_MERGE',
  ]);
});

test('a member cannot be the source of a merge', async () => {
  const bed = createTestbed();
  const target = await bed.makeContact();
  const { contactId } = await bed.makeMember();
  const wanted = { targetContactRevision: 1, sourceContactIds: [contactId] };
  expect((await bed.post(`${BASE}/${target.id}/merge`, wanted)).status).toBe(428);
});

test('the first revision may be 0', async () => {
  const bed = createTestbed({ switches: { firstRevision: 0 } });
  const { id, revision } = await bed.makeContact();
  expect(revision).toBe(0);
  const saved = await bed.patch(`${BASE}/${id}`, { info: { company: 'A' }, revision: 0 });
  expect(saved.body.contact.revision).toBe(1);
});

test('submit completes a contact by e-mail, never overwrites, and spares members', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeContact();
  const info = { ...emails('Lani.Cruz@example.edu'), company: 'Other', jobTitle: 'Student' };
  const submitted = await bed.post('/contacts/v4/contact-submit', { info });
  expect(submitted.body).toMatchObject({ contactId: id, newContact: false });
  const { contact } = (await bed.get(`${BASE}/${id}`)).body;
  expect(contact.info).toMatchObject({ company: 'University of Guam', jobTitle: 'Student' });
  const fresh = await bed.post('/contacts/v4/contact-submit', { info: emails('n@x.example') });
  expect(fresh.body.newContact).toBe(true);
  await bed.makeMember('member@x.example');
  const refused = await bed.post('/contacts/v4/contact-submit', {
    info: emails('member@x.example'),
  });
  expect(refused.status).toBe(403);
});

test('bulk calls answer with a job and change what fits later', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeContact();
  await bed.makeContact({ name: { first: 'Other' } });
  const filter = { 'info.company': { $eq: 'University of Guam' } };
  const job = await bed.post('/contacts/v4/bulk/contacts/update', {
    filter,
    info: { jobTitle: 'Student' },
  });
  expect(job.body.jobId).toMatch(/^[0-9a-f-]{36}$/);
  await bed.pass(1);
  expect(bed.simulator.rows(SITE, 'contacts').map(({ info }) => info.jobTitle)).toEqual([
    'Student',
    undefined,
  ]);
  await bed.post('/contacts/v4/bulk/contacts/add-remove-labels', {
    filter,
    labelKeysToAdd: ['contacts.customers'],
  });
  await bed.pass(1);
  expect((await bed.get(`${BASE}/${id}`)).body.contact.info.labelKeys.items).toEqual([
    'contacts.customers',
  ]);
  const unnamed = await bed.post('/contacts/v4/bulk/contacts/delete', {});
  expect(codeOf(unnamed)).toEqual([400, 'NEITHER_FILTER_NOR_SEARCH']);
  await bed.post('/contacts/v4/bulk/contacts/delete', { filter });
  await bed.pass(1);
  expect(bed.simulator.rows(SITE, 'contacts')).toHaveLength(1);
});

test('nothing of a refused write is kept', async () => {
  const bed = createTestbed();
  await bed.makeContact();
  const before = bed.simulator.rows(SITE, 'contacts');
  await bed.post(BASE, { info: LANI });
  await bed.patch(`${BASE}/${before[0]?.id}`, { info: emails('broken'), revision: 1 });
  expect(bed.simulator.rows(SITE, 'contacts')).toEqual(before);
});
