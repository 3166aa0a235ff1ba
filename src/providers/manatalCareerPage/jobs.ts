import { failed } from '#src/platform/failure.ts';
import { amount, html, text, yesNo } from '#src/sync/canonical.ts';
import type { ResourceConnector } from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import { isNotFound } from '../caller.ts';
import { said } from '../manatal/jobs.ts';
import { readingOf } from '../manatal/paging.ts';
import { type CareerPageClient, unknownPage } from './client.ts';

const theirs = { flow: 'in', policy: 'provider' } as const;

/**
 * What a career page says of a job. No dates, no period of the pay, no status, no organisation: a job
 * is open while it is shown. Source: reference/manatal.md 11.1
 */
export const careerJobFields: readonly Field[] = [
  {
    needed: true,
    ours: 'title',
    theirs: 'position_name',
    canonical: said(text, 'Untitled job'),
    ...theirs,
  },
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
  { ours: 'payCurrency', theirs: 'currency_code', canonical: text, ...theirs },
  {
    ours: 'payVisible',
    theirs: 'is_salary_visible',
    canonical: said(yesNo, false),
    ...theirs,
  },
  { needed: true, ours: 'status', theirs: '', canonical: text, ...theirs },
  { needed: true, ours: 'published', theirs: '', canonical: said(yesNo, false), ...theirs },
];

const onShow = { status: 'open', published: true };

/** Jobs of a career page, read and nothing else. */
export function careerPageJobs(client: CareerPageClient): ResourceConnector {
  const reading = readingOf(client, {
    path: '/jobs/',
    fields: careerJobFields,
    rest: () => () => ({ values: onShow, ourId: null, refs: {}, keepOut: null }),
  });
  return {
    name: 'jobs',
    label: 'Jobs',
    fields: careerJobFields,
    comesBack: true,
    async list(context, cursor) {
      const page = await reading.list(context, cursor);
      // A page without jobs is an empty list: no list at all means no page. reference/manatal.md 11.1
      return page.ok || !isNotFound(page.failure) ? page : failed(unknownPage);
    },
    get: reading.get,
  };
}
