import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Form, formOf, paged, searchBox } from '../inspectorFrame.ts';
import { type Html, input, instant, problems, table } from '../inspectorLayout.ts';
import { primaryOf } from './contactShow.ts';
import { attempt, crumbs, FRAME, SITE_PATH, siteHref, siteIn } from './inspectorPages.ts';
import type { ContactRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import type { Fields, SiteRow } from './siteRows.ts';

/** The owner's contacts: add, edit, merge, delete. */
export function addContactPages(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(`${SITE_PATH}/contacts`, (context) => {
    const site = siteIn(context, simulator);
    return site ? listPage(context, simulator, { site }) : context.notFound();
  });
  app.post(`${SITE_PATH}/contacts`, async (context) => {
    const site = siteIn(context, simulator);
    if (!site) return context.notFound();
    const typed = await formOf(context);
    const editor = simulator.editor(site.id);
    const result = attempt(() => editor.addsContact(infoOf(typed, null)));
    if (result.ok) return FRAME.seeOther(context, siteHref(site, '/contacts'), 'added');
    return listPage(context, simulator, { site, typed, errors: result.errors });
  });
  app.get(`${SITE_PATH}/contacts/:id`, (context) => {
    const found = contactIn(context, simulator);
    return found ? contactPage(context, simulator, found) : context.notFound();
  });
  app.post(`${SITE_PATH}/contacts/:id`, (context) =>
    change(context, simulator, 'saved', (editor, row, typed) =>
      editor.editsContact(row.id, infoOf(typed, row)),
    ),
  );
  app.post(`${SITE_PATH}/contacts/:id/merge`, (context) =>
    change(context, simulator, 'merged', (editor, row, { other = '' }) =>
      editor.merges(row.id, [other]),
    ),
  );
  app.post(`${SITE_PATH}/contacts/:id/delete`, (context) =>
    change(context, simulator, 'deleted', (editor, row) => editor.deletesContact(row.id)),
  );
}

type Editor = ReturnType<SimulatorBehindInspector['editor']>;

async function change(
  context: Context,
  simulator: SimulatorBehindInspector,
  said: 'saved' | 'merged' | 'deleted',
  act: (editor: Editor, row: ContactRow, typed: Form) => unknown,
): Promise<Response> {
  const found = contactIn(context, simulator);
  if (!found) return context.notFound();
  const { site, row } = found;
  const typed = await formOf(context);
  const result = attempt(() => act(simulator.editor(site.id), row, typed));
  if (!result.ok) {
    return contactPage(context, simulator, { ...found, typed, errors: result.errors });
  }
  const href = said === 'deleted' ? '/contacts' : `/contacts/${row.id}`;
  return FRAME.seeOther(context, siteHref(site, href), said);
}

function contactIn(context: Context, simulator: SimulatorBehindInspector) {
  const site = siteIn(context, simulator);
  const id = context.req.param('id');
  const row = site && simulator.rows(site.id, 'contacts').find((one) => one.id === id);
  return site && row ? { site, row } : null;
}

const TEXTS = { company: 'Company', jobTitle: 'Job title' } as const;

/** What the form means. The other e-mails and phones of the contact are kept. */
function infoOf(typed: Form, row: ContactRow | null): Fields {
  const { first = '', last = '', email = '', phone = '' } = typed;
  const emails = replaced(row?.info.emails?.items, 'email', email.trim());
  const phones = replaced(row?.info.phones?.items, 'phone', phone.trim());
  return {
    name: { first: first.trim(), last: last.trim() },
    ...(emails ? { emails } : {}),
    ...(phones ? { phones } : {}),
    ...Object.fromEntries(Object.keys(TEXTS).map((name) => [name, typed[name]?.trim() ?? ''])),
  };
}

function replaced<Item extends { id: string; primary: boolean }>(
  kept: Item[] = [],
  name: 'email' | 'phone',
  value: string,
): { items: Fields[] } | null {
  const primary = primaryOf(kept);
  const rest = kept.filter((item) => item !== primary);
  if (value === '' && !primary) return null;
  if (value === '') return { items: rest.map((item) => ({ ...item })) };
  return {
    items: [{ ...primary, [name]: value, primary: true }, ...rest.map((item) => ({ ...item }))],
  };
}

function fields(typed: Form, errors: Form): Html {
  const at = (name: string, label: string) => ({
    ...{ name, label, value: typed[name] ?? '', error: errors[name] },
  });
  return html`<div class="grid">${input(at('first', 'First name'))}${input(at('last', 'Last name'))}
${input(at('email', 'E-mail'))}${input(at('phone', 'Phone'))}
${Object.entries(TEXTS).map(([name, label]) => input(at(name, label)))}</div>`;
}

const nameOf = ({ info }: ContactRow) =>
  [info.name?.first, info.name?.last].filter(Boolean).join(' ') ||
  primaryOf(info.emails?.items)?.email ||
  'Without a name';

function listPage(
  context: Context,
  simulator: SimulatorBehindInspector,
  { site, typed = {}, errors = {} }: { site: SiteRow; typed?: Form; errors?: Form },
) {
  const words = (context.req.query('q') ?? '').toLowerCase();
  const fits = (row: ContactRow) =>
    `${nameOf(row)} ${row.info.emails?.items.map(({ email }) => email)}`
      .toLowerCase()
      .includes(words);
  const found = simulator.rows(site.id, 'contacts').filter(fits).reverse();
  const { rows, links } = paged(context, found);
  const body = html`${crumbs(site)}${problems(errors)}${searchBox(context, 'Name or e-mail')}${links}
${table({
  head: ['Name', 'E-mail', 'Source', 'Changed (UTC)'],
  rows: rows.map(
    (row) => html`<tr data-testid="contact-${row.id}">
<td><a href="${siteHref(site, `/contacts/${row.id}`)}">${nameOf(row)}</a></td>
<td>${primaryOf(row.info.emails?.items)?.email ?? '–'}</td><td>${row.source.sourceType}</td>
<td>${instant(row.updatedDate)}</td></tr>`,
  ),
  empty: 'No contacts. Submit a form, sign up as a member, or add one below.',
})}<h2>New contact</h2><form method="post" action="${siteHref(site, '/contacts')}" class="card">
${fields(typed, errors)}<p><button class="main" data-testid="add-contact">Add the contact</button></p></form>`;
  const status = Object.keys(errors).length > 0 ? 400 : 200;
  return FRAME.render(context, { title: `${site.name}: contacts`, at: '', body, status });
}

/** How many others are offered for a merge. */
const OTHERS_SHOWN = 200;

function contactPage(
  context: Context,
  simulator: SimulatorBehindInspector,
  given: { site: SiteRow; row: ContactRow; typed?: Form; errors?: Form },
) {
  const { site, row, errors = {} } = given;
  const { info } = row;
  const present: Form = {
    first: info.name?.first ?? '',
    last: info.name?.last ?? '',
    email: primaryOf(info.emails?.items)?.email ?? '',
    phone: primaryOf(info.phones?.items)?.phone ?? '',
    ...{ company: info.company ?? '', jobTitle: info.jobTitle ?? '' },
  };
  const here = siteHref(site, `/contacts/${row.id}`);
  const others = simulator
    .rows(site.id, 'contacts')
    .filter(({ id }) => id !== row.id)
    .slice(-OTHERS_SHOWN);
  const body = html`${crumbs(site)}${problems(errors)}
<p class="muted">Revision ${row.revision}, from ${row.source.sourceType}, last activity ${row.lastActivity.activityType}
${instant(row.lastActivity.activityDate)} UTC. ${(info.labelKeys?.items ?? []).join(', ')}</p>
<form method="post" action="${here}" class="card">${fields(given.typed ?? present, errors)}
<p><button class="main" data-testid="save-contact">Save</button></p></form>
<form method="post" action="${here}/merge" class="row card"><label for="other">Merge this contact in:</label>
<select id="other" name="other" data-testid="other">${others.map(
    (other) => html`<option value="${other.id}">${nameOf(other)}</option>`,
  )}</select><button data-testid="merge" ${others.length === 0 ? 'disabled' : ''}>Merge the two</button></form>
<form method="post" action="${here}/delete" class="row"><button class="bad" data-testid="delete-contact">Delete the contact</button></form>`;
  const status = Object.keys(errors).length > 0 ? 400 : 200;
  return FRAME.render(context, { title: nameOf(row), at: '', body, status });
}
