import { expect, test } from 'vitest';
import { createTestbed, SITE, type Testbed } from './testbed.ts';

const HOST = 'https://wix.example';
const HERE = `/admin/sites/${SITE}`;

/** A person with a browser, scripts off. */
function browse(bed: Testbed) {
  const fetchPage = async (path: string, init?: RequestInit) => {
    const response = await bed.simulator.fetch(HOST + path, init);
    const location = response.headers.get('location') ?? '';
    return { status: response.status, location, page: await response.text() };
  };
  return {
    see: (path: string) => fetchPage(path),
    submit: (path: string, fields: Record<string, string> | [string, string][], origin = HOST) =>
      fetchPage(path, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      }),
  };
}

test('a visitor fills in a form; what is wrong is said at the field and what was typed stays', async () => {
  const bed = createTestbed();
  const { see, submit } = browse(bed);
  const [form] = bed.simulator.rows(SITE, 'forms');
  const targets = form?.formFields.flatMap(({ inputOptions }) => inputOptions?.target ?? []) ?? [];
  const [first = '', last = '', email = '', , island = '', interests = '', agree = ''] = targets;
  const path = `${HERE}/forms/${form?.id}`;
  const { page } = await see(path);
  for (const words of ['First name (needed)', 'Koror', 'marine', 'data-testid="submit-form"']) {
    expect(page).toContain(words);
  }
  const wrong = await submit(path, { [first]: 'Tavita', [last]: '', [email]: 'nowhere' });
  expect(wrong.status).toBe(400);
  expect(wrong.page).toContain(`id="${email}-error"`);
  expect(wrong.page).toContain('value="Tavita"');
  expect(bed.simulator.rows(SITE, 'submissions')).toEqual([]);
  const done = await submit(path, [
    [first, 'Tavita'],
    [last, 'N'],
    [email, 't@example.org'],
    [island, 'Koror'],
    [interests, 'marine'],
    [interests, 'technology'],
    [agree, 'true'],
  ]);
  expect([done.status, done.location]).toEqual([303, `${HERE}/forms?said=submitted`]);
  expect(bed.simulator.rows(SITE, 'submissions')[0]?.submissions).toEqual({
    ...{ [first]: 'Tavita', [last]: 'N', [email]: 't@example.org', [island]: 'Koror' },
    ...{ [interests]: ['marine', 'technology'], [agree]: true },
  });
  await bed.pass(1);
  expect((await see(`${HERE}/forms`)).page).toContain('CONFIRMED');
});

test('a visitor signs up; the owner approves, blocks and deletes members', async () => {
  const bed = createTestbed({ switches: { memberApproval: true } });
  const { see, submit } = browse(bed);
  const wrong = await submit(`${HERE}/members`, { email: 'nowhere' });
  expect([wrong.status, wrong.page.includes('id="email-error"')]).toEqual([400, true]);
  const person = { email: 'mere@example.org', firstName: 'Mere', lastName: 'M' };
  const done = await submit(`${HERE}/members`, person);
  expect(done.location).toBe(`${HERE}/members?said=registered`);
  expect((await submit(`${HERE}/members`, person)).page).toContain('exists');
  const [member] = bed.simulator.rows(SITE, 'members');
  expect((await see(`${HERE}/members`)).page).toContain(`data-testid="approve-${member?.id}"`);
  const decide = (verb: string) => submit(`${HERE}/members/${member?.id}/${verb}`, {});
  await decide('approve');
  expect(bed.simulator.rows(SITE, 'members')[0]?.status).toBe('APPROVED');
  await decide('block');
  expect(bed.simulator.rows(SITE, 'members')[0]?.status).toBe('BLOCKED');
  expect((await decide('delete')).location).toContain('said=deleted');
  expect(bed.simulator.rows(SITE, 'members')).toEqual([]);
});

test('the owner adds, finds, edits, merges and deletes contacts', async () => {
  const bed = createTestbed();
  const { see, submit } = browse(bed);
  const ana = { first: 'Ana <b>', last: 'M', email: 'ana@x.example', phone: '', company: 'Reef' };
  expect((await submit(`${HERE}/contacts`, { ...ana, email: 'bad' })).status).toBe(400);
  await submit(`${HERE}/contacts`, ana);
  await submit(`${HERE}/contacts`, { first: 'Ana', phone: '+16715550142' });
  const [one, two] = bed.simulator.rows(SITE, 'contacts');
  expect(one?.source.sourceType).toBe('ADMIN');
  expect((await see(`${HERE}/contacts?q=ana@x`)).page).toContain('Ana &lt;b&gt; M');
  const path = `${HERE}/contacts/${one?.id}`;
  expect((await see(path)).page).toContain('value="ana@x.example"');
  const edit = { ...ana, first: 'Anahi', company: '', jobTitle: 'Cook' };
  expect((await submit(path, edit)).location).toBe(`${path}?said=saved`);
  const read = async () => (await bed.get(`/contacts/v4/contacts/${one?.id}`)).body.contact;
  expect(await read()).toMatchObject({
    revision: 2,
    info: { name: { first: 'Anahi', last: 'M' }, jobTitle: 'Cook' },
  });
  await submit(`${path}/merge`, { other: two?.id ?? '' });
  expect(await read()).toMatchObject({ primaryInfo: { phone: '+16715550142' } });
  expect((await see(`${HERE}/contacts/${two?.id}`)).status).toBe(404);
  expect((await submit(`${path}/delete`, {})).location).toBe(`${HERE}/contacts?said=deleted`);
  expect((await see(`${HERE}/contacts`)).page).toContain('No contacts.');
});

test('what the service refuses is said on the page: a member is not deleted as a contact', async () => {
  const bed = createTestbed();
  const { contactId } = await bed.makeMember();
  const refused = await browse(bed).submit(`${HERE}/contacts/${contactId}/delete`, {});
  expect([refused.status, refused.page.includes('delete the member first')]).toEqual([400, true]);
});

test('the editor writes, publishes, edits, takes offline and deletes posts', async () => {
  const bed = createTestbed();
  const { see, submit } = browse(bed);
  const member = await bed.makeMember();
  const post = { title: 'Intern', memberId: member.id, text: 'First\r\nSecond', verb: 'save' };
  expect((await submit(`${HERE}/posts/new`, { ...post, memberId: '' })).status).toBe(400);
  const { location } = await submit(`${HERE}/posts/new`, post);
  const path = location.split('?')[0] ?? '';
  const id = path.split('/').at(-1) ?? '';
  const read = () => bed.get(`/blog/v3/posts/${id}?fieldsets=RICH_CONTENT`);
  expect((await read()).status).toBe(404);
  await submit(path, { ...post, verb: 'publish' });
  const published = (await read()).body.post;
  expect(published.richContent.nodes).toHaveLength(2);
  expect((await see(path)).page).toContain('What visitors see, without a cover');
  await submit(path, { ...post, title: 'Intern 2', verb: 'save' });
  expect((await see(`${HERE}/posts`)).page).toContain('changes not public');
  expect((await read()).body.post).toMatchObject({
    title: 'Intern',
    richContent: published.richContent,
  });
  await submit(path, { ...post, verb: 'unpublish' });
  expect((await read()).status).toBe(404);
  expect((await submit(path, { verb: 'delete' })).location).toBe(`${HERE}/posts?said=deleted`);
  expect((await see(path)).status).toBe(404);
});

test('an edit of the text alone turns it into paragraphs; other edits keep its formatting', async () => {
  const bed = createTestbed();
  const text = { type: 'TEXT', textData: { text: 'Pay', decorations: [{ type: 'BOLD' }] } };
  const richContent = { nodes: [{ type: 'HEADING', headingData: { level: 2 }, nodes: [text] }] };
  const { id, memberId } = await bed.makeDraft({ richContent });
  const { submit } = browse(bed);
  const edit = (words: string) =>
    submit(`${HERE}/posts/${id}`, { title: 'New', memberId, text: words, verb: 'save' });
  await edit('Pay');
  expect(bed.simulator.rows(SITE, 'drafts')[0]?.content.richContent).toEqual(richContent);
  await edit('Pay more');
  const nodes = bed.simulator.rows(SITE, 'drafts')[0]?.content.richContent.nodes;
  expect(nodes).toMatchObject([{ type: 'PARAGRAPH' }]);
});

test('an app and an automation are made on the page, which then shows what was sent', async () => {
  const bed = createTestbed();
  const { see, submit } = browse(bed);
  const url = 'https://hooks.example/in';
  const nowhere = await submit('/admin/webhooks/apps', { appSite: SITE, appUrl: 'nowhere' });
  expect(nowhere.status).toBe(400);
  await submit('/admin/webhooks/apps', { appSite: SITE, appUrl: url });
  const automation = { automationSite: SITE, trigger: 'contact_created', automationUrl: url };
  await submit('/admin/webhooks/automations', automation);
  expect(
    (await submit('/admin/webhooks/automations', { ...automation, trigger: 'x' })).status,
  ).toBe(400);
  await bed.makeContact();
  await bed.pass(1);
  expect(bed.received).toHaveLength(2);
  const { page } = await see('/admin/webhooks');
  for (const words of ['BEGIN PUBLIC KEY', 'contact_created', 'delivered', 'automation']) {
    expect(page).toContain(words);
  }
  expect(page).not.toContain('PRIVATE KEY');
});

test('switches, faults and the clock are set on a page of their own', async () => {
  const bed = createTestbed();
  const { see, submit } = browse(bed);
  const { page } = await see('/admin/switches');
  const names = Object.keys(bed.simulator.switches());
  expect(names.filter((name) => !page.includes(`name="${name}"`))).toEqual([]);
  const current = Object.entries(bed.simulator.switches()).map(
    ([name, value]): [string, string] => [name, String(value)],
  );
  const form = { ...Object.fromEntries(current), indexLagSeconds: '7', duplicateMember: '400' };
  expect((await submit('/admin/switches', form)).location).toContain('said=switched');
  expect(bed.simulator.switches()).toMatchObject({ indexLagSeconds: 7, duplicateMember: '400' });
  const fault = { kind: 'emptyForbidden', method: '*', path: '/contacts/v4/*', next: '1' };
  await submit('/admin/faults', fault);
  expect((await bed.get('/contacts/v4/contacts')).status).toBe(403);
  await submit('/admin/clock', { minutes: '60' });
  expect(bed.simulator.clock.now().toISOString()).toBe('2027-01-12T09:00:00.000Z');
  expect((await see('/admin/requests')).page).toContain('emptyForbidden');
});

test('a form of another website is refused, and a page that is not there is said to be none', async () => {
  const bed = createTestbed();
  const { see, submit } = browse(bed);
  const foreign = await submit(`${HERE}/members`, { email: 'a@x.example' }, 'https://evil.example');
  expect([foreign.status, bed.simulator.rows(SITE, 'members')]).toEqual([403, []]);
  for (const path of ['/admin/nothing', `${HERE}/contacts/none`, '/admin/sites/0/forms']) {
    expect((await see(path)).status).toBe(404);
  }
  expect((await see('/admin/')).page).toContain(SITE);
  expect((await see(HERE)).page).toContain('College Careers');
});

test('scripts make accounts, sites, keys, apps and automations, and look, through JSON', async () => {
  const bed = createTestbed();
  const api = async (method: string, path: string, body?: unknown) => {
    const response = await bed.simulator.fetch(`${HOST}/admin/api${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    };
  };
  const account = (await api('POST', '/accounts', { name: 'Second' })).body;
  const site = (await api('POST', '/sites', { account: account.id, name: 'New', apps: [] })).body;
  const key = { account: account.id, key: 'IST.second-key', sites: [site.id] };
  const kept = await api('POST', '/keys', key);
  expect([kept.status, (await api('POST', '/keys', key)).status]).toEqual([201, 409]);
  const contacts = () => bed.call('GET', '/contacts/v4/contacts', { key: key.key, site: site.id });
  expect((await contacts()).status).toBe(200);
  await api('PATCH', `/keys/${kept.body.id}`, { revoked: true });
  expect((await contacts()).status).toBe(401);
  const hooks = [{ eventType: '*', url: 'https://hooks.example/in' }];
  const app = await api('POST', '/apps', { name: 'KiEX', site: site.id, hooks });
  expect(app.body).toEqual({
    id: expect.any(String),
    publicKey: expect.stringContaining('PUBLIC KEY'),
    instanceId: expect.any(String),
  });
  const automation = { trigger: 'contact_created', url: 'https://hooks.example/in' };
  expect((await api('POST', `/sites/${site.id}/automations`, automation)).status).toBe(201);
  expect((await api('GET', `/sites/${site.id}/automations`)).body).toHaveLength(1);
  expect((await api('GET', `/sites/${site.id}/keys`)).status).toBe(404);
  expect((await api('POST', '/sites', { account: 'none', name: 'X' })).status).toBe(404);
  expect((await api('POST', '/sites', { name: '' })).status).toBe(400);
  expect((await api('PATCH', '/switches', { indexLagSeconds: 5 })).body.indexLagSeconds).toBe(5);
  expect((await api('POST', '/faults', { kind: 'htmlNotFound' })).status).toBe(201);
  expect([
    (await api('GET', '/sites')).body.length,
    (await api('GET', '/keys')).body.length,
  ]).toEqual([2, 2]);
  expect((await api('GET', '/accounts')).body).toHaveLength(2);
});
