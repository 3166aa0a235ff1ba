import { createHash } from 'node:crypto';
import { done, type Failure, failed, type Result } from '#src/platform/failure.ts';
import type { HttpAnswer, HttpClient } from '#src/platform/httpClient.ts';
import type { Quota } from '#src/platform/quota.ts';
import type { Account, CallContext } from '#src/sync/connector.ts';

/** Reading may wait as long as a slow list needs; a write that hangs is looked for afterwards. */
const timeoutSeconds = 30;
/** Manatal's window; what to wait when a 429 does not say. reference/manatal.md 4 */
const throttleSeconds = 60;
/** No announced wait is longer than this; a nonsense number must not stop a connection for days. */
const throttleSecondsMax = 600;

export interface ManatalRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Under the base, always with the closing slash: a redirected POST would lose its body. */
  path: string;
  query?: Record<string, string | number>;
  body?: Record<string, unknown>;
  /** An answer without a word is an answer, where nothing is to be read from it. */
  mayBeEmpty?: boolean;
}

/** A result, and when they answered by their own clock; null when they did not say. */
export type Answered = Result<unknown> & { answeredAt?: Date | null };

/** Calls Manatal: key, budget, time-out, and every answer as a value or one of five failures. */
export interface ManatalClient {
  call(context: CallContext, request: ManatalRequest): Promise<Answered>;
  /** The same at Manahook, where webhooks are managed. */
  manahook(context: CallContext, request: ManatalRequest): Promise<Result<unknown>>;
}

export interface ManatalParts {
  http: HttpClient;
  quota: Quota;
  baseUrl: string;
  manahookUrl: string;
  /** 0: no limit. */
  callsPerMinute: number;
}

/** The budget is counted per key: two connections with one key share one. reference/manatal.md 4 */
export const manatalQuotaKey = (key: string) =>
  `manatal:${createHash('sha256').update(`kiex-quota:${key}`).digest('base64url').slice(0, 22)}`;

export function createManatalClient(parts: ManatalParts): ManatalClient {
  const caller = createCaller(parts, {
    headersOf: ({ key }) => ({ authorization: `Token ${key}` }),
    secretOf: ({ key }) => key,
  });
  return { call: caller(parts.baseUrl), manahook: caller(parts.manahookUrl) };
}

/** How calls of one family are made: with what, and what of it must never be said back. */
interface Manner {
  headersOf(account: Account): Record<string, string>;
  secretOf(account: Account): string | null;
}

/** Calls below an address: waits in line for the budget, sends, and reads what comes back. */
export function createCaller(
  parts: Pick<ManatalParts, 'http' | 'quota' | 'callsPerMinute'>,
  { headersOf, secretOf }: Manner,
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
  return (base: string) => async (context: CallContext, request: ManatalRequest) => {
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
    const result = isDone ? done(null) : readAnswer(told);
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

function addressOf(base: string, { path, query }: ManatalRequest): string {
  const url = new URL(base + path);
  for (const [name, value] of Object.entries(query ?? {}))
    url.searchParams.set(name, String(value));
  return url.href;
}

/** Every answer, and every silence, as a value or a failure. [F1] reference/manatal.md 7 */
export function readAnswer(answer: HttpAnswer): Result<unknown> {
  if (answer.kind === 'no_answer') {
    const { reason, detail, notSent } = answer;
    return failed({
      kind: 'unreachable',
      detail: `${reason}: ${detail}`,
      ...(notSent ? { notSent } : {}),
    });
  }
  const { status, text } = answer;
  const requestId = answer.headers.get('x-request-id') ?? answer.headers.get('cf-ray');
  const about = requestId ? { requestId } : {};
  if (status === 204) return done(null);
  const json = parseJson(text);
  if (status >= 200 && status < 300) {
    if (json !== undefined) return done(json);
    // Cut off on its way: what was asked may have been done; the next try looks first. [I3]
    return failed({
      kind: 'unreachable',
      detail: 'the answer is not whole JSON',
      status,
      ...about,
    });
  }
  const detail = wordsOf(json) ?? `status ${status}`;
  if (status === 429) {
    return failed({
      kind: 'throttled',
      retryAfterSeconds: waitSeconds(answer, detail),
      detail,
      ...about,
    });
  }
  if (status === 401 || status === 402 || status === 403) {
    return failed({ kind: 'unauthorised', status, detail, ...about });
  }
  if (status >= 500) return failed({ kind: 'unreachable', detail, status, ...about });
  if (status >= 300 && status < 400) {
    const moved = 'the address answered with a redirect, which is never followed';
    return failed({ kind: 'surprising', path: '(status)', detail: moved, ...about });
  }
  const fields = fieldWords(json);
  return failed({ kind: 'refused', status, detail, ...(fields ? { fields } : {}), ...about });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After`, else the number in the words, else their window. reference/manatal.md 4 */
function waitSeconds(answer: HttpAnswer & { kind: 'answer' }, detail: string): number {
  const header = Number(answer.headers.get('retry-after') ?? Number.NaN);
  const worded = Number(/available in (\d+)/.exec(detail)?.[1] ?? Number.NaN);
  const seconds = [header, worded].find((value) => Number.isFinite(value) && value >= 0);
  return Math.min(throttleSecondsMax, Math.max(1, seconds ?? throttleSeconds));
}

/** The provider's own words, out of any of the shapes its errors have. reference/manatal.md 7 */
export function wordsOf(json: unknown): string | null {
  if (typeof json === 'string') return json.slice(0, 300);
  if (Array.isArray(json)) return json.map(wordsOf).filter(Boolean).join(' ') || null;
  if (typeof json !== 'object' || json === null) return null;
  const entries = Object.entries(json).slice(0, 20);
  const said = entries.flatMap(([name, value]) => {
    const words = wordsOf(value);
    if (!words) return [];
    return [
      ['detail', 'non_field_errors', 'message', 'msg', 'error'].includes(name)
        ? words
        : `${name}: ${words}`,
    ];
  });
  return said.join(' ').slice(0, 500) || null;
}

function fieldWords(json: unknown): Record<string, string> | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  const fields = Object.entries(json).flatMap(([name, value]) => {
    const words = name === 'detail' || name === 'non_field_errors' ? null : wordsOf(value);
    return words ? [[name, words] as const] : [];
  });
  return fields.length > 0 ? Object.fromEntries(fields) : null;
}

/** A call's failure that means "this id is not there". */
export const isNotFound = (failure: Failure) =>
  failure.kind === 'refused' && failure.status === 404;
