import { createHmac, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { RETRY_SECONDS } from './deliveries.ts';
import type { AppRow } from './siteRows.ts';
import { createTestbed, type Json, SITE, type Testbed } from './testbed.ts';

const URL_IN = 'https://hooks.example/in';

/** An app that is installed on the site and hears of everything. */
function installApp(bed: Testbed, eventType = '*'): AppRow & { instanceId: string } {
  const app = bed.simulator.addApp({ name: 'KiEX', hooks: [{ eventType, url: URL_IN }] });
  return { ...app, instanceId: bed.simulator.installApp(app.id, SITE) };
}

const decode = (part = ''): Json => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** What a careful receiver makes of a body: verified by the public key, unnested. */
function open(text: string, app: AppRow) {
  const [header, payload, signature = ''] = text.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  const isTrue = verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url'));
  const outer = decode(payload);
  const data = typeof outer.data === 'string' ? JSON.parse(outer.data) : outer.data;
  const event = typeof data.data === 'string' ? JSON.parse(data.data) : data.data;
  return { isTrue, header: decode(header), outer, data, event };
}

const typesOf = (bed: Testbed, app: AppRow) =>
  bed.received.map(({ text }) => open(text, app).data.eventType.replace(/^wix\./, ''));

test('an event is one signed token: JSON in JSON in a JWT, with the site it is about', async () => {
  const bed = createTestbed();
  const app = installApp(bed);
  const contact = await bed.makeContact();
  await bed.pass(1);
  const [received] = bed.received;
  expect(received?.headers.get('content-type')).toBe('text/plain');
  const { isTrue, header, outer, data, event } = open(received?.text ?? '', app);
  expect(isTrue).toBe(true);
  expect(header).toEqual({ alg: 'RS256', kid: app.id });
  expect(outer.exp - outer.iat).toBe(3_600);
  expect(data).toMatchObject({
    eventType: 'wix.contacts.v4.contact_created',
    instanceId: app.instanceId,
    accountInfo: { siteId: SITE },
  });
  expect(JSON.parse(data.identity)).toMatchObject({ identityType: 'WIX_USER' });
  expect(event).toMatchObject({
    entityFqdn: 'wix.contacts.v4.contact',
    slug: 'created',
    entityId: contact.id,
    createdEvent: { entity: { id: contact.id, info: contact.info } },
    eventTime: expect.stringMatching(/^2027-01-12T08:00:00\.000\d{6}Z$/),
    entityEventSequence: expect.stringMatching(/^\d+$/),
  });
  expect(event.createdEvent.entity).not.toHaveProperty('revision');
});

test('each change is told: contacts, forms, members, posts', async () => {
  const bed = createTestbed({ switches: { memberSpacingMilliseconds: 0 } });
  const app = installApp(bed);
  const heard = async (work: () => unknown) => {
    bed.received.length = 0;
    await work();
    await bed.pass(3);
    return typesOf(bed, app);
  };
  const { visitor, editor } = {
    visitor: bed.simulator.visitor(SITE),
    editor: bed.simulator.editor(SITE),
  };
  const field = { kind: 'email', label: 'E-mail', target: 'email' } as const;
  const form = bed.simulator.addForm(SITE, { name: 'News', fields: [field] });
  expect(await heard(() => visitor.submits(form.id, { email: 'a@x.example' }))).toEqual([
    'forms.v4.submission_created',
    'contacts.v4.contact_created',
    'forms.v4.submission_updated',
    'forms.v4.submission_submission_contact_mapped',
  ]);
  expect(await heard(() => visitor.registers({ email: 'a@x.example' }))).toEqual([
    'contacts.v4.contact_updated',
    'members.v1.member_created',
  ]);
  const other = editor.addsContact({ name: { first: 'B' } });
  const [first] = bed.simulator.rows(SITE, 'contacts');
  await bed.pass(3);
  expect(await heard(() => editor.merges(first?.id ?? '', [other.id]))).toEqual([
    'contacts.v4.contact_deleted',
    'contacts.v4.contact_updated',
    'contacts.v4.contact_merged',
  ]);
  expect(bed.received.map(({ text }) => open(text, app).event.originatedFrom)).toEqual([
    'merge',
    'merge',
    undefined,
  ]);
  expect(await heard(() => bed.makeDraft({}, true))).toEqual([
    'blog.v3.draft_created',
    'blog.v3.draft_updated',
    'blog.v3.post_created',
  ]);
  const [draft] = bed.simulator.rows(SITE, 'drafts');
  expect(await heard(() => editor.deletesPost(draft?.id ?? ''))).toEqual([
    'blog.v3.post_deleted',
    'blog.v3.draft_deleted',
  ]);
});

test('only what an app subscribed to, and only where it is installed', async () => {
  const bed = createTestbed();
  installApp(bed, 'wix.members.v1.member_created');
  bed.simulator.addApp({ name: 'Elsewhere', hooks: [{ eventType: '*', url: URL_IN }] });
  await bed.makeContact();
  await bed.makeMember();
  await bed.pass(1);
  expect(bed.received).toHaveLength(1);
  const [app] = bed.simulator.apps();
  bed.simulator.subscribeApp(app?.id ?? '', []);
  await bed.makeMember('more@x.example');
  await bed.pass(1);
  expect(bed.received).toHaveLength(1);
});

test('the identity says who acted: visitor, member, owner, key', async () => {
  const bed = createTestbed({ switches: { keyIdentity: 'APP' } });
  const app = installApp(bed);
  bed.simulator.visitor(SITE).registers({ email: 'a@x.example' });
  bed.simulator.editor(SITE).addsContact({ name: { first: 'B' } });
  await bed.makeContact();
  await bed.pass(1);
  const kinds = bed.received.map(
    ({ text }) => JSON.parse(open(text, app).data.identity).identityType,
  );
  expect(kinds).toEqual(['MEMBER', 'ANONYMOUS_VISITOR', 'WIX_USER', 'APP']);
});

test('the envelope may come in its other documented shapes', async () => {
  const bed = createTestbed({
    switches: {
      envelopeShape: 'objects',
      bodyKeys: 'asJson',
      identityShown: false,
      accountInfoShown: false,
      tokenSeconds: 0,
    },
  });
  const app = installApp(bed);
  const { id } = await bed.makeContact();
  await bed.pass(1);
  const { outer, data, event } = open(bed.received[0]?.text ?? '', app);
  expect(Object.keys(outer.data).sort()).toEqual(['data', 'eventType', 'instanceId']);
  expect([typeof outer.data, typeof data.data, outer.exp]).toEqual(['object', 'object', undefined]);
  expect(JSON.parse(event.createdEvent.entityAsJson).id).toBe(id);
});

test('a delivery that is not answered 200 in time is tried again, twelve times, then given up', async () => {
  const bed = createTestbed();
  const app = installApp(bed);
  bed.outside.set(URL_IN, () => new Response(null, { status: 204 }));
  await bed.makeContact();
  await bed.pass(1);
  const [first] = bed.received;
  for (const seconds of RETRY_SECONDS) {
    await bed.pass(seconds - 1);
    const before = bed.received.length;
    await bed.pass(1);
    expect(bed.received).toHaveLength(before + 1);
  }
  expect(bed.received).toHaveLength(13);
  await bed.pass(86_400);
  expect(bed.simulator.rows(SITE, 'deliveries')).toMatchObject([
    { outcome: 'failed', attempts: 13, status: 204 },
  ]);
  const last = open(bed.received.at(-1)?.text ?? '', app);
  expect(last.event).toEqual(open(first?.text ?? '', app).event);
});

test('an answer after 1250 ms is none; the retry delays can be scaled down', async () => {
  const bed = createTestbed({ switches: { retryScale: 0.01 } });
  installApp(bed);
  bed.outside.set(URL_IN, async () => {
    await bed.clock.sleep(1_300);
    return new Response('');
  });
  await bed.makeContact();
  const deliveries = () => bed.simulator.rows(SITE, 'deliveries');
  await bed.clock.advance(2_300);
  expect(deliveries()).toMatchObject([{ attempts: 1, status: null, outcome: 'waiting' }]);
  bed.simulator.set({ answerMilliseconds: 5_000 });
  await bed.clock.advance(1_900);
  expect(deliveries()).toMatchObject([{ attempts: 2, status: 200, outcome: 'delivered' }]);
});

test('deliveries can be lost, doubled, late and overtaken', async () => {
  const bed = createTestbed();
  installApp(bed, 'wix.contacts.v4.contact_created');
  const count = async (switches: object, seconds: number) => {
    bed.received.length = 0;
    bed.simulator.set({
      ...{ webhookLost: 0, webhookDoubled: 0, webhookLate: 0, webhookReordered: 0 },
      ...switches,
    });
    await bed.makeContact({ name: { first: 'A' } });
    await bed.pass(seconds);
    return bed.received.length;
  };
  expect(await count({ webhookLost: 1 }, 10)).toBe(0);
  expect(await count({ webhookDoubled: 1 }, 10)).toBe(2);
  expect(new Set(bed.received.map(({ text }) => JSON.stringify(decodeData(text)))).size).toBe(1);
  expect(await count({ webhookLate: 1, webhookLateSeconds: 60 }, 59)).toBe(0);
  await bed.pass(2);
  expect(bed.received).toHaveLength(1);
  expect(await count({ webhookReordered: 1 }, 5)).toBe(0);
  await bed.pass(1);
  expect(await count({ deliveryDelaySeconds: 30 }, 29)).toBe(0);
  await bed.pass(1);
  expect(bed.received).toHaveLength(1);
});
const decodeData = (text: string) => decode(text.split('.')[1]).data;

test('a forged delivery has a wrong key, no algorithm, the public key as secret, or is over', async () => {
  const bed = createTestbed({ seed: 3, switches: { webhookForged: 1 } });
  const app = installApp(bed, 'wix.contacts.v4.contact_created');
  for (let made = 0; made < 24; made += 1) await bed.makeContact({ name: { first: 'A' } });
  await bed.pass(1);
  const known = new Set(bed.simulator.rows(SITE, 'contacts').map(({ id }) => id));
  const forged = bed.simulator
    .rows(SITE, 'deliveries')
    .map(({ fault, entityId }, at) => ({ fault, entityId, text: bed.received[at]?.text ?? '' }))
    .filter(({ fault }) => fault !== 'none');
  expect(forged).toHaveLength(24);
  expect(new Set(forged.map(({ fault }) => fault)).size).toBe(4);
  const now = bed.clock.now().getTime() / 1_000;
  for (const { fault, entityId, text } of forged) {
    const { isTrue, header, outer } = open(text, app);
    expect(known.has(entityId)).toBe(false);
    expect(isTrue).toBe(fault === 'expired');
    if (fault === 'expired') expect(outer.exp).toBeLessThan(now);
    if (fault === 'algNone') expect([header.alg, text.endsWith('.')]).toEqual(['none', true]);
    if (fault !== 'publicKeyAsSecret') continue;
    const input = text.slice(0, text.lastIndexOf('.'));
    const secret = createHmac('sha256', app.publicKey).update(input).digest('base64url');
    expect([header.alg, text]).toEqual(['HS256', `${input}.${secret}`]);
  }
});

test('an automation sends plain JSON, signed by nobody', async () => {
  const bed = createTestbed();
  for (const trigger of [
    'form_submitted',
    'contact_created',
    'member_signed_up',
    'label_added',
  ] as const) {
    bed.simulator.addAutomation(SITE, { trigger, url: `https://hooks.example/${trigger}` });
  }
  const [form] = bed.simulator.rows(SITE, 'forms');
  const targets = form?.formFields.flatMap(({ inputOptions }) => inputOptions?.target ?? []) ?? [];
  const [first = '', last = '', email = ''] = targets;
  bed.simulator.visitor(SITE).submits(form?.id ?? '', {
    ...{ [first]: 'Tavita', [last]: 'N', [email]: 't@example.org' },
  });
  await bed.pass(2);
  const [made, submitted, ...none] = bed.received;
  expect(none).toEqual([]);
  expect(made?.headers.get('content-type')).toBe('application/json');
  const [contact] = bed.simulator.rows(SITE, 'contacts');
  expect(JSON.parse(made?.text ?? '').data).toMatchObject({
    contactId: contact?.id,
    contact: { name: { first: 'Tavita' }, email: 't@example.org' },
  });
  expect(JSON.parse(submitted?.text ?? '').data).toMatchObject({
    formName: 'Student sign-up',
    contactId: contact?.id,
    [`field:${email}`]: 't@example.org',
    submissions: [{ label: 'First name' }, { label: 'Last name' }, { label: 'School e-mail' }],
  });
  bed.received.length = 0;
  await bed.makeMember('api@example.org');
  bed.simulator.visitor(SITE).registers({ email: 'self@example.org' });
  bed.simulator.editor(SITE).labels(contact?.id ?? '', ['contacts.customers']);
  await bed.pass(2);
  const told = bed.received.map(({ url }) => url.split('/').at(-1));
  // A member made through the API sets off no signup automation. (c)
  expect(told.filter((name) => name === 'member_signed_up')).toHaveLength(1);
  expect(told).toContain('label_added');
});
