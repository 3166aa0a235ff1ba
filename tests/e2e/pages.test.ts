import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeInstallation, unpaced } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { overflowOf, scriptsOf, violationsOf, weigh } from './audit.ts';
import { launch } from './browser.ts';
import { type Scene, setScene } from './scene.ts';

/** Links of the region are slow and dear. */
const pageBytesMax = 30_000;

let kiex: RunningKiex;
let browser: Browser;
let scene: Scene;

beforeAll(async () => {
  [kiex, browser] = await Promise.all([startKiex(await makeInstallation(unpaced)), launch()]);
  scene = await setScene(kiex, browser);
});

afterAll(() => Promise.all([cleanUp(), browser?.close()]));

const wide = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' } as const;
const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const;

test.each([
  ['wide and light', wide],
  ['on a phone and dark', phone],
])('%s, no page has an axe violation or scrolls sideways', async (_name, screen) => {
  const found: Record<string, unknown> = {};
  for (const who of ['visitor', 'student', 'employer', 'staff', 'recruiter'] as const) {
    const context = await scene.contextOf(who, screen);
    const page = await context.newPage();
    for (const { name, url } of scene.sights.filter((sight) => sight.as === who)) {
      await page.goto(url);
      const violations = await violationsOf(page);
      const overflow = await overflowOf(page);
      if (violations.length > 0 || overflow > 0) found[name] = { violations, overflow };
    }
    await context.close();
  }
  expect(found).toEqual({});
});

test('public pages and forms ship no script', async () => {
  const names = [
    'front-page',
    'jobs',
    'job',
    'employer',
    'sign-in',
    'sign-up',
    'apply',
    'profile',
    'profile-line',
    'sharing',
    'edit-job',
  ];
  for (const name of names) {
    const sight = scene.sights.find((one) => one.name === name)!;
    const context = await scene.contextOf(sight.as);
    const page = await context.newPage();
    const bytes = await weigh(page, sight.url);
    expect([name, await scriptsOf(page), bytes.script]).toEqual([name, 0, undefined]);
    await context.close();
  }
});

test.each(['jobs', 'job'])(
  'the page "%s" comes with its style in less than 30 KB',
  async (name) => {
    const context = await scene.contextOf('visitor');
    const page = await context.newPage();
    const bytes = await weigh(page, scene.sights.find((sight) => sight.name === name)!.url);
    console.info(`${name}, compressed: ${JSON.stringify(bytes)}`);
    const { document = 0, stylesheet = 0, ...rest } = bytes;
    expect(stylesheet).toBeGreaterThan(0);
    expect(document + stylesheet).toBeLessThan(pageBytesMax);
    expect(Object.keys(rest).filter((kind) => kind !== 'other' && kind !== 'image')).toEqual([]);
    await context.close();
  },
);
