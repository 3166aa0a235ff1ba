import { done, type Failure, failed, type Result } from '#src/platform/failure.ts';
import type { HttpAnswer, HttpClient } from '#src/platform/httpClient.ts';
import type { Quota } from '#src/platform/quota.ts';
import type { Account, CallContext } from '#src/sync/connector.ts';

/** Reading may wait as long as a slow list needs; a write that hangs is looked for afterwards. */
const timeoutSeconds = 30;
/** No announced wait is longer than this; a nonsense number must not stop a connection for days. */
const throttleSecondsMax = 600;

export interface CallRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Under the base. */
  path: string;
  query?: Record<string, string | number>;
  body?: Record<string, unknown>;
  /** An answer without a word is an answer, where nothing is to be read from it. */
  mayBeEmpty?: boolean;
}

/** A result, and when they answered by their own clock; null when they did not say. */
export type Answered = Result<unknown> & { answeredAt?: Date | null };

/** What every connector that calls over HTTP is made with. */
export interface CallerParts {
  http: HttpClient;
  quota: Quota;
  baseUrl: string;
  /** 0: no limit. */
  callsPerMinute: number;
}

/** How calls of one family are made: with what, and what of it must never be said back. */
export interface Manner {
  headersOf(account: Account): Record<string, string>;
  secretOf(account: Account): string | null;
  speech: Speech;
}

/** How a provider says that something did not work. */
export interface Speech {
  /** What to wait when a 429 does not say. */
  throttleSeconds: number;
  /** The headers that may name a request, the best first. */
  requestIdHeaders: readonly string[];
  /** Its own words, out of any of the shapes its errors have; null when there are none. */
  wordsOf(json: unknown): string | null;
  /** Which fields are at fault and why, in its own words. */
  fieldsOf(json: unknown): Record<string, string> | null;
  /** Its code, and the record that stands in the way, where it names them. */
  aboutOf?(json: unknown): { code?: string; existing?: string };
}

/** Calls below an address: waits in line for the budget, sends, and reads what comes back. */
export function createCaller(
  parts: Pick<CallerParts, 'http' | 'quota' | 'callsPerMinute'>,
  { headersOf, secretOf, speech }: Manner,
) {
  const ensured = new Map<string, Promise<void>>();
  const ensureQuota = (key: string) => {
    const known = ensured.get(key);
    if (known) return known;
    const made = parts.quota.ensure(key, parts.callsPerMinute);
    ensured.set(key, made);
    made.catch(() => ensured.delete(key));
    return made;
  };
  return (base: string) =>
    async (context: CallContext, request: CallRequest): Promise<Answered> => {
      const { account, lane, signal } = context;
      await ensureQuota(account.quotaKey);
      await parts.quota.take(account.quotaKey, lane, signal);
      if (context.stillWanted && !(await context.stillWanted())) {
        const detail = 'paused, or taken back, while it waited';
        return failed({ kind: 'unreachable', detail, notSent: true });
      }
      const answer = await parts.http.send({
        method: request.method,
        url: addressOf(base, request),
        headers: {
          ...headersOf(account),
          accept: 'application/json',
          ...(request.body ? { 'content-type': 'application/json' } : {}),
        },
        ...(request.body ? { body: JSON.stringify(request.body) } : {}),
        timeoutSeconds,
        ...(signal ? { signal } : {}),
      });
      const secret = secretOf(account);
      const told = secret === null ? answer : withoutKey(answer, secret);
      const isDone = request.mayBeEmpty && isEmptySuccess(told);
      const result = isDone ? done(null) : readAnswer(told, speech);
      if (!result.ok && result.failure.kind === 'throttled') {
        const { retryAfterSeconds } = result.failure;
        await parts.quota.block(account.quotaKey, retryAfterSeconds, context.lane);
      }
      return result.ok ? { ...result, answeredAt: answeredAt(answer) } : result;
    };
}

/** A refusal may say the key back; it must not reach a page or a log with the words. [P5] */
function withoutKey(answer: HttpAnswer, key: string): HttpAnswer {
  if (answer.kind !== 'answer' || answer.status < 300) return answer;
  const headers = new Headers();
  for (const [name, value] of answer.headers) headers.append(name, value.replaceAll(key, '(key)'));
  return { ...answer, headers, text: answer.text.replaceAll(key, '(key)') };
}

function answeredAt(answer: HttpAnswer): Date | null {
  const said = answer.kind === 'answer' ? Date.parse(answer.headers.get('date') ?? '') : Number.NaN;
  return Number.isNaN(said) ? null : new Date(said);
}
const isEmptySuccess = (answer: HttpAnswer) =>
  answer.kind === 'answer' &&
  answer.status >= 200 &&
  answer.status < 300 &&
  answer.text.trim() === '';

function addressOf(base: string, { path, query }: CallRequest): string {
  const url = new URL(base + path);
  for (const [name, value] of Object.entries(query ?? {}))
    url.searchParams.set(name, String(value));
  return url.href;
}

/** Every answer, and every silence, as a value or a failure. [F1] */
export function readAnswer(answer: HttpAnswer, speech: Speech): Result<unknown> {
  if (answer.kind === 'no_answer') {
    const { reason, detail, notSent } = answer;
    return failed({
      kind: 'unreachable',
      detail: `${reason}: ${detail}`,
      ...(notSent ? { notSent } : {}),
    });
  }
  const { status, text, headers } = answer;
  const requestId = speech.requestIdHeaders.map((name) => headers.get(name)).find(Boolean);
  const about = requestId ? { requestId } : {};
  if (status === 204) return done(null);
  const json = parseJson(text);
  if (status >= 200 && status < 300) {
    if (json !== undefined) return done(json);
    // Cut off on its way: what was asked may have been done; the next try looks first. [I3]
    const detail = 'the answer is not whole JSON';
    return failed({ kind: 'unreachable', detail, status, ...about });
  }
  const detail = speech.wordsOf(json) ?? `status ${status}`;
  if (status === 429) {
    const retryAfterSeconds = waitSeconds(answer, detail, speech);
    return failed({ kind: 'throttled', retryAfterSeconds, detail, ...about });
  }
  if (status === 401 || status === 402 || status === 403) {
    return failed({ kind: 'unauthorised', status, detail, ...about });
  }
  if (status >= 500) return failed({ kind: 'unreachable', detail, status, ...about });
  if (status >= 300 && status < 400) {
    const moved = 'the address answered with a redirect, which is never followed';
    return failed({ kind: 'surprising', path: '(status)', detail: moved, ...about });
  }
  const fields = speech.fieldsOf(json);
  const named = { ...(fields ? { fields } : {}), ...speech.aboutOf?.(json), ...about };
  return failed({ kind: 'refused', status, detail, ...named });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After`, else the number in the words, else what is documented. */
function waitSeconds(
  answer: HttpAnswer & { kind: 'answer' },
  detail: string,
  { throttleSeconds }: Speech,
): number {
  const header = Number(answer.headers.get('retry-after') ?? Number.NaN);
  const worded = Number(/available in (\d+)/.exec(detail)?.[1] ?? Number.NaN);
  const seconds = [header, worded].find((value) => Number.isFinite(value) && value >= 0);
  return Math.min(throttleSecondsMax, Math.max(1, seconds ?? throttleSeconds));
}

/** A call's failure that means "this id is not there". */
export const isNotFound = (failure: Failure) =>
  failure.kind === 'refused' && failure.status === 404;
