import type { Page } from 'playwright-core';
import type { Installation } from '../kiex/installation.ts';
import { until } from '../kiex/until.ts';

/** Staff press Preview of the hotels on the dashboard, and wait until the jobs were looked at. */
export async function previewOfJobs(kiex: Installation, page: Page): Promise<string> {
  await page.goto(`${kiex.url}/staff/sync`);
  const button = page.getByRole('button', { name: /^Preview a full comparison of .*Pacific Stay/ });
  await button.click();
  const row = page.locator('#runs tbody tr', { hasText: 'preview of' }).filter({ hasText: 'Jobs' });
  await until('the preview of the jobs', async () => {
    await page.goto(`${kiex.url}/staff/sync`);
    return (await row.count()) > 0;
  });
  await row.first().getByRole('link').first().click();
  await page.waitForURL(/\/preview$/);
  return page.url();
}
