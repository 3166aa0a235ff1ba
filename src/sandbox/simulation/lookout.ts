import type { Parts } from '#src/sync/parts.ts';
import { lookAround } from '#src/sync/schedule.ts';
import { note } from './ground.ts';
import type { Surroundings } from './processes.ts';
import type { Life } from './scheduler.ts';
import { isSimulated } from './simulatedFault.ts';

/** Nothing has moved for so long: what the engine keeps back for some seconds has come by then. */
const idleAfterSeconds = 12;
/** Also when nothing seems to be due: what comes due in ways not listed here waits no longer. */
const lookSecondsMax = 7_200;

/** The next instants that the tables know of. Only a hint when to look; the look decides. */
const nextDue = `
  select 1000 * extract(epoch from least(
    (select min(next_poll_at) from checkpoints where next_poll_at > $1),
    (select min(next_try_at) from failures where state = 'retrying' and next_try_at > $1),
    (select min(next_try_at) from runs where state = 'waiting' and next_try_at > $1),
    (select min(verify_at) from links where verify_at > $1)
  ))::float8 as at`;

/**
 * The timer of `worker.ts`, for as long as the life lasts. An idle worker sleeps until something
 * comes due or moves, so that idle time costs nothing.
 */
export async function lookAgainAndAgain(
  around: Surroundings,
  life: Life,
  parts: Parts,
): Promise<void> {
  const { database, settings, ground } = around;
  const worker = Number(life.name.split(' ')[1]) - 1;
  const seconds = settings.lookSeconds[worker] ?? 60;
  // The first is called by whatever moves; the others only look when something has come due.
  const isCalled = worker === 0;
  let movedAt = ground.scheduler.now();
  let pause = seconds;
  while (!life.isDead) {
    const before = database.stirs();
    try {
      note(ground, life, 'looks around');
      await lookAround(parts);
    } catch (error) {
      if (!isSimulated(error)) parts.log.error({ err: error }, 'Stumbled while looking around');
      // A look that was broken off has not seen what is due: the next one follows soon.
      movedAt = ground.scheduler.now();
      pause = seconds;
    }
    if (database.stirs() > before) {
      movedAt = ground.scheduler.now();
      pause = seconds;
    }
    const isIdle = ground.scheduler.now() - movedAt >= idleAfterSeconds * 1_000;
    if (isIdle) await untilDue(around, life, isCalled);
    await parts.clock.sleep(pause * 1_000);
    pause = isIdle ? seconds : pause * 2;
  }
}

async function untilDue(
  { database, ground }: Surroundings,
  life: Life,
  isCalled: boolean,
): Promise<void> {
  const stirred = isCalled ? database.stirred() : undefined;
  const now = ground.scheduler.now();
  const [row] = await database.peek<{ at: number | null }>(life, nextDue, [new Date(now)]);
  const wait = Math.min((row?.at ?? Number.POSITIVE_INFINITY) - now, lookSecondsMax * 1_000);
  await ground.scheduler.clockOf(life).sleep(wait, stirred);
}
