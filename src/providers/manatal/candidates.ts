import { done, failed, type Result } from '#src/platform/failure.ts';
import { type Canonical, email, phone, text, yesNo } from '#src/sync/canonical.ts';
import type { CallContext, Found, Outgoing, ResourceConnector } from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import { isNotFound } from '../caller.ts';
import type { ManatalClient } from './client.ts';
import { getOne } from './paging.ts';
import { idOf, isRow, listedRows, type Rest, type Row, readOne } from './reading.ts';

/** Short text fields there hold this much. reference/manatal.md 8.2 */
const charactersMax = 255;

/** Text as their short fields can hold it: what they cannot hold is no difference. [M5] */
export const shortText: Canonical = (raw) => {
  const plain = text(raw);
  if ('problem' in plain || typeof plain.value !== 'string') return plain;
  return { value: [...plain.value].slice(0, charactersMax).join('').trim() };
};

// What a recruiter wrote is never overwritten: we give what is missing, and nothing else;
const fill = { flow: 'fill', policy: 'provider' } as const;
// and what we gave follows the student for as long as no recruiter has changed it.
const tend = { flow: 'tend', policy: 'provider' } as const;

/** How an applicant's fields belong together. Source: reference/manatal.md 9.4 and 12. */
export const candidateFields: readonly Field[] = [
  { needed: true, ours: 'name', theirs: 'full_name', canonical: shortText, ...tend },
  { needed: true, ours: 'email', theirs: 'email', canonical: email, ...fill },
  { ours: 'phone', theirs: 'phone_number', canonical: phone, ...tend },
  { ours: 'address', theirs: 'address', canonical: shortText, ...tend },
  { ours: 'about', theirs: 'description', canonical: text, ...tend },
  { ours: 'currentPosition', theirs: 'current_position', canonical: shortText, ...tend },
  { ours: 'currentEmployer', theirs: 'current_company', canonical: shortText, ...tend },
  { needed: true, ours: 'externalId', theirs: 'external_id', canonical: text, ...fill },
  { ours: 'consent', theirs: 'consent', canonical: yesNo, ...fill },
];

const rest = (row: Row): Rest => ({
  ourId: typeof row.external_id === 'string' ? row.external_id : null,
  refs: {},
  keepOut: 'not an applicant of KiEX',
});
const readCandidate = (json: unknown) => readOne(json, candidateFields, rest);

/** Students as candidates: looked for first, made once, filled where empty. */
export function manatalCandidates(client: ManatalClient, source: string): ResourceConnector {
  const path = '/candidates/';
  return {
    name: 'candidates',
    label: 'Candidates',
    fields: candidateFields,
    get: (context, theirId) =>
      getOne(client, context, { path: `${path}${theirId}/`, read: readCandidate }),
    find: (context, outgoing) => findCandidate(client, context, outgoing),
    async create(context, outgoing) {
      const body = { ...bodyOf(outgoing.values), source_type: 'other', source_other: source };
      const answer = await client.call(context, { method: 'POST', path, body });
      return answer.ok ? readCandidate(answer.value) : answer;
    },
    async update(context, theirId, changes) {
      const body = bodyOf(changes);
      const answer = await client.call(context, {
        method: 'PATCH',
        path: `${path}${theirId}/`,
        body,
      });
      return answer.ok ? readCandidate(answer.value) : answer;
    },
  };
}

/** Their names for our values; what is not there is left out, never sent as null. reference/manatal.md 8.2 */
function bodyOf(values: Outgoing['values']): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of candidateFields) {
    const value = values[field.ours];
    if (value === null || value === undefined) continue;
    body[field.theirs] = value;
  }
  return body;
}

/** By our external id, then by e-mail as it was typed. [I2] reference/manatal.md 12 */
async function findCandidate(
  client: ManatalClient,
  context: CallContext,
  { ourId, values }: Outgoing,
): Promise<Result<Found>> {
  const tried: { query: Record<string, string>; fits: (row: Row) => boolean }[] = [
    { query: { external_id: ourId }, fits: (row) => row.external_id === ourId },
  ];
  const address = values.email;
  if (typeof address === 'string') {
    const same = (row: Row) => {
      const read = email(row.email);
      return 'value' in read && read.value === address;
    };
    tried.push({ query: { email: address }, fits: same });
  }
  for (const { query, fits } of tried) {
    const found = await search(client, context, { path: '/candidates/', query, fits });
    // A filter that is not heeded says nothing; the e-mail, which comes last, must be.
    if (
      !found.ok &&
      found.failure.kind === 'surprising' &&
      tried.length > 1 &&
      'external_id' in query
    )
      continue;
    if (!found.ok) return found;
    const [row, ...others] = found.value;
    if (!row) continue;
    const read = readCandidate(row);
    if (!read.ok) return read;
    return done({
      found: read.value,
      others: others.flatMap(({ id }) => idOf(id) ?? []),
      // Nobody else writes our id: an earlier try made it.
      ours: row.external_id === ourId,
    });
  }
  return done({ found: null });
}

/** A filter that is heeded gives a handful; this is where we stop believing that it is. */
const searchPagesMax = 10;

/**
 * Rows that fit a filter, the lowest id first. Filters that Manatal does not know are ignored there
 * without an error, so every row is looked at, and rows that do not fit lead to the next page: only
 * a list read to its end proves that nothing is there. reference/manatal.md 5.4
 *
 * all  one that fits says nothing of others: the list is read to its end all the same.
 */
export async function search(
  client: ManatalClient,
  context: CallContext,
  {
    path,
    query,
    fits,
    all = false,
  }: { path: string; query: Record<string, string>; fits: (row: Row) => boolean; all?: boolean },
): Promise<Result<Row[]>> {
  const fitting: Row[] = [];
  for (let page = 1; page <= searchPagesMax; page++) {
    const answer = await client.call(context, {
      method: 'GET',
      path,
      query: { ...query, page, page_size: 100 },
    });
    if (!answer.ok) {
      if (page > 1 && isNotFound(answer.failure)) return done(byId(fitting));
      return answer;
    }
    const listed = listedRows(answer.value);
    if (!listed.ok) return listed;
    const rows = listed.value;
    fitting.push(...rows.filter(fits));
    const more = isRow(answer.value) && Boolean(answer.value.next) && rows.length > 0;
    // Once one fits, the filter was heeded or we have what we look for.
    if (!more || (fitting.length > 0 && !all)) return done(byId(fitting));
  }
  const [name = ''] = Object.keys(query);
  const detail = `the filter ${name} was not heeded, so nothing is known about what exists`;
  return failed({ kind: 'surprising', path: name, detail });
}

/** The lowest id first, by number and then as text: the same look always chooses the same. [I5] */
export const byId = (rows: Row[]) =>
  rows.sort((a, b) => Number(a.id) - Number(b.id) || (String(a.id) < String(b.id) ? -1 : 1));
