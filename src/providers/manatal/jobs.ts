import { amount, choice, html, instant, integer, text, yesNo } from '#src/sync/canonical.ts';
import type { Field, ResourceConnector, Surprise } from '#src/sync/connector.ts';
import type { ManatalClient } from './client.ts';
import { readingOf } from './paging.ts';
import { type Rest, type Row, refOf } from './reading.ts';

const theirs = { flow: 'in', policy: 'provider' } as const;

/** Their status words and ours. Any other word is kept as it is and treated as a pause. [M7] */
const statuses = choice({ active: 'open', on_hold: 'paused', won: 'filled', lost: 'closed' });

/** How a job's fields belong together. Source: reference/manatal.md 9.3 and 13. */
export const jobFields: readonly Field[] = [
  { ours: 'title', theirs: 'position_name', canonical: text, ...theirs },
  { ours: 'descriptionHtml', theirs: 'description', canonical: html, ...theirs },
  { ours: 'employmentType', theirs: 'contract_details', canonical: text, ...theirs },
  { ours: 'address', theirs: 'address', canonical: text, ...theirs },
  { ours: 'city', theirs: 'city', canonical: text, ...theirs },
  { ours: 'state', theirs: 'state', canonical: text, ...theirs },
  { ours: 'country', theirs: 'country', canonical: text, ...theirs },
  { ours: 'zipcode', theirs: 'zipcode', canonical: text, ...theirs },
  { ours: 'remote', theirs: 'is_remote', canonical: yesNo, ...theirs },
  { ours: 'payMin', theirs: 'salary_min', canonical: amount, ...theirs },
  { ours: 'payMax', theirs: 'salary_max', canonical: amount, ...theirs },
  { ours: 'payCurrency', theirs: 'currency', canonical: text, ...theirs },
  { ours: 'payPeriod', theirs: 'frequency', canonical: text, ...theirs },
  { ours: 'payVisible', theirs: 'is_salary_visible', canonical: said(yesNo), ...theirs },
  { ours: 'headcount', theirs: 'headcount', canonical: integer, ...theirs },
  { ours: 'status', theirs: 'status', canonical: statuses, ...theirs },
  { ours: 'published', theirs: 'is_published', canonical: said(yesNo), ...theirs },
  { ours: 'postedAt', theirs: '', canonical: instant, ...theirs },
  { ours: 'closesAt', theirs: 'close_at', canonical: instant, ...theirs },
];

/** Where they say nothing, it is a no: pay stays hidden, and a job unpublished, until they say yes. */
function said(canonical: typeof yesNo): typeof yesNo {
  return (raw) => {
    const read = canonical(raw);
    return 'value' in read && read.value === null ? { value: false } : read;
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

/** Jobs: they own them, we follow. Polled by change time, with their status hints in between. */
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
});
