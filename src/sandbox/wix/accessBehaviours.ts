import { behaviour } from './behaviour.ts';
import type { CoveredBehaviour } from './coverage.ts';

/** Keys, sites, limits, and answers that go wrong. */
export const ACCESS_BEHAVIOURS: readonly CoveredBehaviour[] = [
  behaviour(
    '1.1, 1.3',
    '(c)',
    'The header is the bare key; `Bearer` in front makes it another key: 401.',
    'the header is the bare key; without one, with Bearer, or revoked it is 401',
  ),
  behaviour(
    '1.3, 16',
    '(u)',
    'The body of a 401 is sparse, empty or a text.',
    'the header is the bare key; without one, with Bearer, or revoked it is 401',
  ),
  behaviour(
    '1.1, 12.4',
    '(t)',
    'A site call without the site header is 428 `MISSING_METASITE_ID`; the account header does not help.',
    'a site call needs the site header: 428 without, whatever the account header says',
  ),
  behaviour(
    '1.3, 12.4',
    '(v)',
    'Unknown site, another account’s site, missing permission set: 403 with an empty body.',
    'an unknown site, a site of another account, a site not chosen, a missing set: 403, empty',
  ),
  behaviour(
    '1.2',
    '(c)',
    'A key covers all sites of its account, or chosen ones; sites keep their records apart.',
    'sites keep their records apart',
  ),
  behaviour(
    '1.3, 4.3, 6.7',
    '(v)',
    'An app that is not installed is 428 (Blog, or 401) or 400 (Forms, or 428).',
    'an app that is not installed is 428, or as switched',
  ),
  behaviour(
    '2.3, 14.10',
    '(v)',
    'A wrong path answers with an HTML page.',
    'a wrong path is an HTML page, every answer carries a request id',
  ),
  behaviour(
    '2.1',
    '(s)',
    'Every answer carries `x-wix-request-id`.',
    'a wrong path is an HTML page, every answer carries a request id',
  ),
  behaviour(
    '2.1',
    '(v)',
    'A body that is no JSON object is 400.',
    'a body that is no JSON object is 400',
  ),
  behaviour(
    '2.4',
    '(c)',
    '200 calls a minute for one key and site, then 429; `Retry-After` may be absent (u).',
    '200 calls a minute for one key and site, then 429 without saying how long',
  ),
  behaviour(
    '2.3, 12.10',
    '(c)',
    'System errors are empty by design; empty 403, HTML 404 and a passing 401 occur (v).',
    'faults answer in the words of Wix: empty 5xx and 403, HTML 404, a passing 401',
  ),
  behaviour(
    '12.10',
    '(u)',
    'The answer is lost after the write was made.',
    'a lost answer comes after the write was made; the log says so and holds no key',
  ),
  behaviour(
    '12.10',
    '(u)',
    'The same over a real socket, as a reset.',
    'a lost answer is a reset of the socket after the write was made',
  ),
  behaviour(
    '12.10',
    '(u)',
    'A stale list, of the same site.',
    'a stale answer is an earlier one of the same site',
  ),
];
