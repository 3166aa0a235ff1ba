import { Hono } from 'hono';
import { html } from 'hono/html';
import { tag } from '../inspectorLayout.ts';
import { addAdminApi } from './inspectorApi.ts';
import { addFormPages } from './inspectorForm.ts';
import { addJobPages } from './inspectorJobs.ts';
import { accountHref, render } from './inspectorPages.ts';
import { addPeoplePages } from './inspectorPeople.ts';
import { addSwitchPages } from './inspectorSwitches.ts';
import { addWatchPages } from './inspectorWatch.ts';
import type { SimulatorBehindInspector } from './simulator.ts';

/** The pages on which a person acts as the recruiter, and the same doors for scripts. */
export function createInspector(simulator: SimulatorBehindInspector): Hono {
  const app = new Hono();
  // Any website open in the same browser could post to this port. Browsers name the site they come
  // from on every such request; scripts name none.
  app.use(async (context, next) => {
    const origin = context.req.header('origin');
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
    if (!isRead && origin !== undefined && origin !== new URL(context.req.url).origin) {
      return context.text('This came from another website.', 403);
    }
    return next();
  });
  app.get('/admin', (context) => context.redirect('/admin/', 301));
  app.get('/admin/', (context) =>
    render(context, { title: 'Employer accounts', at: '/admin/', body: home(simulator) }),
  );
  addJobPages(app, simulator);
  addFormPages(app, simulator);
  addPeoplePages(app, simulator);
  addWatchPages(app, simulator);
  addSwitchPages(app, simulator);
  addAdminApi(app, simulator);
  app.notFound((context) =>
    render(context, {
      title: 'There is no such page',
      at: '',
      body: html`<p>It may have been removed. <a href="/admin/">See the employer accounts.</a></p>`,
      status: 404,
    }),
  );
  return app;
}

function home(simulator: SimulatorBehindInspector) {
  const accounts = simulator.accounts();
  if (accounts.length === 0) {
    return html`<p>There are no accounts yet. Start the sandbox to seed it, or make one through
<code>POST /admin/api/accounts</code>.</p>`;
  }
  return html`<p>Act as the recruiter of one of these employers. The key is what goes into Integration
Settings in KiEX; it opens nothing but this simulator.</p><div class="cards">
${accounts.map((account) => {
  const count = (name: 'jobs' | 'candidates' | 'matches') =>
    simulator.rows(account.id, name).length;
  return html`<section class="card" data-testid="account-${account.id}"><h2 style="margin-top:0">
<a href="${accountHref(account.id, '/jobs')}">${account.label}</a></h2>
<p>${count('jobs')} jobs · ${count('candidates')} candidates · ${count('matches')} matches</p>
<p class="small">Key <code data-testid="key-${account.id}">${account.key}</code><br>
Career page <code>${account.careerSlug}</code></p>
<p>${account.access === 'granted' ? tag('Key works', 'ok') : tag(account.access, 'bad')}
<span class="muted small">${simulator.quotaUsed(account.id)} calls in this minute</span></p></section>`;
})}</div>`;
}
