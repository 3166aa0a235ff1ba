import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { makeInstallation } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { simulatedManatal } from '../kiex/simulatedManatal.ts';
import { until } from '../kiex/until.ts';
import { launch } from './browser.ts';
import { hotels, signIn } from './people.ts';
import { previewOfJobs } from './previewing.ts';

// Told in order, and with scripts off: what staff do here must work on any machine.

let kiex: RunningKiex;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [kiex, browser] = await Promise.all([startKiex(await makeInstallation()), launch()]);
  const context = await browser.newContext({ javaScriptEnabled: false });
  page = await context.newPage();
  await signIn(page, kiex.url, SANDBOX_PEOPLE.find(({ role }) => role === 'staff')!);
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

test('a preview shows field by field what would change, and is carried out on request', async () => {
  const manatal = simulatedManatal(kiex.inspectorUrl);
  await until('the first read', async () => {
    await page.goto(`${kiex.url}/jobs`);
    return (await page.locator('.job-row').count()) > 0;
  });
  const job = await until('an open job', async () =>
    (await manatal.rows(hotels, 'jobs')).find((row) => row.status === 'active' && row.is_published),
  );
  await manatal.editJob(hotels, job.id, { address: '1 Beach Road' });
  await previewOfJobs(kiex, page);
  const line = page.locator('tbody tr', { hasText: '1 Beach Road' });
  expect(await line.innerText()).toContain('Change in KiEX');
  expect(await page.locator('main').innerText()).toMatch(
    /About \d+ calls?, \d+ min at \d+ a minute/,
  );
  await page.getByRole('button', { name: 'Apply this preview' }).click();
  await until('the end of the run', async () => {
    await page.reload();
    return (await page.locator('main').innerText()).includes('Done');
  });
  expect(page.url()).toMatch(/\/staff\/sync\/runs\/[\w-]+$/);
});

test('what the run wrote is taken back, after a look at what that means', async () => {
  await page.getByRole('link', { name: 'Take back…' }).click();
  expect(await page.locator('main').innerText()).toContain('1 record would go back');
  await page.getByRole('button', { name: 'Take back' }).click();
  expect(await page.getByRole('status').innerText()).toContain('1 record taken back');
});

test('the story of the record tells all of it, values and causes', async () => {
  await page.goto(`${kiex.url}/staff/sync/activity?resource=jobs`);
  await page.locator('a[href^="/staff/records/"]').first().click();
  const words = await page.locator('main').innerText();
  expect(words).toContain('1 Beach Road');
  expect(words).toMatch(/Put back/);
  expect(words).toMatch(/taken back from run/);
  expect(words).toContain('Held');
});
