import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { makeInstallation, unpaced } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { type Row, type SimulatedManatal, simulatedManatal } from '../kiex/simulatedManatal.ts';
import { until } from '../kiex/until.ts';
import { launch } from './browser.ts';
import { hotels, signIn } from './people.ts';

// Told in order, and with scripts off: staff and a recruiter work on the same jobs and employers.

const label = 'Pacific Stay Hotels';
const staff = SANDBOX_PEOPLE.find(({ role }) => role === 'staff')!;

let kiex: RunningKiex;
let manatal: SimulatedManatal;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [kiex, browser] = await Promise.all([startKiex(await makeInstallation(unpaced)), launch()]);
  manatal = simulatedManatal(kiex.inspectorUrl);
  page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(page, kiex.url, staff);
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

const main = () => page.locator('main').innerText();
const settings = () => page.goto(`${kiex.url}/staff/integrations`);
const inManatal = async (fits: (row: Row) => boolean) =>
  (await manatal.rows(hotels, 'jobs')).find(fits);

let editUrl: string;

test('[F6] staff make a job here: it is in Manatal once, unpublished, and students see it', async () => {
  await page.goto(`${kiex.url}/staff/jobs`);
  await page.getByRole('link', { name: 'New job' }).click();
  await page.getByRole('button', { name: 'Make job' }).click();
  expect(await main()).toContain('A job needs a title.');
  expect(await main()).toContain('Say whose job it is.');
  await page.getByLabel('New employer').fill('Reef Labs Annex');
  await page.getByLabel('Account').selectOption({ label });
  await page.getByLabel('Title').fill('Lagoon Guide');
  await page.getByLabel('City or island').fill('Koror');
  await page.getByLabel('Shown to students').selectOption('yes');
  await page.getByRole('button', { name: 'Make job' }).click();
  editUrl = page.url().split('?')[0]!;
  const job = await until('the job in Manatal', () =>
    inManatal(({ position_name }) => position_name === 'Lagoon Guide'),
  );
  expect(job).toMatchObject({ is_published: false, status: 'active', city: 'Koror' });
  expect(editUrl).toContain(String(job.external_id));
  await until('“In Manatal” on the page', async () => {
    await page.goto(editUrl);
    return (await main()).includes('In Manatal');
  });
  await page.goto(`${kiex.url}/jobs?q=lagoon+guide`);
  expect(await main()).toContain('Reef Labs Annex');
});

test('[M1] staff edit one field and a recruiter another: both survive on both sides', async () => {
  const isOurs = ({ position_name }: Row) => String(position_name).startsWith('Lagoon Guide');
  const { id } = (await inManatal(isOurs))!;
  await page.goto(editUrl);
  await page.getByLabel('Title').fill('Lagoon Guide, mornings');
  await page.getByLabel('Status').selectOption('paused');
  await Promise.all([
    manatal.editJob(hotels, Number(id), { address: '7 Harbour Lane' }),
    page.getByRole('button', { name: 'Save job' }).click(),
  ]);
  await until('both edits in Manatal', () =>
    inManatal(
      (row) =>
        row.position_name === 'Lagoon Guide, mornings' &&
        row.status === 'on_hold' &&
        row.address === '7 Harbour Lane',
    ),
  );
  await until('both edits in KiEX', async () => {
    await page.goto(editUrl);
    return (await page.getByLabel('Street').inputValue()) === '7 Harbour Lane';
  });
  expect(await page.getByLabel('Title').inputValue()).toBe('Lagoon Guide, mornings');
});

test('[M3] both edit the same field: the policy decides, and both values are on the conflicts page', async () => {
  const { id } = (await inManatal((row) => row.position_name === 'Lagoon Guide, mornings'))!;
  await settings();
  await page.getByRole('button', { name: 'Pause' }).first().click();
  await page.goto(editUrl);
  await page.getByLabel('Street').fill('1 Staff Street');
  await page.getByRole('button', { name: 'Save job' }).click();
  await manatal.editJob(hotels, Number(id), { address: '2 Recruiter Road' });
  await settings();
  await page.getByRole('button', { name: 'Resume' }).first().click();
  await until('the conflict', async () => {
    await page.goto(`${kiex.url}/staff/sync/conflicts?state=settled`);
    return (await main()).includes('1 Staff Street');
  });
  expect(await main()).toContain('2 Recruiter Road');
  await page.goto(editUrl);
  expect(await page.getByLabel('Street').inputValue()).toBe('2 Recruiter Road');
});

test('staff edit an employer: the account that knows it has it too', async () => {
  await page.goto(`${kiex.url}/staff/organizations?q=annex`);
  await page.getByRole('link', { name: 'Reef Labs Annex' }).click();
  await page.getByLabel('Website').fill('nowhere');
  await page.getByRole('button', { name: 'Save employer' }).click();
  expect(await main()).toContain('Write an address such as https://reef.example');
  await page.getByLabel('Website').fill('https://annex.example');
  await page.getByRole('button', { name: 'Save employer' }).click();
  await until('the website in Manatal', async () =>
    (await manatal.rows(hotels, 'organizations')).some(
      ({ website }) => website === 'https://annex.example',
    ),
  );
});
