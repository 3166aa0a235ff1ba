import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Form, Frame } from '../inspectorFrame.ts';
import { type Html, type Inspector, layout, type Page } from '../inspectorLayout.ts';
import { Refused } from './refusals.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import type { SiteRow } from './siteRows.ts';
import { isObject, valueAt } from './values.ts';

const INSPECTOR: Inspector = {
  name: 'Wix simulator',
  color: '#1D3F8F',
  links: [
    { href: '/admin/', text: 'Sites' },
    { href: '/admin/requests', text: 'Requests' },
    { href: '/admin/webhooks', text: 'Webhooks' },
    { href: '/admin/switches', text: 'Switches and clock' },
  ],
};

/** What a form says after it was done. The address carries the key, never the words. */
const SAID: Record<string, string> = {
  submitted: 'The form was submitted. Its contact follows a moment later.',
  registered: 'You are a member now, or wait for the owner where the site asks for that.',
  added: 'The contact is kept.',
  saved: 'Saved.',
  merged: 'The contacts are one. Asking for the other one gives this one.',
  deleted: 'Deleted.',
  decided: 'The member is changed.',
  written: 'The draft is kept. Nobody sees it until it is published.',
  published: 'The post is public.',
  unpublished: 'The post is offline, and still a draft.',
  subscribed: 'Events of the site go there from now on.',
  automated: 'The automation is on.',
  switched: 'The switches are set.',
  faulted: 'The fault is in place.',
  healed: 'The faults are gone.',
  shifted: 'The clock moved forward.',
};

export const FRAME: Frame = {
  async render(
    context: Context,
    page: Page & { status?: ContentfulStatusCode },
  ): Promise<Response> {
    const said = SAID[context.req.query('said') ?? ''] ?? null;
    return context.html(await layout(INSPECTOR, { said, ...page }), page.status ?? 200);
  },
  seeOther: (context: Context, href: string, said: string): Response =>
    context.redirect(`${href}?said=${said}`, 303),
};

export const SITE_PATH = '/admin/sites/:site{[0-9a-f-]+}';

export function siteHref(site: SiteRow, rest = ''): string {
  return `/admin/sites/${site.id}${rest}`;
}

/** The site in the address, or null. */
export function siteIn(context: Context, simulator: SimulatorBehindInspector): SiteRow | null {
  return simulator.sites().find(({ id }) => id === context.req.param('site')) ?? null;
}

const PLACES = [
  { rest: '/forms', text: 'forms' },
  { rest: '/members', text: 'members' },
  { rest: '/contacts', text: 'contacts' },
  { rest: '/posts', text: 'blog' },
];

/** The way to the other pages of the site. */
export function crumbs(site: SiteRow): Html {
  return html`<nav aria-label="${site.name}"><p>${site.name}: ${PLACES.map(
    ({ rest, text }, at) =>
      html`${at > 0 ? ' · ' : ''}<a href="${siteHref(site, rest)}">${text}</a>`,
  )}</p></nav>`;
}

/**
 * Does what a form asks. A refusal becomes sentences by field; anything else is a bug and passes on.
 *
 * fieldOf  turns the service's name of a field into the form's.
 */
export function attempt<Done>(
  work: () => Done,
  fieldOf: (field: string) => string = (field) => field.split('.').at(-1) ?? field,
): { ok: true; done: Done } | { ok: false; errors: Form } {
  try {
    return { ok: true, done: work() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ok: false, errors: sentences(error, fieldOf) };
  }
}

function sentences(refused: Refused, fieldOf: (field: string) => string): Form {
  const violations = valueAt(refused.body, 'details.validationError.fieldViolations');
  if (!Array.isArray(violations)) return { form: refused.message };
  const pairs = violations.flatMap((violation) => {
    const errors = valueAt(violation, 'data.errors');
    if (!Array.isArray(errors)) {
      const field = String(valueAt(violation, 'field'));
      return [[fieldOf(field), String(valueAt(violation, 'description'))]];
    }
    return errors
      .filter(isObject)
      .map(({ errorPath, errorMessage }) => [String(errorPath) || 'form', String(errorMessage)]);
  });
  return Object.fromEntries(pairs);
}
