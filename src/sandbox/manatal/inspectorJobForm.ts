import { html } from 'hono/html';
import type { Form } from '../inspectorFrame.ts';
import { checkbox, type Html, input, problems, select, textarea } from '../inspectorLayout.ts';
import { CONTRACTS, FREQUENCIES, JOB_STATUSES } from './fields.ts';
import { accountHref } from './inspectorPages.ts';
import type { AccountRow, JobRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';

const TEXTS = ['position_name', 'description', 'currency', 'address', 'zipcode', 'city'];
const MORE_TEXTS = [
  'state',
  'country',
  'salary_min',
  'salary_max',
  'headcount',
  'expected_close_at',
];
const CHOICES = [
  'organization',
  'contract_details',
  'frequency',
  'status',
  'industry',
  'job_pipeline',
];

/** What the form means in the words of the API. An empty choice is left out, since null is refused. */
export function readJobForm(form: Form): Record<string, unknown> {
  const body: Record<string, unknown> = {
    is_published: form.is_published === 'true',
    is_salary_visible: form.is_salary_visible === 'true',
    is_pinned_in_career_page: form.is_pinned_in_career_page === 'true',
    is_remote: form.is_remote === 'true' ? true : form.is_remote === 'false' ? false : null,
    open_at: instantOf(form.open_at),
    close_at: instantOf(form.close_at),
  };
  for (const name of [...TEXTS, ...MORE_TEXTS]) {
    const text = form[name]?.trim() ?? '';
    body[name] = text === '' && name !== 'position_name' ? null : text;
  }
  for (const name of CHOICES) if (form[name]) body[name] = form[name];
  return body;
}

/** A browser's local time field has no zone; the page says that it means UTC. */
function instantOf(text: string | undefined): string | null {
  if (!text) return null;
  return text.includes('T') && !text.endsWith('Z') ? `${text}Z` : text;
}

/** The form that posts or edits a job. What was typed comes back with the errors. */
export function jobForm(
  simulator: SimulatorBehindInspector,
  account: AccountRow,
  shown: { job: JobRow | null; form?: Form; errors?: Record<string, string> },
): Html {
  const { job, errors = {} } = shown;
  const form = shown.form ?? (job ? typedOf(job) : NEW_JOB);
  const action = accountHref(account.id, job ? `/jobs/${job.id}` : '/jobs/new');
  const at = (name: string, label: string) => ({
    name,
    label,
    value: form[name] ?? '',
    error: errors[name],
  });
  const named = (name: 'organizations' | 'industries' | 'pipelines') =>
    simulator.rows(account.id, name).map((row) => ({ value: String(row.id), text: row.name }));
  const words = (choices: readonly string[]) =>
    choices.map((value) => ({ value, text: value.replaceAll('_', ' ') }));
  const unsaid = { value: '', text: 'not said' };
  const remote = [unsaid, { value: 'true', text: 'yes' }, { value: 'false', text: 'no' }];

  return html`<form method="post" action="${action}" class="card" data-testid="job-form" novalidate>${problems(errors)}
<div class="grid">${input({ ...at('position_name', 'Title'), wide: true })}
${select({ ...at('organization', 'Organization'), options: named('organizations') })}
${select({ ...at('status', 'Status'), options: words(JOB_STATUSES) })}
${select({ ...at('contract_details', 'Contract'), options: [unsaid, ...words(CONTRACTS)] })}
${textarea({ ...at('description', 'Description'), hint: 'HTML, as Manatal keeps it.' })}
${input(at('salary_min', 'Pay from'))}${input(at('salary_max', 'Pay to'))}${input(at('currency', 'Currency'))}
${select({ ...at('frequency', 'Pay per'), options: [unsaid, ...words(FREQUENCIES)] })}
${input(at('city', 'City or island'))}${input(at('state', 'State'))}${input(at('country', 'Country'))}
${input(at('address', 'Address'))}${input(at('zipcode', 'ZIP code'))}
${select({ ...at('is_remote', 'Remote'), options: remote })}
${input({ ...at('headcount', 'Openings') })}
${select({ ...at('industry', 'Industry'), options: [unsaid, ...named('industries')] })}
${job ? '' : select({ ...at('job_pipeline', 'Pipeline'), options: named('pipelines') })}
${input({ ...at('open_at', 'Opens (UTC)'), type: 'datetime-local' })}
${input({ ...at('close_at', 'Closes (UTC)'), type: 'datetime-local' })}</div>
<p>${checkbox({ name: 'is_published', label: 'Published', checked: form.is_published === 'true' })}
${checkbox({ name: 'is_salary_visible', label: 'Show the pay', checked: form.is_salary_visible === 'true' })}
${checkbox({ name: 'is_pinned_in_career_page', label: 'Pinned on the career page', checked: form.is_pinned_in_career_page === 'true' })}</p>
<button class="main" data-testid="save-job">${job ? 'Save the job' : 'Post the job'}</button></form>`;
}

const NEW_JOB: Form = {
  status: 'active',
  currency: 'USD',
  frequency: 'hour',
  headcount: '1',
  is_published: 'true',
  is_salary_visible: 'true',
};

function typedOf(job: JobRow): Form {
  const form: Form = {};
  for (const [name, value] of Object.entries(job)) {
    if (value !== null && typeof value !== 'object') form[name] = String(value);
  }
  for (const name of ['open_at', 'close_at'] as const) form[name] = job[name]?.slice(0, 19) ?? '';
  return form;
}
