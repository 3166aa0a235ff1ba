import { ManualClock } from '#src/platform/clock.ts';
import { seededRandom } from '#src/platform/random.ts';
import type { NewAccount } from './accounts.ts';
import { createManatalSimulator, type ManatalSimulator } from './simulator.ts';
import type { Switches } from './switches.ts';

export const KEY = 'key-of-the-first-account';
const HOST = 'https://api.manatal.example';

/** Whatever JSON holds; tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: Headers;
  /** The JSON body; null when there is none. */
  body: Json;
}
export interface Received {
  url: string;
  headers: Headers;
  body: Json;
}

/** A simulator on a clock that stands still, a client with its key, and the world outside. */
export interface Testbed {
  simulator: ManatalSimulator;
  clock: ManualClock;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  remove(path: string): Promise<Answer>;
  call(method: string, path: string, options?: { body?: unknown; key?: string }): Promise<Answer>;
  /** Webhook deliveries that arrived at `hooks.example`. */
  received: Received[];
  /** What the hosts out there answer, by address; anything unknown answers 404. */
  outside: Map<string, () => Response>;
  /** Lets time pass and everything that is due happen. */
  pass(seconds: number): Promise<void>;
  makeOrganization(): Promise<number>;
  makeJob(more?: Record<string, unknown>): Promise<Json>;
  makeCandidate(more?: Record<string, unknown>): Promise<Json>;
  makeMatch(more?: Record<string, unknown>): Promise<Json>;
}

const ACCOUNT: NewAccount = {
  label: 'First Employer',
  key: KEY,
  pipelines: [
    { name: 'Long', stages: ['Inbox', '2 - Phone', 'Offer', 'Hired'] },
    { name: 'Short', stages: ['New', 'Done'] },
  ],
  industries: ['Hospitality'],
};

/** Paths that start with `/v1` go to Manahook, `/files` to the storage host, others to the Open API. */
export function createTestbed(
  options: { seed?: number; switches?: Partial<Switches>; journalFile?: string } = {},
): Testbed {
  const clock = new ManualClock('2027-01-12T08:00:00.000Z');
  const received: Received[] = [];
  const outside = new Map<string, () => Response>();
  /** A file host; like `fetch`, it follows a redirect unless told not to. */
  const download = (url: string, init?: RequestInit): Response => {
    const answer = outside.get(url)?.() ?? new Response('no', { status: 404 });
    const location = answer.headers.get('location');
    return location && init?.redirect !== 'manual' ? download(location, init) : answer;
  };
  const simulator = createManatalSimulator({
    clock,
    random: seededRandom(options.seed ?? 1),
    outgoing: async (url, init) => {
      if (!url.startsWith('https://hooks.example')) return download(url, init);
      const headers = new Headers(init?.headers);
      received.push({ url, headers, body: JSON.parse(String(init?.body)) });
      return outside.get(url)?.() ?? new Response(null, { status: 204 });
    },
    account: ACCOUNT,
    ...(options.journalFile ? { journalFile: options.journalFile } : {}),
  });
  if (options.switches) simulator.set(options.switches);

  const call: Testbed['call'] = async (method, path, { body, key = KEY } = {}) => {
    const isBare = /^\/(v1|open|files|admin)\b/.test(path);
    const response = await simulator.fetch(`${HOST}${isBare ? '' : '/open/v3'}${path}`, {
      method,
      headers: {
        authorization: `Token ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    return answerOf(response);
  };
  const made = async (path: string, body: unknown) => {
    const answer = await call('POST', path, { body });
    if (answer.status !== 201) throw new Error(`not made: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  const bed: Testbed = {
    simulator,
    clock,
    received,
    outside,
    call,
    async get(path, headers) {
      if (!headers) return call('GET', path);
      return answerOf(await simulator.fetch(`${HOST}/open/v3${path}`, { headers }));
    },
    post: (path, body) => call('POST', path, { body }),
    patch: (path, body) => call('PATCH', path, { body }),
    remove: (path) => call('DELETE', path),
    async pass(seconds) {
      await clock.advance(seconds * 1000);
      await simulator.settled();
    },
    makeOrganization: async () => (await made('/organizations/', { name: 'Reef House' })).id,
    async makeJob(more = {}) {
      const [known] = simulator.rows(1, 'organizations');
      const organization = known?.id ?? (await bed.makeOrganization());
      return made('/jobs/', { organization, position_name: 'Barista', ...more });
    },
    makeCandidate: (more = {}) => made('/candidates/', { full_name: 'Tasi Sample', ...more }),
    async makeMatch(more = {}) {
      const job = more.job ?? (await bed.makeJob()).id;
      const candidate = more.candidate ?? (await bed.makeCandidate()).id;
      return made('/matches/', { job, candidate, ...more });
    },
  };
  return bed;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body = isJson && text !== '' ? JSON.parse(text) : text || null;
  return { status: response.status, headers: response.headers, body };
}
