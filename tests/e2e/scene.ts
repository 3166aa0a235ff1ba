import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { SANDBOX_PEOPLE } from '#src/sandbox/people.ts';
import { WORLD_ACCOUNTS } from '#src/sandbox/world.ts';
import type { Installation } from '../kiex/installation.ts';
import { type Row, simulatedManatal } from '../kiex/simulatedManatal.ts';
import { until } from '../kiex/until.ts';
import {
  fillApplication,
  fillProfile,
  hotels,
  moveTo,
  send,
  signIn,
  uploadResume,
} from './people.ts';
import { previewOfJobs } from './previewing.ts';
import { seedTroubles } from './troubles.ts';

/** The connection of the account that the simulator calls the same. */
const hotelsLabel = 'Pacific Stay Hotels';

type Who = 'visitor' | 'student' | 'employer' | 'staff' | 'recruiter';

/** A page worth looking at, and as whom. */
export interface Sight {
  name: string;
  as: Who;
  url: string;
}

/** Every main page with something on it, and signed-in browsers to look with. */
export interface Scene {
  sights: Sight[];
  /** A fresh browser window of that person. */
  contextOf(who: Who, options?: BrowserContextOptions): Promise<BrowserContext>;
}

const sandboxStudent = SANDBOX_PEOPLE.find(({ role }) => role === 'student')!;

/** Lets a student apply and the recruiter answer, so that no page is empty. */
export async function setScene(kiex: Installation, browser: Browser): Promise<Scene> {
  const signedIn: Partial<Record<Who, BrowserContext>> = {
    student: await browser.newContext(),
    employer: await browser.newContext(),
    staff: await browser.newContext(),
  };
  for (const { role, ...person } of SANDBOX_PEOPLE) {
    const page = await signedIn[role as Who]!.newPage();
    await signIn(page, kiex.url, person);
    await page.close();
  }
  const { jobUrl, otherUrl, employerUrl, match } = await actOut(kiex, signedIn.student!);
  const runUrl = await firstRun(kiex, signedIn.staff!);
  const fieldsUrl = await firstFields(kiex, signedIn.staff!);
  const recordUrl = await firstRecord(kiex, signedIn.staff!);
  const previewUrl = await aPreview(kiex, signedIn.staff!, Number(match.job));
  const editUrl = await firstEdit(kiex, signedIn.staff!, 'jobs');
  const organizationUrl = await firstEdit(kiex, signedIn.staff!, 'organizations');
  await offerAndShow(kiex, signedIn, {
    choicesUrl: fieldsUrl.replace(/fields$/, 'choices'),
    match,
  });
  const applicantsUrl = await applicants(kiex, signedIn.employer!);
  const troubles = await seedTroubles(kiex.dataDir, hotelsLabel);
  const staff = `${kiex.url}/staff`;
  const inspector = `${kiex.inspectorUrl}accounts/${hotels}`;
  const states = {
    student: await signedIn.student!.storageState(),
    employer: await signedIn.employer!.storageState(),
    staff: await signedIn.staff!.storageState(),
  };
  await Promise.all(Object.values(signedIn).map((context) => context.close()));
  return {
    sights: [
      { name: 'front-page', as: 'visitor', url: `${kiex.url}/` },
      { name: 'jobs', as: 'visitor', url: `${kiex.url}/jobs` },
      { name: 'jobs-none-found', as: 'visitor', url: `${kiex.url}/jobs?q=astronaut&place=GU` },
      { name: 'job', as: 'visitor', url: jobUrl },
      { name: 'employer', as: 'visitor', url: employerUrl },
      { name: 'no-such-page', as: 'visitor', url: `${kiex.url}/nowhere` },
      { name: 'sign-in', as: 'visitor', url: `${kiex.url}/sign-in` },
      { name: 'sign-up', as: 'visitor', url: `${kiex.url}/sign-up` },
      { name: 'apply', as: 'student', url: `${otherUrl}/apply` },
      { name: 'student-dashboard', as: 'student', url: `${kiex.url}/dashboard` },
      { name: 'profile', as: 'student', url: `${kiex.url}/profile` },
      { name: 'profile-line', as: 'student', url: `${kiex.url}/profile/experiences/new` },
      { name: 'sharing', as: 'student', url: `${kiex.url}/sharing` },
      { name: 'employer-jobs', as: 'employer', url: `${kiex.url}/employer` },
      { name: 'employer-applicants', as: 'employer', url: applicantsUrl },
      { name: 'employer-edit', as: 'employer', url: applicantsUrl.replace('applicants', 'edit') },
      { name: 'employer-settings', as: 'employer', url: `${kiex.url}/employer/integrations` },
      { name: 'employer-sync', as: 'employer', url: `${kiex.url}/employer/sync` },
      { name: 'employer-new-job', as: 'employer', url: `${kiex.url}/employer/jobs/new` },
      { name: 'employers', as: 'staff', url: `${staff}/employers` },
      { name: 'organizations', as: 'staff', url: `${staff}/organizations` },
      { name: 'edit-organization', as: 'staff', url: organizationUrl },
      { name: 'new-job', as: 'staff', url: `${staff}/jobs/new` },
      { name: 'choices', as: 'staff', url: fieldsUrl.replace(/fields$/, 'choices') },
      { name: 'sync-dashboard', as: 'staff', url: `${kiex.url}/staff/sync` },
      { name: 'webhooks', as: 'staff', url: fieldsUrl.replace(/fields$/, 'webhooks') },
      { name: 'disconnect', as: 'staff', url: fieldsUrl.replace(/fields$/, 'disconnect') },
      { name: 'activity', as: 'staff', url: `${kiex.url}/staff/sync/activity` },
      { name: 'run', as: 'staff', url: runUrl },
      { name: 'conflicts', as: 'staff', url: `${kiex.url}/staff/sync/conflicts` },
      { name: 'conflicts-settled', as: 'staff', url: `${staff}/sync/conflicts?state=settled` },
      { name: 'conflicts-chosen', as: 'staff', url: `${staff}/sync/conflicts?state=chosen` },
      { name: 'issues-closed', as: 'staff', url: `${staff}/sync?closed=1` },
      { name: 'problems-narrowed', as: 'staff', url: `${staff}/sync?kind=refused` },
      { name: 'problems-none-fits', as: 'staff', url: `${staff}/sync?kind=throttled` },
      { name: 'correct', as: 'staff', url: `${staff}/sync/problems/${troubles.correctable}` },
      { name: 'cannot-correct', as: 'staff', url: `${staff}/sync/problems/${troubles.barred}` },
      { name: 'run-asks', as: 'staff', url: `${staff}/sync/runs/${troubles.asks}` },
      { name: 'run-partial', as: 'staff', url: `${staff}/sync/runs/${troubles.partial}` },
      { name: 'run-empty', as: 'staff', url: `${staff}/sync/runs/${troubles.empty}` },
      { name: 'run-refused', as: 'staff', url: `${staff}/sync/runs/${troubles.refused}` },
      { name: 'take-back', as: 'staff', url: `${runUrl}/undo` },
      { name: 'record', as: 'staff', url: recordUrl },
      { name: 'preview', as: 'staff', url: previewUrl },
      { name: 'preview-mixed', as: 'staff', url: `${staff}/sync/runs/${troubles.preview}/preview` },
      { name: 'edit-jobs', as: 'staff', url: `${kiex.url}/staff/jobs` },
      { name: 'edit-job', as: 'staff', url: editUrl },
      { name: 'integration-settings', as: 'staff', url: `${kiex.url}/staff/integrations` },
      { name: 'fields', as: 'staff', url: fieldsUrl },
      { name: 'stages', as: 'staff', url: fieldsUrl.replace(/fields$/, 'stages') },
      { name: 'simulator', as: 'recruiter', url: kiex.inspectorUrl },
      { name: 'simulator-jobs', as: 'recruiter', url: `${inspector}/jobs` },
      { name: 'simulator-job', as: 'recruiter', url: `${inspector}/jobs/${match.job}` },
      {
        name: 'simulator-candidate',
        as: 'recruiter',
        url: `${inspector}/candidates/${match.candidate}`,
      },
      { name: 'simulator-requests', as: 'recruiter', url: `${kiex.inspectorUrl}requests` },
      { name: 'simulator-webhooks', as: 'recruiter', url: `${kiex.inspectorUrl}webhooks` },
      { name: 'simulator-switches', as: 'recruiter', url: `${kiex.inspectorUrl}switches` },
    ],
    contextOf: (who, options = {}) =>
      browser.newContext({
        ...options,
        ...(who in states ? { storageState: states[who as keyof typeof states] } : {}),
      }),
  };
}

/** Applies for a job as the student and answers as the recruiter. */
async function actOut(kiex: Installation, student: BrowserContext) {
  const { jobUrl, otherUrl } = await listedJobs(kiex, student);
  const page = await student.newPage();
  await uploadResume(page, kiex.url, sandboxStudent);
  await fillProfile(page, kiex.url);
  await fillApplication(page, jobUrl, 'I grew up two streets from your lobby.');
  await send(page);
  await page.locator('.application-status').first().waitFor();
  await page.goto(jobUrl);
  const employer = await page.locator('.lead a').getAttribute('href');
  const match = await until('the application in Manatal', () => matchOfStudent(kiex));
  await page.goto(`${kiex.inspectorUrl}accounts/${hotels}/jobs/${match.job}`);
  await moveTo(page, match.id, 'Site visit');
  await page.goto(`${kiex.url}/dashboard`);
  await page.locator('.application-status', { hasText: 'Interview' }).waitFor();
  await page.close();
  return { jobUrl, otherUrl, employerUrl: kiex.url + employer, match };
}

/** Staff allow what is off at first: the recruiter's word about the student, and who came another way. */
async function offerAndShow(
  kiex: Installation,
  { staff, student }: Partial<Record<Who, BrowserContext>>,
  { choicesUrl, match }: { choicesUrl: string; match: Row },
): Promise<void> {
  const page = await staff!.newPage();
  await page.goto(choicesUrl);
  await page.getByLabel('Offer name, phone and address').check();
  await page.getByLabel(/^Show them to the employer/).check();
  await page.getByRole('button', { name: 'Save choices' }).click();
  // A page that is closed while it loads may never say that it is closed.
  await page.waitForURL(/did=options/);
  await page.close();
  const edited = { phone_number: '+16715550177' };
  const { key } = WORLD_ACCOUNTS[0]!;
  await simulatedManatal(kiex.inspectorUrl).editCandidate(key, Number(match.candidate), edited);
  const profile = await student!.newPage();
  await until('the offer', async () => {
    await profile.goto(`${kiex.url}/profile`);
    return (await profile.locator('#suggestions li').count()) > 0;
  });
  await profile.close();
}

async function matchOfStudent({ inspectorUrl }: Installation): Promise<Row | undefined> {
  const manatal = simulatedManatal(inspectorUrl);
  const candidates = await manatal.rows(hotels, 'candidates');
  const candidate = candidates.find((row) => row.email === sandboxStudent.email);
  const matches = await manatal.rows(hotels, 'matches');
  return candidate && matches.find((row) => row.candidate === candidate.id);
}

/** Waits for the board to be filled; then two jobs, of which one gets the application. */
async function listedJobs(kiex: Installation, context: BrowserContext) {
  const page = await context.newPage();
  const hrefs = async (query: string) => {
    await page.goto(`${kiex.url}/jobs?q=${encodeURIComponent(query)}`);
    const links = await page.locator('.job-row h3 a').all();
    return Promise.all(links.map(async (link) => kiex.url + (await link.getAttribute('href'))));
  };
  const first = async (query: string) => (await hrefs(query))[0];
  const jobUrl = await until('a job on the board', () =>
    first('Front Desk Associate Pacific Stay'),
  );
  const otherUrl = await until('another job on the board', () => first('Barista'));
  await page.close();
  return { jobUrl, otherUrl };
}

async function firstRun(kiex: Installation, context: BrowserContext): Promise<string> {
  const page = await context.newPage();
  await page.goto(`${kiex.url}/staff/sync`);
  const href = await page.locator('#runs tbody a').first().getAttribute('href');
  await page.close();
  return kiex.url + href;
}

async function firstFields(kiex: Installation, context: BrowserContext): Promise<string> {
  const page = await context.newPage();
  await page.goto(`${kiex.url}/staff/integrations`);
  const href = await page.getByRole('link', { name: 'Fields' }).first().getAttribute('href');
  await page.close();
  return kiex.url + href;
}

/** The record that the newest line of activity speaks of. */
async function firstRecord(kiex: Installation, context: BrowserContext): Promise<string> {
  const page = await context.newPage();
  await page.goto(`${kiex.url}/staff/sync/activity?resource=jobs`);
  const href = await page.locator('a[href^="/staff/records/"]').first().getAttribute('href');
  await page.close();
  return kiex.url + href;
}

async function firstEdit(
  kiex: Installation,
  context: BrowserContext,
  of: 'jobs' | 'organizations',
): Promise<string> {
  const page = await context.newPage();
  await page.goto(`${kiex.url}/staff/${of}`);
  const href = await page.locator('tbody a').first().getAttribute('href');
  await page.close();
  return kiex.url + href;
}

/** What a comparison would do with a job that the recruiter has just edited. */
async function aPreview(kiex: Installation, context: BrowserContext, job: number): Promise<string> {
  const page = await context.newPage();
  await simulatedManatal(kiex.inspectorUrl).editJob(hotels, job, { address: '1 Beach Road' });
  await page.goto(`${kiex.url}/staff/sync`);
  const url = await previewOfJobs(kiex, page);
  await page.close();
  return url;
}

/** The list of those who applied for the job that got the application. */
async function applicants(kiex: Installation, context: BrowserContext): Promise<string> {
  const page = await context.newPage();
  await page.goto(`${kiex.url}/employer`);
  const count = page.locator('td[data-label=Applicants]', { hasText: /^[1-9]/ });
  const line = page.locator('tbody tr', { has: count }).first();
  const href = await line.locator('a').first().getAttribute('href');
  await page.close();
  return kiex.url + href;
}
