import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { WORLD_ACCOUNTS } from '#src/sandbox/world.ts';
import { makeInstallation, unpaced } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { type SimulatedManatal, simulatedManatal } from '../kiex/simulatedManatal.ts';
import { until } from '../kiex/until.ts';
import { launch } from './browser.ts';
import { fillApplication, hotels, moveTo, send, signIn, uploadResume } from './people.ts';

// Told in order, and with scripts off: a student, a recruiter and staff, and one application.

const personOf = (wanted: string) => SANDBOX_PEOPLE.find(({ role }) => role === wanted)!;

let kiex: RunningKiex;
let manatal: SimulatedManatal;
let browser: Browser;
let student: Page;
let staff: Page;
let job: { url: string; title: string };

beforeAll(async () => {
  [kiex, browser] = await Promise.all([startKiex(await makeInstallation(unpaced)), launch()]);
  manatal = simulatedManatal(kiex.inspectorUrl);
  const tab = async () => (await browser.newContext({ javaScriptEnabled: false })).newPage();
  [student, staff] = [await tab(), await tab()];
  await signIn(staff, kiex.url, personOf('staff'));
  await signIn(student, kiex.url, personOf('student'));
  await uploadResume(student, kiex.url, personOf('student'));
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

const card = () => student.locator('.application', { hasText: job.title });
const match = async () => (await manatal.rows(hotels, 'matches')).at(-1)!;

/** Until the student's dashboard says so, loaded anew each time. */
const reads = (words: string | RegExp) =>
  until(`the dashboard to say ${words}`, async () => {
    await student.goto(`${kiex.url}/dashboard`);
    return (await card().locator('.application-status').innerText()).match(words) !== null;
  });

async function applies(note: string): Promise<void> {
  await fillApplication(student, job.url, note);
  await send(student);
  await reads('Sent');
}

test('[F6] what a stage means is chosen by staff, previewed, and then shown to the student', async () => {
  const open = student.locator('.job-row h3 a').first();
  await until('an open job', async () => {
    await student.goto(`${kiex.url}/jobs?q=Pacific+Stay`);
    return (await open.count()) > 0;
  });
  job = { url: kiex.url + (await open.getAttribute('href')), title: await open.innerText() };
  const before = (await manatal.rows(hotels, 'matches')).length;
  await applies('I grew up near your lobby.');
  await until('the match', async () => (await manatal.rows(hotels, 'matches')).length > before);
  const { id, job: theirJob, pipeline } = await match();
  const { stages } = (await manatal.rows(hotels, 'pipelines')).find((row) => row.id === pipeline)!;
  const ranked = (stages as { name: string; rank: number }[]).sort((a, b) => a.rank - b.rank);
  const stage = ranked[2]!.name;
  const recruiter = await (await browser.newContext()).newPage();
  await recruiter.goto(`${kiex.inspectorUrl}accounts/${hotels}/jobs/${theirJob}`);
  await moveTo(recruiter, id, stage);
  await until('the stage', async () => {
    await student.goto(`${kiex.url}/dashboard`);
    return (await card().innerText()).includes(stage);
  });

  await staff.goto(`${kiex.url}/staff/integrations`);
  const account = staff.locator('article.card', { hasText: 'Pacific Stay Hotels' }).first();
  await account.getByRole('link', { name: 'Stages' }).click();
  const meaning = staff.getByLabel(`What ${stage} means in KiEX`).first();
  await meaning.selectOption({ label: 'Offer' });
  await staff.getByRole('button', { name: 'Preview' }).click();
  const preview = staff.locator('#preview');
  expect(await preview.innerText()).toMatch(/1 from .* to Offer/);
  expect(await meaning.inputValue()).toBe('offer');
  expect(await preview.innerText()).toContain('Nothing is saved yet');
  await preview.getByRole('button', { name: 'Apply' }).click();
  expect(await staff.locator('main').innerText()).toMatch(/Applications that changed: [1-9]/);
  await reads('Offer');
});

test('what a recruiter changed of a student is offered on the profile, once staff allow it', async () => {
  await staff.goto(`${kiex.url}/staff/integrations`);
  const account = staff.locator('article.card', { hasText: 'Pacific Stay Hotels' }).first();
  await account.getByRole('link', { name: 'Choices' }).click();
  await staff.getByLabel('Offer name, phone and address').check();
  await staff.getByRole('button', { name: 'Save choices' }).click();
  const { candidate } = await match();
  const edited = { phone_number: '+16715550177', full_name: 'Tasi Sample' };
  await manatal.editCandidate(WORLD_ACCOUNTS[0]!.key, Number(candidate), edited);
  const offers = student.locator('#suggestions');
  await until('the offers', async () => {
    await student.goto(`${kiex.url}/profile`);
    return (await offers.locator('li').count()) === 2;
  });
  expect(await offers.innerText()).toContain(
    'Pacific Stay Hotels has another phone number for you',
  );
  await offers.getByRole('button', { name: 'Use it: +1 671 555 0177' }).click();
  expect(await student.getByLabel('Phone').inputValue()).toBe('+1 671 555 0177');
  await offers.getByRole('button', { name: 'Keep my name' }).click();
  expect(await student.locator('main').innerText()).toContain('Yours stays.');
  expect(await offers.count()).toBe(0);
});

test('[F6] a student withdraws on the dashboard, is asked once more, and Manatal hears of it', async () => {
  await student.goto(`${kiex.url}/dashboard`);
  await card().locator('summary', { hasText: 'Withdraw' }).click();
  await card()
    .getByRole('button', { name: /^Withdraw from/ })
    .click();
  expect(await card().locator('.application-status').innerText()).toContain('Withdrawn');
  expect(
    await card()
      .getByRole('button', { name: /^Withdraw from/ })
      .count(),
  ).toBe(0);
  await until('the drop', async () => (await match()).is_active === false);
  await until('its note', async () =>
    (await manatal.rows(hotels, 'notes')).some(({ info }) => String(info).includes('withdrew')),
  );
  await until('the answer', async () => {
    await student.goto(`${kiex.url}/dashboard`);
    return (await card().innerText()).includes('The employer has been told');
  });
});

test('sent again, it stands as sent, is not re-opened there, and staff are told', async () => {
  await card().getByRole('link', { name: 'Apply again' }).click();
  expect(await student.locator('main').innerText()).toContain(
    'You withdrew an earlier application',
  );
  await applies('I can come after all.');
  await until('the note', async () =>
    (await manatal.rows(hotels, 'notes')).some(({ info }) => String(info).includes('after all')),
  );
  expect((await match()).is_active).toBe(false);
  await until('the issue', async () => {
    await staff.goto(`${kiex.url}/staff/sync`);
    return (await staff.locator('#issues').innerText()).includes('sent an application again');
  });
  await reads('Sent');
});
