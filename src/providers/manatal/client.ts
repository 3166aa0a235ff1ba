import { createHash } from 'node:crypto';
import type { Result } from '#src/platform/failure.ts';
import type { CallContext } from '#src/sync/connector.ts';
import {
  type Answered,
  type CallerParts,
  type CallRequest,
  createCaller,
  type Speech,
} from '../caller.ts';

/** Every path has the closing slash: a redirected POST would lose its body. */
export type ManatalRequest = CallRequest;

/** Calls Manatal: key, budget, time-out, and every answer as a value or one of five failures. */
export interface ManatalClient {
  call(context: CallContext, request: ManatalRequest): Promise<Answered>;
  /** The same at Manahook, where webhooks are managed. */
  manahook(context: CallContext, request: ManatalRequest): Promise<Result<unknown>>;
}

export interface ManatalParts extends CallerParts {
  manahookUrl: string;
}

/** The budget is counted per key: two connections with one key share one. reference/manatal.md 4 */
export const manatalQuotaKey = (key: string) =>
  `manatal:${createHash('sha256').update(`kiex-quota:${key}`).digest('base64url').slice(0, 22)}`;

/** How Manatal says no. reference/manatal.md 4, 7 */
export const manatalSpeech: Speech = {
  throttleSeconds: 60,
  requestIdHeaders: ['x-request-id', 'cf-ray'],
  wordsOf,
  fieldsOf,
};

export function createManatalClient(parts: ManatalParts): ManatalClient {
  const caller = createCaller(parts, {
    headersOf: ({ key }) => ({ authorization: `Token ${key}` }),
    secretOf: ({ key }) => key,
    speech: manatalSpeech,
  });
  return { call: caller(parts.baseUrl), manahook: caller(parts.manahookUrl) };
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

function fieldsOf(json: unknown): Record<string, string> | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  const fields = Object.entries(json).flatMap(([name, value]) => {
    const words = name === 'detail' || name === 'non_field_errors' ? null : wordsOf(value);
    return words ? [[name, words] as const] : [];
  });
  return fields.length > 0 ? Object.fromEntries(fields) : null;
}
