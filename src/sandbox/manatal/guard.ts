import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Quota } from '../quota.ts';
import { opens } from './accounts.ts';
import type { Core } from './core.ts';
import { cutPage } from './paging.ts';
import type { AccountRow } from './rows.ts';
import type { SwitchName } from './switches.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export type Handler = (context: Context, account: AccountRow) => Response | Promise<Response>;

/** Where a family of routes is declared: each path with its methods, every other method a 405. */
export interface Routes {
  app: Hono;
  on(path: string, handlers: Partial<Record<Method, Handler>>): void;
}

/**
 * A router whose every route asks for the key and counts against the quota, in the order of the
 * framework: address, key, plan, quota, method.
 */
export function createRoutes(options: {
  core: Core;
  base: string;
  quota: Quota;
  countsCalls: () => boolean;
}): Routes {
  const { core, base, quota, countsCalls } = options;
  const app = new Hono();

  const guarded = (handler: Handler) => async (context: Context) => {
    const account = findAccount(core, context.req.header('authorization'));
    if (account instanceof Response) return account;
    const waitSeconds = countsCalls() ? quota.take(account.id) : null;
    if (waitSeconds !== null) return throttled(core, context, waitSeconds);
    return handler(context, account);
  };

  app.notFound((context) => {
    const url = new URL(context.req.url);
    const lacksSlash = !url.pathname.endsWith('/') && url.pathname.startsWith(base);
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
    // A write without the slash is refused loudly: followed, it would lose its body. [S]
    if (lacksSlash && isRead) return context.redirect(`${url.pathname}/${url.search}`, 301);
    return detail(context, 404, 'Not found.');
  });

  return {
    app,
    on(path, handlers) {
      for (const [method, handler] of Object.entries(handlers)) {
        app.on(method, `${base}${path}`, guarded(handler));
      }
      const allow = Object.keys(handlers).join(', ');
      app.all(
        `${base}${path}`,
        guarded((context) => {
          context.header('Allow', allow);
          return detail(context, 405, `Method "${context.req.method}" not allowed.`);
        }),
      );
    },
  };
}

/** The account of the key, or the refusal. Only `Token <key>` counts; `Bearer` is no header at all. */
function findAccount(core: Core, header: string | undefined): AccountRow | Response {
  const [scheme, key, ...more] = (header ?? '').split(' ');
  if (scheme !== 'Token') return unauthorised('Authentication credentials were not provided.');
  const account = core.accounts().find((row) => opens(row, key));
  if (!account || more.length > 0 || account.access === 'revoked') {
    return unauthorised('Invalid token.');
  }
  if (account.access === 'payment_due') {
    return Response.json({ detail: 'Payment required.' }, { status: 402 });
  }
  if (account.access === 'plan_without_api') {
    const text = 'You do not have permission to perform this action.';
    return Response.json({ detail: text }, { status: 403 });
  }
  return account;
}

function unauthorised(text: string): Response {
  const headers = { 'WWW-Authenticate': 'Token' };
  return Response.json({ detail: text }, { status: 401, headers });
}

function throttled(core: Core, context: Context, seconds: number): Response {
  if (core.switches().retryAfterHeader) context.header('Retry-After', String(seconds));
  const plural = seconds === 1 ? 'second' : 'seconds';
  const text = `Request was throttled. Expected available in ${seconds} ${plural}.`;
  return detail(context, 429, text);
}

/** The framework's usual error body. */
export function detail(context: Context, status: ContentfulStatusCode, text: string): Response {
  return context.json({ detail: text }, status);
}

/** The request's JSON, or the refusal. An empty body counts as an empty object. [I] */
export async function readBody(context: Context): Promise<{ body: unknown } | Response> {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const text = await context.req.text();
  if (text.trim() === '') return { body: {} };
  if (type !== 'application/json') {
    return detail(context, 415, `Unsupported media type "${type}" in request.`);
  }
  try {
    return { body: JSON.parse(text) };
  } catch {
    return detail(context, 400, 'JSON parse error - Expecting value: line 1 column 1 (char 0)');
  }
}

/** The whole number in a path; routes only match figures there. */
export function idIn(context: Context, name = 'id'): number {
  return Number(context.req.param(name));
}

/** A list in its envelope, one page of it. */
export function answerPage<Row>(
  core: Core,
  context: Context,
  rows: readonly Row[],
  show: (row: Row) => unknown,
): Response {
  const { nextHost, unstableOrder } = core.switches();
  const page = cutPage(rows, new URL(context.req.url), {
    nextHost,
    shuffle: unstableOrder ? core.random : null,
  });
  if (!page) return detail(context, 404, 'Invalid page.');
  return context.json({ ...page, results: page.results.map(show) });
}

/** The switches that say whether a list is a bare array or comes in an envelope. */
export type ShapeSwitch = Extract<SwitchName, `${string}Shape`>;

/** A list whose shape is uncertain: a bare array of everything, or a page in its envelope. */
export function answerList<Row>(
  core: Core,
  context: Context,
  list: { rows: readonly Row[]; show: (row: Row) => unknown; shape: ShapeSwitch },
): Response {
  const isArray = core.switches()[list.shape] === 'array';
  if (isArray) return context.json(list.rows.map(list.show));
  return answerPage(core, context, list.rows, list.show);
}
