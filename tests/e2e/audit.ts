import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds wrong with a page, a line for each element. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await inPage.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
  });
}

/** Scripts that a page ships; data for search engines is none. */
export const scriptsOf = (page: Page): Promise<number> =>
  page.evaluate(
    () => [...document.scripts].filter(({ type }) => type !== 'application/ld+json').length,
  );

/** How many pixels a page is wider than the screen. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Opens a page afresh and weighs what came over the line, by kind: document, stylesheet, script … */
export async function weigh(page: Page, url: string): Promise<Record<string, number>> {
  const weighing: Promise<[string, number]>[] = [];
  page.on('requestfinished', (request) => {
    const kind = request.resourceType();
    weighing.push(request.sizes().then(({ responseBodySize }) => [kind, responseBodySize]));
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  const bytes: Record<string, number> = {};
  for (const [kind, size] of await Promise.all(weighing)) bytes[kind] = (bytes[kind] ?? 0) + size;
  return bytes;
}
