import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { makeInstallation, unpaced } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { type SimulatedManatal, simulatedManatal } from '../kiex/simulatedManatal.ts';
import { until } from '../kiex/until.ts';
import { overflowOf, violationsOf } from './audit.ts';
import { launch } from './browser.ts';
import { signIn } from './people.ts';

// Told in order, and with scripts off: an employer comes in, connects an account, and works on it.

const key = 'sandbox-lagoon-tours-7c11';
const staff = SANDBOX_PEOPLE.find(({ role }) => role === 'staff')!;
const seen = ['/employer', '/employer/integrations', '/employer/sync'];

let kiex: RunningKiex;
let manatal: SimulatedManatal;
let account: number;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [kiex, browser] = await Promise.all([startKiex(await makeInstallation(unpaced)), launch()]);
  manatal = simulatedManatal(kiex.inspectorUrl);
  account = await manatal.addAccount({ label: 'Lagoon Tours', key });
  await manatal.seedJobs(account, 3);
  page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

const main = () => page.locator('main').innerText();
const open = (path: string) => page.goto(kiex.url + path);

test('staff invite a person of a new employer, who chooses a password by the link', async () => {
  await signIn(page, kiex.url, staff);
  await open('/staff/employers');
  await page.getByLabel('Name of a new employer').fill('Lagoon Tours');
  await page.getByLabel('Name', { exact: true }).fill('Ana Example');
  await page.getByLabel('E-mail address').fill('ana@lagoon.example');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const link = await page.locator('#link').inputValue();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto(link.replace(/^http:\/\/[^/]+/, kiex.url));
  await page.getByLabel('Password').fill('three words and a boat');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your jobs' }).waitFor();
  expect(await main()).toContain('Once your Manatal account is connected');
  expect(await main()).not.toContain('Pacific Stay');
});

test('a wrong key is told in words; the right one works, is saved, and its jobs come in', async () => {
  await open('/employer/integrations');
  await page.getByLabel('Manatal key').fill('no-key-of-anybody');
  await page.getByRole('button', { name: 'Test Connection' }).click();
  expect(await main()).toContain('does not accept this key');
  await page.getByLabel('Manatal key').fill(key);
  await page.getByRole('button', { name: 'Test Connection' }).click();
  expect(await main()).toContain('Everything works.');
  await page.getByLabel('Manatal key').fill(key);
  await page.getByRole('button', { name: 'Save connection' }).click();
  expect(await main()).toContain('Connected and saved.');
  await until('the jobs of the account', async () => {
    await open('/employer');
    return (await page.locator('tbody tr').count()) === 3;
  });
  expect(await main()).toContain('Lagoon Tours · Manatal');
});

test('nothing of another employer is shown, nor opened by its address', async () => {
  for (const path of seen) {
    await open(path);
    expect(await main()).not.toMatch(/Pacific Stay|Reef Labs/);
  }
  for (const path of ['/staff/sync', '/staff/integrations', '/dashboard', '/profile']) {
    expect((await open(path))!.status()).toBe(403);
  }
  expect((await open('/employer/jobs/00000000-0000-7000-8000-000000000000/edit'))!.status()).toBe(
    404,
  );
});

test('their connection is tested, paused and resumed on their own page', async () => {
  await open('/employer/integrations');
  const card = page.locator('article', { hasText: 'Lagoon Tours · Manatal' });
  await card.getByRole('button', { name: 'Test Connection' }).click();
  expect(await card.innerText()).toContain('Everything works.');
  await card.getByRole('button', { name: 'Pause' }).click();
  expect(await main()).toContain('Paused.');
  await card.getByRole('button', { name: 'Resume' }).click();
  expect(await main()).toContain('Resumed.');
});

test('a job they edit says so in Manatal', async () => {
  await open('/employer');
  await page
    .getByRole('link', { name: /^Edit / })
    .first()
    .click();
  await page.getByLabel('Title').fill('Boat Hand, afternoons');
  await page.getByRole('button', { name: 'Save job' }).click();
  expect(page.url()).toContain('/employer/jobs/');
  await until('the title in Manatal', async () =>
    (await manatal.rows(account, 'jobs')).some(
      ({ position_name: title }) => title === 'Boat Hand, afternoons',
    ),
  );
});

test.each([
  ['wide and light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['narrow and dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
] as const)(
  '%s, no page of theirs has an axe violation or scrolls sideways',
  async (_n, screen) => {
    const storageState = await page.context().storageState();
    const context = await browser.newContext({ ...screen, storageState });
    const tab = await context.newPage();
    await open('/employer');
    const applicants = await page
      .locator('tbody a[href$="/applicants"]')
      .first()
      .getAttribute('href');
    await open('/employer/sync');
    const run = await page.locator('#runs tbody a').first().getAttribute('href');
    const edit = applicants!.replace('applicants', 'edit');
    const found: Record<string, unknown> = {};
    for (const path of [...seen, applicants!, edit, run!]) {
      expect((await tab.goto(kiex.url + path))!.status()).toBe(200);
      const violations = await violationsOf(tab);
      const overflow = await overflowOf(tab);
      if (violations.length > 0 || overflow > 0) found[path] = { violations, overflow };
      if (process.env.KIEX_PICTURES) {
        const name = `${path.split('/').slice(2).join('-') || 'home'}-${screen.viewport.width}.png`;
        await tab.screenshot({ path: `${process.env.KIEX_PICTURES}/${name}`, fullPage: true });
      }
    }
    expect(found).toEqual({});
    await context.close();
  },
);
