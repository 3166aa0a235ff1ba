import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { seededRandom } from '#src/platform/random.ts';
import { startWixSandbox } from './start.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wix-sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the sandbox is filled once: sites, a key that opens them, and an author each', async () => {
  const clock = new ManualClock();
  const start = () =>
    startWixSandbox({
      ...{ folder, port: 0, clock, random: seededRandom(1) },
      outgoing: async () => new Response(),
    });
  const first = await start();
  const [site] = first.sites;
  await clock.advance(2_000);
  const headers = { authorization: site?.key ?? '', 'wix-site-id': site?.siteId ?? '' };
  const path = '/members/v1/members?fieldsets=FULL';
  const answer = await first.simulator.fetch(`${first.url}${path}`, { headers });
  expect(await answer.json()).toMatchObject({
    members: [{ loginEmail: 'jobs@island-careers.example', status: 'APPROVED' }],
  });
  first.simulator.editor(site?.siteId ?? '').addsContact({ name: { first: 'Kept' } });
  await first.close();
  const second = await start();
  expect(second.sites).toEqual(first.sites);
  expect(second.simulator.sites()).toHaveLength(2);
  // Its author, five people who wrote there, and the one just added.
  expect(second.simulator.rows(site?.siteId ?? '', 'contacts')).toHaveLength(7);
  await second.close();
});
