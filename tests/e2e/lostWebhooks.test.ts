import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeInstallation, unpaced } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { simulatedManatal } from '../kiex/simulatedManatal.ts';
import { launch } from './browser.ts';
import { hotels, postJob } from './people.ts';

const pollSeconds = 5;

let kiex: RunningKiex;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const installation = await makeInstallation({
    ...unpaced,
    KIEX_POLL_SECONDS: String(pollSeconds),
  });
  [kiex, browser] = await Promise.all([startKiex(installation), launch()]);
  page = await browser.newPage();
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

test('[D4] with every webhook lost, a new job is on the board within one poll', async () => {
  const manatal = simulatedManatal(kiex.inspectorUrl);
  const board = `${kiex.url}/jobs?q=lifeguard+for+the+story`;
  const subscribed = async () => (await manatal.rows(hotels, 'webhooks')).length;
  await expect.poll(subscribed, { timeout: 60_000 }).toBe(7);
  await expect
    .poll(async () => hasPolled(await manatal.requests()), { timeout: 60_000 })
    .toBe(true);
  await page.goto(`${kiex.inspectorUrl}switches`);
  await page.getByLabel(/^Chance that a delivery is never sent/).fill('1');
  await page.getByTestId('save-switches').click();
  await page.getByText('The switches are set.').waitFor();
  const title = 'Lifeguard for the story';
  const { id, postedAt } = await postJob(page, kiex.inspectorUrl, title);
  const listed = async () => {
    await page.goto(board);
    return page.getByRole('link', { name: title, exact: true }).count();
  };
  await expect.poll(listed, { timeout: 30_000, interval: 50 }).toBe(1);
  const seconds = (performance.now() - postedAt) / 1000;
  console.info(`posted, webhook lost -> on the board: ${seconds.toFixed(2)} s`);
  const deliveries = await manatal.rows(hotels, 'deliveries');
  expect(deliveries.filter((row) => row.objectId === id)).toMatchObject([{ outcome: 'lost' }]);
  // The poll itself needs a moment: its call waits for its turn in the quota, and then the row is read.
  expect(seconds).toBeLessThan(pollSeconds + 2);
});

const hasPolled = (requests: { path: string }[]) =>
  requests.some(({ path }) => path.startsWith('/open/v3/jobs/?updated_at__gte'));
