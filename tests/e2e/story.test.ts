import { performance } from 'node:perf_hooks';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { makeInstallation } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { type SimulatedManatal, simulatedManatal } from '../kiex/simulatedManatal.ts';
import { countOf, countOpenJobs, matchOf, postsTo } from './arrivals.ts';
import { launch } from './browser.ts';
import {
  fillApplication,
  hire,
  hotels,
  moveTo,
  postJob,
  type Student,
  send,
  signIn,
  signUpToApply,
  student,
  uploadResume,
  withScripts,
} from './people.ts';

// One story, told in order: each test goes on where the one before ended. Polls come every two minutes
// here, so whatever is there within seconds was brought by a webhook or a push.

const title = 'Front Desk Associate for the story';
const firstStudent = student('Tasi Story');
const secondStudent = student('Lani Story');

let kiex: RunningKiex;
let manatal: SimulatedManatal;
let browser: Browser;
let recruiter: Page;
/** Phones of students, with scripts off. */
let plain: BrowserContext;
let jobUrl: string;
let jobId: number;
let sentAt: number;

beforeAll(async () => {
  [kiex, browser] = await Promise.all([startKiex(await makeInstallation()), launch()]);
  manatal = simulatedManatal(kiex.inspectorUrl);
  recruiter = await browser.newPage();
  plain = await browser.newContext({ javaScriptEnabled: false });
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

test('a first start connects both employers and fills the board', async () => {
  const page = await plain.newPage();
  const start = performance.now();
  const listed = async () => {
    await page.goto(`${kiex.url}/jobs`);
    return page.getByRole('heading', { level: 2, name: /^\d+ open jobs$/ }).textContent();
  };
  await expect
    .poll(listed, { timeout: 60_000, interval: 100 })
    .toBe(`${await countOpenJobs(manatal)} open jobs`);
  report('start -> ready', kiex.readyMilliseconds / 1000);
  report('ready and told -> board filled', (performance.now() - start) / 1000);
  const subscribed = async () => (await manatal.rows(hotels, 'webhooks')).length;
  await expect.poll(subscribed, { timeout: 60_000 }).toBe(7);
  await page.close();
});

test('a job that a recruiter posts is on the board in less than three seconds', async () => {
  const posted = await postJob(recruiter, kiex.inspectorUrl, title);
  jobId = posted.id;
  const page = await plain.newPage();
  const link = page.getByRole('link', { name: title, exact: true });
  const listed = async () => {
    await page.goto(`${kiex.url}/jobs`);
    return link.count();
  };
  await expect.poll(listed, { timeout: 10_000, interval: 50 }).toBe(1);
  const seconds = (performance.now() - posted.postedAt) / 1000;
  report('posted in Manatal -> on the board', seconds);
  expect(seconds).toBeLessThan(3);
  await link.click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  expect(await page.getByText('$12.50').count()).toBeGreaterThan(0);
  jobUrl = page.url();
  await page.close();
});

test('a student signs up, adds a resume and applies; Send pressed twice makes one application', async () => {
  const tab = await plain.newPage();
  await signUpToApply(tab, jobUrl, firstStudent);
  await uploadResume(tab, kiex.url, firstStudent);
  const otherTab = await plain.newPage();
  for (const page of [tab, otherTab]) await fillApplication(page, jobUrl, noteOf(firstStudent));
  sentAt = performance.now();
  await Promise.all([send(tab), send(otherTab)]);
  const notices = [tab, otherTab].map((page) => page.locator('.notice-title').textContent());
  expect((await Promise.all(notices)).sort()).toEqual([
    'Sent: kept here, safely.',
    'You had applied already; nothing was sent twice.',
  ]);
  expect(await tab.getByRole('heading', { level: 2, name: title }).count()).toBe(1);
  // Without scripts nothing moves by itself, and the page does not say that it will.
  expect(await tab.getByText('Connecting…').isVisible()).toBe(false);
  await tab.close();
  await otherTab.close();
});

test('candidate, match, resume and note reach Manatal once', async () => {
  await arrivesOnce(firstStudent);
  const seconds = (performance.now() - sentAt) / 1000;
  report('applied -> all four in Manatal', seconds);
  expect(await postsTo(manatal)).toEqual({ candidates: 1, matches: 1, resume: 1, notes: 1 });
});

test('they reach Manatal once also when the answer to each call is lost', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signUpToApply(page, jobUrl, secondStudent);
  await uploadResume(page, kiex.url, secondStudent);
  await fillApplication(page, jobUrl, noteOf(secondStudent));
  for (const path of ['candidates/', 'matches/', 'candidates/*/resume/', 'matches/*/notes/']) {
    await manatal.loseNextAnswer('POST', `/open/v3/${path}`);
  }
  await manatal.set({ downloadSeconds: 3 });
  sentAt = performance.now();
  await send(page);
  await page.getByText('Sent: kept here, safely.').waitFor();
  await arrivesOnce(secondStudent);
  const seconds = (performance.now() - sentAt) / 1000;
  report('applied -> all four in Manatal, four answers lost', seconds);
  expect(await manatal.faultsLeft()).toEqual([]);
  const told = async () => {
    await page.goto(`${kiex.url}/dashboard`);
    return page.getByText('In Manatal').count();
  };
  await expect.poll(told, { timeout: 30_000, interval: 200 }).toBe(1);
  // What an unanswered call made was looked for, not made again; a resume shows only once Manatal has
  // fetched it, so that one may be asked for again and is refused.
  const { resume: _asked, ...posts } = await postsTo(manatal);
  expect(posts).toEqual({ candidates: 2, matches: 2, notes: 2 });
  await context.close();
});

test('what changes after a page was drawn and before it listens is shown too', async () => {
  const context = await withScripts(plain);
  const page = await context.newPage();
  const mayListen = Promise.withResolvers<void>();
  await page.route('**/api/live?*', async (route) => {
    await mayListen.promise;
    await route.continue();
  });
  await page.goto(`${kiex.url}/dashboard`);
  await page.getByText('Connecting…').waitFor();
  const match = await matchOf(manatal, firstStudent, jobId);
  await recruiter.goto(`${kiex.inspectorUrl}accounts/${hotels}/jobs/${jobId}`);
  await moveTo(recruiter, match.id, '2 - Phone');
  const reader = await plain.newPage();
  const known = async () => {
    await reader.goto(`${kiex.url}/dashboard`);
    return reader.locator('.application-status .chip').textContent();
  };
  await expect.poll(known, { timeout: 10_000 }).toBe('In review');
  const status = page.locator('.application-status .chip');
  expect(await status.textContent()).toBe('Sent');
  mayListen.resolve();
  await expect.poll(() => status.textContent(), { timeout: 10_000 }).toBe('In review');
  await context.close();
});

test('the recruiter moves and hires; the student sees it in seconds without a reload', async () => {
  const context = await withScripts(plain);
  const page = await context.newPage();
  await page.goto(`${kiex.url}/dashboard`);
  await page.getByText('Live', { exact: true }).waitFor();
  const status = page.locator('.application-status .chip');
  expect(await status.textContent()).toBe('In review');
  let navigations = 0;
  page.on('framenavigated', () => {
    navigations += 1;
  });
  const match = await matchOf(manatal, firstStudent, jobId);
  await recruiter.goto(`${kiex.inspectorUrl}accounts/${hotels}/jobs/${jobId}`);
  const sees = async (word: string, act: () => Promise<void>) => {
    const start = performance.now();
    await act();
    await expect.poll(() => status.textContent(), { timeout: 10_000, interval: 50 }).toBe(word);
    const seconds = (performance.now() - start) / 1000;
    report(`moved in Manatal -> "${word}" on the dashboard`, seconds);
    expect(seconds).toBeLessThan(5);
  };
  await sees('Interview', () => moveTo(recruiter, match.id, 'Site visit'));
  await sees('Hired', () => hire(recruiter, match.id));
  expect(navigations).toBe(0);
  await context.close();
});

test('staff see runs and activity, ask for a sync, and watch it arrive', async () => {
  const page = await staffPage();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sync Dashboard');
  // Lost answers were trouble only until the next try.
  await page.getByText('None: no record waits for another try or for a person.').waitFor();
  const runs = page.locator('#runs tbody tr');
  expect(await runs.count()).toBeGreaterThan(3);
  const activity = page.getByRole('region', { name: 'Activity' }).locator('tbody tr');
  expect(await activity.count()).toBeGreaterThan(3);
  await page.getByText('Live', { exact: true }).waitFor();
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  const askedFor = runs.filter({ hasText: 'asked for by staff' });
  expect(await askedFor.count()).toBe(0);
  await page.getByRole('button', { name: 'Sync now' }).first().click();
  await page.getByText('Asked for. It starts within seconds.').waitFor();
  await expect.poll(() => askedFor.count(), { timeout: 20_000 }).toBe(3);
  expect(await askedFor.filter({ hasText: 'Done' }).count()).toBe(3);
  // What a webhook brings appears by itself.
  const deliveries = page.getByRole('region', { name: 'Webhooks received' }).locator('tbody tr');
  const { id } = await postJob(recruiter, kiex.inspectorUrl, 'Concierge for the story');
  const told = () => deliveries.filter({ hasText: String(id) }).count();
  await expect.poll(told, { timeout: 10_000 }).toBe(1);
  expect(loads).toBe(0);
  await page.context().close();
});

test('staff test a connection, and a wrong key is told in plain words', async () => {
  const page = await staffPage();
  await page.getByRole('link', { name: 'Integration Settings' }).click();
  await page.getByRole('heading', { level: 1, name: 'Integration Settings' }).waitFor();
  const saved = page.getByRole('article').filter({ hasText: 'Pacific Stay Hotels' });
  await saved.getByRole('button', { name: 'Test Connection' }).click();
  await saved.getByText('Everything works.').waitFor();
  const lines = await saved.locator('.probe li').allTextContents();
  expect(lines.length).toBeGreaterThan(4);
  expect(lines.join('\n')).toMatch(/jobs/i);
  await page.getByLabel('Employer').fill('Lagoon Ferries');
  await page.getByLabel('Name of the connection').fill('Manatal · Lagoon Ferries');
  await page.getByLabel('Manatal key').fill('not-a-key-of-anybody');
  const form = page.locator('#add');
  await form.getByRole('button', { name: 'Test Connection' }).click();
  await form.getByText('Manatal does not accept this key.').first().waitFor();
  await form
    .getByText(/Copy the key again from Manatal/)
    .first()
    .waitFor();
  await page.context().close();
});

const once = { candidates: 1, matches: 1, resumes: 1, notes: 1 };

const noteOf = ({ name }: Student) => `I know the bay by heart. Yours, ${name}`;

const arrivesOnce = (who: Student) =>
  expect.poll(() => countOf(manatal, who), { timeout: 60_000, interval: 200 }).toEqual(once);

function report(what: string, seconds: number): void {
  console.info(`${what}: ${seconds.toFixed(2)} s`);
}

async function staffPage(): Promise<Page> {
  const staff = SANDBOX_PEOPLE.find(({ role }) => role === 'staff')!;
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, kiex.url, staff);
  return page;
}
