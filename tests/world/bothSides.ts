import { eq } from 'drizzle-orm';
import type { JobChanges } from '#src/jobs/jobChanges.ts';
import { jobs } from '#src/jobs/tables.ts';
import { type Random, seededRandom } from '#src/platform/random.ts';
import type { Value, Values } from '#src/sync/canonical.ts';
import type { ResourceConnector } from '#src/sync/connector.ts';
import { workplaceOf } from '#src/sync/engine.ts';
import { canonicalOurs } from '#src/sync/fields.ts';
import { links } from '#src/sync/tables.ts';
import type { TestWorld } from './testWorld.ts';

/** A job that is in KiEX and in Manatal. */
export interface Pair {
  ours: string;
  theirs: number;
}

/** What somebody writes into a field: our value, and the same in Manatal's writing. */
interface Written {
  ours: Value;
  theirs: unknown;
}

const same = (value: Value): Written => ({ ours: value, theirs: value });
const letters = (n: number) =>
  [n / 676, n / 26, n].map((part) => String.fromCharCode(65 + (Math.floor(part) % 26))).join('');

/** Fields in which every edit can write something that never stood there before. */
const freshFields: Record<string, { theirs: string; write(n: number): Written }> = {
  title: { theirs: 'position_name', write: (n) => same(`Job ${n}`) },
  descriptionHtml: { theirs: 'description', write: (n) => same(`<p>Text ${n}</p>`) },
  address: { theirs: 'address', write: (n) => same(`${n} Marine Drive`) },
  city: { theirs: 'city', write: (n) => same(`City ${n}`) },
  state: { theirs: 'state', write: (n) => same(`State ${n}`) },
  country: { theirs: 'country', write: (n) => same(`Country ${n}`) },
  zipcode: { theirs: 'zipcode', write: (n) => same(String(10_000 + n)) },
  payMin: { theirs: 'salary_min', write: (n) => ({ ours: `${n}.25`, theirs: n + 0.25 }) },
  payMax: { theirs: 'salary_max', write: (n) => ({ ours: `${500_000 + n}`, theirs: 500_000 + n }) },
  payCurrency: { theirs: 'currency', write: (n) => same(letters(n)) },
  closesAt: {
    theirs: 'close_at',
    write: (n) => same(new Date(Date.UTC(2028, 0, 1) + n * 60_000).toISOString()),
  },
};

/** Fields with few values: two people who change one at once may well choose the same. */
const contracts = ['full_time', 'part_time', 'temporary', 'internship'];
const narrowFields: Record<string, { theirs: string; next(now: Value): Value }> = {
  remote: { theirs: 'is_remote', next: (now) => now !== true },
  employmentType: {
    theirs: 'contract_details',
    next: (now) => contracts[(contracts.indexOf(String(now)) + 1) % contracts.length]!,
  },
};

export const freshNames = Object.keys(freshFields);
export const narrowNames = Object.keys(narrowFields);

/** Two people who edit the same jobs, one in KiEX and one in Manatal, by seeded chance. */
export function createEditors(world: TestWorld, seed: number) {
  const random = seededRandom(seed);
  let written = 0;
  const valueFor = async (pair: Pair, name: string): Promise<Written> => {
    const fresh = freshFields[name];
    if (fresh) return fresh.write(++written);
    const row = await rowOf(world, pair);
    return same(narrowFields[name]!.next(row[name as 'remote'] as Value));
  };
  const choose = async (pair: Pair, names: readonly string[]): Promise<Record<string, Written>> => {
    const chosen: Record<string, Written> = {};
    for (const name of names) chosen[name] = await valueFor(pair, name);
    return chosen;
  };
  return {
    random,
    choose,
    async inKiex(pair: Pair, values: Record<string, Written>) {
      const changes = Object.entries(values).map(([name, { ours }]) => [name, ours]);
      const by = { by: 'staff-1' };
      const answer = await world.jobEditing.edit(
        pair.ours,
        Object.fromEntries(changes) as JobChanges,
        by,
      );
      if (!answer.ok) throw new Error(JSON.stringify(answer));
      return answer.changed;
    },
    inManatal(pair: Pair, values: Record<string, Written>, more: Record<string, unknown> = {}) {
      const body = Object.entries(values).map(([name, { theirs }]) => [
        (freshFields[name] ?? narrowFields[name])!.theirs,
        theirs,
      ]);
      const answer = world.recruiter.editJob(pair.theirs, { ...Object.fromEntries(body), ...more });
      if (!answer.ok) throw new Error(JSON.stringify(answer.body));
    },
  };
}

/** Some of these, each once. */
export function someOf<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const left = [...items];
  const chosen: Item[] = [];
  while (chosen.length < count && left.length > 0) {
    chosen.push(left.splice(random.integer(left.length), 1)[0]!);
  }
  return chosen;
}

/** Jobs posted in Manatal and brought in. Connects KiEX. */
export async function jobsOnBothSides(
  world: TestWorld,
  count: number,
): Promise<{ pairs: Pair[]; connectionId: string }> {
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  for (let n = 0; n < count; n++) {
    world.recruiter.postJob({
      ...{ organization: added.row.id, position_name: `Barista ${n}`, status: 'active' },
      ...{ is_published: true, contract_details: 'full_time', frequency: 'hour' },
    });
  }
  const connectionId = await world.connect();
  await world.settle();
  const rows = await world.db.select().from(links).where(eq(links.resource, 'jobs'));
  const pairs = rows.map(({ ourId, theirId }) => ({ ours: ourId, theirs: Number(theirId) }));
  if (pairs.length !== count) throw new Error(`${pairs.length} of ${count} jobs came in`);
  return { pairs, connectionId };
}

export async function rowOf(world: TestWorld, { ours }: Pair) {
  const [row] = await world.db.select().from(jobs).where(eq(jobs.id, ours));
  return row!;
}

/** Counts every PATCH of a job, by their id; the request log itself forgets what is old. */
export function countPatches(world: TestWorld) {
  const patches = new Map<number, number>();
  let lastSeen = 0;
  return {
    patches,
    look() {
      for (const { id, method, path } of world.simulator.requests()) {
        if (id <= lastSeen) continue;
        lastSeen = id;
        const job = method === 'PATCH' && /\/jobs\/(\d+)\/$/.exec(path)?.[1];
        if (job) patches.set(Number(job), (patches.get(Number(job)) ?? 0) + 1);
      }
      return patches;
    },
    calls: () => lastSeen,
  };
}

/** Both sides of a job in canonical values, read afresh. */
export async function bothValues(
  world: TestWorld,
  connectionId: string,
  pair: Pair,
): Promise<{ ours: Values; theirs: Values }> {
  const place = await workplaceOf(world.parts, { connectionId, resource: 'jobs' }, 'person');
  const resource: ResourceConnector = place!.resource;
  const read = await resource.get!(place!.call, String(pair.theirs));
  if (!read.ok || read.value === 'gone') throw new Error(`job ${pair.theirs} cannot be read`);
  const record = (
    await world.parts.synced.get('jobs')!.read(world.db, { connectionId }, [pair.ours])
  ).get(pair.ours)!;
  return { ours: canonicalOurs(resource.fields, record.values), theirs: read.value.values };
}
