import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Form, paged } from '../inspectorFrame.ts';
import {
  checkbox,
  type Html,
  input,
  instant,
  problems,
  select,
  table,
  tag,
} from '../inspectorLayout.ts';
import { attempt, crumbs, FRAME, SITE_PATH, siteHref, siteIn } from './inspectorPages.ts';
import type { FormFieldRow, FormRow, SubmissionRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import type { Fields, SiteRow } from './siteRows.ts';
import { labelOf } from './submissions.ts';
import { valueAt } from './values.ts';

/** The forms of a site, as its visitors see them, and what came in through them. */
export function addFormPages(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(`${SITE_PATH}/forms`, (context) => {
    const site = siteIn(context, simulator);
    return site ? listPage(context, simulator, site) : context.notFound();
  });
  app.get(`${SITE_PATH}/forms/:id`, (context) => {
    const found = formIn(context, simulator);
    return found ? formPage(context, found, {}) : context.notFound();
  });
  app.post(`${SITE_PATH}/forms/:id`, async (context) => {
    const found = formIn(context, simulator);
    if (!found) return context.notFound();
    const typed = await context.req.parseBody({ all: true });
    const values = valuesOf(found.form, typed);
    const { site, form } = found;
    const result = attempt(() => simulator.visitor(site.id).submits(form.id, values));
    if (result.ok) return FRAME.seeOther(context, siteHref(site, '/forms'), 'submitted');
    return formPage(context, found, { typed, errors: result.errors });
  });
}

function formIn(context: Context, simulator: SimulatorBehindInspector) {
  const site = siteIn(context, simulator);
  const id = context.req.param('id');
  const form = site && simulator.rows(site.id, 'forms').find((row) => row.id === id);
  return site && form ? { site, form } : null;
}

function listPage(context: Context, simulator: SimulatorBehindInspector, site: SiteRow) {
  const forms = simulator.rows(site.id, 'forms');
  const kept = simulator.rows(site.id, 'submissions').filter(({ trashed }) => !trashed);
  const { rows, links } = paged(context, [...kept].reverse());
  const body = html`${crumbs(site)}<div class="cards">${forms.map(
    (form) => html`<section class="card"><h2 style="margin-top:0">
<a href="${siteHref(site, `/forms/${form.id}`)}" data-testid="form-${form.id}">${form.name}</a></h2>
<p>${form.enabled ? tag('Open', 'ok') : tag('Switched off', 'warn')}</p></section>`,
  )}</div><h2>Submissions</h2>${links}${table({
    head: ['Time (UTC)', 'Form', 'Values', 'Status', 'Contact'],
    rows: rows.map((row) => submissionRow(row, { site, forms })),
    empty: 'Nothing was submitted yet. Open a form above and fill it in.',
  })}`;
  return FRAME.render(context, { title: `${site.name}: forms`, at: '', body });
}

function submissionRow(
  row: SubmissionRow,
  { site, forms }: { site: SiteRow; forms: readonly FormRow[] },
): Html {
  const form = forms.find(({ id }) => id === row.formId);
  const values = Object.values(row.submissions).map(String).join(', ');
  const contact = row.contactId
    ? html`<a href="${siteHref(site, `/contacts/${row.contactId}`)}">contact</a>`
    : html`–`;
  return html`<tr data-testid="submission-${row.id}"><td>${instant(row.createdDate)}</td>
<td>${form?.name ?? row.formId}</td><td>${values}</td>
<td>${tag(row.status, row.status === 'CONFIRMED' ? 'ok' : 'warn')}</td><td>${contact}</td></tr>`;
}

type Typed = Record<string, unknown>;

function formPage(
  context: Context,
  { site, form }: { site: SiteRow; form: FormRow },
  { typed = {}, errors = {} }: { typed?: Typed; errors?: Form },
) {
  const body = html`${crumbs(site)}${problems(errors)}
<form method="post" action="${siteHref(site, `/forms/${form.id}`)}" class="card"><div class="grid">
${form.formFields.map((field) => control(field, typed, errors))}</div>
<p><button class="main" data-testid="submit-form">Submit the form</button></p></form>`;
  const status = Object.keys(errors).length > 0 ? 400 : 200;
  return FRAME.render(context, { title: form.name, at: '', body, status });
}

function control({ inputOptions }: FormFieldRow, typed: Typed, errors: Form): Html {
  if (!inputOptions) return html``;
  const { target: name, required, inputType } = inputOptions;
  const label = `${labelOf(inputOptions)}${required ? ' (needed)' : ''}`;
  const value = typeof typed[name] === 'string' ? typed[name] : '';
  const field = { name, label, value, error: errors[name] };
  if (inputType === 'BOOLEAN') return checkbox({ name, label, checked: value === 'true' });
  if (inputType === 'ARRAY') return choices(inputOptions, label, typed[name]);
  const options = optionsOf(valueAt(inputOptions, 'stringOptions.validation.enum'));
  if (options.length > 0) {
    const all = ['', ...options].map((one) => ({ value: one, text: one || 'Choose' }));
    return select({ ...field, options: all });
  }
  const format = valueAt(inputOptions, 'stringOptions.validation.format');
  const hint = format === 'PHONE' ? 'With the country: +16715550142' : undefined;
  return input({ ...field, hint, type: inputType === 'NUMBER' ? 'number' : 'text' });
}

const optionsOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

function choices(
  inputOptions: NonNullable<FormFieldRow['inputOptions']>,
  label: string,
  typed: unknown,
): Html {
  const { target } = inputOptions;
  const path = 'arrayOptions.validation.items.stringOptions.enum';
  const chosen = Array.isArray(typed) ? typed : [typed];
  return html`<fieldset style="border:0;padding:0;margin:0"><legend class="small">${label}</legend>
${optionsOf(valueAt(inputOptions, path)).map(
  (one) => html`<label class="check"><input type="checkbox" name="${target}" value="${one}"
data-testid="${target}-${one}" ${chosen.includes(one) ? 'checked' : ''}>${one}</label>`,
)}</fieldset>`;
}

/** What was typed, in the types of the form; what was left empty is left out. */
function valuesOf(form: FormRow, typed: Typed): Fields {
  const values: Fields = {};
  for (const { inputOptions } of form.formFields) {
    const given = inputOptions && typed[inputOptions.target];
    if (!inputOptions || given === undefined || given === '') continue;
    values[inputOptions.target] = typedAs(inputOptions.inputType, given);
  }
  return values;
}

function typedAs(inputType: string, given: unknown): unknown {
  if (inputType === 'NUMBER') return Number(given);
  if (inputType === 'BOOLEAN') return given === 'true';
  if (inputType === 'ARRAY') return Array.isArray(given) ? given : [given];
  return String(given);
}
