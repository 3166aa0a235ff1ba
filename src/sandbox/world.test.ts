import { expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { seededRandom } from '#src/platform/random.ts';
import { createManatalSimulator } from './manatal/simulator.ts';
import { seedManyJobs } from './manyJobs.ts';
import { seedWorld, WORLD_ACCOUNTS } from './world.ts';

function createWorld() {
  const clock = new ManualClock();
  const outgoing = async () => new Response(null, { status: 404 });
  const simulator = createManatalSimulator({ clock, random: seededRandom(1), outgoing });
  seedWorld(simulator, clock, seededRandom(2));
  return { clock, simulator };
}

test('the world has two employers with 45 to 60 jobs across the five places', () => {
  const { simulator } = createWorld();
  const jobs = simulator.accounts().flatMap(({ id }) => simulator.rows(id, 'jobs'));
  expect(simulator.accounts().map(({ key }) => key)).toEqual(WORLD_ACCOUNTS.map(({ key }) => key));
  expect(jobs.length).toBeGreaterThanOrEqual(45);
  expect(jobs.length).toBeLessThanOrEqual(60);
  expect(new Set(jobs.map(({ country }) => country)).size).toBe(5);
  expect(new Set(jobs.map(({ city }) => city)).size).toBeGreaterThanOrEqual(14);
  expect(new Set(jobs.map(({ status }) => status))).toEqual(
    new Set(['active', 'on_hold', 'won', 'lost']),
  );
  expect(new Set(jobs.map(({ is_remote }) => is_remote))).toEqual(new Set([true, false, null]));
  expect(jobs.some(({ is_published }) => !is_published)).toBe(true);
  expect(jobs.some(({ is_salary_visible }) => !is_salary_visible)).toBe(true);
  expect(jobs.some(({ close_at }) => close_at !== null)).toBe(true);
});

test('pay is never below the least of its place', () => {
  const { simulator } = createWorld();
  const least: Record<string, number> = {
    Guam: 9.25,
    'Northern Mariana Islands': 7.25,
    Palau: 4.25,
  };
  for (const { id } of simulator.accounts()) {
    for (const job of simulator.rows(id, 'jobs')) {
      if (job.frequency !== 'hour') continue;
      const from = Number(job.salary_min);
      expect(from, job.position_name).toBeGreaterThanOrEqual(least[job.country ?? ''] ?? 2.5);
      expect(Number(job.salary_max)).toBeGreaterThan(from);
    }
  }
});

test('descriptions have paragraphs and lists, and a believable length', () => {
  const { simulator } = createWorld();
  const texts = simulator.rows(1, 'jobs').map(({ description }) => description ?? '');
  expect(new Set(texts).size).toBe(texts.length);
  for (const text of texts) {
    expect(text.length).toBeGreaterThan(600);
    expect(text.length).toBeLessThan(2000);
    expect(text).toMatch(/<p>.*<ul><li>/s);
  }
});

test('some people have applied already, with stages, a drop and a resume that opens', async () => {
  const { simulator } = createWorld();
  const matches = simulator.rows(1, 'matches');
  expect(matches.every(({ creator }) => creator === null)).toBe(true);
  expect(new Set(matches.map(({ stage }) => stage)).size).toBeGreaterThan(1);
  expect(matches.some(({ is_active }) => !is_active)).toBe(true);
  const headers = { authorization: `Token ${WORLD_ACCOUNTS[0]?.key}` };
  const list = await simulator.fetch('https://x.example/open/v3/candidates/', { headers });
  const [first] = (await list.json()).results;
  const file = await simulator.fetch(first.resume);
  expect((await file.text()).slice(0, 8)).toBe('%PDF-1.4');
});

test('seeding twice changes nothing', () => {
  const { simulator, clock } = createWorld();
  const before = simulator.rows(1, 'jobs').length;
  seedWorld(simulator, clock, seededRandom(3));
  expect(simulator.accounts()).toHaveLength(2);
  expect(simulator.rows(1, 'jobs')).toHaveLength(before);
});

test('thousands of varied jobs can be seeded, and a page of them is cut in milliseconds', async () => {
  const { simulator } = createWorld();
  const ids = seedManyJobs(simulator, { account: 2, count: 2000 });
  expect(new Set(ids).size).toBe(2000);
  const many = simulator.rows(2, 'jobs').slice(-2000);
  const lengths = many.map(({ description }) => description?.length ?? 0);
  expect(Math.min(...lengths)).toBeGreaterThan(600);
  expect(Math.max(...lengths)).toBeLessThan(2000);
  expect(new Set(many.map(({ position_name }) => position_name)).size).toBe(2000);

  const headers = { authorization: `Token ${WORLD_ACCOUNTS[1]?.key}` };
  const url = 'https://x.example/open/v3/jobs/?page_size=100&page=';
  const startedAt = performance.now();
  for (let page = 1; page <= 20; page += 1) {
    const answer = await simulator.fetch(`${url}${page}`, { headers });
    expect((await answer.json()).results).toHaveLength(100);
  }
  // Twenty pages of 100; the bound is wide, since other work shares this machine.
  expect((performance.now() - startedAt) / 20).toBeLessThan(50);
});
