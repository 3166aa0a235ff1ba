import { done, failed, type Result } from '#src/platform/failure.ts';
import {
  amount,
  anything,
  type Canonical,
  choice,
  html,
  instant,
  integer,
  jsonOf,
  text,
  type Value,
  type Values,
  yesNo,
} from '#src/sync/canonical.ts';
import type { CallContext, Outgoing, ResourceConnector, Surprise } from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import { flowOf } from '#src/sync/mapping.ts';
import { search } from './candidates.ts';
import type { ManatalClient } from './client.ts';
import { mayPublishThere, takesUnpublished } from './jobOptions.ts';
import { readingOf } from './paging.ts';
import { idOf, isRow, type Rest, type Row, readOne, refOf } from './reading.ts';

type Settings = Readonly<Record<string, unknown>>;

const theirs = { flow: 'in', policy: 'provider' } as const;

// What a job says may be edited on either side. Where both did, the recruiter's system wins: it is
// the record that the employer's people work in and answer for.
const both = { flow: 'both', policy: 'provider' } as const;

/** Their status words and ours. Any other word is kept as it is and treated as a pause. [M7] */
const statusWords: Readonly<Record<string, string>> = {
  active: 'open',
  on_hold: 'paused',
  won: 'filled',
  lost: 'closed',
};
const statuses = choice(statusWords, ['removed']);

/** How a job's fields belong together. Source: reference/manatal.md 9.3 and 13. */
export const jobFields: readonly Field[] = [
  {
    needed: true,
    ours: 'title',
    theirs: 'position_name',
    canonical: said(text, 'Untitled job'),
    ...both,
  },
  { ours: 'descriptionHtml', theirs: 'description', canonical: html, ...both },
  { ours: 'employmentType', theirs: 'contract_details', canonical: text, ...both },
  { ours: 'address', theirs: 'address', canonical: text, ...both },
  { ours: 'city', theirs: 'city', canonical: text, ...both },
  { ours: 'state', theirs: 'state', canonical: text, ...both },
  { ours: 'country', theirs: 'country', canonical: text, ...both },
  { ours: 'zipcode', theirs: 'zipcode', canonical: text, ...both },
  { ours: 'remote', theirs: 'is_remote', canonical: yesNo, ...both },
  { ours: 'payMin', theirs: 'salary_min', canonical: amount, ...both },
  { ours: 'payMax', theirs: 'salary_max', canonical: amount, ...both },
  { ours: 'payCurrency', theirs: 'currency', canonical: text, ...both },
  { ours: 'payPeriod', theirs: 'frequency', canonical: text, ...both },
  { ours: 'payVisible', theirs: 'is_salary_visible', canonical: said(yesNo, false), ...both },
  { ours: 'headcount', theirs: 'headcount', canonical: integer, ...both },
  {
    needed: true,
    ours: 'status',
    theirs: 'status',
    canonical: said(statuses, 'paused'),
    oursOnly: ['removed'],
    ...both,
  },
  {
    needed: true,
    ours: 'published',
    theirs: 'is_published',
    canonical: said(yesNo, false),
    ...theirs,
    // Publishing there may start paid job boards, so it is theirs to do unless they say otherwise.
    flowBy: (settings) => (mayPublishThere(settings) ? 'both' : 'in'),
  },
  { ours: 'postedAt', theirs: '', canonical: instant, ...theirs },
  { ours: 'closesAt', theirs: 'close_at', canonical: instant, ...both },
  { ours: 'customFields', theirs: 'custom_fields', canonical: anything, keyed: true, ...both },
];

/**
 * What silence means, the same on both sides so that it is no difference: pay stays hidden, a job
 * unpublished, and a job without a status paused until they say otherwise. [M5]
 */
export function said(canonical: Canonical, silence: Value): Canonical {
  return (raw) => {
    const read = canonical(raw);
    return 'value' in read && read.value === null ? { value: silence } : read;
  };
}

/** What stands in a job beside its mapped fields, as the connection's own choices read it. */
const restWith =
  (settings: Settings) =>
  (row: Row): Rest | Surprise => {
    const posted = instant(row.open_at ?? row.created_at);
    if ('problem' in posted) return { theirId: null, path: 'open_at', detail: posted.problem };
    const organization = refOf(row.organization);
    return {
      values: { postedAt: posted.value },
      // Other systems keep their ids there too; the room knows which ids are its own.
      ourId: typeof row.external_id === 'string' ? row.external_id : null,
      refs: organization ? { organizations: organization } : {},
      keepOut: keepOut(row, settings),
    };
  };

/** A job we do not have is brought in once students could see it. reference/manatal.md 9.3, 14 */
function keepOut(row: Row, settings: Settings): string | null {
  if (row.status !== 'active') return 'not active in Manatal';
  if (row.is_published !== true && !takesUnpublished(settings)) return 'not published in Manatal';
  return null;
}

/** Choices there that may change and may not be taken back. reference/manatal.md 8.2 */
const neverEmpty: ReadonlySet<string> = new Set(['contract_details', 'frequency']);

/**
 * Changed fields in their writing: decimals and times as text, an emptied text, number or time as
 * null. What they would refuse to have emptied, and what only KiEX says, is refused here, in words.
 */
function bodyOf(changes: Values, settings: Settings): Result<Record<string, unknown>> {
  const body: Record<string, unknown> = {};
  const fields: Record<string, string> = {};
  for (const field of jobFields) {
    const value = changes[field.ours];
    const flow = flowOf(field, { settings });
    if (value === undefined || field.keyed || flow !== 'both') continue;
    if (value === null && neverEmpty.has(field.theirs)) {
      fields[field.theirs] = 'Manatal does not let this be emptied; choose one of its words.';
    }
    if (field.oursOnly?.includes(value)) {
      fields[field.theirs] = 'This says something in KiEX only; choose one of Manatal’s words.';
    }
    body[field.theirs] = field.ours === 'status' ? statusThere(value) : value;
  }
  const refused = Object.keys(fields);
  if (refused.length === 0) return done(body);
  const detail = `Not sent: Manatal does not take ${refused.join(' and ')} like this.`;
  return failed({ kind: 'refused', status: 400, detail, fields });
}

/** Our word in theirs; a word of theirs that we do not know goes back as it came. [M7] */
const statusThere = (value: Value): Value =>
  Object.keys(statusWords).find((word) => statusWords[word] === value) ??
  (typeof value === 'string' ? value.replace(/^other:/, '') : value);

/** Keys of theirs that we changed -> what they are to hold. */
const customIn = (changes: Values): [string, unknown][] =>
  Object.entries(changes).flatMap(([name, value]) =>
    name.startsWith('customFields.') ? [[name.slice('customFields.'.length), jsonOf(value)]] : [],
  );

/** Jobs: made and changed on either side, field by field. [M4] reference/manatal.md 9.3 */
export function manatalJobs(client: ManatalClient): ResourceConnector {
  const path = '/jobs/';
  const read = ({ account }: CallContext, json: unknown) =>
    readOne(json, jobFields, restWith(account.settings));
  return {
    name: 'jobs',
    label: 'Jobs',
    fields: jobFields,
    needs: ['organizations'],
    renews: ['organizations'],
    // Of a job they announce its status only: no making, no other edit. reference/manatal.md 10.2
    eventFor: ({ created, fields }) =>
      !created && fields.includes('status') ? 'job/status_update' : null,
    ...readingOf(client, {
      path,
      filters: ({ account }) => ({
        status: 'active',
        ...(takesUnpublished(account.settings) ? {} : { is_published: 'true' }),
      }),
      fields: jobFields,
      rest: ({ account }) => restWith(account.settings),
    }),
    /** By our id alone: two jobs may well have one title. [I2] */
    async find(context, { ourId }) {
      const fits = (row: Row) => row.external_id === ourId;
      const query = { external_id: ourId };
      const found = await search(client, context, { path, query, fits });
      if (!found.ok) return found;
      const [row, ...others] = found.value;
      if (!row) return done({ found: null });
      const known = read(context, row);
      if (!known.ok) return known;
      return done({ found: known.value, others: others.flatMap(({ id }) => idOf(id) ?? []) });
    },
    async create(context, outgoing) {
      const body = newJobBody(outgoing, context.account.settings);
      if (!body.ok) return body;
      const answer = await client.call(context, { method: 'POST', path, body: body.value });
      return answer.ok ? read(context, answer.value) : answer;
    },
    async update(context, theirId, changes) {
      const body = bodyOf(changes, context.account.settings);
      if (!body.ok) return body;
      const merged = await withCustomFields(client, context, {
        theirId,
        changes,
        body: body.value,
      });
      if (!merged.ok) return merged;
      const one = `${path}${theirId}/`;
      const answer = await client.call(context, { method: 'PATCH', path: one, body: merged.value });
      return answer.ok ? read(context, answer.value) : answer;
    },
  };
}

/**
 * A new job of theirs. What is not said is left out: they refuse an empty choice, and fill in what they
 * usually have. Not published, unless the connection lets KiEX publish. reference/manatal.md 8.2
 */
function newJobBody(
  { ourId, values, refs }: Outgoing,
  settings: Settings,
): Result<Record<string, unknown>> {
  const organization = refs.organizations;
  if (!organization) {
    const detail =
      'Not sent: Manatal takes a job of an organisation only, and this one has no employer.';
    return failed({ kind: 'refused', status: 400, detail });
  }
  const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const body = bodyOf(said, settings);
  if (!body.ok) return body;
  const custom = customIn(said);
  return done({
    ...body.value,
    ...(custom.length > 0 ? { custom_fields: Object.fromEntries(custom) } : {}),
    organization: Number(organization),
    external_id: ourId,
  });
}

/**
 * A change replaces all custom fields of a job at once, so what stands there now is read right before,
 * and only our keys are altered in it. There is no check of versions, so a recruiter who saves within
 * that moment may be overwritten in these fields; nothing can be done about it. reference/manatal.md 9.10
 */
async function withCustomFields(
  client: ManatalClient,
  context: CallContext,
  { theirId, changes, body }: { theirId: string; changes: Values; body: Record<string, unknown> },
): Promise<Result<Record<string, unknown>>> {
  const custom = customIn(changes);
  if (custom.length === 0) return done(body);
  const answer = await client.call(context, { method: 'GET', path: `/jobs/${theirId}/` });
  if (!answer.ok) return answer;
  if (!isRow(answer.value) || !isRow(answer.value.custom_fields)) {
    return failed({ kind: 'surprising', path: 'custom_fields', detail: 'an object expected' });
  }
  const standing = answer.value.custom_fields;
  return done({ ...body, custom_fields: { ...standing, ...Object.fromEntries(custom) } });
}
