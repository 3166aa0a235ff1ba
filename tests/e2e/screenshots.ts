import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { makeInstallation } from '../kiex/installation.ts';
import { cleanUp, startKiex } from '../kiex/process.ts';
import { launch } from './browser.ts';
import { type Sight, setScene } from './scene.ts';

// Pictures of the main pages for the papers: `npm run screenshots`, or with another folder as argument.

const folder = path.resolve(
  process.argv[2] ?? fileURLToPath(new URL('../../docs/screenshots', import.meta.url)),
);

const shown = [
  'front-page',
  'jobs',
  'job',
  'apply',
  'student-dashboard',
  'profile',
  'employer-applicants',
  'sync-dashboard',
  'integration-settings',
  'fields',
  'choices',
  'stages',
  'conflicts',
  'run-asks',
  'preview-mixed',
  'record',
  'correct',
  'simulator',
  'simulator-job',
];

/** What is below is cut off: a picture shows what a page is like, not all of it. */
const screens = [
  { name: 'wide', width: 1280, height: 900, heightMax: 1000 },
  { name: 'phone', width: 390, height: 844, heightMax: 1100 },
];

const [kiex, browser] = await Promise.all([startKiex(await makeInstallation()), launch()]);
try {
  const scene = await setScene(kiex, browser);
  await fs.mkdir(folder, { recursive: true });
  for (const { name: screen, width, height, heightMax } of screens) {
    for (const name of shown) {
      const sight = scene.sights.find((one) => one.name === name)!;
      const options = { viewport: { width, height }, deviceScaleFactor: 1 };
      const context = await scene.contextOf(sight.as, { ...options, timezoneId: 'Pacific/Guam' });
      const page = await context.newPage();
      await show(page, sight);
      const file = path.join(folder, `${name}-${screen}.png`);
      const full = await page.evaluate(() => document.documentElement.scrollHeight);
      // A page that is taller than the screen is drawn as if the screen were taller: what sticks to
      // the edge of the screen stays at the edge.
      await page.setViewportSize({ width, height: Math.min(Math.max(full, height), heightMax) });
      await page.screenshot({ path: file });
      const { size } = await fs.stat(file);
      process.stdout.write(`${path.relative('.', file)}  ${Math.ceil(size / 1024)} KB\n`);
      await context.close();
    }
  }
} finally {
  await Promise.all([cleanUp(), browser.close()]);
}

async function show(page: Page, { url, as }: Sight): Promise<void> {
  await page.goto(url);
  const isLive = url.endsWith('/dashboard') || url.endsWith('/staff/sync');
  if (isLive && as !== 'visitor') await page.getByText('Live', { exact: true }).waitFor();
}
