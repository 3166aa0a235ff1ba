import { expect, test } from 'vitest';
import { ACCOUNT, createTestbed, KEY, LANI, SITE } from './testbed.ts';

const QUERY = '/contacts/v4/contacts/query';
const ask = { body: { query: {} } };

test('the header is the bare key; without one, with Bearer, or revoked it is 401', async () => {
  const bed = createTestbed();
  expect((await bed.call('POST', QUERY, ask)).status).toBe(200);
  for (const key of [null, `Bearer ${KEY}`, 'IST.other']) {
    const answer = await bed.call('POST', QUERY, { ...ask, key });
    expect([answer.status, answer.body]).toEqual([401, { message: '', details: {} }]);
  }
  bed.simulator.changeKey(bed.simulator.keys()[0]?.id ?? '', { revoked: true });
  expect((await bed.call('POST', QUERY, ask)).status).toBe(401);
  bed.simulator.set({ unauthorisedBody: 'empty' });
  expect((await bed.call('POST', QUERY, ask)).body).toBe(null);
});

test('a site call needs the site header: 428 without, whatever the account header says', async () => {
  const bed = createTestbed();
  const headers = { 'wix-account-id': ACCOUNT };
  const answer = await bed.call('POST', QUERY, { ...ask, site: null, headers });
  expect(answer.status).toBe(428);
  expect(answer.body.details.applicationError.code).toBe('MISSING_METASITE_ID');
  expect((await bed.call('POST', QUERY, { ...ask, headers })).status).toBe(200);
  expect((await bed.call('POST', QUERY, { ...ask, site: SITE.toUpperCase() })).status).toBe(200);
});

test('an unknown site, a site of another account, a site not chosen, a missing set: 403, empty', async () => {
  const bed = createTestbed({ permissions: ['contacts'] });
  const { simulator } = bed;
  const other = simulator.addAccount({ name: 'Elsewhere' });
  const foreign = simulator.addSite({ account: other.id, name: 'Foreign' });
  const second = simulator.addSite({ account: ACCOUNT, name: 'Second' });
  simulator.addKey({ account: ACCOUNT, key: 'IST.one-site', sites: [SITE] });
  const unknown = '99999999-1111-4222-8333-444444444444';
  const refused = [
    await bed.call('POST', QUERY, { ...ask, site: unknown }),
    await bed.call('POST', QUERY, { ...ask, site: foreign.id }),
    await bed.call('POST', QUERY, { ...ask, site: second.id, key: 'IST.one-site' }),
    await bed.call('GET', '/members/v1/members'),
  ];
  expect(refused.map(({ status, body }) => [status, body])).toEqual(refused.map(() => [403, null]));
  expect((await bed.call('POST', QUERY, { ...ask, site: second.id })).status).toBe(200);
  simulator.set({ forbiddenBody: 'message' });
  const worded = await bed.call('GET', '/members/v1/members');
  expect(worded.body.message).toContain('not allowed');
});

test('sites keep their records apart', async () => {
  const bed = createTestbed();
  const second = bed.simulator.addSite({ account: ACCOUNT, name: 'Second' });
  await bed.makeContact();
  const made = await bed.call('POST', '/contacts/v4/contacts', {
    body: { info: LANI },
    site: second.id,
  });
  expect(made.status).toBe(200);
  expect((await bed.get(`/contacts/v4/contacts/${made.body.contact.id}`)).status).toBe(404);
});

test('an app that is not installed is 428, or as switched', async () => {
  const bed = createTestbed({ apps: [] });
  const namespace = { query: { filter: { namespace: 'wix.form_app.form' } } };
  const forms = '/form-submission-service/v4/submissions/namespace/query';
  const blog = await bed.get('/blog/v3/draft-posts');
  expect([blog.status, blog.body.details.applicationError.code]).toEqual([
    428,
    'BLOG_APP_NOT_INSTALLED',
  ]);
  const submissions = await bed.post(forms, namespace);
  expect([submissions.status, submissions.body.details.applicationError.code]).toEqual([
    400,
    'UNSUPPORTED_FORM_NAMESPACE',
  ]);
  bed.simulator.set({ blogMissingStatus: '401', formsRefusal: 'permissions_not_found' });
  expect((await bed.get('/blog/v3/draft-posts')).status).toBe(401);
  expect((await bed.post(forms, namespace)).status).toBe(428);
  bed.simulator.changeSite(SITE, { apps: ['blog', 'forms'] });
  expect((await bed.get('/blog/v3/draft-posts')).status).toBe(200);
});

test('a wrong path is an HTML page, every answer carries a request id', async () => {
  const bed = createTestbed();
  const wrong = await bed.get('/contacts/v4/persons');
  expect([wrong.status, wrong.headers.get('content-type')]).toEqual([
    404,
    expect.stringContaining('text/html'),
  ]);
  const ids = [wrong, await bed.get('/contacts/v4/contacts'), await bed.get('/nothing')];
  expect(new Set(ids.map(({ headers }) => headers.get('x-wix-request-id'))).size).toBe(3);
});

test('a body that is no JSON object is 400', async () => {
  const bed = createTestbed();
  for (const body of ['text', [1]]) {
    expect((await bed.post('/contacts/v4/contacts', body)).status).toBe(400);
  }
});

test('200 calls a minute for one key and site, then 429 without saying how long', async () => {
  const bed = createTestbed({ switches: { quotaPerMinute: 3 } });
  const second = bed.simulator.addSite({ account: ACCOUNT, name: 'Second' });
  for (let call = 0; call < 3; call += 1) await bed.get('/contacts/v4/contacts');
  const refused = await bed.get('/contacts/v4/contacts');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
  expect(refused.body.details.applicationError.code).toBe('RESOURCE_EXHAUSTED');
  expect((await bed.call('GET', '/contacts/v4/contacts', { site: second.id })).status).toBe(200);
  bed.simulator.set({ retryAfterHeader: true });
  expect((await bed.get('/contacts/v4/contacts')).headers.get('retry-after')).toBe('60');
  bed.simulator.set({ quotaEnforced: false });
  expect((await bed.get('/contacts/v4/contacts')).status).toBe(200);
  bed.simulator.set({ quotaEnforced: true });
  await bed.pass(60);
  expect((await bed.get('/contacts/v4/contacts')).status).toBe(200);
});

test('faults answer in the words of Wix: empty 5xx and 403, HTML 404, a passing 401', async () => {
  const bed = createTestbed();
  const kinds = [
    'serverError',
    'badGateway',
    'emptyForbidden',
    'htmlNotFound',
    'identityLost',
    'throttled',
  ] as const;
  const seen = [];
  for (const kind of kinds) {
    bed.simulator.faults.add({ kind, next: 1 });
    const { status, body } = await bed.get('/contacts/v4/contacts');
    seen.push([status, typeof body === 'string' ? body.slice(0, 15) : body]);
  }
  expect(seen).toEqual([
    [500, null],
    [502, null],
    [403, null],
    [404, '<!doctype html>'],
    [401, { message: 'No identity found', details: {} }],
    [429, expect.objectContaining({ message: 'Too many requests' })],
  ]);
  expect((await bed.get('/contacts/v4/contacts')).status).toBe(200);
});

test('a lost answer comes after the write was made; the log says so and holds no key', async () => {
  const bed = createTestbed();
  bed.simulator.faults.add({ kind: 'answerLost', method: 'POST', next: 1 });
  await expect(bed.post('/contacts/v4/contacts', { info: LANI })).rejects.toThrow('fetch failed');
  expect(bed.simulator.rows(SITE, 'contacts')).toHaveLength(1);
  expect(bed.simulator.requests()).toMatchObject([
    { fault: 'answerLost', status: null, account: SITE, authorization: 'key' },
  ]);
  expect(JSON.stringify(bed.simulator.requests())).not.toContain(KEY);
});

test('a stale answer is an earlier one of the same site', async () => {
  const bed = createTestbed();
  const second = bed.simulator.addSite({ account: ACCOUNT, name: 'Second' });
  bed.simulator.faults.add({ kind: 'stale', method: 'GET' });
  const count = async (site: string) =>
    (await bed.call('GET', '/contacts/v4/contacts', { site })).body.contacts.length;
  expect(await count(SITE)).toBe(0);
  await bed.makeContact();
  await bed.call('POST', '/contacts/v4/contacts', { body: { info: LANI }, site: second.id });
  expect([await count(SITE), await count(second.id)]).toEqual([0, 1]);
  await bed.pass(60);
  expect(await count(SITE)).toBe(1);
});
