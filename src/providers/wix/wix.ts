import type { AccountField } from '#src/sync/accountFields.ts';
import type { Connector } from '#src/sync/connector.ts';
import { createWixClient, type WixParts, wixQuotaKey } from './client.ts';
import { wixContacts } from './contacts.ts';
import { islandOption } from './islandOption.ts';
import { wixProbes } from './probes.ts';
import { guidOf } from './reading.ts';

/** A Wix website as a connector, with an API key of its owner. reference/wix.md */
export function createWix(parts: WixParts): Connector {
  const client = createWixClient(parts);
  return {
    provider: 'wix',
    label: 'Wix',
    isPlatforms: true,
    keyHelp: {
      title: 'Make a key in Wix',
      words:
        'As the owner of the website’s Wix account, open the API Keys Manager (manage.wix.com/account/api-keys) and press Generate API Key. Give it the permissions for contacts and members, forms and blog, and this site or all sites.',
    },
    accountFields,
    callsPerMinute: parts.callsPerMinute,
    resources: [wixContacts(client)],
    options: [islandOption],
    probes: wixProbes(client),
    quotaKeyOf: wixQuotaKey,
  };
}

/** A GUID, alone or in an address that holds one. */
function readGuid(pasted: string): ReturnType<AccountField['read']> {
  const found = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i.exec(pasted)?.[0];
  const value = guidOf(found);
  if (value) return { value };
  return { problem: 'This is no such id. It looks like 1f0e2d3c-4b5a-4968-8776-655443322110.' };
}

/** Source: reference/wix.md 1.2 */
const accountFields: readonly AccountField[] = [
  {
    name: 'siteId',
    label: 'Site ID',
    hint: 'Open the site’s dashboard: the id stands in its address behind /dashboard/. The whole address will do.',
    read: readGuid,
  },
  {
    name: 'accountId',
    label: 'Account ID',
    hint: 'Shown where the key was made. With it the test can tell a wrong site from a missing permission.',
    optional: true,
    read: readGuid,
  },
];
