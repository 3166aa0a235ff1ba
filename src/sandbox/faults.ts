import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';

/** What can go wrong between a client and a service, apart from the service itself. */
export const FAULT_KINDS = {
  throttled: 'Answers 429 before the service acts.',
  serverError: 'Answers 500 with an HTML page before the service acts.',
  badGateway: 'Answers 502 with an HTML page before the service acts.',
  slow: 'Waits, then lets the service act.',
  slowAnswer: 'Lets the service act, then holds the answer back.',
  requestLost: 'Resets the connection before the service acts.',
  answerLost: 'Lets the service act, then resets the connection.',
  truncated: 'Cuts the answer in half.',
  stale: 'Answers a read as it was answered before.',
} as const;
export type FaultKind = keyof typeof FAULT_KINDS;

/** `Own` are the kinds that only one provider knows. */
export interface FaultRule<Own extends string = never> {
  kind: FaultKind | Own;
  /** An HTTP method, or `*`. */
  method: string;
  /** A path in which `*` stands for anything: `/open/v3/jobs/*`. */
  path: string;
  /** Chance per request, 0 to 1. Not used while `next` counts. */
  chance: number;
  /** Strikes exactly the next so many requests; null means by chance. */
  next: number | null;
  /** How long `slow` and `slowAnswer` wait. */
  milliseconds: number;
  /** What `throttled` tells the client to wait. */
  seconds: number;
}
export type KeptRule<Own extends string = never> = FaultRule<Own> & { id: number };
export type FetchHandler = (request: Request) => Promise<Response>;

/** A reset connection, looking like what `fetch` throws. The served form destroys the socket. */
export class ConnectionLost extends TypeError {
  constructor() {
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    super('fetch failed', { cause });
  }
}

export interface Faults<Own extends string = never> {
  /** Adds a rule; what is left out is: every path, every method, always. */
  add(rule: Partial<FaultRule<Own>> & { kind: FaultKind | Own }): KeptRule<Own>;
  remove(id: number): void;
  /** Ends all faults at once. */
  heal(): void;
  rules(): readonly KeptRule<Own>[];
  /** Stands in front of `handler`; `note` hears of every fault that struck. */
  wrap(
    handler: FetchHandler,
    note?: (request: Request, kind: FaultKind | Own) => void,
  ): FetchHandler;
}

/**
 * Rules are tried in the order they were added; at most one strikes a request.
 *
 * answers   how a provider words what it answers before the service acts, and its own kinds.
 * callerOf  whose an answer is, so that `stale` gives nobody an answer of somebody else's; by the
 *           Authorization header unless told otherwise.
 */
export function createFaults<Own extends string = never>(options: {
  clock: Clock;
  random: Random;
  answers?: Partial<Record<FaultKind | Own, (rule: FaultRule<Own>) => Response>>;
  callerOf?: (headers: Headers) => string | null;
}): Faults<Own> {
  const { clock, random, answers = {}, callerOf = authorizationOf } = options;
  const rules: KeptRule<Own>[] = [];
  const remembered = createMemory(clock, callerOf);
  let lastId = 0;

  const faults: Faults<Own> = {
    add(rule) {
      lastId += 1;
      const kept = { ...RULE_DEFAULTS, ...rule, id: lastId };
      rules.push(kept);
      return kept;
    },
    remove(id) {
      const at = rules.findIndex((rule) => rule.id === id);
      if (at >= 0) rules.splice(at, 1);
    },
    heal: () => void rules.splice(0),
    rules: () => rules,
    wrap: (handler, note) => async (request) => {
      const rule = strike(request);
      if (rule) note?.(request, rule.kind);
      const answer = rule ? await spoil(rule, request, handler) : await handler(request);
      // Old answers are kept only while some rule may want them.
      if (rules.some(({ kind }) => kind === 'stale')) await remembered.keep(request, answer);
      return answer;
    },
  };
  return faults;

  function strike(request: Request): KeptRule<Own> | null {
    const { pathname } = new URL(request.url);
    for (const rule of rules) {
      if (rule.method !== '*' && rule.method !== request.method) continue;
      if (!patternOf(rule.path).test(pathname)) continue;
      if (rule.next === null && random.fraction() >= rule.chance) continue;
      if (rule.next !== null) rule.next -= 1;
      if (rule.next === 0) faults.remove(rule.id);
      return rule;
    }
    return null;
  }

  async function spoil(rule: KeptRule<Own>, request: Request, handler: FetchHandler) {
    const worded = (answers as Record<string, (rule: FaultRule<Own>) => Response>)[rule.kind];
    if (worded) return worded(rule);
    switch (rule.kind) {
      case 'throttled':
        return throttledAnswer(rule.seconds);
      case 'serverError':
        return htmlAnswer(500, 'Server Error (500)');
      case 'badGateway':
        return htmlAnswer(502, '502 Bad Gateway');
      case 'requestLost':
        throw new ConnectionLost();
      case 'slow':
        await clock.sleep(rule.milliseconds, request.signal);
        if (request.signal.aborted) throw request.signal.reason;
        return handler(request);
      case 'slowAnswer': {
        const answer = await handler(request);
        await clock.sleep(rule.milliseconds, request.signal);
        if (request.signal.aborted) throw request.signal.reason;
        return answer;
      }
      case 'answerLost':
        await handler(request);
        throw new ConnectionLost();
      case 'truncated':
        return halve(await handler(request));
      case 'stale':
        return remembered.recall(request) ?? handler(request);
      default:
        throw new Error(`nobody said how ${rule.kind} is answered`);
    }
  }
}

const authorizationOf = (headers: Headers) => headers.get('authorization');

const RULE_DEFAULTS: Omit<FaultRule<never>, 'kind'> = {
  method: '*',
  path: '*',
  chance: 1,
  next: null,
  milliseconds: 5_000,
  seconds: 30,
};

const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known) return known;
  const parts = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`);
  patterns.set(path, pattern);
  return pattern;
}

function throttledAnswer(seconds: number): Response {
  const text = `Request was throttled. Expected available in ${seconds} seconds.`;
  return Response.json(
    { detail: text },
    { status: 429, headers: { 'Retry-After': String(seconds) } },
  );
}

function htmlAnswer(status: number, title: string): Response {
  const page = `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return new Response(page, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

async function halve(answer: Response): Promise<Response> {
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  return new Response(text.slice(0, Math.floor(text.length / 2)) || null, {
    status: answer.status,
    headers,
  });
}

/** Answers remembered for `stale`; the oldest go first. */
const MEMORY_MAX = 200;

/**
 * An index lags behind by less than this. Were it any age, a look after a lost answer would prove
 * nothing however long one waits, and no client could keep from sending twice.
 */
const STALE_SECONDS_MAX = 60;

/** An earlier answer to each address, so that a stale list is older than what was just written. */
function createMemory(clock: Clock, callerOf: (headers: Headers) => string | null) {
  const answers = new Map<string, { text: string; headers: Headers; at: number }>();
  const isFresh = ({ at }: { at: number }) =>
    clock.now().getTime() - at < STALE_SECONDS_MAX * 1_000;
  const keyOf = (request: Request) => `${callerOf(request.headers)} ${request.url}`;
  return {
    async keep(request: Request, answer: Response): Promise<void> {
      const key = keyOf(request);
      const known = answers.get(key);
      if (request.method !== 'GET' || answer.status !== 200 || (known && isFresh(known))) return;
      const text = await answer.clone().text();
      answers.delete(key);
      answers.set(key, { text, headers: new Headers(answer.headers), at: clock.now().getTime() });
      const oldest = answers.keys().next().value;
      if (answers.size > MEMORY_MAX && oldest !== undefined) answers.delete(oldest);
    },
    recall(request: Request): Response | null {
      const kept = request.method === 'GET' ? answers.get(keyOf(request)) : undefined;
      return kept && isFresh(kept) ? new Response(kept.text, { headers: kept.headers }) : null;
    },
  };
}
