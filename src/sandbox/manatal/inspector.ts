import { Hono } from 'hono';
import { html } from 'hono/html';
import { FAULT_KINDS } from '../faults.ts';
import { addControlPages } from '../inspectorControls.ts';
import { onlyFromHere } from '../inspectorFrame.ts';
import { tag } from '../inspectorLayout.ts';
import { addAdminApi } from './inspectorApi.ts';
import { addFormPages } from './inspectorForm.ts';
import { addJobPages } from './inspectorJobs.ts';
import { accountHref, render, seeOther } from './inspectorPages.ts';
import { addPeoplePages } from './inspectorPeople.ts';
import { addWatchPages } from './inspectorWatch.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import { SWITCHES } from './switches.ts';

/** The pages on which a person acts as the recruiter, and the same doors for scripts. */
export function createInspector(simulator: SimulatorBehindInspector): Hono {
  const app = new Hono();
  app.use(onlyFromHere);
  app.get('/admin', (context) => context.redirect('/admin/', 301));
  app.get('/admin/', (context) =>
    render(context, { title: 'Employer accounts', at: '/admin/', body: home(simulator) }),
  );
  addJobPages(app, simulator);
  addFormPages(app, simulator);
  addPeoplePages(app, simulator);
  addWatchPages(app, simulator);
  addControlPages(app, simulator, {
    ...{ render, seeOther, table: SWITCHES, kinds: FAULT_KINDS, path: '/open/v3/*' },
    marks: `[D] documented, [S] seen, [S1] seen once, [I] inferred, [U→choice] unknown, so we
chose.`,
  });
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
