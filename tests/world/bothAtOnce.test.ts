import { expect, test } from 'vitest';
import type { Value } from '#src/sync/canonical.ts';
import { patchSettings } from '#src/sync/connections.ts';
import { conflicts } from '#src/sync/trailTables.ts';
import {
  bothValues,
  createEditors,
  freshNames,
  jobsOnBothSides,
  narrowNames,
  type Pair,
  someOf,
} from './bothSides.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

/** `npm run proof:conflict` asks for a thousand. */
const records = Number(process.env.KIEX_PROOF_RECORDS ?? 40);
const seed = Number(process.env.KIEX_PROOF_SEED ?? 5);
/** Records edited between two changes of the policies. */
const perWindow = Math.min(50, Math.ceil(records / 4));

const names = [...freshNames, ...narrowNames];
const policies = ['kiex', 'provider', 'newest', 'ask'] as const;
type Policies = Record<string, (typeof policies)[number]>;

/** What two people wrote into one job at about the same time. */
interface Clash {
  pair: Pair;
  ours: Record<string, Value>;
  theirs: Record<string, Value>;
  later: 'ours' | 'theirs';
  policies: Policies;
}

test(`[M1] [M2] [M3] ${records} records edited on both sides at once: nothing is lost unseen`, {
  timeout: 120_000 + records * 500,
}, async () => {
  const world = await createTestWorld({ seed });
  try {
    // The pace of calls is not what is proved here.
    world.simulator.set({ quotaEnforced: false });
    const { pairs, connectionId } = await jobsOnBothSides(world, records);
    const clashes = await actOut(world, pairs, connectionId);
    await world.advance(300, 10);
    const tally = {
      'one side only': 0,
      'same on both': 0,
      kiex: 0,
      provider: 0,
      newest: 0,
      ask: 0,
    };
    for (const clash of clashes) await judge(world, connectionId, { clash, tally });
    const found = await world.db.select().from(conflicts);
    const differing = policies.reduce((sum, policy) => sum + tally[policy], 0);
    expect(found.length).toBe(differing);
    // It stays as it is, however often it is looked at.
    await world.readAllJobsAgain(connectionId);
    await world.advance(300, 10);
    expect(await world.db.select().from(conflicts)).toEqual(found);
    console.info(
      [`records ${clashes.length}`, ...Object.entries(tally).map((one) => one.join(' '))].join(
        '\n',
      ),
    );
  } finally {
    await world.end();
  }
});

async function actOut(world: TestWorld, pairs: Pair[], connectionId: string): Promise<Clash[]> {
  const editors = createEditors(world, seed);
  const { random } = editors;
  const clashes: Clash[] = [];
  for (let at = 0; at < pairs.length; at += perWindow) {
    const chosen = Object.fromEntries(names.map((name) => [name, policies[random.integer(4)]!]));
    await choosePolicies(world, connectionId, chosen);
    for (const pair of pairs.slice(at, at + perWindow)) {
      const mine = someOf(random, names, 1 + random.integer(3));
      const apart = names.filter((name) => !mine.includes(name));
      const shared = random.fraction() < 0.6 ? someOf(random, mine, 1 + random.integer(2)) : [];
      const others = [
        ...shared,
        ...someOf(random, apart, random.integer(2) + (shared.length ? 0 : 1)),
      ];
      const [here, there] = [await editors.choose(pair, mine), await editors.choose(pair, others)];
      const later = random.fraction() < 0.5 ? 'ours' : 'theirs';
      if (later === 'theirs') await editors.inKiex(pair, here);
      else editors.inManatal(pair, there);
      // Time for the clocks of both, and none for a look.
      await world.clock.advance(1_000 + random.integer(3_000));
      if (later === 'theirs') editors.inManatal(pair, there);
      else await editors.inKiex(pair, here);
      clashes.push({ pair, ours: plain(here), theirs: plain(there), later, policies: chosen });
    }
    await world.advance(130, 10);
  }
  return clashes;
}

const plain = (written: Record<string, { ours: Value }>): Record<string, Value> =>
  Object.fromEntries(Object.entries(written).map(([name, { ours }]) => [name, ours]));

/** As staff choose them for the connection. */
async function choosePolicies(world: TestWorld, connectionId: string, chosen: Policies) {
  const jobs = Object.fromEntries(
    Object.entries(chosen).map(([name, policy]) => [name, { policy }]),
  );
  const now = world.clock.now();
  await patchSettings(world.db, connectionId, { patch: { policies: { jobs } }, now });
}

/** Every field of a clash: where one side spoke, it is heard; where both did, both are kept. */
async function judge(
  world: TestWorld,
  connectionId: string,
  { clash, tally }: { clash: Clash; tally: Record<string, number> },
): Promise<void> {
  const { pair, ours, theirs } = clash;
  const stand = await bothValues(world, connectionId, pair);
  const rows = (await world.db.select().from(conflicts)).filter(({ ourId }) => ourId === pair.ours);
  const differing: string[] = [];
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const now = [stand.ours[name], stand.theirs[name]];
    const isShared = name in ours && name in theirs;
    if (!isShared || ours[name] === theirs[name]) {
      const value = ours[name] ?? theirs[name];
      expect([pair.theirs, name, ...now]).toEqual([pair.theirs, name, value, value]);
      tally[isShared ? 'same on both' : 'one side only']!++;
      continue;
    }
    differing.push(name);
    const policy = clash.policies[name]!;
    tally[policy]!++;
    const winner = { kiex: 'ours', provider: 'theirs', newest: clash.later, ask: null }[policy];
    const row = rows.find(({ field }) => field === name);
    expect(row).toMatchObject({
      ours: { value: ours[name] },
      theirs: { value: theirs[name] },
      winner,
      state: winner ? 'settled' : 'open',
    });
    const kept = winner === 'ours' ? [ours, ours] : winner ? [theirs, theirs] : [ours, theirs];
    expect([pair.theirs, name, ...now]).toEqual([
      pair.theirs,
      name,
      ...kept.map((one) => one[name]),
    ]);
  }
  expect(rows.map(({ field }) => field).sort()).toEqual(differing.sort());
  for (const { name } of names.map((one) => ({ name: one }))) {
    if (!differing.includes(name)) expect(stand.ours[name]).toEqual(stand.theirs[name]);
  }
}
