import pg from 'pg';
import type { Log } from '#src/platform/log.ts';
import type { Databases } from './databases.ts';
import { runFloor } from './floor.ts';
import { openKiex } from './kiex.ts';
import { startSimulator } from './simulator.ts';

export interface BackfillFigures {
  jobs: number;
  floor: number[];
  kiex: number[];
  /** Medians. */
  times: number;
}

/** A backfill of KiEX against the floor: the same simulator, server and process, turn by turn. */
export async function measureBackfill(
  tools: { databases: Databases; log: Log },
  { jobs, rounds }: { jobs: number; rounds: number },
): Promise<BackfillFigures> {
  const { databases, log } = tools;
  const switches = { quotaEnforced: false } as const;
  const simulator = await startSimulator({ key: 'bench-key-0001', jobs, switches });
  const floor: number[] = [];
  const kiex: number[] = [];
  try {
    // The first round of each warms the machine and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const floorUrl = await databases.fresh();
      const floorTime = await runFloor(simulator, floorUrl);
      await mustHoldJobs(floorUrl, jobs);
      const databaseUrl = await databases.fresh();
      const opened = await openKiex({ simulator, databaseUrl, callsPerMinute: 0, log });
      const { milliseconds } = await opened.run('backfill');
      await opened.close();
      await mustHoldJobs(databaseUrl, jobs);
      log.info(
        `round ${round}: floor ${floorTime.toFixed(0)} ms, KiEX ${milliseconds.toFixed(0)} ms`,
      );
      if (round === 0) continue;
      floor.push(floorTime);
      kiex.push(milliseconds);
    }
  } finally {
    await simulator.close();
  }
  return { jobs, floor, kiex, times: median(kiex) / median(floor) };
}

export const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;

async function mustHoldJobs(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } =
    await client.query(`select count(*)::int as count, avg(length(search_text))::int as characters
    from jobs where search is not null`);
  await client.end();
  if (rows[0].count !== count) throw new Error(`${rows[0].count} jobs, ${count} expected`);
}
