import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '#src/platform/random.ts';
import { cleanUp } from '../kiex/process.ts';
import { until } from '../kiex/until.ts';
import { checkDelivered, untilDelivered } from './delivered.ts';
import { longestGap, mostInAnyMinute, percentile, timesOf } from './requests.ts';
import { type Employer, openTown, type Town } from './town.ts';

const applications = Number(process.env.KIEX_PROOF_APPLICATIONS ?? 102);
/** Each has its own key, quota and backfill: so many applications take seven minutes, not twenty. */
const employers = 3;
const seed = Number(process.env.KIEX_PROOF_SEED ?? Date.now() % 1_000_000);
/** Manatal's real pace: KiEX's default budget, and what the provider refuses beyond. */
const callsPerMinute = 90;
const callsAllowed = 100;
/**
 * Between two applications to one employer: twelve calls of each, of 90 a minute, are all that a key
 * can carry when one comes every eight seconds.
 */
const betweenMilliseconds = { least: 8_000, most: 12_000 };
/** For one employer. Beside the applications a page of 100 comes every two seconds: never done early. */
const jobs = Math.max(20_000, Math.ceil(applications / employers) * 800);
const medianMillisecondsMax = 5_000;
const percentile99MillisecondsMax = 15_000;

afterAll(cleanUp);

test(`[Q2] ${applications} applications in the middle of backfills of ${jobs} jobs arrive within seconds (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const town = await openTown({
    ...{ students: applications, employers, jobs, callsPerMinute, callsAllowed },
  });
  const kiex = await town.start('start', 'kiex');
  try {
    await town.enrol();
    await town.signIn();
    await town.connect();
    await town.untilJobs(300, 120);
    const from = Date.now();
    const arrivals: Promise<number>[] = [];
    const acknowledged = new Set<string>();
    for (const [at, applicant] of town.applicants.entries()) {
      const employer = town.employers[at % employers]!;
      const slug = await town.anyJob(employer, random);
      expect(await openBackfills(town)).toBe(employers);
      await applicant.apply(slug, `Note ${applicant.email}`);
      acknowledged.add(`${applicant.email} ${slug}`);
      arrivals.push(arrivalOf(town, { employer, email: applicant.email, from: Date.now() }));
      const { least, most } = betweenMilliseconds;
      await sleep((least + random.integer(most - least)) / employers);
    }
    const to = Date.now();
    const arrived = await Promise.all(arrivals);
    expect(await openBackfills(town)).toBe(employers);
    await untilDelivered(town);
    await checkDelivered(town, acknowledged);
    report(await figuresOf(town, arrived, { from, to }));
  } finally {
    await kiex.end('SIGTERM');
    await town.close();
  }
}, 2_400_000);

const openBackfills = (town: Town) =>
  town.count(`runs where kind = 'backfill' and resource = 'jobs' and state = 'running'`);

/**
 * Milliseconds from the answer that KiEX has it to the making of the match, by the provider's word: of
 * KiEX none is believed.
 */
async function arrivalOf(
  { simulator }: Town,
  { employer, email, from }: { employer: Employer; email: string; from: number },
): Promise<number> {
  const { account } = employer;
  const match = await until(
    `the match of ${email}`,
    async () => {
      const candidates = await simulator.rows(account, 'candidates');
      const candidate = candidates.find((row) => row.email === email);
      const matches = candidate ? await simulator.rows(account, 'matches') : [];
      return matches.find((row) => row.candidate === candidate?.id);
    },
    120,
  );
  return Date.parse(String(match.created_at)) - from;
}

async function figuresOf(town: Town, waits: number[], span: { from: number; to: number }) {
  const requests = await town.requests.all();
  const during = requests.filter(
    ({ at }) => Date.parse(at) >= span.from && Date.parse(at) < span.to,
  );
  const isPage = ({ path }: { path: string }) => path.startsWith('/open/v3/jobs/?status=active');
  const pages = during.filter(isPage);
  const seconds = (span.to - span.from) / 1_000;
  const accounts = town.employers.map(({ account }) => ({
    account,
    pagesOfBackfill: timesOf(pages, account).length,
    longestGapOfBackfill: longestGap(timesOf(pages, account), span),
    mostInAnyMinute: mostInAnyMinute(timesOf(requests, account)),
    usedShare: timesOf(during, account).length / ((callsPerMinute * seconds) / 60),
  }));
  return {
    seed,
    applications: waits.length,
    seconds,
    refused: requests.filter(({ status }) => status === 429).length,
    otherCallsPerApplication: (during.length - pages.length) / waits.length,
    median: percentile(waits, 0.5),
    percentile90: percentile(waits, 0.9),
    percentile99: percentile(waits, 0.99),
    longest: percentile(waits, 1),
    accounts,
  };
}

function report({ accounts, ...figures }: Awaited<ReturnType<typeof figuresOf>>): void {
  console.table(figures);
  console.table(accounts);
  expect(figures.refused).toBe(0);
  expect(figures.median).toBeLessThan(medianMillisecondsMax);
  expect(figures.percentile99).toBeLessThan(percentile99MillisecondsMax);
  // Held back, and never stopped.
  for (const { pagesOfBackfill } of accounts) {
    expect(pagesOfBackfill).toBeGreaterThan(figures.seconds / 10);
  }
}
