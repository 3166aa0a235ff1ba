import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Form, formOf, paged, searchBox } from '../inspectorFrame.ts';
import { type Html, input, instant, problems, table, tag } from '../inspectorLayout.ts';
import { attempt, crumbs, FRAME, SITE_PATH, siteHref, siteIn } from './inspectorPages.ts';
import type { MemberRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import type { SiteRow } from './siteRows.ts';

/** Signing up as a visitor, and what the owner decides about members. */
export function addMemberPages(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(`${SITE_PATH}/members`, (context) => {
    const site = siteIn(context, simulator);
    return site ? page(context, simulator, { site }) : context.notFound();
  });
  app.post(`${SITE_PATH}/members`, async (context) => {
    const site = siteIn(context, simulator);
    if (!site) return context.notFound();
    const typed = await formOf(context);
    const { email = '', firstName = '', lastName = '' } = typed;
    const result = attempt(
      () => simulator.visitor(site.id).registers({ email: email.trim(), firstName, lastName }),
      (field) => (field.endsWith('loginEmail') ? 'email' : field),
    );
    if (result.ok) return FRAME.seeOther(context, siteHref(site, '/members'), 'registered');
    return page(context, simulator, { site, typed, errors: result.errors });
  });
  app.post(`${SITE_PATH}/members/:id/:verb{approve|block|mute|unmute|delete}`, (context) => {
    const site = siteIn(context, simulator);
    if (!site) return context.notFound();
    const { id = '', verb } = context.req.param();
    const editor = simulator.editor(site.id);
    const result = attempt(() =>
      verb === 'delete'
        ? editor.deletesMember(id)
        : editor.decides(id, verb as 'approve' | 'block' | 'mute' | 'unmute'),
    );
    if (!result.ok) return page(context, simulator, { site, errors: result.errors });
    const said = verb === 'delete' ? 'deleted' : 'decided';
    return FRAME.seeOther(context, siteHref(site, '/members'), said);
  });
}

function page(
  context: Context,
  simulator: SimulatorBehindInspector,
  { site, typed = {}, errors = {} }: { site: SiteRow; typed?: Form; errors?: Form },
) {
  const at = (name: string, label: string) => ({
    ...{ name, label, value: typed[name] ?? '', error: errors[name] },
  });
  const words = (context.req.query('q') ?? '').toLowerCase();
  const fits = ({ loginEmail, profile }: MemberRow) =>
    `${loginEmail} ${profile.nickname}`.toLowerCase().includes(words);
  const found = simulator.rows(site.id, 'members').filter(fits).reverse();
  const { rows, links } = paged(context, found);
  const body = html`${crumbs(site)}${problems(errors)}<h2>Sign up, as a visitor</h2>
<form method="post" action="${siteHref(site, '/members')}" class="card"><div class="grid">
${input({ ...at('email', 'E-mail (needed)'), type: 'email' })}${input(at('firstName', 'First name'))}
${input(at('lastName', 'Last name'))}</div>
<p><button class="main" data-testid="register">Sign up</button></p></form>
<h2>Members</h2>${searchBox(context, 'Name or e-mail')}${links}${table({
    head: ['Since (UTC)', 'Name', 'Login e-mail', 'Status', 'Decide'],
    rows: rows.map((row) => memberRow(site, row)),
    empty: 'Nobody is a member yet. Sign up above.',
  })}`;
  const status = Object.keys(errors).length > 0 ? 400 : 200;
  return FRAME.render(context, { title: `${site.name}: members`, at: '', body, status });
}

function memberRow(site: SiteRow, row: MemberRow): Html {
  const verbs =
    row.status === 'APPROVED' ? (['block', 'delete'] as const) : (['approve', 'delete'] as const);
  return html`<tr data-testid="member-${row.id}"><td>${instant(row.createdDate)}</td>
<td><a href="${siteHref(site, `/contacts/${row.contactId}`)}">${row.profile.nickname}</a></td>
<td>${row.loginEmail}</td><td>${tag(row.status, row.status === 'APPROVED' ? 'ok' : 'warn')}
${row.isOwner ? tag('owner') : ''}</td><td><div style="display:flex;gap:8px">${verbs.map(
    (verb) => html`<form method="post" action="${siteHref(site, `/members/${row.id}/${verb}`)}">
<button class="${verb === 'delete' ? 'bad' : ''}" data-testid="${verb}-${row.id}">${WORDS[verb]}</button></form>`,
  )}</div></td></tr>`;
}

const WORDS = { approve: 'Approve', block: 'Block', delete: 'Delete' };
