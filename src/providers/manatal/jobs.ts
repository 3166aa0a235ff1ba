import { done, failed, type Result } from '#src/platform/failure.ts';
import {
  amount,
  type Canonical,
  choice,
  html,
  instant,
  integer,
  text,
  type Value,
  type Values,
  yesNo,
} from '#src/sync/canonical.ts';
import type { Field, ResourceConnector, Surprise } from '#src/sync/connector.ts';
import type { ManatalClient } from './client.ts';
import { readingOf } from './paging.ts';
import { type Rest, type Row, readOne, refOf } from './reading.ts';

// Whether a job is open, and seen by the public, is decided where the employer hires: publishing
// there also puts it on other boards. reference/manatal.md 9.3, 15
const theirs = { flow: 'in', policy: 'provider' } as const;

// What a job says may be edited on either side. Where both did, the recruiter's system wins: it is
// the record that the employer's people work in and answer for.
const both = { flow: 'both', policy: 'provider' } as const;

/** Their status words and ours. Any other word is kept as it is and treated as a pause. [M7] */
const statuses = choice({ active: 'open', on_hold: 'paused', won: 'filled', lost: 'closed' }, [
  'removed',
]);

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
    ...theirs,
  },
  {
    needed: true,
    ours: 'published',
    theirs: 'is_published',
    canonical: said(yesNo, false),
    ...theirs,
  },
  { ours: 'postedAt', theirs: '', canonical: instant, ...theirs },
  { ours: 'closesAt', theirs: 'close_at', canonical: instant, ...both },
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

function rest(row: Row): Rest | Surprise {
  const posted = instant(row.open_at ?? row.created_at);
  if ('problem' in posted) return { theirId: null, path: 'open_at', detail: posted.problem };
  const organization = refOf(row.organization);
  return {
    values: { postedAt: posted.value },
    // Whatever stands in external_id was written by another system: KiEX makes no jobs there yet.
    ourId: null,
    refs: organization ? { organizations: organization } : {},
    keepOut: keepOut(row),
  };
}

/** A job we do not have is brought in once students could see it. reference/manatal.md 9.3, 14 */
function keepOut(row: Row): string | null {
  if (row.status !== 'active') return 'not active in Manatal';
  if (row.is_published !== true) return 'not published in Manatal';
  return null;
}

/** Choices there that may change and may not be taken back. reference/manatal.md 8.2 */
const neverEmpty: ReadonlySet<string> = new Set(['contract_details', 'frequency']);

/**
 * Changed fields in their writing: decimals and times as text, an emptied text, number or time as
 * null. What they would refuse to have emptied is refused here, with words that say so.
 */
function bodyOf(changes: Values): Result<Record<string, unknown>> {
  const body: Record<string, unknown> = {};
  const fields: Record<string, string> = {};
  for (const field of jobFields) {
    const value = changes[field.ours];
    if (value === undefined || field.flow !== 'both') continue;
    if (value === null && neverEmpty.has(field.theirs)) {
      fields[field.theirs] = 'Manatal does not let this be emptied; choose one of its words.';
    }
    body[field.theirs] = value;
  }
  const refused = Object.keys(fields);
  if (refused.length === 0) return done(body);
  const detail = `Not sent: Manatal does not let ${refused.join(' and ')} be emptied.`;
  return failed({ kind: 'refused', status: 400, detail, fields });
}

/** Jobs: read like all else, and what KiEX changed in them is sent back, field by field. [M4] */
export const manatalJobs = (client: ManatalClient): ResourceConnector => ({
  name: 'jobs',
  label: 'Jobs',
  fields: jobFields,
  // Of a job they announce its status only: no making, no other edit. reference/manatal.md 10.2
  eventFor: ({ created, fields }) =>
    !created && fields.includes('status') ? 'job/status_update' : null,
  ...readingOf(client, {
    path: '/jobs/',
    filters: { status: 'active', is_published: 'true' },
    fields: jobFields,
    rest: () => rest,
  }),
  async update(context, theirId, changes) {
    const body = bodyOf(changes);
    if (!body.ok) return body;
    const path = `/jobs/${theirId}/`;
    const answer = await client.call(context, { method: 'PATCH', path, body: body.value });
    return answer.ok ? readOne(answer.value, jobFields, rest) : answer;
  },
});
