import { type Context, Hono } from 'hono';
import type { Quota } from '../quota.ts';
import type { Core, Scene } from './core.ts';
import { Refused, refuse, sparse } from './refusals.ts';
import type { AccountRow, Fields, KeyRow, Permission, SiteApp, SiteRow } from './siteRows.ts';
import { SHARED } from './store.ts';
import { isObject } from './values.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One admitted call to a site. */
export interface Call {
  scene: Scene;
  /** The parameters of the address, nested as their dots say. */
  query: Fields;
  body: Fields;
  param(name: string): string;
  /** The instant up to which queries see what was written. */
  indexedUntil(): number;
}
/** One admitted call to an account. */
export interface AccountCall {
  core: Core;
  account: AccountRow;
  key: KeyRow;
  body: Fields;
}

interface Needs {
  permission: Permission;
  app?: SiteApp;
}

/** Where the families of routes are declared. Answers are objects, or a promise of one. */
export interface Routes {
  app: Hono;
  site(
    method: Method,
    path: string,
    needs: Needs,
    answer: (call: Call) => Fields | Promise<Fields>,
  ): void;
  account(
    method: Method,
    path: string,
    permission: Permission,
    answer: (call: AccountCall) => Fields,
  ): void;
}

/** Other spellings of the same addresses. (c)(s)(x) 4.1, 6.1 */
const ALIASES: readonly (readonly [string, string])[] = [
  ['/forms/v4/submissions', '/form-submission-service/v4/submissions'],
  ['/forms/v4/forms', '/form-schema-service/v4/forms'],
  ['/v3/', '/blog/v3/'],
];

function canonicalPath(path: string): string {
  const alias = ALIASES.find(([other]) => path.startsWith(other));
  return alias ? alias[1] + path.slice(alias[0].length) : path;
}

/** A router whose every route asks for key, site, permission, app and quota, in this order. */
export function createRoutes(core: Core, quota: Quota<string>): Routes {
  const app = new Hono({ getPath: (request) => canonicalPath(new URL(request.url).pathname) });
  app.use(async (context, next) => {
    await next();
    context.res.headers.set('x-wix-request-id', core.newGuid());
  });
  // A wrong path gets a page, not JSON. (v) 1.1
  app.notFound((context) => context.html(NOT_FOUND_PAGE, 404));
  app.onError((error) => {
    if (error instanceof Refused) return refusalAnswer(error);
    throw error;
  });

  return {
    app,
    site(method, path, needs, answer) {
      app.on(method, path, async (context) => {
        const { key, site } = admitToSite(core, context.req.raw.headers, needs);
        count(core, quota, `${key.id} ${site.id}`);
        const call: Call = {
          scene: { core, site, actor: { by: 'key' } },
          query: nestedQuery(new URL(context.req.url).searchParams),
          body: await bodyOf(context),
          param: (name) => decodeURIComponent(context.req.param(name) ?? ''),
          indexedUntil: () => indexedUntil(core, context.req.header('x-wix-consistent')),
        };
        const body = core.store.batch(() => answer(call));
        if (isWrite(method, path)) context.header('x-wix-consistent', consistencyToken(core));
        return context.json(await body, 200);
      });
    },
    account(method, path, permission, answer) {
      app.on(method, path, async (context) => {
        const { key, account } = admitToAccount(core, context.req.raw.headers, permission);
        count(core, quota, `${key.id} account`);
        return context.json(answer({ core, account, key, body: await bodyOf(context) }), 200);
      });
    },
  };
}

const NOT_FOUND_PAGE =
  '<!doctype html><html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>';

export function refusalAnswer({ status, body, headers }: Refused & { headers?: Headers }) {
  const more = headers ? { headers } : {};
  return body === null
    ? new Response(null, { status, ...more })
    : Response.json(body, { status, ...more });
}

function unauthorised(core: Core): Refused {
  const shape = core.switches().unauthorisedBody;
  if (shape === 'empty') return new Refused(401, null);
  return sparse(401, shape === 'text' ? 'Unauthenticated' : '');
}

function forbidden(core: Core): Refused {
  if (core.switches().forbiddenBody === 'empty') return new Refused(403, null);
  return sparse(403, 'The identity is not allowed to perform this on the resource.');
}

function keyIn(core: Core, headers: Headers): KeyRow {
  // The bare key; anything in front of it, such as Bearer, makes it another one. (c) 1.1
  const given = headers.get('authorization') ?? '';
  const [key] = core.store.found(SHARED, 'keys', given);
  if (!key || key.revoked) throw unauthorised(core);
  return key;
}

const idIn = (headers: Headers, name: string) => headers.get(name)?.trim().toLowerCase() ?? '';

function admitToSite(core: Core, headers: Headers, needs: Needs) {
  const key = keyIn(core, headers);
  const id = idIn(headers, 'wix-site-id');
  if (id === '') {
    const text = "Couldn't extract metasiteId from the request context";
    throw refuse(428, 'MISSING_METASITE_ID', text);
  }
  const site = core.store.get(SHARED, 'sites', id);
  const isOpen =
    site && key.account === site.account && (key.sites === 'all' || key.sites.includes(id));
  if (!isOpen || !key.permissions.includes(needs.permission)) throw forbidden(core);
  if (needs.app && !site.apps.includes(needs.app)) throw appMissing(core, needs.app);
  return { key, site };
}

function appMissing(core: Core, app: SiteApp): Refused {
  const { blogMissingStatus, formsRefusal } = core.switches();
  if (app === 'forms') {
    const text = 'Permissions for the given namespace were not found';
    return formsRefusal === 'UNSUPPORTED_FORM_NAMESPACE'
      ? refuse(400, 'UNSUPPORTED_FORM_NAMESPACE', 'The namespace is not supported')
      : sparse(428, text);
  }
  if (blogMissingStatus === '401') return unauthorised(core);
  return refuse(428, 'BLOG_APP_NOT_INSTALLED', 'Wix Blog is not installed on this site');
}

function admitToAccount(core: Core, headers: Headers, permission: Permission) {
  const key = keyIn(core, headers);
  const account = core.store.get(SHARED, 'accounts', idIn(headers, 'wix-account-id'));
  if (!account || key.account !== account.id || !key.permissions.includes(permission)) {
    throw forbidden(core);
  }
  return { key, account };
}

function count(core: Core, quota: Quota<string>, caller: string): void {
  const waitSeconds = quota.take(caller);
  if (waitSeconds !== null) throw throttled(core, waitSeconds);
}

/** A 429; whether it says how long to wait is not known. (u) 2.4 */
export function throttled(core: Core, seconds: number): Refused {
  const refused = refuse(429, 'RESOURCE_EXHAUSTED', 'Too many requests');
  if (!core.switches().retryAfterHeader) return refused;
  return Object.assign(refused, { headers: new Headers({ 'retry-after': String(seconds) }) });
}

async function bodyOf(context: Context): Promise<Fields> {
  const text = await context.req.text();
  if (text.trim() === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {
    // Said below: the service does not tell broken JSON from JSON of another kind.
  }
  throw sparse(400, 'Expected an object');
}

/** `a.b=1&c=x&c=y` and `.r=<base64url JSON>`, as Wix's own client writes both. (x) 12.2 */
function nestedQuery(parameters: URLSearchParams): Fields {
  const nested: Fields = {};
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    if (name === '.r') Object.assign(nested, decodeList(values[0] ?? ''));
    else setAt(nested, name.split('.'), values.length > 1 ? values : values[0]);
  }
  return nested;
}

function decodeList(text: string): Fields {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return isObject(decoded) ? decoded : {};
  } catch {
    throw sparse(400, 'the list parameters cannot be read');
  }
}

function setAt(target: Fields, [step = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[step] = value;
    return;
  }
  const below = isObject(target[step]) ? target[step] : {};
  target[step] = below;
  setAt(below, rest, value);
}

const READS = /\/(query|search|count|validate|to-ricos|from-ricos)$/;
const isWrite = (method: Method, path: string) => method !== 'GET' && !READS.test(path);

const consistencyToken = (core: Core) =>
  Buffer.from(String(core.clock.now().getTime())).toString('base64url');

function indexedUntil(core: Core, token: string | undefined): number {
  const { indexLagSeconds, consistentHeader } = core.switches();
  const indexed = core.clock.now().getTime() - indexLagSeconds * 1_000;
  if (!token || !consistentHeader) return indexed;
  const seen = Number(Buffer.from(token, 'base64url').toString('utf8'));
  return Number.isFinite(seen) ? Math.max(indexed, seen) : indexed;
}

/** Fieldsets may come as one text or a list. */
export function fieldsetsIn(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** The site a request is for, as its header names it; for the request log. */
export function siteNamed(headers: Headers): SiteRow['id'] | null {
  return idIn(headers, 'wix-site-id') || null;
}
