import type { FaultRule } from '../faults.ts';
import type { Core } from './core.ts';
import { refusalAnswer, throttled } from './guard.ts';
import { Refused } from './refusals.ts';

/** What only Wix answers wrongly, beside the faults that every service has. (v) 1.3, 2.3 */
export const WIX_FAULTS = {
  emptyForbidden: 'Answers 403 with an empty body before the service acts.',
  htmlNotFound: 'Answers 404 with an HTML page before the service acts.',
  identityLost: 'Answers 401 “No identity found” before the service acts.',
} as const;
export type WixFault = keyof typeof WIX_FAULTS;

const PAGE = '<!doctype html><html><head><title>404</title></head><body>Not Found</body></html>';

/** How Wix words what it answers before it acts. System errors are empty by design. (c) 2.3 */
export function wixAnswers(core: Core) {
  const empty = (status: number) => () => new Response(null, { status });
  return {
    throttled: ({ seconds }: Pick<FaultRule, 'seconds'>) => refusalAnswer(throttled(core, seconds)),
    serverError: empty(500),
    badGateway: empty(502),
    emptyForbidden: empty(403),
    htmlNotFound: () =>
      new Response(PAGE, { status: 404, headers: { 'content-type': 'text/html' } }),
    identityLost: () =>
      refusalAnswer(new Refused(401, { message: 'No identity found', details: {} })),
  };
}
