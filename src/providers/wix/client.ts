import { createHash } from 'node:crypto';
import { accountFieldOf } from '#src/sync/accountFields.ts';
import type { Account, CallContext } from '#src/sync/connector.ts';
import {
  type Answered,
  type CallerParts,
  type CallRequest,
  createCaller,
  type Speech,
} from '../caller.ts';
import { isRow, type Row } from './reading.ts';

export type WixParts = CallerParts;

/** Calls Wix: key, site, budget, time-out, and every answer as a value or one of five failures. */
export interface WixClient {
  /** A call to the connection's site. */
  call(context: CallContext, request: CallRequest): Promise<Answered>;
  /** A call to the account that owns the site; its id must be known. */
  callAccount(context: CallContext, request: CallRequest): Promise<Answered>;
}

export const siteIdOf = ({ settings }: Pick<Account, 'settings'>) =>
  accountFieldOf(settings, 'siteId');
export const accountIdOf = ({ settings }: Pick<Account, 'settings'>) =>
  accountFieldOf(settings, 'accountId');

/** Wix counts by key and site. reference/wix.md 2.4 */
export const wixQuotaKey = (key: string, settings: Readonly<Record<string, unknown>> = {}) => {
  const counted = `kiex-quota:${key}:${siteIdOf({ settings })}`;
  return `wix:${createHash('sha256').update(counted).digest('base64url').slice(0, 22)}`;
};

/** How Wix says no. reference/wix.md 2.3 */
export const wixSpeech: Speech = {
  throttleSeconds: 60,
  requestIdHeaders: ['x-wix-request-id'],
  wordsOf,
  fieldsOf,
  aboutOf,
};

/**
 * Each call names the site or the account, not both. reference/wix.md 1.1
 *
 * A 401 may pass by itself, and nothing was carried out then: it is asked a second time before it is
 * believed. 1.3, 2.3
 */
export function createWixClient(parts: WixParts): WixClient {
  const callerNaming = (named: (account: Account) => Record<string, string>) => {
    const caller = createCaller(parts, {
      headersOf: (account) => ({ authorization: account.key, ...named(account) }),
      secretOf: ({ key }) => key,
      speech: wixSpeech,
    })(parts.baseUrl);
    return async (context: CallContext, request: CallRequest): Promise<Answered> => {
      const first = await caller(context, request);
      const isRefused =
        !first.ok && first.failure.kind === 'unauthorised' && first.failure.status === 401;
      return isRefused ? caller(context, request) : first;
    };
  };
  return {
    call: callerNaming((account) => ({ 'wix-site-id': siteIdOf(account) })),
    callAccount: callerNaming((account) => ({ 'wix-account-id': accountIdOf(account) })),
  };
}

const errorIn = (json: unknown): Row =>
  isRow(json) && isRow(json.details) && isRow(json.details.applicationError)
    ? json.details.applicationError
    : {};

const violationsIn = (json: unknown): Row[] => {
  const details = isRow(json) && isRow(json.details) ? json.details : {};
  const violations = isRow(details.validationError) ? details.validationError.fieldViolations : [];
  return Array.isArray(violations) ? violations.filter(isRow) : [];
};

const textIn = (raw: unknown) => (typeof raw === 'string' && raw.trim() ? raw.trim() : null);

/**
 * Code and first line of what they say; `data` holds values of people and stays out. Their words may
 * quote an address, which goes no further. [P3]
 */
export function wordsOf(json: unknown): string | null {
  const { code, description } = errorIn(json);
  const message = isRow(json) ? textIn(json.message) : textIn(json);
  const fields = violationsIn(json).flatMap(({ field, description: words }) => {
    return textIn(field) ? [`${field}: ${textIn(words) ?? 'not accepted'}`] : [];
  });
  const said = fields.length > 0 ? fields.join('; ') : (textIn(description) ?? message);
  const words = [textIn(code), said].filter(Boolean).join(': ').split('\n')[0]!;
  return words.replace(/\S+@\S+/g, '(an e-mail address)').slice(0, 500) || null;
}

function fieldsOf(json: unknown): Record<string, string> | null {
  const fields = violationsIn(json).flatMap(({ field, description }) =>
    textIn(field) ? [[String(field), textIn(description) ?? 'not accepted'] as const] : [],
  );
  return fields.length > 0 ? Object.fromEntries(fields) : null;
}

function aboutOf(json: unknown): { code?: string; existing?: string } {
  const { code, data } = errorIn(json);
  // A refused duplicate hands over the id of the one that is there. 3.3
  const existing = isRow(data) ? textIn(data.duplicateContactId) : null;
  return { ...(textIn(code) ? { code: textIn(code)! } : {}), ...(existing ? { existing } : {}) };
}
