import type { Context, Next } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Html, Page } from './inspectorLayout.ts';

export type Form = Record<string, string>;

/** How one simulator's inspector shows a page, and ends a form. */
export interface Frame {
  render(
    context: Context,
    page: Page & { status?: ContentfulStatusCode },
  ): Response | Promise<Response>;
  /** `said` is a key of what the inspector can say; the address carries no words. */
  seeOther(context: Context, href: string, said: string): Response;
}

/** The text fields of a posted form; files and repeated names are left out. */
export async function formOf(context: Context): Promise<Form> {
  const body = await context.req.parseBody();
  const texts = Object.entries(body).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts) as Form;
}

/**
 * Any website open in the same browser could post to this port. Browsers name the site they come
 * from on every such request; scripts name none.
 */
export async function onlyFromHere(context: Context, next: Next) {
  const origin = context.req.header('origin');
  const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
  if (!isRead && origin !== undefined && origin !== new URL(context.req.url).origin) {
    return context.text('This came from another website.', 403);
  }
  return next();
}

/** Rows per page of the inspectors' lists. */
export const ROWS_PER_PAGE = 50;

/** One page of rows and the links to its neighbours. */
export function paged<Row>(context: Context, rows: readonly Row[]): { rows: Row[]; links: Html } {
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_PER_PAGE));
  const page = Math.min(pages, Math.max(1, Math.floor(Number(context.req.query('page'))) || 1));
  const start = (page - 1) * ROWS_PER_PAGE;
  const q = encodeURIComponent(context.req.query('q') ?? '');
  const to = (number: number) => `?q=${q}&page=${number}`;
  const links = html`<p class="muted">${rows.length} in all, page ${page} of ${pages}
${page > 1 ? html` · <a rel="prev" href="${to(page - 1)}">Previous</a>` : ''}
${page < pages ? html` · <a rel="next" href="${to(page + 1)}">Next</a>` : ''}</p>`;
  return { rows: rows.slice(start, start + ROWS_PER_PAGE), links };
}

/** A search box that keeps what was typed. */
export function searchBox(context: Context, label: string): Html {
  return html`<form class="row" method="get" role="search"><input type="search" name="q" aria-label="${label}"
placeholder="${label}" value="${context.req.query('q') ?? ''}"><button>Search</button></form>`;
}
