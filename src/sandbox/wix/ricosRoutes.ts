import type { Core } from './core.ts';
import type { Routes } from './guard.ts';
import { Refused } from './refusals.ts';
import { checkRicos, ricosOf, textOf } from './ricos.ts';
import type { Fields } from './siteRows.ts';
import { oneOf, wrong } from './values.ts';

const BASE = '/ricos/v1/ricos-document';
const NEEDS = { permission: 'blog' } as const;

/** The converter, for plain text and its nearest relatives. Source: reference/wix.md 7.3 */
export function addRicosRoutes(routes: Routes): void {
  const calls = new Map<string, number[]>();

  /** A burst gets an empty 403. (v) */
  const refuseBurst = (core: Core, site: string): void => {
    const now = core.clock.now().getTime();
    const recent = (calls.get(site) ?? []).filter((at) => at > now - 1_000);
    calls.set(site, [...recent, now]);
    if (recent.length >= core.switches().ricosBurst) throw new Refused(403, null);
  };

  routes.site('POST', `${BASE}/convert/to-ricos`, NEEDS, ({ scene: { core, site }, body }) => {
    refuseBurst(core, site.id);
    return { document: ricosOf(plainText(core, body)) };
  });
  routes.site('POST', `${BASE}/convert/from-ricos`, NEEDS, ({ scene: { core, site }, body }) => {
    refuseBurst(core, site.id);
    const text = textOf(checkRicos(body.document, 'document'));
    const format = oneOf(body.targetFormat, 'targetFormat', ['HTML', 'MARKDOWN', 'PLAIN_TEXT']);
    if (format === 'HTML') {
      return {
        html: text
          .split('\n')
          .map((line) => `<p>${escaped(line)}</p>`)
          .join(''),
      };
    }
    return format === 'MARKDOWN'
      ? { markdown: text.replaceAll('\n', '\n\n') }
      : { plainText: text };
  });
  routes.site('POST', `${BASE}/validate`, NEEDS, ({ scene: { core, site }, body }) => {
    refuseBurst(core, site.id);
    return { document: checkRicos(body.document, 'document'), valid: true };
  });
}

function plainText(core: Core, { html, markdown, plainText: plain }: Fields): string {
  const text = html ?? markdown ?? plain;
  if (typeof text !== 'string') throw wrong('html', 'one of html, markdown, plainText is needed');
  const max = core.switches().ricosMaxCharacters;
  if (text.length > max) throw wrong('html', `is over ${max} characters`, 'MAX_LENGTH');
  if (html === undefined) return text.replaceAll(/^[#>*-]+\s+/gm, '');
  return text
    .replaceAll(/<\/(p|h[1-6]|li|div)>|<br\s*\/?>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
