import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type Random, seededRandom } from '#src/platform/random.ts';
import { cleanUp, type KiexProcess } from '../kiex/process.ts';
import { checkDelivered, untilDelivered, untilEdited } from './delivered.ts';
import { takenUp, watchLocks } from './held.ts';
import { startLoad } from './load.ts';
import { longestGap, mostInAnyMinute, percentile, timesOf } from './requests.ts';
import { openTown, type Town } from './town.ts';

const seconds = Number(process.env.KIEX_PROOF_SECONDS ?? 120);
const seed = Number(process.env.KIEX_PROOF_SEED ?? Date.now() % 1_000_000);
/** More than Manatal allows, so that two minutes are a long time; the margin is Manatal's own, 90 of 100. */
const callsPerMinute = 300;
const callsAllowed = 333;
const stallMillisecondsMax = 5_000;
const usedShareMin = 0.95;
/** Longer than any bell rings again, so that what would double has doubled. */
const quietMilliseconds = 12_000;

afterAll(cleanUp);

test(`[Q1] [D7] [F4] two workers that are killed in turn keep one quota and lose, double and hold up nothing (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const town = await openTown({
    ...{ students: 40, employers: 2, jobs: 3_000, callsPerMinute, callsAllowed },
    settings: { KIEX_POLL_SECONDS: '5' },
  });
  const running: KiexProcess[] = [];
  try {
    await town.enrol();
    running.push(await town.start('web', 'web'));
    await town.connect();
    const workers = await Promise.all([0, 1].map((at) => startWorker(town, at)));
    await town.signIn();
    await town.untilJobs(300, 60);
    const load = startLoad(town, random, { applyMilliseconds: 2_000, editMilliseconds: 1_500 });
    const from = Date.now();
    const { pieces, kills } = await killInTurn(town, workers, {
      random,
      until: from + seconds * 1_000,
    });
    const to = Date.now();
    await load.end();
    await untilDelivered(town);
    await untilEdited(town, load.titles);
    await sleep(quietMilliseconds);
    const resumesInDoubt = await checkDelivered(town, load.acknowledged);
    running.push(...workers.map(({ process }) => process));
    const requests = await town.requests.all();
    const stalls = await takenUp(town, pieces, requests);
    const waits = stalls.flatMap(({ nextCall, takenUp }) => nextCall ?? takenUp ?? []);
    const accounts = town.employers.map(({ account }) => {
      const times = timesOf(requests, account);
      const during = times.filter((time) => time >= from && time < to).length;
      return {
        account,
        calls: during,
        usedShare: during / ((callsPerMinute * (to - from)) / 60_000),
        mostInAnyMinute: mostInAnyMinute(times),
        longestGap: longestGap(times, { from, to }),
      };
    });
    const figures = {
      seed,
      seconds: (to - from) / 1_000,
      kills,
      applications: load.acknowledged.size,
      editedJobs: load.titles.size,
      resumesInDoubt,
      refused: requests.filter(({ status }) => status === 429).length,
      piecesHeldAtKills: stalls.length,
      piecesOverAtKill: stalls.length - waits.length,
      stallMedian: percentile(waits, 0.5),
      longestStall: percentile(waits, 1),
    };
    console.table(figures);
    console.table(accounts);
    console.table(stallsByKind(stalls));
    expect(kills).toBeGreaterThan(seconds / 20);
    expect(figures.refused).toBe(0);
    expect(figures.longestStall).toBeLessThan(stallMillisecondsMax);
    for (const account of accounts) {
      expect(account.mostInAnyMinute).toBeLessThanOrEqual(callsAllowed);
      expect(account.usedShare).toBeGreaterThanOrEqual(usedShareMin);
      expect(account.longestGap).toBeLessThan(stallMillisecondsMax);
    }
  } finally {
    for (const one of running) await one.end('SIGTERM');
    await town.close();
  }
}, 900_000);

interface Worker {
  at: number;
  name: string;
  process: KiexProcess;
}

let starts = 0;

async function startWorker(town: Town, at: number): Promise<Worker> {
  const name = `worker-${at}-${++starts}`;
  return { at, name, process: await town.start('worker', name) };
}

/** Until the time is over one of the workers is killed every few seconds, and started again at once. */
async function killInTurn(
  town: Town,
  workers: Worker[],
  { random, until }: { random: Random; until: number },
) {
  const watch = watchLocks(town);
  let kills = 0;
  for (;;) {
    await sleep(2_500 + random.integer(3_000));
    if (Date.now() >= until) break;
    const victim = workers[random.integer(workers.length)]!;
    await watch.kill(victim.name, () => victim.process.end('SIGKILL'));
    workers[victim.at] = await startWorker(town, victim.at);
    kills++;
  }
  return { kills, pieces: await watch.stop() };
}

function stallsByKind(stalls: Awaited<ReturnType<typeof takenUp>>) {
  const kinds = Object.groupBy(stalls, ({ what }) => what);
  return Object.entries(kinds).map(([what, some = []]) => ({
    what,
    pieces: some.length,
    longestUntilTakenUp: percentile(
      some.flatMap(({ takenUp }) => takenUp ?? []),
      1,
    ),
    longestUntilNextCall: percentile(
      some.flatMap(({ nextCall }) => nextCall ?? []),
      1,
    ),
  }));
}
