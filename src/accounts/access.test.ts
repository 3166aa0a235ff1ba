import type { RouteConfigEntry } from '@react-router/dev/routes';
import { describe, expect, test } from 'vitest';
import routes from '#src/routes.ts';
import { ACCESS, type Access, decideAccess } from './access.ts';
import { landingOf } from './landing.ts';
import { ROLES } from './viewer.ts';

/** What each reader is answered, in the order of READERS. */
type Answers = readonly Access['kind'][];
const READERS = [null, ...ROLES];

const everyone: Answers = ['allowed', 'allowed', 'allowed', 'allowed', 'allowed'];
const students: Answers = ['sign_in', 'allowed', 'forbidden', 'forbidden', 'forbidden'];
const employers: Answers = ['sign_in', 'forbidden', 'allowed', 'forbidden', 'forbidden'];
const staff: Answers = ['sign_in', 'forbidden', 'forbidden', 'allowed', 'allowed'];

/** Every page of the site map, by its pattern. A page that is not listed fails the first test. */
const EXPECTED: Record<string, Answers> = {
  '/': everyone,
  '/jobs': everyone,
  '/jobs/:slug': everyone,
  '/employers/:slug': everyone,
  '/sign-up': everyone,
  '/sign-in': everyone,
  '/sign-out': everyone,
  '/set-password': everyone,
  '/theme': everyone,
  '/jobs/:slug/apply': students,
  '/dashboard': students,
  '/profile': students,
  '/profile/:kind/:id': students,
  '/sharing': students,
  '/resumes/:id': students,
  '/employer': employers,
  '/employer/jobs/:id/applicants': employers,
  '/employer/applicants/:id/resume': employers,
  '/employer/jobs/new': employers,
  '/employer/jobs/:id/edit': employers,
  '/employer/integrations': employers,
  '/employer/integrations/:id/choices': employers,
  '/employer/integrations/:id/webhooks': employers,
  '/employer/integrations/:id/disconnect': employers,
  '/employer/sync': employers,
  '/employer/sync/runs/:id': employers,
  '/staff': staff,
  '/staff/sync': staff,
  '/staff/sync/activity': staff,
  '/staff/sync/runs/:id': staff,
  '/staff/sync/problems/:id': staff,
  '/staff/sync/runs/:id/undo': staff,
  '/staff/sync/runs/:id/preview': staff,
  '/staff/records/:resource/:ourId': staff,
  '/staff/employers': staff,
  '/staff/integrations': staff,
  '/staff/integrations/:id/fields': staff,
  '/staff/integrations/:id/stages': staff,
  '/staff/integrations/:id/choices': staff,
  '/staff/integrations/:id/webhooks': staff,
  '/staff/integrations/:id/disconnect': staff,
  '/staff/sync/conflicts': staff,
  '/staff/jobs': staff,
  '/staff/jobs/new': staff,
  '/staff/jobs/:id/edit': staff,
  '/staff/contacts': staff,
  '/staff/contacts/:id': staff,
  '/staff/organizations': staff,
  '/staff/organizations/:id/edit': staff,
};

const sitePaths = (entries: RouteConfigEntry[], above = ''): string[] =>
  entries.flatMap(({ path, index, children }) => {
    const here = path ? `${above}/${path}` : above;
    return [...(path || index ? [here || '/'] : []), ...sitePaths(children ?? [], here)];
  });

const answersAt = (path: string): Answers =>
  READERS.map((role) => decideAccess(path, role && { role }).kind);

test('every page of the site map is listed here, and no other', () => {
  expect(sitePaths(routes).sort()).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))('%s answers each role as listed', (pattern, answers) => {
  expect(answersAt(pattern.replace(/:\w+/g, 'some-thing'))).toEqual(answers);
});

test('every row of the table is of use to a page', () => {
  const samples = Object.keys(EXPECTED);
  const unused = ACCESS.filter(([pattern]) => {
    const base = pattern.replace(/\/\*$/, '');
    return !samples.some((path) => path === pattern || (base !== pattern && path.startsWith(base)));
  });
  expect(unused.map(([pattern]) => pattern)).toEqual([]);
});

describe('what is not listed is shown to nobody', () => {
  test.each(['/admin', '/jobs/a/b', '/staffroom', '/dashboard/x', '//', '/jobs//apply', '/%zz'])(
    '%s',
    (path) => {
      expect(answersAt(path)).toEqual(READERS.map(() => 'unknown'));
    },
  );
});

describe('a page is the same however its address is written', () => {
  test.each([
    '/staff/sync/',
    '/Staff/SYNC',
    '/%73taff/sync',
    '/staff/sync.data',
    '/staff/sync/_.data',
    '/staff.data',
  ])('%s', (path) => {
    expect(answersAt(path)).toEqual(staff);
  });

  test('a job may be called anything that is one part of a path', () => {
    expect(answersAt('/jobs/caf%C3%A9-1')).toEqual(everyone);
    expect(answersAt('/jobs/x%2Fapply')).toEqual(READERS.map(() => 'unknown'));
  });

  test('the front page has its data under a name of its own', () => {
    expect(answersAt('/_root.data')).toEqual(everyone);
  });
});

describe('where people come to after signing in', () => {
  test('where they were going', () => {
    expect(landingOf('student', '/jobs/barista/apply?x=1')).toBe('/jobs/barista/apply?x=1');
    expect(landingOf('staff', '/staff/integrations')).toBe('/staff/integrations');
  });

  test('home, when that is not for them or nowhere', () => {
    expect(landingOf('staff', '/dashboard')).toBe('/staff/sync');
    expect(landingOf('student', '/staff/sync')).toBe('/dashboard');
    expect(landingOf('employer', '/staff/sync')).toBe('/employer');
    expect(landingOf('student', '/nothing')).toBe('/dashboard');
    expect(landingOf('admin', null)).toBe('/staff/sync');
  });

  test.each(ROLES)('the home of a %s is open to them', (role) => {
    expect(decideAccess(landingOf(role, null), { role }).kind).toBe('allowed');
  });
});
