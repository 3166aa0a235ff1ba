import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Form, formOf } from '../inspectorFrame.ts';
import { type Html, input, instant, problems, select, table, tag } from '../inspectorLayout.ts';
import { ROWS_SHOWN } from '../inspectorRequests.ts';
import { FRAME } from './inspectorPages.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import {
  type AppRow,
  AUTOMATION_TRIGGERS,
  type AutomationTrigger,
  type DeliveryRow,
  type SiteRow,
} from './siteRows.ts';

const HERE = '/admin/webhooks';

/** Apps of one's own and automations, and what was sent. */
export function addWebhookPages(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(HERE, (context) => page(context, simulator, {}));
  app.post(`${HERE}/apps`, async (context) => {
    const typed = await formOf(context);
    const problem = problemOf(simulator, typed, 'appUrl');
    if (problem) return page(context, simulator, { typed, errors: problem });
    const { appSite: site = '', appUrl = '' } = typed;
    const hooks = [{ eventType: '*', url: appUrl }];
    const { id } = simulator.addApp({ name: 'KiEX', hooks });
    simulator.installApp(id, site);
    return FRAME.seeOther(context, HERE, 'subscribed');
  });
  app.post(`${HERE}/automations`, async (context) => {
    const typed = await formOf(context);
    const problem = problemOf(simulator, typed, 'automationUrl');
    if (problem) return page(context, simulator, { typed, errors: problem });
    const { automationSite: site = '', automationUrl = '' } = typed;
    const trigger = typed.trigger as AutomationTrigger;
    simulator.addAutomation(site, { trigger, url: automationUrl });
    return FRAME.seeOther(context, HERE, 'automated');
  });
}

function problemOf(
  simulator: SimulatorBehindInspector,
  typed: Form,
  name: 'appUrl' | 'automationUrl',
): Form | null {
  const text = typed[name] ?? '';
  if (!URL.canParse(text) || !/^https?:/.test(text)) return { [name]: 'Use an address.' };
  const siteField = name === 'appUrl' ? 'appSite' : 'automationSite';
  const isSite = simulator.sites().some(({ id }) => id === typed[siteField]);
  if (!isSite) return { [siteField]: 'Choose a site.' };
  const isTrigger = AUTOMATION_TRIGGERS.includes(typed.trigger as AutomationTrigger);
  return name === 'appUrl' || isTrigger ? null : { trigger: 'Choose what sets it off.' };
}

function page(
  context: Context,
  simulator: SimulatorBehindInspector,
  { typed = {}, errors = {} }: { typed?: Form; errors?: Form },
) {
  const at = (name: string, label: string) => ({
    ...{ name, label, value: typed[name] ?? '', error: errors[name] },
  });
  const sites = simulator.sites().map(({ id, name }) => ({ value: id, text: name }));
  const triggers = AUTOMATION_TRIGGERS.map((name) => ({
    value: name,
    text: name.replaceAll('_', ' '),
  }));
  const body = html`${problems(errors)}<h2 style="margin-top:0">Apps of one’s own</h2>
<p>An app signs what it sends. KiEX needs its public key.</p>
${simulator.apps().map((app) => appCard(simulator, app))}
<form method="post" action="${HERE}/apps" class="card"><div class="grid">
${select({ ...at('appSite', 'Site'), options: sites })}${input(at('appUrl', 'Send every event to'))}</div>
<p><button class="main" data-testid="add-app">Make an app and install it</button></p></form>
<h2>Automations</h2><p>An automation signs nothing: its address is the secret.</p>
<form method="post" action="${HERE}/automations" class="card"><div class="grid">
${select({ ...at('automationSite', 'Site'), options: sites })}
${select({ ...at('trigger', 'When'), options: triggers })}${input(at('automationUrl', 'Send it to'))}</div>
<p><button class="main" data-testid="add-automation">Switch it on</button></p></form>
${simulator.sites().map((site) => siteSection(simulator, site))}`;
  const status = Object.keys(errors).length > 0 ? 400 : 200;
  return FRAME.render(context, { title: 'Webhooks', at: HERE, body, status });
}

function appCard(simulator: SimulatorBehindInspector, app: AppRow): Html {
  const nameOf = (id: string) => simulator.sites().find((site) => site.id === id)?.name ?? id;
  return html`<section class="card" data-testid="app-${app.id}"><strong>${app.name}</strong>
<span class="small">App ID <code>${app.id}</code></span>
${app.installs.map(
  ({ site, instanceId }) =>
    html`<p class="small">Installed on ${nameOf(site)}, instance <code>${instanceId}</code></p>`,
)}
${app.hooks.map(({ eventType, url }) => html`<p class="small"><code>${eventType}</code> to <code>${url}</code></p>`)}
<details><summary>Public key</summary><pre class="scroll" tabindex="0" style="font-size:13px">${app.publicKey}</pre></details></section>`;
}

function siteSection(simulator: SimulatorBehindInspector, site: SiteRow): Html {
  const automations = simulator.rows(site.id, 'automations');
  const deliveries = simulator.rows(site.id, 'deliveries').slice(-ROWS_SHOWN).reverse();
  return html`<h2>${site.name}</h2>${automations.map(
    ({ trigger, url }) => html`<p>${tag(trigger.replaceAll('_', ' '))} <code>${url}</code></p>`,
  )}${table({
    name: `Deliveries of ${site.name}`,
    head: ['Time (UTC)', 'Event', 'To', 'Outcome', 'Status', 'Attempts'],
    rows: deliveries.map(deliveryRow),
    empty: 'Nothing was sent yet. Make an app above, then submit a form.',
  })}`;
}

function deliveryRow(row: DeliveryRow): Html {
  const tone = row.outcome === 'delivered' ? 'ok' : row.outcome === 'waiting' ? '' : 'bad';
  return html`<tr><td>${instant(row.sentAt ?? row.dueAt)}</td><td>${row.eventType}
<div class="small muted">${row.entityId}</div></td><td><code>${row.targetUrl}</code></td>
<td>${tag(row.outcome, tone)} ${row.fault === 'none' ? '' : tag(row.fault, 'warn')}</td>
<td>${row.status ?? '–'}</td><td class="n">${row.attempts}</td></tr>`;
}
