import { expect, test } from 'vitest';
import { createTestbed, SITE, type Testbed } from './testbed.ts';

const BASE = '/members/v1/members';
const FULL = '?fieldsets=FULL';

async function makeThree(bed: Testbed) {
  for (const email of ['ana@example.org', 'ben@example.org', 'cai@example.org']) {
    await bed.makeMember(email);
  }
}
const emailsOf = (members: { loginEmail: string }[]) =>
  members.map(({ loginEmail }) => loginEmail.split('@')[0]);

test('a member made through the API is approved at once, with slug, contact and full fields', async () => {
  const bed = createTestbed();
  const member = {
    loginEmail: 'tavita@example.org',
    contact: { firstName: 'Tavita', lastName: 'Ngiraked', company: 'Palau College' },
    profile: { nickname: 'Tavita N.', title: 'Student' },
  };
  const made = await bed.post(BASE, { member });
  expect(made.body.member).toMatchObject({
    loginEmail: 'tavita@example.org',
    loginEmailVerified: false,
    status: 'APPROVED',
    contact: { emails: ['tavita@example.org'], phones: [], company: 'Palau College' },
    profile: { nickname: 'Tavita N.', slug: 'tavita-n' },
    privacyStatus: 'PRIVATE',
    activityStatus: 'ACTIVE',
  });
  expect(made.body.member).not.toHaveProperty('revision');
  const contact = await bed.get(`/contacts/v4/contacts/${made.body.member.contactId}`);
  expect(contact.body.contact).toMatchObject({
    source: { sourceType: 'WIX_SITE_MEMBERS' },
    primaryInfo: { email: 'tavita@example.org' },
  });
});

test('a contact with the e-mail is linked, not doubled', async () => {
  const bed = createTestbed();
  const contact = await bed.makeContact();
  const member = await bed.makeMember('Lani.Cruz@example.edu');
  expect(member.contactId).toBe(contact.id);
  expect(bed.simulator.rows(SITE, 'contacts')).toHaveLength(1);
});

test('the default fieldset hides the e-mail and says UNKNOWN: the fieldset trap', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeMember();
  const { member } = (await bed.get(`${BASE}/${id}`)).body;
  expect(member).toMatchObject({
    status: 'UNKNOWN',
    privacyStatus: 'UNKNOWN',
    activityStatus: 'UNKNOWN',
  });
  expect(member).not.toHaveProperty('loginEmail');
  const extended = (await bed.get(`${BASE}/${id}?fieldsets=EXTENDED`)).body.member;
  expect([extended.loginEmail, extended.contact]).toEqual(['tavita@example.org', undefined]);
  const queried = await bed.post(`${BASE}/query`, { query: {} });
  expect(queried.body.members[0]).not.toHaveProperty('loginEmail');
  const full = await bed.post(`${BASE}/query`, { query: {}, fieldsets: ['FULL'] });
  expect(full.body.members[0].contact.emails).toEqual(['tavita@example.org']);
});

test('a login e-mail that is taken is 409, or 400 when switched', async () => {
  const bed = createTestbed({ switches: { memberSpacingMilliseconds: 0 } });
  await bed.makeMember();
  const again = { member: { loginEmail: 'TAVITA@example.org' } };
  const refused = await bed.post(BASE, again);
  expect([refused.status, refused.body.details.applicationError.code]).toEqual([
    409,
    'ALREADY_EXISTS',
  ]);
  bed.simulator.set({ duplicateMember: '400' });
  expect((await bed.post(BASE, again)).status).toBe(400);
});

test('two new members come at least a second apart', async () => {
  const bed = createTestbed();
  const make = (name: string) => bed.post(BASE, { member: { loginEmail: `${name}@x.example` } });
  expect((await make('a')).status).toBe(200);
  await bed.clock.advance(999);
  expect((await make('b')).status).toBe(429);
  await bed.clock.advance(1);
  expect((await make('b')).status).toBe(200);
});

test('filters know some fields, not createdDate', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  const ask = (filter: object) =>
    bed.post(`${BASE}/query`, { query: { filter }, fieldsets: ['FULL'] });
  const byEmail = await ask({ loginEmail: { $eq: 'BEN@example.org' } });
  expect(emailsOf(byEmail.body.members)).toEqual(['ben']);
  const either = await ask({ loginEmail: { $in: ['ana@example.org', 'cai@example.org'] } });
  expect(either.body.members).toHaveLength(2);
  expect((await ask({ createdDate: { $gt: '2027-01-01T00:00:00Z' } })).status).toBe(400);
  const found = await bed.post(`${BASE}/query`, { query: {}, search: { expression: 'cai' } });
  expect(found.body.members).toHaveLength(1);
});

test('the query sorts by `sorting`, unless it does not; its metadata is called metadata', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  const sorting = [{ fieldName: 'createdDate', order: 'ASC' }];
  const query = { sorting, paging: { limit: 2, offset: 1 } };
  const ask = async (more: object) =>
    (await bed.post(`${BASE}/query`, { query: { ...query, ...more }, fieldsets: ['FULL'] })).body;
  const sorted = await ask({});
  expect(emailsOf(sorted.members)).toEqual(['ben', 'cai']);
  expect(sorted.metadata).toMatchObject({ count: 2, offset: 1, total: 3 });
  bed.simulator.set({ memberSortHonoured: false });
  expect(emailsOf((await ask({})).members)).toEqual(['ben', 'ana']);
  const listed = await bed.get(`${BASE}?paging.limit=1&fieldsets=FULL`);
  expect([emailsOf(listed.body.members), listed.body.metadata.total]).toEqual([['cai'], 3]);
});

test('an update overwrites what is sent; an empty list changes nothing, an empty text clears', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeMember();
  const patch = async (contact: object, more: object = {}) =>
    (await bed.patch(`${BASE}/${id}`, { member: { contact, ...more } })).body.member;
  const saved = await patch({ phones: ['555'], company: 'College' }, { privacyStatus: 'PUBLIC' });
  expect(saved).toMatchObject({ contact: { phones: ['555'] }, privacyStatus: 'PUBLIC' });
  const after = await patch({ phones: [], company: '' });
  expect(after.contact).toMatchObject({ phones: ['555'] });
  expect(after.contact).not.toHaveProperty('company');
  const cleared = await bed.remove(`${BASE}/${id}/phones`);
  expect(cleared.body.member.contact.phones).toEqual([]);
  expect(
    (await bed.patch(`${BASE}/${id}`, { member: { loginEmail: 'x@y.example' } })).body.member,
  ).toMatchObject({ loginEmail: 'tavita@example.org' });
});

test('members are approved, blocked, muted, given a slug and removed; the contact stays', async () => {
  const bed = createTestbed({ switches: { memberApproval: true } });
  const person = { email: 'mere@example.org', firstName: 'Mere' };
  const { id, contactId } = bed.simulator.visitor(SITE).registers(person);
  const read = async () => (await bed.get(`${BASE}/${id}${FULL}`)).body.member;
  expect(await read()).toMatchObject({ status: 'PENDING', contact: { firstName: 'Mere' } });
  await bed.post(`${BASE}/${id}/approve`);
  expect((await read()).status).toBe('APPROVED');
  await bed.post(`${BASE}/${id}/mute`);
  expect((await read()).activityStatus).toBe('MUTED');
  await bed.post(`${BASE}/${id}/block`);
  expect((await read()).status).toBe('BLOCKED');
  const other = await bed.makeMember();
  const slug = { slug: other.profile.slug };
  expect((await bed.post(`${BASE}/${id}/slug`, slug)).status).toBe(409);
  expect((await bed.post(`${BASE}/${id}/slug`, { slug: 'mere-m' })).status).toBe(200);
  expect((await bed.remove(`${BASE}/${id}`)).body).toEqual({});
  expect((await bed.get(`${BASE}/${id}`)).status).toBe(404);
  expect((await bed.get(`/contacts/v4/contacts/${contactId}`)).status).toBe(200);
});

test('the owner may be a member too, and cannot be blocked', async () => {
  const bed = createTestbed();
  const owner = { loginEmail: 'owner@college.example', nickname: 'Owner' };
  const { id } = bed.simulator.editor(SITE).joins(owner);
  const refused = await bed.post(`${BASE}/${id}/block`);
  expect(refused.body.details.applicationError.code).toBe('OWNER_MEMBER_BLOCK_FORBIDDEN');
});

test('bulk calls remove, approve and block members', async () => {
  const bed = createTestbed();
  await makeThree(bed);
  const filter = { loginEmail: 'ana@example.org' };
  await bed.post(`${BASE}/bulk/block-by-filter`, { filter });
  const statuses = () => bed.simulator.rows(SITE, 'members').map(({ status }) => status);
  expect(statuses()).toEqual(['BLOCKED', 'APPROVED', 'APPROVED']);
  await bed.post(`${BASE}/bulk/approve-by-filter`, { filter });
  expect(statuses()).toEqual(['APPROVED', 'APPROVED', 'APPROVED']);
  const [first] = bed.simulator.rows(SITE, 'members');
  await bed.post(`${BASE}/bulk/delete`, { memberIds: [first?.id] });
  await bed.post(`${BASE}/bulk/delete-by-filter`, { filter: { loginEmail: 'ben@example.org' } });
  expect(bed.simulator.rows(SITE, 'members')).toMatchObject([{ loginEmail: 'cai@example.org' }]);
});

test('the mail that lets a member set a password is sent only when asked for', async () => {
  const bed = createTestbed();
  await bed.makeMember();
  expect(bed.simulator.rows(SITE, 'mails')).toEqual([]);
  const path = '/wix-sm/api/v1/auth/v1/auth/members/send-set-password-email';
  await bed.post(path, { email: 'tavita@example.org' });
  expect(bed.simulator.rows(SITE, 'mails')).toMatchObject([{ to: 'tavita@example.org' }]);
});
