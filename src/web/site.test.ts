import { beforeEach, expect, test, vi } from 'vitest';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { Visit } from '#src/pageContext.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { createLog } from '#src/platform/log.ts';
import { seededRandom } from '#src/platform/random.ts';
import type { Pages } from './pages.ts';
import { createSite, type Doors, type SiteConfig } from './site.ts';

const student: Viewer = { userId: 's1', name: 'Sela', email: 'sela@a.example', role: 'student' };
const staff: Viewer = { ...student, userId: 't1', role: 'staff' };

let viewer: Viewer | null;
let rendered: { request: Request; visit: Visit }[];
let answerPage: (request: Request) => Promise<Response>;
let checkReady: () => Promise<void>;
let logged: string[];
let clock: ManualClock;

const page = (text = '<h1>Page</h1>', status = 200) =>
  new Response(text, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });

beforeEach(() => {
  viewer = null;
  rendered = [];
  logged = [];
  answerPage = async () => page();
  checkReady = async () => undefined;
  clock = new ManualClock();
});

function open(config: Partial<SiteConfig> = {}) {
  const pages: Pages = {
    render(request, { visit }) {
      rendered.push({ request, visit });
      return answerPage(request);
    },
    clientFolder: null,
    middleware: null,
    close: async () => undefined,
  };
  const doors: Doors = {
    viewerOf: async () => viewer,
    live: { subscribe: () => () => undefined },
    fileLinks: { create: vi.fn(), open: async () => null, look: async () => null },
    mountWebhooks: (site) => {
      site.post('/api/webhooks/test/:secret', () => {
        throw new Error('broken door');
      });
    },
    checkReady: () => checkReady(),
  };
  return createSite({
    config: { publicUrl: null, development: false, proxies: 0, ...config },
    log: createLog({
      level: 'info',
      pretty: false,
      destination: { write: (line) => void logged.push(line) },
    }),
    clock,
    random: seededRandom(1),
    doors,
    pages,
    closing: new AbortController().signal,
  });
}

const get = async (path: string, headers = {}, config?: Partial<SiteConfig>) =>
  open(config).request(`http://localhost:3000${path}`, { headers });

test('health tells of the process, readiness of the database', async () => {
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  checkReady = async () => {
    throw new Error('connection refused');
  };
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(503);
});

test('a database that keeps silent is not ready', async () => {
  checkReady = () => new Promise(() => undefined);
  const answer = get('/readyz');
  await clock.advance(2_000);
  expect((await answer).status).toBe(503);
});

test('a page that anybody may see is drawn', async () => {
  const answer = await get('/jobs');
  expect(await answer.text()).toBe('<h1>Page</h1>');
  expect(rendered[0]?.visit.requestId).toBe(answer.headers.get('x-request-id'));
});

test('a page for others is never drawn, and the way leads back after signing in', async () => {
  const answer = await get('/staff/sync?state=failed');
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/sign-in?next=%2Fstaff%2Fsync%3Fstate%3Dfailed');
  viewer = student;
  const refused = await get('/staff/sync');
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain('not for this account');
  expect(rendered).toEqual([]);
  viewer = staff;
  expect((await get('/staff/sync')).status).toBe(200);
});

test('the script in the browser is told the same in its own way', async () => {
  const answer = await get('/staff/sync.data?_routes=x');
  expect(answer.status).toBe(204);
  expect(answer.headers.get('x-remix-redirect')).toBe('/sign-in?next=%2Fstaff%2Fsync');
  viewer = student;
  expect((await get('/staff/sync.data')).status).toBe(403);
  expect((await get('/no/such/page.data')).status).toBe(404);
  expect(rendered).toEqual([]);
});

test('an address without a row in the access table is drawn as missing, whatever is there', async () => {
  answerPage = async (request) =>
    page('missing', request.url.endsWith('/nothing-here') ? 404 : 200);
  const answer = await get('/no-row-for-this');
  expect(answer.status).toBe(404);
});

test('what a signed-in person saw is not kept anywhere', async () => {
  viewer = staff;
  answerPage = async () => {
    const response = page();
    response.headers.set('cache-control', 'public, max-age=300');
    return response;
  };
  expect((await get('/jobs')).headers.get('cache-control')).toBe('private, no-store');
  viewer = null;
  const answer = await get('/jobs');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
  expect(answer.headers.get('vary')).toContain('Cookie');
});

test('only the scripts of the page itself may run', async () => {
  const answer = await get('/jobs');
  const policy = answer.headers.get('content-security-policy') ?? '';
  const nonce = rendered[0]?.visit.nonce;
  expect(nonce).toMatch(/^[\w+/=]{20,}$/);
  expect(policy).toContain(`script-src 'self' 'nonce-${nonce}';`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(answer.headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
  const another = await get('/jobs');
  expect(another.headers.get('content-security-policy')).not.toBe(policy);
});

test('TLS is promised only where there is TLS', async () => {
  expect((await get('/jobs')).headers.get('strict-transport-security')).toBeNull();
  const answer = await get('/jobs', {}, { publicUrl: 'https://kiex.example' });
  expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=31536000/);
});

test('pages are compressed for those who can read it', async () => {
  answerPage = async () => page('x'.repeat(5_000));
  const answer = await get('/jobs', { 'accept-encoding': 'gzip' });
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  expect((await answer.arrayBuffer()).byteLength).toBeLessThan(500);
});

test('a fault becomes calm words with an id that stands in the log', async () => {
  answerPage = async () => {
    throw new Error('column secret_column does not exist');
  };
  const answer = await get('/jobs');
  const text = await answer.text();
  expect(answer.status).toBe(500);
  expect(text).not.toContain('secret_column');
  const errorId = JSON.parse(logged[0]!).errorId;
  expect(text).toContain(errorId);
  expect(logged[0]).toContain('secret_column');
});

test('a fault that React Router could not draw gets the same words', async () => {
  answerPage = async () => new Response(null, { status: 500 });
  const answer = await get('/jobs');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain(answer.headers.get('x-request-id'));
});

test('[P5] a fault behind a secret address is told in JSON and logged without the secret', async () => {
  const path = '/api/webhooks/test/s3cret';
  const answer = await open().request(path, { method: 'POST' });
  expect(answer.status).toBe(500);
  const { errorId } = (await answer.json()) as { errorId: string };
  expect(JSON.parse(logged[0]!)).toMatchObject({ errorId, path: '/api/webhooks/test/:secret' });
  expect(logged.join()).not.toContain('s3cret');
});

test('an unknown address under /api is told in JSON', async () => {
  const answer = await get('/api/nothing');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('json');
});

test('a resume that is too large gets an answer in words; one that fits goes through', async () => {
  const upload = (bytes: number) => {
    const body = new FormData();
    body.set('resume', new File([new Uint8Array(bytes)], 'resume.pdf'));
    return open().request('/jobs', { method: 'POST', body });
  };
  const answer = await upload(26 * 1024 * 1024);
  expect(answer.status).toBe(413);
  expect(await answer.text()).toContain('5 MB at most');
  expect(rendered).toEqual([]);
  expect((await upload(5 * 1024 * 1024)).status).toBe(200);
  const form = await rendered[0]!.request.formData();
  expect((form.get('resume') as File).size).toBe(5 * 1024 * 1024);
});

test('a form without a file may not be huge either', async () => {
  const body = new URLSearchParams({ note: 'x'.repeat(2 * 1024 * 1024) });
  expect((await open().request('/jobs', { method: 'POST', body })).status).toBe(413);
});

test('behind TLS a form is seen to come from the public address, with its body', async () => {
  const site = open({ publicUrl: 'https://kiex.example' });
  const form = { method: 'POST', body: new URLSearchParams({ a: 'b' }) };
  await site.request('http://kiex.example/jobs?q=1', form);
  expect(rendered[0]?.request.url).toBe('https://kiex.example/jobs?q=1');
  expect(await rendered[0]?.request.text()).toBe('a=b');
});

test.each([
  [{ origin: 'http://evil.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: 'http://localhost:3001' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }, 200],
  [{}, 200],
])('a form sent with %o is answered %i', async (headers, status) => {
  const form = { method: 'POST', body: new URLSearchParams({ theme: 'dark' }), headers };
  const answer = await open().request('http://localhost:3000/theme', form);
  expect(answer.status).toBe(status);
  expect(rendered).toHaveLength(status === 200 ? 1 : 0);
});

test('what answers beside pages is known, with who is let in: another address needs a line here', () => {
  const answered = open().routes.map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(answered)].sort()).toEqual(
    [
      // Everybody: it tells that the process lives, and nothing else.
      ...['GET /healthz', 'GET /readyz', 'GET /favicon.ico'],
      // Whoever has the secret that stands in the address.
      ...['GET /files/:token/:name', 'POST /api/webhooks/test/:secret'],
      // By topic: liveDoor.test.ts.
      'GET /api/live',
      // Nobody.
      'ALL /api/*',
      // Pages: access.test.ts, and of employers tests/world/isolation.test.ts.
      'ALL /*',
    ].sort(),
  );
});
