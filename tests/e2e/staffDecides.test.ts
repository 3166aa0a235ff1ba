import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { makeInstallation, unpaced } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { type SimulatedManatal, simulatedManatal } from '../kiex/simulatedManatal.ts';
import { until } from '../kiex/until.ts';
import { launch } from './browser.ts';
import { fillApplication, hotels, send, signIn, uploadResume } from './people.ts';
import { seedTroubles } from './troubles.ts';

// Told in order, and with scripts off: what only a person may decide, decided on the pages.

const label = 'Pacific Stay Hotels';
const personOf = (wanted: string) => SANDBOX_PEOPLE.find(({ role }) => role === wanted)!;

let kiex: RunningKiex;
let manatal: SimulatedManatal;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [kiex, browser] = await Promise.all([startKiex(await makeInstallation(unpaced)), launch()]);
  manatal = simulatedManatal(kiex.inspectorUrl);
  page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(page, kiex.url, personOf('staff'));
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

const main = () => page.locator('main').innerText();
const dashboard = () => page.goto(`${kiex.url}/staff/sync`);
const settings = () => page.goto(`${kiex.url}/staff/integrations`);

test('[M3] a field that both sides changed waits for a choice, and takes what staff choose', async () => {
  const job = await until('a job', someJob);
  await settings();
  await page.getByRole('link', { name: 'Fields' }).first().click();
  await page.getByLabel('When both changed address of Jobs').selectOption('ask');
  await page.getByRole('button', { name: 'Save fields' }).click();
  await settings();
  await page.getByRole('button', { name: 'Pause' }).first().click();
  await page.goto(job.editUrl);
  await page.getByLabel('Street').fill('1 Beach Road');
  await page.getByRole('button', { name: 'Save job' }).click();
  await manatal.editJob(hotels, job.theirId, { address: '2 Beach Road' });
  await settings();
  await page.getByRole('button', { name: 'Resume' }).first().click();
  const choice = page.getByRole('button', { name: /^Use KiEX’s value for address/ });
  await until('the conflict', async () => {
    await page.goto(`${kiex.url}/staff/sync/conflicts`);
    return (await choice.count()) > 0;
  });
  await choice.click();
  expect(await main()).toContain('Chosen. It is carried');
  await until('the chosen value in Manatal', async () =>
    (await manatal.rows(hotels, 'jobs')).some(
      ({ id, address }) => id === job.theirId && address === '1 Beach Road',
    ),
  );
});

/** Some job of the hotels: its id there, and the page on which it is edited here. */
async function someJob(): Promise<{ theirId: number; editUrl: string } | undefined> {
  await page.goto(`${kiex.url}/staff/sync/activity?resource=jobs`);
  const line = page.locator('tbody tr', { hasText: label });
  const link = line.locator('a[href^="/staff/records/jobs/"]').first();
  if ((await link.count()) === 0) return undefined;
  const ourId = (await link.getAttribute('href'))!.split('/').at(-1);
  return {
    theirId: Number(await link.innerText()),
    editUrl: `${kiex.url}/staff/jobs/${ourId}/edit`,
  };
}

/** As the student. */
async function sendApplication(): Promise<void> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await signIn(tab, kiex.url, personOf('student'));
  await uploadResume(tab, kiex.url, personOf('student'));
  await tab.goto(`${kiex.url}/jobs?q=Pacific+Stay`);
  const href = await tab.locator('.job-row h3 a').first().getAttribute('href');
  await fillApplication(tab, kiex.url + href, 'I grew up near your lobby.');
  await send(tab);
  await tab.locator('.application-status').first().waitFor();
  await context.close();
}

test('[F5] problems of one kind are retried together, and the others stay as they are', async () => {
  await sendApplication();
  await until('the last part of the application', async () => {
    await page.goto(`${kiex.url}/staff/sync/activity?resource=notes`);
    return (await page.locator('tbody tr').count()) > 0;
  });
  await seedTroubles(kiex.dataDir, label);
  await dashboard();
  await page.locator('select[name=kind]').selectOption('unreachable');
  await page.locator('#problems').getByRole('button', { name: 'Show', exact: true }).click();
  await page.locator('summary', { hasText: 'Retry all (1)' }).click();
  await page.getByRole('button', { name: 'Retry all (1)' }).click();
  expect(await main()).toContain('Tried again now: 1.');
  await dashboard();
  expect(await page.locator('#problems').innerText()).toContain('results.3.salary_min');
});

test('an issue that staff dealt with is closed, and its reason kept', async () => {
  await dashboard();
  const issue = page.locator('#issues article', { hasText: 'It is not clear which records' });
  await issue.locator('summary').click();
  await issue.getByLabel('What was done about it?').fill('They are two people');
  await issue.getByRole('button', { name: 'Close', exact: true }).click();
  expect(await main()).toContain('Closed. The reason is kept with it.');
  expect(await issue.count()).toBe(0);
  await page.getByRole('link', { name: 'Show closed issues' }).click();
  expect(await page.locator('#issues').innerText()).toContain('They are two people');
});
