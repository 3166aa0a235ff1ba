import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type Html, instant, table, tag } from '../inspectorLayout.ts';
import { addRequestPage, ROWS_SHOWN } from '../inspectorRequests.ts';
import { render, seeOther } from './inspectorPages.ts';
import type { AccountRow, DeliveryRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';

/** What came in, and what went out. */
export function addWatchPages(app: Hono, simulator: SimulatorBehindInspector): void {
  addRequestPage(app, simulator, { render, seeOther });
  app.get('/admin/webhooks', (context) => {
    const body = html`${simulator.accounts().map((account) => webhooksOf(simulator, account))}`;
    return render(context, { title: 'Webhooks', at: '/admin/webhooks', body });
  });
}

function webhooksOf(simulator: SimulatorBehindInspector, account: AccountRow): Html {
  const subscriptions = simulator.rows(account.id, 'webhooks');
  const deliveries = simulator.deliveries(account.id).slice(-ROWS_SHOWN).reverse();
  return html`<h2>${account.label}</h2>${table({
    name: `Subscriptions of ${account.label}`,
    head: ['Subscription', 'Event', 'Target'],
    rows: subscriptions.map(
      (row) =>
        html`<tr><td>${row.id}</td><td>${row.model} ${row.action}</td><td><code>${row.target_url}</code></td></tr>`,
    ),
    empty: 'Nobody has subscribed. KiEX registers its own subscriptions once connected.',
  })}<h3>Deliveries</h3>${table({
    name: `Deliveries to subscribers of ${account.label}`,
    head: ['Time (UTC)', 'Event', 'Body', 'Outcome', 'Status', 'Attempts'],
    rows: deliveries.map(deliveryRow),
    empty: 'Nothing was sent yet. Move a candidate to see one.',
  })}`;
}

function deliveryRow(row: DeliveryRow): Html {
  const tone = row.outcome === 'delivered' ? 'ok' : row.outcome === 'waiting' ? '' : 'bad';
  const body = JSON.stringify(row.body);
  return html`<tr><td>${instant(row.sentAt ?? row.dueAt)}</td><td>${row.model} ${row.action}
<div class="small muted">${row.objectId}</div></td>
<td><code>${body.length > 120 ? `${body.slice(0, 120)}…` : body}</code></td>
<td>${tag(row.outcome, tone)} ${row.fault === 'none' ? '' : tag(row.fault, 'warn')}</td>
<td>${row.status ?? '–'}</td><td class="n">${row.attempts}</td></tr>`;
}
