import path from 'node:path';
import type { RouteConfigEntry } from '@react-router/dev/routes';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideAccess } from '#src/accounts/access.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { App } from '#src/app.ts';
import { jobs } from '#src/jobs/tables.ts';
import { makeContext } from '#src/pageContext.ts';
import { agreements } from '#src/privacy/tables.ts';
import routes from '#src/routes.ts';
import { activity, connections, failures, runs } from '#src/sync/tables.ts';
import type { TestWorld } from './testWorld.ts';
import { addPerson, createTwoEmployers, type Side } from './twoEmployers.ts';

// Every page of an employer and everything its forms can ask, tried by employer A with what is B's.

let world: TestWorld;
let app: App;
let a: Side;
let b: Side;

beforeAll(async () => {
  ({ world, app, a, b } = await createTwoEmployers());
});
afterAll(() => world.end());

type Form = Record<string, string>;

/** What is tried at one page. `of` is whose ids stand in it. */
interface Try {
  /** For the ':name' parts of its address; none: it lists what is one's own. */
  params?(of: Side): Record<string, string>;
  query?(of: Side): string;
  /** Everything its forms may ask that names something of an employer's. */
  forms?(of: Side): Record<string, Form>;
  /** What such a form is answered: a choice that is not offered is an error at its field. */
  refusal?: 404 | 422;
}

const ofConnection = (of: Side, intents: string[]) =>
  Object.fromEntries(intents.map((intent) => [intent, { intent, connectionId: of.connectionId }]));
const ofRun = (of: Side) =>
  Object.fromEntries(
    ['approveRun', 'refuseRun', 'resumeRun'].map((intent) => [intent, { intent, runId: of.runId }]),
  );
const ofFailure = (of: Side) =>
  Object.fromEntries(
    ['retry', 'dismiss'].map((intent) => [intent, { intent, failureId: of.failureId }]),
  );
const shared = (of: Side) => ({
  ...ofConnection(of, ['sync', 'preview', 'pause', 'resume']),
  ...ofRun(of),
  ...ofFailure(of),
});
const key = 'sandbox-key-0003';

/** Every page that an employer may open. A page that is not listed fails the next test. */
const EMPLOYER_PAGES: Record<string, Try> = {
  '/employer': { query: () => '?page=1' },
  '/employer/jobs/:id/applicants': { params: (of) => ({ id: of.jobId }) },
  '/employer/applicants/:id/resume': { params: (of) => ({ id: of.applicationId }) },
  '/employer/jobs/new': {
    refusal: 422,
    forms: (of) => ({
      forOthers: { employer: of.organizationId, account: '', title: 'Taken over' },
      atOthers: { employer: a.organizationId, account: of.connectionId, title: 'Taken over' },
      byName: { newEmployer: 'Quite another', account: '', title: 'Taken over' },
    }),
  },
  '/employer/jobs/:id/edit': {
    params: (of) => ({ id: of.jobId }),
    forms: () => ({ edit: { title: 'Taken over' } }),
  },
  '/employer/integrations': {
    forms: (of) => ({
      ...shared(of),
      ...ofConnection(of, ['test']),
      replaceKey: { intent: 'replaceKey', connectionId: of.connectionId, key },
      add: { intent: 'add', provider: 'manatal', organizationId: of.organizationId, key },
      addPaused: {
        intent: 'addPaused',
        provider: 'manatal',
        label: 'Mine',
        organizationName: 'Reef Labs',
        key,
      },
      addByName: {
        ...{ intent: 'add', provider: 'manatal' },
        ...{ organizationName: 'Reef Labs', label: 'Mine', key },
      },
    }),
  },
  '/employer/integrations/:id/choices': {
    params: (of) => ({ id: of.connectionId }),
    forms: () => ({ choose: { any: 'thing' } }),
  },
  '/employer/integrations/:id/webhooks': {
    params: (of) => ({ id: of.connectionId }),
    forms: () => ({
      lookAtWebhooks: { intent: 'lookAtWebhooks' },
      changeWebhookAddress: { intent: 'changeWebhookAddress' },
    }),
  },
  '/employer/integrations/:id/disconnect': {
    params: (of) => ({ id: of.connectionId }),
    forms: () => ({ disconnect: {} }),
  },
  '/employer/sync': {
    query: (of) => `?connection=${of.connectionId}`,
    forms: (of) => ({
      ...shared(of),
      retryAll: { intent: 'retryAll', connection: of.connectionId },
      dismissAll: { intent: 'dismissAll', connection: of.connectionId, reason: 'none' },
    }),
  },
  '/employer/sync/runs/:id': { params: (of) => ({ id: of.runId }), forms: shared },
};

const pagesOf = (entries: RouteConfigEntry[], above = ''): { path: string; file: string }[] =>
  entries.flatMap(({ path: own, index, file, children }) => {
    const here = own ? `${above}/${own}` : above;
    return [
      ...(own || index ? [{ path: here || '/', file }] : []),
      ...pagesOf(children ?? [], here),
    ];
  });
const sitePages = pagesOf(routes);
const addressOf = (pattern: string, tried: Try, of: Side) =>
  pattern.replace(/:(\w+)/g, (_, name: string) => tried.params?.(of)[name] ?? '') +
  (tried.query?.(of) ?? '');

type Loader = (given: object) => Promise<unknown>;

async function moduleOf(pattern: string): Promise<{ loader?: Loader; action?: Loader }> {
  const { file } = sitePages.find((page) => page.path === pattern)!;
  return import(path.resolve('src', file));
}

/** What a page answers: its data, or the status of what it throws. */
async function ask(
  pattern: string,
  viewer: Viewer | null,
  { tried, of, form }: { tried: Try; of: Side; form?: Form },
): Promise<{ status: number; text: string }> {
  const page = await moduleOf(pattern);
  const url = new URL(addressOf(pattern, tried, of), 'http://kiex.test');
  const body = form && new URLSearchParams(form);
  const request = new Request(url, form ? { method: 'POST', body } : {});
  const context = makeContext(app, viewer);
  const given = { request, url, params: tried.params?.(of) ?? {}, context };
  try {
    const answer = await (form ? page.action! : page.loader!)(given);
    if (answer instanceof Response) return { status: answer.status, text: await answer.text() };
    const status = (answer as { init?: { status?: number } })?.init?.status ?? 200;
    return { status, text: JSON.stringify(answer) };
  } catch (thrown) {
    if (thrown instanceof Response) return { status: thrown.status, text: await thrown.text() };
    const { init } = thrown as { init?: { status?: number } };
    if (!init?.status) throw thrown;
    return { status: init.status, text: '' };
  }
}

/** Does the address itself name something of theirs? Then there is nothing at it for others. */
const isNamed = (pattern: string, tried: Try, of: Side) =>
  leaks(addressOf(pattern, tried, of), of).length > 0;

const leaks = (text: string, of: Side) => of.marks.filter((mark) => text.includes(mark));

/** All that is B's in the engine and the rooms, to see that nothing of it moved. */
async function everythingOf(of: Side): Promise<unknown> {
  const { db } = world;
  const [own, ran, failed, told, job] = await Promise.all([
    db.select().from(connections).where(eq(connections.organizationId, of.organizationId)),
    db.select().from(runs).where(eq(runs.connectionId, of.connectionId)).orderBy(runs.id),
    db.select().from(failures).where(eq(failures.connectionId, of.connectionId)),
    db.select().from(activity).where(eq(activity.connectionId, of.connectionId)),
    db.select().from(jobs).where(eq(jobs.id, of.jobId)),
  ]);
  return { own, ran, failed, told: told.length, job };
}

test('every page of an employer is tried here, with every kind of thing its forms ask', async () => {
  const theirs = sitePages.filter(({ path: own }) => /^\/employer(\/|$)/.test(own));
  expect(theirs.map((page) => page.path).sort()).toEqual(Object.keys(EMPLOYER_PAGES).sort());
  for (const [pattern, { forms }] of Object.entries(EMPLOYER_PAGES)) {
    const { action } = await moduleOf(pattern);
    expect([pattern, Boolean(forms)]).toEqual([pattern, Boolean(action)]);
  }
});

describe.each(Object.entries(EMPLOYER_PAGES))('%s', (pattern, tried) => {
  test('shows an employer’s person what is theirs', async () => {
    const { status, text } = await ask(pattern, a.person, { tried, of: a });
    expect(status).toBe(200);
    if (!pattern.endsWith('resume')) expect(leaks(text, a).length).toBeGreaterThan(0);
  });

  test('shows nothing of another employer’s, whatever stands in the address', async () => {
    const { status, text } = await ask(pattern, a.person, { tried, of: b });
    expect(status).toBe(isNamed(pattern, tried, b) ? 404 : 200);
    expect(leaks(text, b)).toEqual([]);
  });

  test('does nothing to what is another employer’s, whatever its forms ask', async () => {
    const before = await everythingOf(b);
    for (const [name, form] of Object.entries(tried.forms?.(b) ?? {})) {
      const { status, text } = await ask(pattern, a.person, { tried, of: b, form });
      expect([name, status]).toEqual([name, tried.refusal ?? 404]);
      // A form that is shown again says what was typed, and nothing else of theirs.
      const typed = Object.values(form);
      expect(leaks(text, b).filter((mark) => !typed.includes(mark))).toEqual([]);
      // Also from a page that is their own.
      const fromOwn = { ...tried, params: () => tried.params?.(a) ?? {}, query: () => '' };
      // Some name nothing but by the address of their page.
      if (Object.values(form).some((value) => b.marks.includes(value))) {
        expect(await ask(pattern, a.person, { tried: fromOwn, of: b, form })).toMatchObject({
          status: tried.refusal ?? 404,
        });
      }
    }
    expect(await everythingOf(b)).toEqual(before);
  });

  test('is shut to students and visitors, at the door and behind it', async () => {
    const address = addressOf(pattern, { ...tried, query: undefined }, b);
    expect(decideAccess(address, b.student).kind).toBe('forbidden');
    expect(decideAccess(address, null).kind).toBe('sign_in');
    for (const viewer of [b.student, null]) {
      const answers = [await ask(pattern, viewer, { tried, of: b })];
      for (const form of Object.values(tried.forms?.(b) ?? {}))
        answers.push(await ask(pattern, viewer, { tried, of: b, form }));
      for (const { status, text } of answers) {
        expect([403, 404]).toContain(status);
        expect(leaks(text, b)).toEqual([]);
      }
    }
  });

  test('shows nothing to somebody who acts for nobody (any more)', async () => {
    const person = await addPerson(world, { name: 'Nobody’s', organizationId: null });
    const { status, text } = await ask(pattern, person, { tried, of: b });
    expect(status).toBe(isNamed(pattern, tried, b) ? 404 : 200);
    expect([...leaks(text, a), ...leaks(text, b)]).toEqual([]);
  });
});

test('the pages of staff and of students are shut to an employer’s person', () => {
  const others = sitePages.filter(({ path: own }) => /^\/(staff|dashboard|profile)/.test(own));
  expect(others.length).toBeGreaterThan(10);
  for (const { path: own } of [...others, { path: '/resumes/1' }, { path: '/jobs/a/apply' }]) {
    const address = own.replace(/:\w+/g, b.runId);
    expect([address, decideAccess(address, a.person).kind]).toEqual([address, 'forbidden']);
  }
});

test('[P1] [P2] a resume and a name are shown only while the student shares them with this employer', async () => {
  const resume = { tried: EMPLOYER_PAGES['/employer/applicants/:id/resume']!, of: a };
  const list = { tried: EMPLOYER_PAGES['/employer/jobs/:id/applicants']!, of: a };
  const open = async () => {
    const [file, page] = [
      await ask('/employer/applicants/:id/resume', a.person, resume),
      await ask('/employer/jobs/:id/applicants', a.person, list),
    ];
    return [file.status, page.text.includes(a.student.name)];
  };
  expect(await open()).toEqual([200, true]);
  const agree = (change: object) =>
    world.db.update(agreements).set(change).where(eq(agreements.applicationId, a.applicationId));
  await agree({ categories: ['name', 'email'] });
  expect(await open()).toEqual([404, true]);
  await agree({ categories: ['name', 'resume'], organizationId: b.organizationId });
  expect(await open()).toEqual([404, false]);
  await agree({ organizationId: a.annexId });
  expect(await open()).toEqual([200, true]);
  await agree({ organizationId: a.organizationId, withdrawnAt: world.clock.now() });
  expect(await open()).toEqual([404, false]);
});
