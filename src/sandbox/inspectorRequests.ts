import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Frame } from './inspectorFrame.ts';
import { type Html, instant, table, tag } from './inspectorLayout.ts';
import type { RequestLogEntry } from './requestLog.ts';

/** Rows shown of a log. */
export const ROWS_SHOWN = 200;

/** The log of requests does not need to know whose they were. */
type Shown = Omit<RequestLogEntry<unknown>, 'fault'> & { fault: string | null };

/** What came in. */
export function addRequestPage(
  app: Hono,
  simulator: { requests(): readonly Shown[] },
  frame: Frame,
): void {
  app.get('/admin/requests', (context) => {
    const rows = simulator.requests().slice(-ROWS_SHOWN).reverse().map(requestRow);
    const body = html`<p>The last ${ROWS_SHOWN} requests, newest first.</p>${table({
      head: ['Time (UTC)', 'Service', 'Request', 'Status', 'ms', 'Fault'],
      rows,
      empty: 'Nothing was asked yet. Connect KiEX with one of the keys.',
    })}`;
    return frame.render(context, { title: 'Requests', at: '/admin/requests', body });
  });
}

function requestRow(entry: Shown): Html {
  const status = entry.status ?? 'lost';
  const tone =
    entry.status === null || entry.status >= 500 ? 'bad' : entry.status >= 400 ? 'warn' : 'ok';
  return html`<tr><td>${instant(entry.at)}</td><td>${entry.service}</td>
<td><code>${entry.method} ${entry.path}</code></td><td>${tag(String(status), tone)}</td>
<td class="n">${entry.milliseconds}</td><td>${entry.fault ? tag(entry.fault, 'bad') : ''}</td></tr>`;
}
