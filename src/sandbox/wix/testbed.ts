import { ManualClock } from '#src/platform/clock.ts';
import { seededRandom } from '#src/platform/random.ts';
import { createWixSimulator, type WixSimulator } from './simulator.ts';
import type { Permission, SiteApp } from './siteRows.ts';
import type { Switches } from './switches.ts';

export const KEY = 'IST.key-of-the-college';
export const ACCOUNT = '0a0a0a0a-1111-4222-8333-444444444444';
export const SITE = '5b5b5b5b-1111-4222-8333-444444444444';
const HOST = 'https://www.wixapis.com';

/** Whatever JSON holds; tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: Headers;
  /** The JSON body; the text when it is no JSON; null when it is empty. */
  body: Json;
}
export interface Received {
  url: string;
  headers: Headers;
  text: string;
}
interface CallOptions {
  body?: unknown;
  key?: string | null;
  site?: string | null;
  headers?: Record<string, string>;
}

/** A simulator on a clock that stands still, a client with its key, and the world outside. */
export interface Testbed {
  simulator: WixSimulator;
  clock: ManualClock;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  remove(path: string, body?: unknown): Promise<Answer>;
  /** Webhook deliveries that arrived at `hooks.example`. */
  received: Received[];
  /** What the hosts out there answer, by address; anything unknown answers 200. */
  outside: Map<string, () => Response | Promise<Response>>;
  /** Lets time pass and everything that is due happen. */
  pass(seconds: number): Promise<void>;
  makeContact(info?: Record<string, unknown>): Promise<Json>;
  makeMember(loginEmail?: string): Promise<Json>;
  makeDraft(more?: Record<string, unknown>, publish?: boolean): Promise<Json>;
}

export const LANI = {
  name: { first: 'Lani', last: 'Cruz' },
  emails: { items: [{ tag: 'MAIN', email: 'lani.cruz@example.edu', primary: true }] },
  phones: {
    items: [{ tag: 'MOBILE', countryCode: 'GU', phone: '671-555-0142', primary: true }],
  },
  company: 'University of Guam',
};

export function createTestbed(
  options: {
    seed?: number;
    switches?: Partial<Switches>;
    journalFile?: string;
    permissions?: readonly Permission[];
    apps?: SiteApp[];
    start?: string;
  } = {},
): Testbed {
  const clock = new ManualClock(options.start ?? '2027-01-12T08:00:00.000Z');
  const received: Received[] = [];
  const outside: Testbed['outside'] = new Map();
  const simulator = createWixSimulator({
    clock,
    random: seededRandom(options.seed ?? 1),
    outgoing: async (url, init) => {
      received.push({ url, headers: new Headers(init?.headers), text: String(init?.body) });
      return (await outside.get(url)?.()) ?? new Response('', { status: 200 });
    },
    ...(options.journalFile ? { journalFile: options.journalFile } : {}),
  });
  if (simulator.accounts().length === 0) provision(simulator, options);
  // Most tests read back what they wrote; those on the lag set it.
  simulator.set({ indexLagSeconds: 0, ...options.switches });

  const call: Testbed['call'] = async (method, path, more = {}) => {
    const { body, key = KEY, site = SITE, headers = {} } = more;
    const response = await simulator.fetch(`${HOST}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: key }),
        ...(site === null ? {} : { 'wix-site-id': site }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answerOf(response);
  };
  const made = async (path: string, body: unknown) => {
    const answer = await call('POST', path, { body });
    if (answer.status !== 200) throw new Error(`not made: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  const bed: Testbed = {
    ...{ simulator, clock, received, outside, call },
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, { body }),
    patch: (path, body) => call('PATCH', path, { body }),
    remove: (path, body) => call('DELETE', path, { body }),
    async pass(seconds) {
      await clock.advance(seconds * 1_000);
      await simulator.settled();
    },
    makeContact: async (info = LANI) => (await made('/contacts/v4/contacts', { info })).contact,
    async makeMember(loginEmail = 'tavita@example.org') {
      await clock.advance(1_000);
      return (await made('/members/v1/members', { member: { loginEmail } })).member;
    },
    async makeDraft(more = {}, publish = false) {
      const [author] = simulator.rows(SITE, 'members');
      const memberId = author?.id ?? (await bed.makeMember('jobs@college.example')).id;
      const draftPost = { title: 'Front Desk Intern', memberId, ...more };
      return (await made('/blog/v3/draft-posts', { draftPost, publish })).draftPost;
    },
  };
  return bed;
}

function provision(
  simulator: WixSimulator,
  options: { permissions?: readonly Permission[]; apps?: SiteApp[] },
): void {
  simulator.addAccount({ id: ACCOUNT, name: 'College' });
  simulator.addSite({
    ...{ id: SITE, account: ACCOUNT, name: 'College Careers' },
    ...(options.apps ? { apps: options.apps } : {}),
  });
  simulator.addKey({
    ...{ account: ACCOUNT, key: KEY },
    ...(options.permissions ? { permissions: options.permissions } : {}),
  });
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body = isJson && text !== '' ? JSON.parse(text) : text || null;
  return { status: response.status, headers: response.headers, body };
}
