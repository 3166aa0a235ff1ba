import { text } from '#src/sync/canonical.ts';
import type { Field, ResourceConnector } from '#src/sync/connector.ts';
import type { ManatalClient } from './client.ts';
import { readingOf } from './paging.ts';

const theirs = { flow: 'in', policy: 'provider' } as const;

/** How an employer's fields belong together. Source: reference/manatal.md 9.2. */
export const organizationFields: readonly Field[] = [
  { needed: true, ours: 'name', theirs: 'name', canonical: text, ...theirs },
  { ours: 'website', theirs: 'website', canonical: text, ...theirs },
  { ours: 'address', theirs: 'address', canonical: text, ...theirs },
  { ours: 'description', theirs: 'description', canonical: text, ...theirs },
];

/** The companies or departments that hire, as one account knows them. */
export const manatalOrganizations = (client: ManatalClient): ResourceConnector => ({
  name: 'organizations',
  label: 'Organisations',
  fields: organizationFields,
  ...readingOf(client, {
    path: '/organizations/',
    fields: organizationFields,
    rest: () => () => ({ ourId: null, refs: {}, keepOut: null }),
  }),
});
