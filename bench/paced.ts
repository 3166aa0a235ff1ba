import type { Log } from '#src/platform/log.ts';
import type { Databases } from './databases.ts';
import { openKiex } from './kiex.ts';
import { startSimulator } from './simulator.ts';

export interface PacedFigures {
  jobs: number;
  calls: number;
  seconds: number;
  callsPerMinute: number;
  refused: number;
  /** Calls that went out, of those the budget allowed in the time. */
  usedShare: number;
  /** In each whole minute from the first call on. */
  perMinute: number[];
  /** In any 60 seconds, wherever they begin. */
  mostInAnyMinute: number;
}

/** KiEX's own setting, and what Manatal allows; the simulator enforces the latter. */
const callsPerMinute = 90;

/**
 * A backfill that is long enough to be held up by the quota: is the budget used, and never passed?
 * Fails  when a call was refused, or under 95 % of the budget was used while there was work.
 */
export async function measurePaced(
  tools: { databases: Databases; log: Log },
  { jobs }: { jobs: number },
): Promise<PacedFigures> {
  const { databases, log } = tools;
  const switches = { quotaEnforced: true, quotaPerMinute: 100 } as const;
  const simulator = await startSimulator({ key: 'bench-key-0003', jobs, switches });
  const kiex = await openKiex({
    simulator,
    databaseUrl: await databases.fresh(),
    callsPerMinute,
    log,
  });
  try {
    // Connecting made a few calls; they count for the quota, and for the windows below.
    const before = (await simulator.requests()).length;
    const { run, milliseconds } = await kiex.run('backfill');
    if (run.created !== jobs) throw new Error(`${run.created} jobs came in of ${jobs}`);
    const requests = await simulator.requests();
    const times = requests.map(({ at }) => Date.parse(at));
    const calls = requests.length - before;
    const seconds = milliseconds / 1_000;
    const figures = {
      jobs,
      calls,
      seconds,
      callsPerMinute,
      refused: requests.filter(({ status }) => status === 429).length,
      usedShare: calls / ((callsPerMinute * seconds) / 60),
      perMinute: perMinute(times.slice(before)),
      mostInAnyMinute: mostInAnyMinute(times),
    };
    if (figures.refused > 0 || figures.usedShare < 0.95) throw new Error(JSON.stringify(figures));
    return figures;
  } finally {
    await kiex.close();
    await simulator.close();
  }
}

function perMinute(times: number[]): number[] {
  const counts: number[] = [];
  for (const time of times) {
    const minute = Math.floor((time - times[0]!) / 60_000);
    counts[minute] = (counts[minute] ?? 0) + 1;
  }
  return counts;
}

function mostInAnyMinute(times: number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  return Math.max(
    ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + 60_000).length),
  );
}
