import { done, type Result } from '#src/platform/failure.ts';
import { text, type Values } from '#src/sync/canonical.ts';
import type { CallContext, Found, Outgoing, ResourceConnector } from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import { search } from './candidates.ts';
import type { ManatalClient } from './client.ts';
import { readingOf } from './paging.ts';
import { idOf, type Rest, type Row, readOne } from './reading.ts';

// An employer is one and the same in every account that knows it, so what is changed in one of them
// reaches the others. Where both sides changed a field, the recruiter's system wins.
const both = { flow: 'both', policy: 'provider' } as const;

/** How an employer's fields belong together. Source: reference/manatal.md 9.2. */
export const organizationFields: readonly Field[] = [
  { needed: true, ours: 'name', theirs: 'name', canonical: text, ...both },
  { ours: 'website', theirs: 'website', canonical: text, ...both },
  { ours: 'address', theirs: 'address', canonical: text, ...both },
  { ours: 'description', theirs: 'description', canonical: text, ...both },
];

const rest = (row: Row): Rest => ({
  // Other systems keep their ids there too; the room knows which ids are its own.
  ourId: typeof row.external_id === 'string' ? row.external_id : null,
  refs: {},
  keepOut: null,
});
const readOrganization = (json: unknown) => readOne(json, organizationFields, rest);

const path = '/organizations/';

/** The companies or departments that hire, as one account knows them. */
export const manatalOrganizations = (client: ManatalClient): ResourceConnector => ({
  name: 'organizations',
  label: 'Organisations',
  fields: organizationFields,
  ...readingOf(client, { path, fields: organizationFields, rest: () => rest }),
  find: (context, outgoing) => findOrganization(client, context, outgoing),
  async create(context, { ourId, values }) {
    const said = Object.entries(bodyOf(values)).filter(([, value]) => value !== null);
    const body = { ...Object.fromEntries(said), external_id: ourId };
    const answer = await client.call(context, { method: 'POST', path, body });
    return answer.ok ? readOrganization(answer.value) : answer;
  },
  async update(context, theirId, changes) {
    const body = bodyOf(changes);
    const one = `${path}${theirId}/`;
    const answer = await client.call(context, { method: 'PATCH', path: one, body });
    return answer.ok ? readOrganization(answer.value) : answer;
  },
});

function bodyOf(values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { ours, theirs } of organizationFields) {
    if (values[ours] !== undefined) body[theirs] = values[ours];
  }
  return body;
}

/**
 * By our id; else the only one of exactly that name, unless something known of both says that they are
 * two (another website, another address). A name alone never merges: several of one name, or one that
 * belongs to another of ours, and ours is made beside them. A recruiter can merge two that are one;
 * nobody can take apart what was wrongly made one. [I2] [I5]
 */
async function findOrganization(
  client: ManatalClient,
  context: CallContext,
  { ourId, values }: Outgoing,
): Promise<Result<Found>> {
  const own = await search(client, context, {
    ...{ path, query: { external_id: ourId } },
    fits: (row) => row.external_id === ourId,
  });
  if (!own.ok) return own;
  const [row, ...others] = own.value;
  if (row) {
    const read = readOrganization(row);
    if (!read.ok) return read;
    return done({ found: read.value, others: others.flatMap(({ id }) => idOf(id) ?? []) });
  }
  const name = String(values.name ?? '');
  const query = { name };
  const fits = (one: Row) => plain(one.name) === plain(name);
  const alike = await search(client, context, { path, query, fits, all: true });
  if (!alike.ok) return alike;
  const [only, ...more] = alike.value;
  if (!only || more.length > 0 || contradicts(only, values)) return done({ found: null });
  const read = readOrganization(only);
  if (!read.ok) return read;
  const note = 'The only organisation of this name there; it is used.';
  return done({ found: read.value, note, isAlike: true });
}

/** Both say it, and say something else. */
const contradicts = (row: Row, values: Values): boolean =>
  (['website', 'address'] as const).some((field) => {
    const [mine, other] = [plain(values[field]), plain(row[field])];
    return mine !== null && other !== null && mine !== other;
  });

/** As people compare names and addresses: letters alone, without what a browser adds. */
function plain(raw: unknown): string | null {
  const read = text(raw);
  if ('problem' in read || typeof read.value !== 'string') return null;
  const bare = read.value
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/\/+$/, '');
  return bare.replace(/\s+/g, ' ');
}
