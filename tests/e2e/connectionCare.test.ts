import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { makeInstallation, unpaced } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { type SimulatedManatal, simulatedManatal } from '../kiex/simulatedManatal.ts';
import { until } from '../kiex/until.ts';
import { launch } from './browser.ts';
import { hotels, signIn } from './people.ts';

// Told in order, and with scripts off: how staff look after a connection, end it and take it up again.

const label = 'Pacific Stay Hotels';
/** The simulator's own keys: they open nothing else. */
const hotelsKey = 'sandbox-pacific-stay-1f0c7a52';
const reefKey = 'sandbox-reef-labs-93d4be08';
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
const card = () => page.getByRole('article', { name: label });
const settings = () => page.goto(`${kiex.url}/staff/integrations`);
const there = () => manatal.rows(hotels, 'webhooks');
const openJobs = async () => {
  await page.goto(`${kiex.url}/jobs?q=hotel`);
  return main();
};

test('[D4] the webhooks page says how each event stands, and what no event tells', async () => {
  await until('seven subscriptions', async () => (await there()).length === 7);
  await settings();
  await card().getByRole('link', { name: 'Webhooks' }).click();
  await until('all registered', async () => {
    await page.reload();
    return (await page.getByText('Registered', { exact: true }).count()) === 7;
  });
  expect(await main()).toContain('a job is created');
  expect(await main()).toMatch(/every 2 min/);
});

test('[P5] staff change the secret address, and what is registered moves there', async () => {
  const before = (await there()).map(({ target_url }) => target_url);
  await page.getByText('Change the address…').click();
  await page.getByRole('button', { name: 'Change the address' }).click();
  expect(await main()).toContain('Changed. What is registered there moves');
  await until('the move', async () => {
    const now = await there();
    return now.length === 7 && now.every(({ target_url }) => !before.includes(target_url));
  });
});

test('[P5] a disconnect says what goes and stays, takes the webhooks back, and closes the jobs here', async () => {
  await until('jobs', async () => !(await openJobs()).includes('No jobs'));
  await settings();
  await card().getByRole('link', { name: 'Disconnect…' }).click();
  expect(await main()).toMatch(/What goes[\s\S]*The key is destroyed[\s\S]*What stays/);
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await until('the end', async () => {
    await settings();
    return /Disconnected\. Its webhooks at Manatal were removed/.test(await card().innerText());
  });
  expect(await there()).toEqual([]);
  expect(await card().innerText()).toContain('Destroyed');
  expect(await card().getByRole('button', { name: 'Test Connection' }).count()).toBe(0);
});

test('[I3] with a key of the same account it goes on, and of another account it does not', async () => {
  const tries = async (key: string) => {
    await settings();
    await card().getByText('Connect it again…').click();
    await card().getByLabel('New key of the same account').fill(key);
    await card().getByRole('button', { name: 'Test and connect' }).click();
  };
  await tries(reefKey);
  expect(await card().innerText()).toContain('another account');
  await tries(hotelsKey);
  expect(await main()).toContain('The new key works and is saved.');
  await until('seven subscriptions', async () => (await there()).length === 7);
});
