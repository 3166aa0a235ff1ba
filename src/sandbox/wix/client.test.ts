import { sign } from 'node:crypto';
import * as draftPostsModule from '@wix/auto_sdk_blog_draft-posts';
import * as contactsModule from '@wix/auto_sdk_crm_contacts';
import * as submissionsModule from '@wix/auto_sdk_forms_submissions';
import * as membersModule from '@wix/auto_sdk_members_members';
import { ApiKeyStrategy, AppStrategy, createClient } from '@wix/sdk';
import { afterEach, expect, test, vi } from 'vitest';
import { createTestbed, KEY, SITE, type Testbed } from './testbed.ts';

/** Wix's own client, whose requests go into the simulator instead of out. */
function wixClient(bed: Testbed) {
  return createClient({
    auth: ApiKeyStrategy({ apiKey: KEY, siteId: SITE }),
    modules: {
      contacts: contactsModule,
      submissions: submissionsModule,
      members: membersModule,
      draftPosts: draftPostsModule,
    },
    fetch: ((url: string, init?: RequestInit) => bed.simulator.fetch(url, init)) as typeof fetch,
  });
}

const ANA = { name: { first: 'Ana' }, emails: { items: [{ email: 'ana@x.example' }] } };

/** What the client makes of a refusal. */
async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (thrown: { details?: { applicationError?: { code?: string } }; message: string }) => thrown,
  );
  return error?.details?.applicationError?.code ?? error?.message;
}

test('Wix’s client makes, gets, queries and changes contacts', async () => {
  const bed = createTestbed();
  const { contacts } = wixClient(bed);
  const { contact } = await contacts.createContact(ANA);
  const id = contact?._id ?? '';
  expect(contact?._createdDate).toEqual(new Date('2027-01-12T08:00:00.000Z'));
  expect(contact?.revision).toBe(1);
  const found = await contacts
    .queryContacts()
    .eq('primaryInfo.email', 'ana@x.example')
    .ge('_createdDate', new Date('2027-01-01T00:00:00.000Z'))
    .ascending('_createdDate')
    .find();
  expect(found.items.map(({ _id }) => _id)).toEqual([id]);
  const changed = await contacts.updateContact(id, { company: 'Reef' }, 1);
  expect(changed.contact).toMatchObject({ revision: 2, info: { company: 'Reef' } });
  const got = await contacts.getContact(id, { fieldsets: ['FULL'] });
  expect(got).toMatchObject({ _id: id, info: { name: { first: 'Ana' }, company: 'Reef' } });
  const listed = await contacts.listContacts({
    paging: { limit: 1, offset: 0 },
    fieldsets: ['FULL'],
  });
  expect(listed.contacts).toHaveLength(1);
  expect(await refusalOf(contacts.updateContact(id, { company: 'Y' }, 1))).toBe(
    'CONTACT_ALREADY_CHANGED',
  );
  expect(await refusalOf(contacts.createContact(ANA))).toBe('DUPLICATE_CONTACT_EXISTS');
  await contacts.labelContact(id, ['contacts.customers']);
  const other = await contacts.createContact({ name: { first: 'A.' } });
  const merged = await contacts.mergeContacts(id, 3, {
    sourceContactIds: [other.contact?._id ?? ''],
  });
  expect(merged.contact?.revision).toBe(4);
  await contacts.deleteContact(id);
  expect(await refusalOf(contacts.getContact(id))).toBe('CONTACT_NOT_FOUND');
});

test('Wix’s client pages through contacts', async () => {
  const bed = createTestbed();
  const { contacts } = wixClient(bed);
  for (const first of ['A', 'B', 'C']) await contacts.createContact({ name: { first } });
  let page = await contacts.queryContacts().limit(2).ascending('_createdDate').find();
  const names = page.items.map(({ info }) => info?.name?.first);
  expect(page.hasNext()).toBe(true);
  page = await page.next();
  names.push(...page.items.map(({ info }) => info?.name?.first));
  expect([names.sort(), page.hasNext()]).toEqual([['A', 'B', 'C'], false]);
});

test('Wix’s client sends the consistency token back, and so sees what it wrote', async () => {
  const bed = createTestbed({ switches: { indexLagSeconds: 60 } });
  const { contacts } = wixClient(bed);
  await contacts.createContact(ANA);
  expect((await contacts.queryContacts().find()).items).toHaveLength(1);
  expect((await wixClient(bed).contacts.queryContacts().find()).items).toEqual([]);
});

test('Wix’s client makes, gets, queries and changes submissions', async () => {
  const bed = createTestbed();
  const { submissions } = wixClient(bed);
  const fields = [{ kind: 'email', label: 'E-mail', target: 'email_1', required: true } as const];
  const form = bed.simulator.addForm(SITE, { name: 'News', fields });
  const values = { email_1: 'ana@x.example' };
  const made = await submissions.createSubmission({ formId: form.id, submissions: values });
  const id = made._id ?? '';
  expect(made).toMatchObject({ revision: '1', status: 'CONFIRMED', submissions: values });
  await bed.pass(1);
  for (let more = 0; more < 2; more += 1) {
    await submissions.createSubmission({ formId: form.id, submissions: values });
  }
  let page = await submissions
    .querySubmissionsByNamespace()
    .eq('namespace', 'wix.form_app.form')
    .gt('_createdDate', new Date('2027-01-01T00:00:00.000Z'))
    .ascending('_createdDate')
    .limit(2)
    .find();
  expect([page.items[0]?._id, page.items.length, page.hasNext()]).toEqual([id, 2, true]);
  page = await page.next();
  expect([page.items.length, page.hasNext()]).toEqual([1, false]);
  expect(await refusalOf(submissions.querySubmissionsByNamespace().find())).toBe(
    'INVALID_ARGUMENT',
  );
  const got = await submissions.getSubmission(id);
  expect(got).toMatchObject({ revision: '2', contactId: expect.any(String) });
  const change = { formId: form.id, revision: '2', submissions: { email_1: 'b@x.example' } };
  expect(await submissions.updateSubmission(id, change)).toMatchObject({ revision: '3' });
  const broken = { formId: form.id, submissions: {} };
  await expect(submissions.createSubmission(broken)).rejects.toMatchObject({
    details: { validationError: { fieldViolations: [{ violatedRule: 'OTHER' }] } },
  });
});

test('Wix’s client makes, gets, queries and changes members', async () => {
  const bed = createTestbed();
  const { members } = wixClient(bed);
  const made = await members.createMember({ member: { loginEmail: 'ana@x.example' } });
  const id = made._id ?? '';
  expect(made).toMatchObject({ loginEmail: 'ana@x.example', status: 'APPROVED' });
  expect(await members.getMember(id)).not.toHaveProperty('loginEmail');
  const full = await members.getMember(id, { fieldsets: ['FULL'] });
  expect(full).toMatchObject({ loginEmail: 'ana@x.example' });
  const changed = await members.updateMember(id, {
    contact: { firstName: 'Ana' },
    profile: { nickname: 'Ana M.' },
  });
  expect(changed).toMatchObject({ contact: { firstName: 'Ana' }, profile: { nickname: 'Ana M.' } });
  const found = await members
    .queryMembers({ fieldsets: ['FULL'] })
    .eq('loginEmail', 'ana@x.example')
    .find();
  expect(found.items.map(({ _id }) => _id)).toEqual([id]);
  await bed.clock.advance(1_000);
  const again = members.createMember({ member: { loginEmail: 'ana@x.example' } });
  expect(await refusalOf(again)).toBe('ALREADY_EXISTS');
  await members.deleteMember(id);
  expect(await refusalOf(members.getMember(id))).toBe('NOT_FOUND');
});

test('Wix’s client makes, gets, queries, changes and publishes draft posts', async () => {
  const bed = createTestbed();
  const { draftPosts } = wixClient(bed);
  const { id: memberId } = await bed.makeMember();
  const text = { type: 'TEXT', textData: { text: 'Pay', decorations: [] } } as const;
  const nodes = [{ type: 'PARAGRAPH', nodes: [text] }] as const;
  const content = { title: 'Intern', memberId, richContent: { nodes: [...nodes] } };
  const made = await draftPosts.createDraftPost(content as never, { fieldsets: ['URL'] });
  const id = made.draftPost?._id ?? '';
  expect(made.draftPost).toMatchObject({
    status: 'UNPUBLISHED',
    url: expect.stringContaining('/post/intern'),
  });
  const { draftPost } = await draftPosts.getDraftPost(id, { fieldsets: ['RICH_CONTENT'] });
  expect(draftPost?.richContent?.nodes).toHaveLength(1);
  const changed = await draftPosts.updateDraftPost(
    id,
    { title: 'Intern 2' },
    { action: 'UPDATE_PUBLISH' },
  );
  expect(changed.draftPost).toMatchObject({ title: 'Intern 2', status: 'PUBLISHED' });
  const found = await draftPosts
    .queryDraftPosts()
    .eq('title', 'Intern 2')
    .descending('editedDate')
    .find();
  expect(found.items.map(({ _id }) => _id)).toEqual([id]);
  const listed = await draftPosts.listDraftPosts({ paging: { limit: 1, offset: 0 } });
  expect([listed.draftPosts?.length, listed.metaData?.total]).toEqual([1, 1]);
  expect(await draftPosts.publishDraftPost(id)).toEqual({ postId: id });
  const loose = { title: 'B', memberId, richContent: { nodes: [text] } };
  expect(await refusalOf(draftPosts.createDraftPost(loose as never))).toContain('draftPost');
  await draftPosts.deleteDraftPost(id, { permanent: true });
  expect(await refusalOf(draftPosts.getDraftPost(id))).toBe('NOT_FOUND');
});

afterEach(() => void vi.useRealTimers());

/** An app with its webhooks, and Wix's own verification of them, at the simulator's time. */
function appClient(bed: Testbed) {
  vi.useFakeTimers({ toFake: ['Date'], now: bed.clock.now() });
  const hooks = [{ eventType: '*', url: 'https://hooks.example/in' }];
  const app = bed.simulator.addApp({ name: 'KiEX', hooks });
  const instanceId = bed.simulator.installApp(app.id, SITE);
  const client = createClient({
    auth: AppStrategy({ appId: app.id, publicKey: app.publicKey }),
    modules: {
      contacts: contactsModule,
      submissions: submissionsModule,
      members: membersModule,
      draftPosts: draftPostsModule,
    },
  });
  return { app, instanceId, client };
}

test('Wix’s client verifies the tokens and hands the entities to its handlers', async () => {
  const bed = createTestbed({ switches: { memberSpacingMilliseconds: 0 } });
  const { client, instanceId } = appClient(bed);
  const heard: unknown[] = [];
  client.contacts.onContactCreated((event) => void heard.push(['contact', event.entity?._id]));
  client.contacts.onContactUpdated((event) => void heard.push(['change', event.entity?.revision]));
  client.submissions.onSubmissionCreated(
    (event) => void heard.push(['form', event.entity?.status]),
  );
  client.submissions.onSubmissionContactMapped(
    (event) => void heard.push(['mapped', event.data?.contactId]),
  );
  client.submissions.onSubmissionUpdated(() => void heard.push(['form changed']));
  client.members.onMemberCreated((event) => void heard.push(['member', event.entity?.loginEmail]));
  const contact = await bed.makeContact();
  await bed.patch(`/contacts/v4/contacts/${contact.id}`, { info: { company: 'R' }, revision: 1 });
  await bed.makeMember();
  const form = bed.simulator.addForm(SITE, {
    name: 'News',
    fields: [{ kind: 'email', label: 'E-mail', target: 'email' }],
  });
  bed.simulator.visitor(SITE).submits(form.id, { email: 'lani.cruz@example.edu' });
  await bed.pass(2);
  for (const { text } of bed.received) {
    const done = await client.webhooks.process(text);
    expect(done).toMatchObject({ instanceId, accountInfo: { siteId: SITE } });
  }
  expect(heard).toEqual(
    expect.arrayContaining([
      ['contact', contact.id],
      ['change', 2],
      ['member', 'tavita@example.org'],
      ['form', 'CONFIRMED'],
      ['mapped', contact.id],
    ]),
  );
});

test('Wix’s client refuses a wrong key, no algorithm, the public key as secret, an old token', async () => {
  const bed = createTestbed({ seed: 3, switches: { webhookForged: 1 } });
  const { client } = appClient(bed);
  for (let made = 0; made < 24; made += 1) await bed.makeContact({ name: { first: 'A' } });
  await bed.pass(1);
  const verdicts = new Map<string, Set<string>>();
  for (const [at, { fault }] of bed.simulator.rows(SITE, 'deliveries').entries()) {
    const verdict = await client.webhooks.parseJWT(bed.received[at]?.text ?? '').then(
      () => 'taken',
      (error: { code?: string; message: string }) => error.code ?? error.message,
    );
    verdicts.set(fault, (verdicts.get(fault) ?? new Set()).add(verdict));
  }
  expect(Object.fromEntries([...verdicts].map(([fault, seen]) => [fault, [...seen]]))).toEqual({
    none: ['taken'],
    wrongKey: ['ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    algNone: [expect.stringMatching(/ERR_|alg/)],
    publicKeyAsSecret: [expect.stringContaining('symmetric algorithms')],
    expired: ['ERR_JWT_EXPIRED'],
  });
});

test('Wix’s client takes a token without exp, and insists on texts inside', async () => {
  const bed = createTestbed({ switches: { tokenSeconds: 0 } });
  const { client, app } = appClient(bed);
  await bed.makeContact();
  await bed.pass(1);
  expect((await client.webhooks.parseJWT(bed.received[0]?.text ?? '')).eventType).toContain(
    'created',
  );
  bed.simulator.set({ envelopeShape: 'objects' });
  await bed.makeMember();
  await bed.pass(1);
  const last = bed.received.at(-1)?.text ?? '';
  await expect(client.webhooks.parseJWT(last)).rejects.toThrow('expected string');
  // A changed payload under the old signature, signed again by nobody.
  const [header, , signature] = last.split('.');
  const payload = Buffer.from('{"data":"{}"}').toString('base64url');
  await expect(client.webhooks.parseJWT(`${header}.${payload}.${signature}`)).rejects.toThrow();
  const input = `${header}.${payload}`;
  const own = sign('RSA-SHA256', Buffer.from(input), app.privateKey).toString('base64url');
  await expect(client.webhooks.parseJWT(`${input}.${own}`)).rejects.toThrow('JSON');
});
