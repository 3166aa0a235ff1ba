import { Hono } from 'hono';
import { html } from 'hono/html';
import { addControlApi } from '../adminApi.ts';
import { FAULT_KINDS } from '../faults.ts';
import { addControlPages } from '../inspectorControls.ts';
import { onlyFromHere } from '../inspectorFrame.ts';
import { type Html, tag } from '../inspectorLayout.ts';
import { addRequestPage } from '../inspectorRequests.ts';
import { WIX_FAULTS } from './apiFaults.ts';
import { addAdminApi } from './inspectorApi.ts';
import { addContactPages } from './inspectorContacts.ts';
import { addFormPages } from './inspectorForms.ts';
import { addMemberPages } from './inspectorMembers.ts';
import { crumbs, FRAME, SITE_PATH, siteIn } from './inspectorPages.ts';
import { addPostPages } from './inspectorPosts.ts';
import { addWebhookPages } from './inspectorWebhooks.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import type { KeyRow, SiteRow } from './siteRows.ts';
import { SWITCHES } from './switches.ts';

const KINDS = { ...FAULT_KINDS, ...WIX_FAULTS };

/** The pages on which a person is the website's visitor and editor, and the doors for scripts. */
export function createInspector(simulator: SimulatorBehindInspector): Hono {
  const app = new Hono();
  app.use(onlyFromHere);
  app.get('/admin', (context) => context.redirect('/admin/', 301));
  app.get('/admin/', (context) =>
    FRAME.render(context, { title: 'Sites', at: '/admin/', body: home(simulator) }),
  );
  app.get(SITE_PATH, (context) => {
    const site = siteIn(context, simulator);
    if (!site) return context.notFound();
    const body = html`${crumbs(site)}${siteCard(simulator, site)}`;
    return FRAME.render(context, { title: site.name, at: '', body });
  });
  addFormPages(app, simulator);
  addMemberPages(app, simulator);
  addContactPages(app, simulator);
  addPostPages(app, simulator);
  addWebhookPages(app, simulator);
  addRequestPage(app, simulator, FRAME);
  addControlPages(app, simulator, {
    ...FRAME,
    ...{ table: SWITCHES, kinds: KINDS, path: '/contacts/v4/*' },
    marks: `(c) documented, (s) read from Wix’s packages, (v) checked against the live service by Wix,
(t) told by others, (x) seen by running the packages, (u) unknown, so we chose.`,
  });
  addControlApi(app, simulator, { table: SWITCHES, kinds: KINDS });
  addAdminApi(app, simulator);
  app.notFound((context) =>
    FRAME.render(context, {
      title: 'There is no such page',
      at: '',
      body: html`<p>It may have been removed. <a href="/admin/">See the sites.</a></p>`,
      status: 404,
    }),
  );
  return app;
}

function home(simulator: SimulatorBehindInspector): Html {
  const sites = simulator.sites();
  if (sites.length === 0) {
    return html`<p>There are no sites yet. Make an account, a site and a key through
<code>POST /admin/api/accounts</code>, <code>/admin/api/sites</code> and <code>/admin/api/keys</code>.</p>`;
  }
  return html`<p>Be the visitor of one of these websites, or its editor. The key and the Site ID are what
goes into Integration Settings in KiEX; the key opens nothing but this simulator.</p>
<div class="cards">${sites.map((site) => siteCard(simulator, site))}</div>`;
}

function siteCard(simulator: SimulatorBehindInspector, site: SiteRow): Html {
  const count = (name: 'contacts' | 'submissions' | 'members' | 'drafts') =>
    simulator.rows(site.id, name).length;
  const keys = simulator.keys().filter((key) => key.account === site.account);
  return html`<section class="card" data-testid="site-${site.id}"><h2 style="margin-top:0">
<a href="/admin/sites/${site.id}">${site.name}</a></h2>${crumbs(site)}
<p>Contacts ${count('contacts')} · Submissions ${count('submissions')} · Members ${count('members')} ·
Posts ${count('drafts')}</p>
<p class="small">Site ID <code>${site.id}</code><br>Account ID <code>${site.account}</code></p>
${keys.map((key) => keyLine(simulator, site, key))}
<p>${(['blog', 'forms'] as const).map(
    (app) =>
      html`${site.apps.includes(app) ? tag(`Wix ${app}`, 'ok') : tag(`no Wix ${app}`, 'warn')} `,
  )}</p></section>`;
}

function keyLine(simulator: SimulatorBehindInspector, site: SiteRow, key: KeyRow): Html {
  const opens = key.sites === 'all' || key.sites.includes(site.id);
  const state = key.revoked ? 'revoked' : opens ? 'works' : 'not for this site';
  return html`<p class="small">Key <code data-testid="key-${key.id}">${key.key}</code>
${tag(state, state === 'works' ? 'ok' : 'bad')}
<span class="muted">${simulator.quotaUsed(`${key.id} ${site.id}`)} calls in this minute</span></p>`;
}
