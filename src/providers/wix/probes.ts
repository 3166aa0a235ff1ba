import { done, type Failure, failed, type Result } from '#src/platform/failure.ts';
import type { CallContext, Probe } from '#src/sync/connector.ts';
import type { CallRequest } from '../caller.ts';
import { accountIdOf, siteIdOf, type WixClient } from './client.ts';
import { contactsPath } from './contactReading.ts';
import { isRow, itemsOf, listIn, totalIn } from './reading.ts';

/** The limit that every list takes. */
const one = { paging: { limit: 1 } };

/**
 * What Test Connection tries: harmless reads, one per capability. That a key may write cannot be seen
 * without writing; sets do not part reading from writing. reference/wix.md 10
 */
export const wixProbes = (client: WixClient): Probe[] => [
  { capability: 'Site', run: (context) => site(client, context), explain: siteWords },
  {
    capability: 'Contacts',
    run: counting(client, 'contacts', {
      ...{ method: 'POST', path: `${contactsPath}/query` },
      body: { query: { ...one, fieldsets: ['BASIC'] } },
    }),
    explain: missing({ set: 'Wix Contacts & Members', what: 'contacts', app: null }),
  },
  {
    capability: 'Forms',
    isOptional: true,
    run: counting(client, 'submissions', {
      ...{ method: 'POST', path: '/form-submission-service/v4/submissions/namespace/query' },
      body: {
        query: { filter: { namespace: 'wix.form_app.form' }, cursorPaging: { limit: 1 } },
      },
    }),
    explain: missing({ set: 'Wix Forms', what: 'forms', app: 'Wix Forms' }),
  },
  {
    capability: 'Members',
    isOptional: true,
    run: counting(client, 'members', {
      ...{ method: 'POST', path: '/members/v1/members/query', body: { query: one } },
    }),
    explain: missing({ set: 'Wix Contacts & Members', what: 'members', app: 'the members area' }),
  },
  {
    capability: 'Blog',
    isOptional: true,
    run: counting(client, 'posts', {
      ...{ method: 'GET', path: '/blog/v3/draft-posts', query: { 'paging.limit': 1 } },
    }),
    explain: missing({ set: 'Wix Blog', what: 'the blog', app: 'Wix Blog' }),
  },
];

const counting =
  (client: WixClient, what: string, request: CallRequest) =>
  async (context: CallContext): Promise<Result<string>> => {
    const answer = await client.call(context, request);
    if (!answer.ok) return failed(answer.failure);
    const total = totalIn(answer.value);
    return done(total === null ? 'Works.' : `Works: ${total.toLocaleString('en-US')} ${what}.`);
  };

/** Which site it is: its name, else that the account owns it, else nothing that could be said. */
async function site(client: WixClient, context: CallContext): Promise<Result<string>> {
  if (accountIdOf(context.account)) {
    const owned = await isOwned(client, context);
    // The list of sites is a permission of its own, and says no too when the Account ID is a wrong one.
    if (!owned.ok && !isForbidden(owned.failure)) return owned;
    if (owned.ok && !owned.value) return failed(anotherSite);
  }
  const path = '/site-properties/v4/properties';
  const answer = await client.call(context, { method: 'GET', path });
  if (answer.ok) {
    const name = isRow(answer.value) && isRow(answer.value.properties) && answer.value.properties;
    return done(name ? `It is “${name.siteDisplayName ?? 'without a name'}”.` : 'Works.');
  }
  const { failure } = answer;
  if (!isForbidden(failure)) return failed(failure);
  // A key without that set may do all that KiEX does; whether the site is the right one, contacts tell.
  return done('Its name may not be read with this key, which KiEX does not need.');
}

const isForbidden = (failure: Failure) => failure.kind === 'unauthorised' && failure.status === 403;

async function isOwned(client: WixClient, context: CallContext): Promise<Result<boolean>> {
  const filter = { id: { $in: [siteIdOf(context.account)] } };
  const answer = await client.callAccount(context, {
    ...{ method: 'POST', path: '/site-list/v2/sites/query' },
    body: { query: { filter, ...one } },
  });
  if (!answer.ok) return failed(answer.failure);
  const sites = listIn(answer.value, 'sites');
  return sites.ok ? done(itemsOf(sites.value).length > 0) : sites;
}

const anotherSite = {
  kind: 'refused',
  status: 404,
  code: 'SITE_NOT_IN_ACCOUNT',
  detail: 'The account has no site with this id.',
} as const satisfies Failure;

function siteWords(failure: Failure) {
  if (failure.kind === 'refused' && failure.code === anotherSite.code) {
    return {
      words: 'The account of this key has no site with this Site ID.',
      remedy:
        'Copy the Site ID from the address of the site’s dashboard, behind /dashboard/. A site that another account owns needs a key of that account.',
    };
  }
  return failure.kind === 'unauthorised' && failure.status === 401 ? wrongKey : null;
}

const wrongKey = {
  words: 'Wix does not accept this key.',
  remedy:
    'Copy it again, whole, from the API Keys Manager in Wix, or make a new one there. It begins with IST.',
};

/** What is missing, said plainly: the permission, the app, or the site. */
const missing =
  ({ set, what, app }: { set: string; what: string; app: string | null }) =>
  (failure: Failure) => {
    const isAbsent =
      failure.kind === 'refused' && app !== null && [400, 428].includes(failure.status);
    if (isAbsent) {
      return {
        words: `This site does not have ${app}.`,
        remedy: `Add ${app} to the site in Wix, if KiEX is to work with ${what}.`,
      };
    }
    if (failure.kind === 'refused' && failure.code === 'MISSING_METASITE_ID') {
      return { words: 'Wix was not told which site it is about.', remedy: 'Paste the Site ID.' };
    }
    if (failure.kind !== 'unauthorised') return null;
    if (failure.status === 401) return wrongKey;
    return {
      words: `The key may not work with ${what} of this site.`,
      remedy: `In Wix, edit the key: give it “${set}” (or similar), and this site. If both are so, the Site ID is of another site.`,
    };
  };
