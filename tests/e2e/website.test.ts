import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { makeInstallation, unpaced } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { until } from '../kiex/until.ts';
import { launch } from './browser.ts';
import { signIn } from './people.ts';

// Told in order, and with scripts off: staff connect a website, and a student agrees to be known there.

const personOf = (wanted: string) => SANDBOX_PEOPLE.find(({ role }) => role === wanted)!;
const key = 'IST.sandbox-key-of-the-island-careers-college';
const careers = '1f0e2d3c-4b5a-4968-8776-655443322110';
const alumni = '2a1b3c4d-5e6f-4071-9283-94a5b6c7d8e9';

let kiex: RunningKiex;
let browser: Browser;
let staff: Page;
let student: Page;

beforeAll(async () => {
  [kiex, browser] = await Promise.all([startKiex(await makeInstallation(unpaced)), launch()]);
  const tab = async () => (await browser.newContext({ javaScriptEnabled: false })).newPage();
  [staff, student] = [await tab(), await tab()];
  await signIn(staff, kiex.url, personOf('staff'));
  await signIn(student, kiex.url, personOf('student'));
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

interface Kept {
  id: string;
  info: { name?: { first?: string }; jobTitle?: string; emails?: { items: { email: string }[] } };
}

async function contactsOf(site: string): Promise<Kept[]> {
  const answer = await fetch(`${kiex.websiteUrl}api/sites/${site}/contacts`);
  return (await answer.json()) as Kept[];
}

test('a website is connected by a plain form; a site of somebody else is said in words', async () => {
  await staff.goto(`${kiex.url}/staff/integrations?with=wix`);
  await staff.getByLabel('Name of the connection').fill('Alumni');
  await staff.getByLabel('Wix key').fill(key);
  await staff.getByLabel('Site ID').fill('00000000-0000-4000-8000-000000000000');
  await staff.getByRole('button', { name: 'Test Connection' }).last().click();
  await staff.getByText('The key may not work with contacts of this site.').waitFor();
  // What is no secret stays in the form; the key never comes back.
  expect(await staff.getByLabel('Wix key').inputValue()).toBe('');
  await staff.getByLabel('Wix key').fill(key);
  const dashboard = `https://manage.wix.com/dashboard/${alumni}/home`;
  await staff.getByLabel('Site ID').fill(dashboard);
  await staff.getByRole('button', { name: 'Save connection' }).click();
  await staff.getByText('Connected and saved.').waitFor();
  await until('the author of that site', async () => {
    await staff.goto(`${kiex.url}/staff/contacts?q=alumni-islands`);
    return (await staff.getByRole('link', { name: 'office@alumni' }).count()) > 0;
  });
});

test('[P1] [P2] a student is known on the websites while agreeing to it', async () => {
  const { email } = personOf('student');
  const isThere = async (site: string) =>
    (await contactsOf(site)).some(({ info }) =>
      info.emails?.items.some((item) => item.email === email),
    );
  expect(await isThere(careers)).toBe(false);
  await student.goto(`${kiex.url}/sharing`);
  await student.getByLabel(/the website of the people behind KiEX/).check();
  await student.getByRole('button', { name: 'Save' }).click();
  await student.getByText('Saved. It holds from now on.').waitFor();
  await until('the student on both sites', async () => (await isThere(careers)) && isThere(alumni));
  await student.getByLabel(/the website of the people behind KiEX/).uncheck();
  await student.getByRole('button', { name: 'Save' }).click();
  await student.getByText('Stopped. Nothing more of it is sent.').waitFor();
});

test('[M1] staff edit somebody of the website, and it is there in seconds', async () => {
  await until('Lani', async () => {
    await staff.goto(`${kiex.url}/staff/contacts?q=lani`);
    return (await staff.getByRole('link', { name: 'Lani Cruz' }).count()) > 0;
  });
  await staff.getByRole('link', { name: 'Lani Cruz' }).click();
  await staff.getByLabel('Position').fill('Nurse');
  await staff.getByRole('button', { name: 'Save contact' }).click();
  await staff.getByText('Saved').waitFor();
  await until('the position on the website', async () =>
    (await contactsOf(careers)).some(({ info }) => info.jobTitle === 'Nurse'),
  );
});
