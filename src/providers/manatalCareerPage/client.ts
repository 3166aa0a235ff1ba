import { createHash } from 'node:crypto';
import { type Failure, failed } from '#src/platform/failure.ts';
import { type CallerParts, createCaller } from '../caller.ts';
import { type ManatalClient, manatalSpeech } from '../manatal/client.ts';

export type CareerPageParts = CallerParts;
export type CareerPageClient = Pick<ManatalClient, 'call'>;

/**
 * A budget for each page. What cuts callers off looks at where they come from, not at the page, so a
 * page alone takes half of what is known to pass. reference/manatal.md 4
 */
export const careerPageQuotaKey = (page: string) =>
  `manatal-career-page:${createHash('sha256').update(`kiex-quota:${page}`).digest('base64url').slice(0, 22)}`;

/** Calls below the page of the account. There is no key, and nothing to keep from being said back. */
export function createCareerPageClient(parts: CareerPageParts): CareerPageClient {
  const manner = { headersOf: () => ({}), secretOf: () => null, speech: manatalSpeech };
  const call = createCaller(parts, manner)(parts.baseUrl);
  return {
    async call(context, request) {
      const page = `/career-page/${encodeURIComponent(context.account.key)}`;
      const answer = await call(context, { ...request, path: page + request.path });
      return answer.ok || !namesNoPage(answer.failure) ? answer : failed(unknownPage);
    },
  };
}

/** A 404 that names another model than the job: the page itself is not there. reference/manatal.md 7 */
const namesNoPage = (failure: Failure) =>
  failure.kind === 'refused' &&
  failure.status === 404 &&
  /^No (?!Job )\w+ matches the given query\.$/.test(failure.detail);

/** Nothing is wrong with any record: a person must say where the page is now. */
export const unknownPage: Failure = {
  kind: 'unauthorised',
  status: 404,
  detail: 'There is no career page of this name.',
};
