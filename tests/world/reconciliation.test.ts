import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import type { TheirRecord } from '#src/sync/connector.ts';
import { syncRecord } from '#src/sync/engine.ts';
import { executeRun } from '#src/sync/runner.ts';
import { requestRun, runById } from '#src/sync/runs.ts';
import { checkpoints, links, runs } from '#src/sync/tables.ts';
import { postJobs, readingOf } from './manyJobs.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let connectionId: string;
let posted: number[];
beforeEach(async () => {
  world = await createTestWorld();
  posted = postJobs(world, 3);
  connectionId = await world.connect();
  await world.settle();
  world.simulator.set({ webhookLost: 1 });
});
afterEach(() => world.end());

const hour = 3_600;
const fullRuns = (resource: string) =>
  world.db
    .select()
    .from(runs)
    .where(and(eq(runs.kind, 'full'), eq(runs.resource, resource)))
    .orderBy(runs.requestedAt);
const titleOf = async (id: string) =>
  (await world.db.select().from(jobs).where(eq(jobs.id, id)))[0]!.title;

/** Reads without a revision, or with one of whole seconds: then the values alone tell two apart. */
const blur = {
  none: () => null,
  'of whole seconds': (revision: string | null) => revision && `${revision.slice(0, 17)}00.000Z`,
};

test.each(['none', 'of whole seconds'] as const)(
  '[F4] a page that was read before a webhook’s pass does not put the older value back, with a revision: %s',
  async (kind) => {
    const reading = readingOf(world);
    const { get, list } = reading;
    const blurred = (row: TheirRecord): TheirRecord => ({
      ...row,
      revision: blur[kind](row.revision),
    });
    reading.get = async (...given) => {
      const read = await get!(...given);
      return read.ok && read.value !== 'gone' ? { ok: true, value: blurred(read.value) } : read;
    };
    const theirId = String(posted[0]);
    const webhook = { connectionId, resource: 'jobs', theirId, door: 'webhook' } as const;
    let passing = false;
    reading.list = async (...given) => {
      const read = await list!(...given);
      if (!read.ok || passing) return read;
      passing = true;
      // The page is on its way to us when a recruiter renames the job, and a webhook is quicker.
      await world.clock.advance(3);
      world.recruiter.editJob(posted[0]!, { position_name: 'Newer' });
      expect(await syncRecord(world.parts, webhook)).toMatchObject({ kind: 'done' });
      await world.clock.advance(3);
      return { ok: true, value: { ...read.value, records: read.value.records.map(blurred) } };
    };
    world.recruiter.editJob(posted[0]!, { position_name: 'Older' });
    const [link] = await world.db.select().from(links).where(eq(links.theirId, theirId));
    await world.clock.advance(1_000);
    const ask = {
      connectionId,
      resource: 'jobs',
      kind: 'full',
      trigger: 'manual',
      requestedBy: null,
    };
    const { newId, clock } = world.parts;
    const run = await requestRun(world.db, { ...ask, kind: 'full' }, { newId, now: clock.now() });
    await executeRun(world.parts, run.id);
    expect(passing).toBe(true);
    expect(await titleOf(link!.ourId)).toBe('Newer');
    expect(await runById(world.db, run.id)).toMatchObject({ state: 'done', seen: 3 });
    // It never stood there in between either.
    const titles = await world.db.execute<{ after: string }>(
      `select fields->'title'->'after' #>> '{}' as after from history
       where our_id = '${link!.ourId}' and fields ? 'title' order by at`,
    );
    expect(titles.rows.map(({ after }) => after)).not.toContain('Older');
  },
);

test('[D4] everything is compared once a day by itself, and only once among several processes', async () => {
  expect(await fullRuns('jobs')).toEqual([]);
  await world.advance(900, 300);
  world.recruiter.editJob(posted[0]!, { city: 'Tumon' });
  await world.advance(300, 100);
  // A change that moved no change time there: polls look further on by now, and do not find it.
  const row = world.simulator.rows(world.account.id, 'jobs').find(({ id }) => id === posted[1])!;
  Object.assign(row, { position_name: 'Slipped by' });
  await world.advance(20 * hour, hour);
  expect(await world.db.select().from(jobs).where(eq(jobs.title, 'Slipped by'))).toHaveLength(0);
  await world.advance(5 * hour, hour);
  expect(await world.db.select().from(jobs).where(eq(jobs.title, 'Slipped by'))).toHaveLength(1);
  const [first, ...others] = await fullRuns('jobs');
  expect(others).toEqual([]);
  expect(first).toMatchObject({ trigger: 'schedule', state: 'done', updated: 1 });
  const of = and(eq(checkpoints.connectionId, connectionId), eq(checkpoints.resource, 'jobs'));
  const [checkpoint] = await world.db.select().from(checkpoints).where(of);
  expect(checkpoint!.lastFullAt!.getTime()).toBeGreaterThan(first!.requestedAt.getTime() - 1);
  expect(checkpoint!.nextFullAt!.getTime()).toBe(first!.requestedAt.getTime() + 24 * hour * 1_000);
});

test('[A1] [F4] what has no list is compared record by record, and goes on where it was cut off', async () => {
  const [job] = await world.db.select().from(jobs);
  for (const name of ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `Student ${letter}`)) {
    const student = await world.addStudent(name);
    await student.applies(job!.id);
  }
  await world.settle();
  const [gone] = world.simulator.rows(world.account.id, 'candidates');
  world.recruiter.remove('candidates', gone!.id);
  const reading = readingOf(world, 'candidates');
  const get = reading.get!;
  let reads = 0;
  reading.get = (context, theirId) =>
    ++reads > 4
      ? Promise.resolve({ ok: false, failure: { kind: 'unreachable', detail: 'cut' } })
      : get(context, theirId);
  const ask = { connectionId, resource: 'candidates', full: true } as const;
  const [id] = await world.integrations.requestRuns({ ...ask, trigger: 'manual', by: null });
  await world.settle();
  expect(await runById(world.db, id!)).toMatchObject({ state: 'waiting', seen: 4 });
  reading.get = get;
  const before = world.simulator.requests().length;
  await world.advance(30);
  const run = (await runById(world.db, id!))!;
  expect(run).toMatchObject({ state: 'done', seen: 6, unchanged: 5, updated: 1, oursSkipped: 1 });
  const gets = world.simulator
    .requests()
    .slice(before)
    .filter(({ path }) => /\/candidates\/\d+\/$/.test(path));
  // Two that were left, and the one that is gone once more before it is unlinked.
  expect(gets).toHaveLength(3);
  const [link] = await world.db
    .select()
    .from(links)
    .where(eq(links.theirId, String(gone!.id)));
  expect(link!.goneAt).not.toBe(null);
});
