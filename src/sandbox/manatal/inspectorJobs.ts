import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formOf, paged } from '../inspectorFrame.ts';
import { type Html, instant, table, tag } from '../inspectorLayout.ts';
import { jobForm, readJobForm } from './inspectorJobForm.ts';
import { applicantForm, matchTable } from './inspectorMatches.ts';
import { accountHref, accountIn, crumbs, render, seeOther, sentences } from './inspectorPages.ts';
import type { Outcome } from './records.ts';
import type { Recruiter } from './recruiter.ts';
import type { AccountRow, JobRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';

const BASE = '/admin/accounts/:account{[0-9]+}/jobs';

/** List, post, edit and delete jobs, as the recruiter of one account. */
export function addJobPages(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(BASE, (context) => {
    const account = accountIn(context, simulator);
    return account ? listPage(context, simulator, account) : context.notFound();
  });
  app.get(`${BASE}/new`, (context) => {
    const account = accountIn(context, simulator);
    return account ? newPage(context, simulator, account, {}) : context.notFound();
  });
  app.post(`${BASE}/new`, async (context) => {
    const account = accountIn(context, simulator);
    if (!account) return context.notFound();
    const form = await formOf(context);
    const done = postAndOpen(simulator.recruiter(account.id), readJobForm(form));
    if (!done.ok) return newPage(context, simulator, account, { form, errors: sentences(done) });
    const said = done.row.status === 'active' ? 'opened' : 'posted';
    return seeOther(context, accountHref(account.id, `/jobs/${done.row.id}`), said);
  });
  app.get(`${BASE}/:id{[0-9]+}`, (context) => {
    const found = jobIn(context, simulator);
    return found ? jobPage(context, simulator, { ...found }) : context.notFound();
  });
  app.post(`${BASE}/:id{[0-9]+}`, async (context) => {
    const found = jobIn(context, simulator);
    if (!found) return context.notFound();
    const form = await formOf(context);
    const { account, job } = found;
    const done = simulator.recruiter(account.id).editJob(job.id, readJobForm(form));
    if (!done.ok) return jobPage(context, simulator, { ...found, form, errors: sentences(done) });
    return seeOther(context, accountHref(account.id, `/jobs/${job.id}`), 'saved');
  });
  app.post(`${BASE}/:id{[0-9]+}/delete`, (context) => {
    const found = jobIn(context, simulator);
    if (!found) return context.notFound();
    simulator.recruiter(found.account.id).remove('jobs', found.job.id);
    return seeOther(context, accountHref(found.account.id, '/jobs'), 'deleted');
  });
  app.post(`${BASE}/:id{[0-9]+}/applicants`, async (context) => {
    const found = jobIn(context, simulator);
    if (!found) return context.notFound();
    const { account, job } = found;
    const form = await formOf(context);
    const { full_name = '', email = '', phone_number = '' } = form;
    const applicant = { job: job.id, full_name, email, phone_number };
    const done = simulator.recruiter(account.id).receiveApplication(applicant);
    if (done.ok) {
      return seeOther(context, accountHref(account.id, `/jobs/${job.id}`), 'applied');
    }
    return jobPage(context, simulator, {
      ...found,
      applicant: form,
      applicantErrors: sentences(done),
    });
  });
}

/**
 * Posts a job as recruiters do, in two steps: prepared on hold, then opened. No event tells of a new
 * job, but one tells that its status changed; so an open job is heard of at once.
 */
function postAndOpen(recruiter: Recruiter, body: Record<string, unknown>): Outcome<JobRow> {
  if (body.status !== 'active') return recruiter.postJob(body);
  const prepared = recruiter.postJob({ ...body, status: 'on_hold' });
  return prepared.ok ? recruiter.editJob(prepared.row.id, { status: 'active' }) : prepared;
}

function jobIn(context: Context, simulator: SimulatorBehindInspector) {
  const account = accountIn(context, simulator);
  const id = Number(context.req.param('id'));
  const job = account && simulator.rows(account.id, 'jobs').find((row) => row.id === id);
  return account && job ? { account, job } : null;
}

function listPage(context: Context, simulator: SimulatorBehindInspector, account: AccountRow) {
  const q = (context.req.query('q') ?? '').toLowerCase();
  const fits = (job: JobRow) =>
    `${job.position_name} ${job.city} ${job.country}`.toLowerCase().includes(q);
  const jobs = simulator.rows(account.id, 'jobs').filter(fits).reverse();
  const { rows, links } = paged(context, jobs);
  const matches = countBy(simulator, account);
  const body = html`${crumbs(account)}<form class="row" method="get" role="search">
<input type="search" name="q" aria-label="Title or place" placeholder="Title or place" value="${context.req.query('q') ?? ''}">
<button>Search</button><a class="button main" data-testid="new-job" href="${accountHref(account.id, '/jobs/new')}">Post a job</a></form>
${links}${table({
  head: ['Job', 'Place', 'Status', 'Candidates', 'Changed (UTC)'],
  rows: rows.map(
    (
      job,
    ) => html`<tr data-testid="job-${job.id}"><td><a href="${accountHref(account.id, `/jobs/${job.id}`)}">${job.position_name}</a>
<div class="small muted">${job.id}</div></td><td>${[job.city, job.country].filter(Boolean).join(', ') || '–'}</td>
<td>${statusTags(job)}</td><td class="n">${matches.get(job.id) ?? 0}</td><td>${instant(job.updated_at)}</td></tr>`,
  ),
  empty: q ? 'No job fits. Try another word.' : 'No jobs yet. Post the first one.',
})}`;
  return render(context, { title: `${account.label}: jobs`, at: '', body });
}

function countBy(simulator: SimulatorBehindInspector, account: AccountRow): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { job } of simulator.rows(account.id, 'matches')) {
    counts.set(job, (counts.get(job) ?? 0) + 1);
  }
  return counts;
}

function statusTags(job: JobRow): Html {
  const tone = job.status === 'active' ? 'ok' : job.status === 'on_hold' ? 'warn' : '';
  return html`${tag(job.status, tone)} ${job.is_published ? tag('published', 'ok') : tag('unpublished')}`;
}

interface Typed {
  form?: Record<string, string>;
  errors?: Record<string, string>;
}

function newPage(
  context: Context,
  simulator: SimulatorBehindInspector,
  account: AccountRow,
  typed: Typed,
) {
  const body = html`${crumbs(account)}${jobForm(simulator, account, { job: null, ...typed })}`;
  return render(context, {
    title: 'Post a job',
    at: '',
    body,
    said: null,
    status: typed.errors ? 400 : 200,
  });
}

function jobPage(
  context: Context,
  simulator: SimulatorBehindInspector,
  shown: Typed & {
    account: AccountRow;
    job: JobRow;
    applicant?: Record<string, string>;
    applicantErrors?: Record<string, string>;
  },
) {
  const { account, job } = shown;
  const here = accountHref(account.id, `/jobs/${job.id}`);
  const body = html`${crumbs(account)}<p>${statusTags(job)} <span class="muted small">id ${job.id}, changed
${instant(job.updated_at)} UTC</span></p><h2>Candidates</h2>
${matchTable(simulator, account, { matches: matchesOf(simulator, account, job), back: here })}
${applicantForm(here, shown.applicant ?? {}, shown.applicantErrors ?? {})}
<h2>Edit the job</h2>${jobForm(simulator, account, shown)}
<form method="post" action="${here}/delete"><button class="bad" data-testid="delete-job">Delete the job</button></form>`;
  const failed = shown.errors ?? shown.applicantErrors;
  return render(context, { title: job.position_name, at: '', body, status: failed ? 400 : 200 });
}

function matchesOf(simulator: SimulatorBehindInspector, account: AccountRow, job: JobRow) {
  return simulator.rows(account.id, 'matches').filter((match) => match.job === job.id);
}
