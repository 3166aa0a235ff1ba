import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Html, type Inspector, layout, type Page } from '../inspectorLayout.ts';
import type { Refusal } from './records.ts';
import type { AccountRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';

const INSPECTOR: Inspector = {
  name: 'Manatal simulator',
  color: '#5B3A78',
  links: [
    { href: '/admin/', text: 'Accounts' },
    { href: '/admin/requests', text: 'Requests' },
    { href: '/admin/webhooks', text: 'Webhooks' },
    { href: '/admin/switches', text: 'Switches and clock' },
  ],
};

/** What a form says after it was done. The address carries the key, never the words. */
const SAID: Record<string, string> = {
  posted: 'The job is kept, not open. No webhook tells of a new job: clients find it by polling.',
  opened: 'The job was prepared on hold, then opened. A webhook tells that its status changed.',
  saved: 'Saved.',
  deleted: 'Deleted for good. No webhook tells of a deletion.',
  moved: 'The candidate moved to another stage.',
  dropped: 'The candidate is dropped; the stage stays as it was.',
  undropped: 'The candidate is back.',
  hired: 'The candidate is hired.',
  applied: 'The application arrived as if from the career page.',
  noted: 'The note is kept.',
  asked: 'The form asks other questions from now on, under new ids.',
  switched: 'The switches are set.',
  faulted: 'The fault is in place.',
  healed: 'The faults are gone.',
  shifted: 'The clock moved forward.',
};

export async function render(
  context: Context,
  page: Page & { status?: ContentfulStatusCode },
): Promise<Response> {
  const said = SAID[context.req.query('said') ?? ''] ?? null;
  return context.html(await layout(INSPECTOR, { said, ...page }), page.status ?? 200);
}

/** Ends a form: see the page afresh, so that a reload does nothing twice. */
export function seeOther(context: Context, href: string, said: string): Response {
  return context.redirect(`${href}?said=${said}`, 303);
}

export function accountHref(account: number, rest = ''): string {
  return `/admin/accounts/${account}${rest}`;
}

/** The account in the address, or null. */
export function accountIn(
  context: Context,
  simulator: SimulatorBehindInspector,
): AccountRow | null {
  const id = Number(context.req.param('account'));
  return simulator.accounts().find((row) => row.id === id) ?? null;
}

/** The way back, and the other pages of the account. */
export function crumbs(account: AccountRow): Html {
  return html`<p><a href="${accountHref(account.id, '/jobs')}">${account.label}: jobs</a> ·
<a href="${accountHref(account.id, '/candidates')}">candidates</a> ·
<a href="${accountHref(account.id, '/form')}">application form</a></p>`;
}

/** A refusal's messages by field, one sentence each, as forms show them. */
export function sentences(refusal: Refusal): Record<string, string> {
  const pairs = Object.entries(refusal.body).map(([name, messages]) => {
    if (typeof messages === 'string') return [name, messages];
    return [name, Object.values(messages).flat().join(' ')];
  });
  return Object.fromEntries(pairs);
}
