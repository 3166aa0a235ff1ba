import { and, eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { deliveries } from '#src/sync/tables.ts';
import { history } from '#src/sync/trailTables.ts';
import {
  bothValues,
  countPatches,
  createEditors,
  freshNames,
  jobsOnBothSides,
  narrowNames,
  type Pair,
  someOf,
} from './bothSides.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

/** `npm run proof:echo` asks for a thousand. */
const edits = Number(process.env.KIEX_PROOF_EDITS ?? 60);
const records = Math.ceil(edits / 5);
const seed = Number(process.env.KIEX_PROOF_SEED ?? 4);

/** What one job must have met by the end of a window, and what it met. */
interface Tally {
  patches: number;
  version: number;
  out: number;
  in: number;
}
type Expected = Map<string, Tally>;

test(`[M6] [D7] ${edits} edits on both sides: one write at the other side each, and no echo`, {
  timeout: 120_000 + edits * 300,
}, async () => {
  const world = await createTestWorld({ seed });
  try {
    world.simulator.set({
      ...{ webhookDoubled: 0.3, webhookForged: 0.1, webhookReordered: 0.2, webhookLost: 0.1 },
      selfCausedEvents: true,
    });
    const { pairs, connectionId } = await jobsOnBothSides(world, records);
    const counted = await actOut(world, pairs);
    await world.advance(300, 10);
    const end = await tallies(world, pairs, counted.look());
    // Time passes, everything is looked at again, and nothing is written.
    await world.readAllJobsAgain(connectionId);
    await world.advance(300, 10);
    expect(await tallies(world, pairs, counted.look())).toEqual(end);
    // Hundreds of reads at once are the test's own doing.
    world.simulator.set({ quotaEnforced: false });
    for (const pair of pairs) {
      const { ours, theirs } = await bothValues(world, connectionId, pair);
      expect(ours).toEqual(theirs);
    }
    await print(world, counted);
  } finally {
    await world.end();
  }
});

/** Window after window: some jobs are edited, each on one side, at any moment between polls. */
async function actOut(world: TestWorld, pairs: Pair[]) {
  const editors = createEditors(world, seed);
  const { random } = editors;
  const seen = countPatches(world);
  const made = { here: 0, there: 0, again: 0, patchesDue: 0, writesDue: 0 };
  while (made.here + made.there < edits) {
    const before = await tallies(world, pairs, seen.look());
    const expected: Expected = new Map(before);
    for (const pair of someOf(random, pairs, Math.ceil(pairs.length / 4))) {
      if (made.here + made.there >= edits) break;
      const isOurs = random.fraction() < 0.5;
      const isAgain = random.fraction() < 0.25 && made.here + made.there + 2 <= edits;
      const first = someOf(random, [...freshNames, ...narrowNames], 1 + random.integer(3));
      const turns = isAgain ? [first, someOf(random, freshNames, 2)] : [first];
      const tally = { ...expected.get(pair.ours)! };
      for (const names of turns) {
        const values = await editors.choose(pair, names);
        if (isOurs) await editors.inKiex(pair, values);
        else
          editors.inManatal(
            pair,
            values,
            random.fraction() < 0.3 ? await statusOf(world, pair) : {},
          );
      }
      made[isOurs ? 'here' : 'there'] += turns.length;
      made.again += turns.length - 1;
      made[isOurs ? 'patchesDue' : 'writesDue'] += 1;
      // Ours: every edit is a version of our own. Theirs: however many, one write of what stands there.
      tally.version += isOurs ? turns.length : 1;
      tally.patches += isOurs ? 1 : 0;
      tally[isOurs ? 'out' : 'in'] += 1;
      expected.set(pair.ours, tally);
      if (random.fraction() < 0.4) await world.advance(1 + random.integer(40), 10);
    }
    await world.advance(130, 10);
    expect(await tallies(world, pairs, seen.look())).toEqual(expected);
  }
  return { ...seen, made };
}

/** A change of the status, which Manatal tells by webhook. */
async function statusOf(world: TestWorld, pair: Pair) {
  const row = world.simulator.rows(world.account.id, 'jobs').find(({ id }) => id === pair.theirs)!;
  return { status: row.status === 'active' ? 'on_hold' : 'active' };
}

/** What was written for each job so far, as Manatal's log and our own tables tell. */
async function tallies(
  world: TestWorld,
  pairs: Pair[],
  patches: Map<number, number>,
): Promise<Expected> {
  const rows = await world.db.select({ id: jobs.id, version: jobs.version }).from(jobs);
  const written = await world.db
    .select({
      ourId: history.ourId,
      direction: history.direction,
      count: sql<number>`count(*)::int`,
    })
    .from(history)
    .where(eq(history.action, 'updated'))
    .groupBy(history.ourId, history.direction);
  const count = (ourId: string, direction: 'in' | 'out') =>
    written.find((row) => row.ourId === ourId && row.direction === direction)?.count ?? 0;
  return new Map(
    pairs.map(({ ours, theirs }) => [
      ours,
      {
        patches: patches.get(theirs) ?? 0,
        version: rows.find(({ id }) => id === ours)!.version,
        out: count(ours, 'out'),
        in: count(ours, 'in'),
      },
    ]),
  );
}

type Counted = Awaited<ReturnType<typeof actOut>>;

async function print(world: TestWorld, { made, patches, calls }: Counted): Promise<void> {
  const heard = await world.db.select({ state: deliveries.state }).from(deliveries);
  const total = [...patches.values()].reduce((sum, count) => sum + count, 0);
  const inward = await world.db
    .select()
    .from(history)
    .where(and(eq(history.action, 'updated'), eq(history.direction, 'in')));
  console.info(
    [
      `edits in KiEX              ${made.here}`,
      `edits in Manatal           ${made.there}`,
      `  of these, second ones    ${made.again}`,
      `jobs                       ${records}`,
      `PATCH at Manatal           ${total}, due ${made.patchesDue}`,
      `writes here from Manatal   ${inward.length}, due ${made.writesDue}`,
      `webhook deliveries         ${heard.length}`,
      `calls in all               ${calls()}`,
      `simulated minutes          ${Math.round((world.clock.now().getTime() - Date.UTC(2027, 0, 12)) / 60_000)}`,
    ].join('\n'),
  );
}
