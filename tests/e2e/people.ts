import type { BrowserContext, Page } from 'playwright-core';
import { samplePdf } from '#src/sandbox/samplePdf.ts';

/** The account of Pacific Stay Hotels in the simulator. */
export const hotels = 1;

/** Posts an open job in the inspector, as a recruiter of the hotels. */
export async function postJob(
  page: Page,
  inspectorUrl: string,
  title: string,
): Promise<{ id: number; postedAt: number }> {
  await page.goto(`${inspectorUrl}accounts/${hotels}/jobs`);
  await page.getByTestId('new-job').click();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Description').fill(`<p>${title}: welcome guests in Tumon.</p>`);
  await page.getByLabel('Contract').selectOption('part_time');
  await page.getByLabel('Pay from').fill('12.50');
  await page.getByLabel('Pay to').fill('14');
  await page.getByLabel('City or island').fill('Tumon');
  await page.getByLabel('Country').fill('Guam');
  const postedAt = performance.now();
  await page.getByTestId('save-job').click();
  await page.getByRole('status').waitFor();
  return { id: Number(/\/jobs\/(\d+)/.exec(page.url())?.[1]), postedAt };
}

export interface Student {
  name: string;
  email: string;
  password: string;
}

/** A made-up student; the name tells two of them apart. */
export const student = (name: string): Student => ({
  name,
  email: `${name.toLowerCase().replace(' ', '.')}@mail.example`,
  password: 'three words and a reef',
});

export const resumeOf = ({ name, email }: Student) => ({
  name: `resume of ${name}.pdf`,
  mimeType: 'application/pdf',
  buffer: Buffer.from(samplePdf([name, email, 'Worked two summers at a front desk.'])),
});

/** From the job's page over sign-up to the form that applies for it. */
export async function signUpToApply(page: Page, jobUrl: string, who: Student): Promise<void> {
  await page.goto(jobUrl);
  await page.getByRole('link', { name: 'Apply for this job' }).first().click();
  await page.getByRole('link', { name: 'Create an account' }).last().click();
  await page.getByLabel('Your name').fill(who.name);
  await page.getByLabel('E-mail address').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { level: 1, name: /^Apply:/ }).waitFor();
}

/** Puts a resume on the profile. */
export async function uploadResume(page: Page, kiexUrl: string, who: Student): Promise<void> {
  await page.goto(`${kiexUrl}/profile`);
  await page.getByLabel('Where you live').selectOption('GU');
  await page.getByLabel('Phone').fill('671 555 0142');
  await page.getByLabel('Add a resume').setInputFiles(resumeOf(who));
  await page.getByRole('button', { name: 'Save profile' }).click();
  await page.getByText('Saved.').waitFor();
}

/** Adds lines of every kind to the profile, through its forms. */
export async function fillProfile(page: Page, kiexUrl: string): Promise<void> {
  const add = async (kind: string, typed: Record<string, string>) => {
    await page.goto(`${kiexUrl}/profile/${kind}/new`);
    for (const [label, value] of Object.entries(typed)) await page.getByLabel(label).fill(value);
    await page.getByRole('button', { name: 'Add to profile' }).click();
    await page.getByText('Saved.').waitFor();
  };
  await add('educations', { School: 'Guam Community College', From: '2022-08', Until: '2024-05' });
  await add('experiences', { 'What you did': 'Barista', Employer: 'Reef House', From: '2025' });
  await add('skills', { Skill: 'Latte art, Chamorro, Cash register' });
  await add('socialLinks', { Address: 'https://www.linkedin.com/in/sample-student' });
}

/** Fills in the form that applies, up to the button. */
export async function fillApplication(page: Page, jobUrl: string, note: string): Promise<void> {
  await page.goto(`${jobUrl}/apply`);
  await page.getByLabel(/^Why this job/).fill(note);
  await page.getByLabel(/^Share these with/).check();
}

export const send = (page: Page) => page.getByRole('button', { name: 'Send application' }).click();

export async function signIn(
  page: Page,
  kiexUrl: string,
  who: { email: string; password: string },
) {
  await page.goto(`${kiexUrl}/sign-in`);
  await page.getByLabel('E-mail address').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Moves a candidate to a stage, on the job's page in the inspector. */
export async function moveTo(page: Page, match: number, stage: string): Promise<void> {
  await page.getByTestId(`stage-${match}`).selectOption({ label: stage });
  await page.getByTestId(`move-${match}`).click();
  await page.getByText('The candidate moved to another stage.').waitFor();
}

export async function hire(page: Page, match: number): Promise<void> {
  await page.getByTestId(`hire-${match}`).click();
  await page.getByText('The candidate is hired.').waitFor();
}

/** The same person in a browser with scripts. */
export async function withScripts(from: BrowserContext): Promise<BrowserContext> {
  const browser = from.browser();
  if (!browser) throw new Error('The browser is gone.');
  return browser.newContext({ storageState: await from.storageState() });
}
