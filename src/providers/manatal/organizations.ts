import { text } from '#src/sync/canonical.ts';
import type { Field, ResourceConnector } from '#src/sync/connector.ts';
import type { ManatalClient } from './client.ts';
import { getOne, listPage, overlapMinutes } from './paging.ts';
import { filterTime, type Rest, readOne, readRow } from './reading.ts';

const theirs = { flow: 'in', policy: 'provider' } as const;

/** How an employer's fields belong together. Source: reference/manatal.md 9.2. */
export const organizationFields: readonly Field[] = [
  { ours: 'name', theirs: 'name', canonical: text, ...theirs },
  { ours: 'website', theirs: 'website', canonical: text, ...theirs },
  { ours: 'address', theirs: 'address', canonical: text, ...theirs },
  { ours: 'description', theirs: 'description', canonical: text, ...theirs },
];

const rest = (): Rest => ({ ourId: null, refs: {}, keepOut: null });
const readOrganization = (raw: unknown) => readRow(raw, organizationFields, rest);

/** The companies or departments that hire, as one account knows them. */
export function manatalOrganizations(client: ManatalClient): ResourceConnector {
  const path = '/organizations/';
  return {
    name: 'organizations',
    label: 'Organisations',
    fields: organizationFields,
    list: (context, cursor) =>
      listPage(client, context, { path, filters: {}, cursor, read: readOrganization }),
    changedSince: (context, since, cursor) =>
      listPage(client, context, {
        path,
        filters: { updated_at__gte: filterTime(since, overlapMinutes) },
        cursor,
        read: readOrganization,
      }),
    get: (context, theirId) =>
      getOne(client, context, {
        path: `${path}${theirId}/`,
        read: (json) => readOne(json, organizationFields, rest),
      }),
  };
}
