import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '#src/platform/random.ts';
import { cleanUp, type RunningKiex, startKiex } from '../kiex/process.ts';
import { until } from '../kiex/until.ts';
import { type KillWorld, openKillWorld, startStream } from './killWorld.ts';

/** `npm run proof:kill` asks for 20; every run of the tests kills a few times. */
const kills = Number(process.env.KIEX_PROOF_KILLS ?? 4);
const seed = Number(process.env.KIEX_PROOF_SEED ?? Date.now() % 1_000_000);
const jobCount = 2_000;
const pageCount = jobCount / 100;
/** Each page takes its time, so that the backfill is under way at every kill. */
const pageMilliseconds = 200 + 60 * kills;
/** The longest life between two kills. */
const lifeMilliseconds = 2_500;
/** For the proof, on a machine with nothing else to do; the short form may share its machine. */
const resumedMillisecondsMax = kills >= 20 ? 5_000 : 15_000;
/** Longer than any bell rings again, so that what would double has doubled. */
const quietMilliseconds = 12_000;

afterAll(cleanUp);

test(`[F4] killed ${kills} times, KiEX loses and doubles nothing (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const world = await openKillWorld({ jobs: jobCount, students: 4 });
  let kiex: RunningKiex | null = null;
  try {
    await world.enrol();
    kiex = await startKiex(world.installation);
    const path = '/open/v3/jobs/';
    await world.simulator.addFault({ kind: 'slow', path, milliseconds: pageMilliseconds });
    await world.connect();
    for (const applicant of world.applicants) await applicant.signIn();
    await until('the first jobs', async () => (await count(world, 'jobs')) >= 100);
    const stream = startStream(world, random);
    const restarts: { ready: number; resumed: number; open: boolean }[] = [];
    for (let kill = 0; kill < kills; kill++) {
      await sleep(random.integer(lifeMilliseconds));
      await kiex.end('SIGKILL');
      const open = await backfillIsOpen(world);
      kiex = await startKiex(world.installation);
      restarts.push({ ready: kiex.readyMilliseconds, resumed: await untilWork(world, kiex), open });
    }
    console.log(
      `seed ${seed}:`,
      restarts
        .map(({ ready, resumed, open }) => `${ready}/${resumed}${open ? '' : ' (backfill done)'}`)
        .join(', '),
    );
    await world.simulator.heal();
    await stream.end();
    await untilArrived(world);
    await sleep(quietMilliseconds);
    await world.fetchFiles();
    await until('the files', async () =>
      (await world.simulator.rows('resumes')).every((row) => row.downloadedAt),
    );
    await checkBackfill(world);
    await checkApplications(world, stream.acknowledged);
    for (const { ready, resumed } of restarts) {
      expect(ready).toBeLessThan(resumedMillisecondsMax);
      expect(resumed).toBeLessThan(resumedMillisecondsMax);
    }
  } finally {
    await kiex?.end('SIGTERM');
    await world.end();
  }
}, 400_000);

const count = async (world: KillWorld, table: string) =>
  (await world.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]!.count;

const backfillIsOpen = async (world: KillWorld) =>
  (await count(
    world,
    `runs where kind = 'backfill' and resource = 'jobs' and finished_at is null`,
  )) > 0;

const isPageRead = ({ path }: { path: string }) => path.startsWith('/open/v3/jobs/?status=active');

/** Milliseconds from the start of the process until the backfill reads on; done already: until now. */
async function untilWork(world: KillWorld, kiex: RunningKiex): Promise<number> {
  let first: number | undefined;
  await until('work', async () => {
    if (!(await backfillIsOpen(world))) first = Date.now();
    const calls = (await world.requests()).filter(isPageRead);
    const times = calls.map(({ at }) => Date.parse(at)).filter((at) => at >= kiex.startedAt);
    if (times.length > 0) first = Math.min(...times);
    return first !== undefined;
  });
  return first! - kiex.startedAt;
}

/** Every job is here, and everything of every application that KiEX has is at the provider. */
async function untilArrived(world: KillWorld): Promise<void> {
  await until('the backfill', async () => !(await backfillIsOpen(world)));
  const { rows } = world.simulator;
  const arrived = async () => {
    const all = await count(world, 'applications');
    const students = await count(world, '(select distinct student_id from applications) as s');
    const [matches, notes, resumes] = [
      await rows('matches'),
      await rows('notes'),
      await rows('resumes'),
    ];
    return matches.length >= all && notes.length >= all && resumes.length >= students;
  };
  // A create that a kill cut off is made again once it cannot arrive any more: two minutes. [I3]
  await until('the applications', arrived, 210);
}

async function checkBackfill(world: KillWorld): Promise<void> {
  const runs = await world.query(
    `select state, seen, created, unchanged, failed from runs where kind = 'backfill' and resource = 'jobs'`,
  );
  expect(runs).toEqual([
    { state: 'done', seen: jobCount, created: jobCount, unchanged: 0, failed: 0 },
  ]);
  expect(await count(world, 'jobs')).toBe(jobCount);
  const links = await world.query<{ ours: number; theirs: number }>(
    `select count(distinct our_id)::int as ours, count(distinct their_id)::int as theirs
     from links where resource = 'jobs'`,
  );
  expect(links).toEqual([{ ours: jobCount, theirs: jobCount }]);
  const reads = (await world.requests()).filter(isPageRead);
  console.log(`${reads.length} page reads for ${pageCount} pages and ${kills} kills`);
  // At a kill one page may be on its way and one be written: those two are read again, no more.
  expect(reads.length).toBeLessThanOrEqual(pageCount + 2 * kills);
}

async function checkApplications(world: KillWorld, acknowledged: Set<string>): Promise<void> {
  const ours = await world.query<{ id: string; student: string; key: string }>(
    `select applications.id, student_id as student, users.email || ' ' || jobs.slug as key
     from applications join users on users.id = student_id join jobs on jobs.id = job_id`,
  );
  console.log(`${acknowledged.size} applications acknowledged, ${ours.length} kept`);
  expect(acknowledged.size).toBeGreaterThan(kills);
  const kept = new Set(ours.map(({ key }) => key));
  expect([...acknowledged].filter((key) => !kept.has(key))).toEqual([]);
  const { rows } = world.simulator;
  const [candidates, matches] = [await rows('candidates'), await rows('matches')];
  const [notes, resumes] = [await rows('notes'), await rows('resumes')];
  const students = [...new Set(ours.map(({ student }) => student))];
  expect(sorted(candidates.map((row) => row.external_id))).toEqual(sorted(students));
  expect(sorted(matches.map((row) => row.external_id))).toEqual(sorted(ours.map(({ id }) => id)));
  expect(sorted(notes.map((row) => row.parent))).toEqual(
    sorted(matches.map((row) => `matches/${row.id}`)),
  );
  expect(sorted(resumes.map((row) => row.parent))).toEqual(
    sorted(candidates.map((row) => `candidates/${row.id}`)),
  );
  expect(await count(world, `failures where state in ('retrying', 'dead')`)).toBe(0);
}

const sorted = (values: unknown[]) => values.map(String).sort();
