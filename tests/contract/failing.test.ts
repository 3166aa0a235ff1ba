import { afterAll, expect, test } from 'vitest';
import type { Failure } from '#src/platform/failure.ts';
import type { Provider } from './bench.ts';
import { able, connectors, createStand, dropStands, providers, type Stand } from './stand.ts';

afterAll(dropStands);

const page = (status: number) =>
  new Response('<html><body>Sorry</body></html>', {
    status,
    headers: { 'content-type': 'text/html' },
  });
const told = (status: number) => Response.json({ detail: 'No.' }, { status });
const broken = (code: string) => () => {
  throw Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error(code), { code }),
  });
};

/** What may come back instead of an answer, and what it is to KiEX. */
const faults: [string, () => Response, Failure['kind']][] = [
  ['a 429', () => told(429), 'throttled'],
  ['a 500 page', () => page(500), 'unreachable'],
  ['a 502 page', () => page(502), 'unreachable'],
  ['a 503 page', () => page(503), 'unreachable'],
  ['a 522 page', () => page(522), 'unreachable'],
  ['a reset', broken('ECONNRESET'), 'unreachable'],
  ['no such host', broken('ENOTFOUND'), 'unreachable'],
  ['a refused connection', broken('ECONNREFUSED'), 'unreachable'],
  ['half an answer', () => new Response('{"id": 1, "na'), 'unreachable'],
  ['a 401', () => told(401), 'unauthorised'],
  ['a 402', () => told(402), 'unauthorised'],
  ['a 403', () => told(403), 'unauthorised'],
  ['a 400', () => told(400), 'refused'],
  ['a 409', () => told(409), 'refused'],
  ['a 422', () => told(422), 'refused'],
  ['another shape', () => Response.json('a text'), 'surprising'],
];

/** Every operation of a resource, each ready to be called once. */
async function callsOf(stand: Stand, name: string) {
  const { connector, bench } = stand.resource(name);
  const { context } = stand;
  const calls: [string, () => Promise<{ ok: boolean; failure?: Failure }>][] = [];
  const theirId = (await bench.make?.()) ?? bench.noSuchId;
  if (connector.list) calls.push(['list', () => connector.list!(context, null)]);
  if (connector.changedSince) {
    const since = '2027-01-01T00:00:00.000000Z';
    calls.push(['changedSince', () => connector.changedSince!(context, since, null)]);
  }
  if (connector.get) calls.push(['get', () => connector.get!(context, theirId)]);
  if (connector.update) {
    const [field] = connector.fields;
    const outgoing = { ourId: 'o', values: {}, record: {}, refs: {}, intent: null };
    const change = { [field!.ours]: 'Reef' };
    calls.push(['update', () => connector.update!(context, theirId, change, outgoing)]);
  }
  if (connector.find || connector.create || connector.questions) {
    const outgoing = await bench.outgoing!();
    const { find, create, questions } = connector;
    if (questions) calls.push(['questions', () => questions(context, outgoing.refs)]);
    if (find) calls.push(['find', () => find(context, outgoing)]);
    if (create) calls.push(['create', () => create(context, outgoing)]);
  }
  return calls;
}

const everything = able('name');

test.each(everything)(
  '[F1] %s, %s: whatever comes back is one of five failures',
  async (provider, name) => {
    for (const [what, answer, kind] of faults) {
      const stand = await createStand(provider);
      for (const [operation, call] of await callsOf(stand, name)) {
        stand.intercept(() => answer());
        const done = await afterTheWait(stand, call());
        expect([what, operation, done.failure?.kind]).toEqual([what, operation, kind]);
      }
    }
  },
);

/** More than any call takes; then the test's own time is over anyhow. */
const turnsMax = 10_000_000;

/** A call that first waits out an earlier 429. */
async function afterTheWait<T>(stand: Stand, call: Promise<T>): Promise<T> {
  let ended = false;
  const watched = call.finally(() => {
    ended = true;
  });
  // The database answers in real time, however busy the machine: time there moves on slowly.
  for (let turn = 1; turn < turnsMax && !ended; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turn % 100 === 0) await stand.clock.advance(10_000);
  }
  return watched;
}

test.each(everything)(
  '[F1] %s, %s: no answer at all ends in time, as unreachable',
  async (provider, name) => {
    const stand = await createStand(provider);
    const [, call] = (await callsOf(stand, name))[0]!;
    stand.intercept(() => new Promise(() => undefined));
    expect(await afterTheWait(stand, call())).toMatchObject({ failure: { kind: 'unreachable' } });
  },
);

test.each(everything)(
  '[Q3] %s, %s: after a 429 no call is made before the wait that was asked for is over',
  async (provider, name) => {
    const stand = await createStand(provider);
    const [, call] = (await callsOf(stand, name))[0]!;
    stand.intercept(() => new Response('{}', { status: 429, headers: { 'retry-after': '37' } }));
    const { failure } = await call();
    expect(failure).toMatchObject({ kind: 'throttled', retryAfterSeconds: 37 });
    stand.intercept(null);
    const before = stand.sent.length;
    const next = call();
    await idle();
    await stand.clock.advance(36_000);
    await idle();
    expect(stand.sent.length).toBe(before);
    await stand.clock.advance(1_500);
    await afterTheWait(stand, next);
    expect(stand.sent.length).toBeGreaterThan(before);
  },
);

/** Lets what is under way come to where it waits: the database answers in real time. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test.each(everything)(
  '[P5] %s, %s: the key goes to the provider alone, and no redirect is followed',
  async (provider, name) => {
    const stand = await createStand(provider);
    for (const [, call] of await callsOf(stand, name)) {
      stand.intercept(null);
      await call();
      const location = 'https://elsewhere.example/';
      stand.intercept(() => new Response(null, { status: 302, headers: { location } }));
      expect(await call()).toMatchObject({ ok: false, failure: { kind: 'surprising' } });
    }
    expect(stand.sent.length).toBeGreaterThan(0);
    for (const { url, redirect, body } of stand.sent) {
      expect(stand.bench.origins).toContain(url.origin);
      expect(redirect).toBe('manual');
      if (hasSecret(provider)) expect(url.href + body).not.toContain(stand.bench.key);
    }
  },
);

/** A name that anybody may read is not kept from anybody. */
const hasSecret = (provider: Provider) => !connectors.get(provider)!.publicName;

test.each(everything.filter(([provider]) => hasSecret(provider)))(
  '[P5] %s, %s: a key that the provider says back stands in no failure',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { key } = stand.bench;
    const echo = { detail: `Bad key ${key}.`, [key]: [key], message: key };
    for (const status of [400, 401, 403, 404, 409, 429, 500]) {
      for (const [operation, call] of await callsOf(stand, name)) {
        const headers = { 'x-request-id': `r-${key}`, 'retry-after': '1' };
        stand.intercept(() => Response.json(echo, { status, headers }));
        const done = JSON.stringify(await afterTheWait(stand, call()));
        expect([operation, status, done.includes(key)]).toEqual([operation, status, false]);
        stand.intercept(null);
      }
    }
  },
);

test.each(providers)(
  '[P5] %s: the name of a budget tells nothing of its key',
  (provider: Provider) => {
    const { quotaKeyOf } = connectors.get(provider)!;
    expect(quotaKeyOf('a-secret-key')).not.toContain('secret');
    expect(quotaKeyOf('a-secret-key')).toBe(quotaKeyOf('a-secret-key'));
    expect(quotaKeyOf('a-secret-key')).not.toBe(quotaKeyOf('another-key'));
  },
);
