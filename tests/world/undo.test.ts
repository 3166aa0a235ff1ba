import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { syncRecord } from '#src/sync/engine.ts';
import { activity, links, type runs } from '#src/sync/tables.ts';
import { conflicts, history } from '#src/sync/trailTables.ts';
import { type Undoable, type Undone, undoable, undoRun } from '#src/sync/undo.ts';
import { runsOf } from './runsOf.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let organization: number;
let theirJob: number;
beforeEach(async () => {
  // Nobody tells it anything: polls carry every change, and runs own what they wrote.
  world = await createTestWorld({ reachable: false });
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  organization = added.row.id;
  theirJob = post('Barista');
});
afterEach(() => world.end());

function post(title: string): number {
  const body = { organization, position_name: title, status: 'active', is_published: true };
  const posted = world.recruiter.postJob(body);
  if (!posted.ok) throw new Error(JSON.stringify(posted.body));
  return posted.row.id;
}

/** The recruiter edits the job, and a poll brings it in. Returns that poll. */
async function edits(body: Record<string, unknown>, id = theirJob) {
  world.recruiter.editJob(id, body);
  await world.advance(130, 10);
  return lastWriting();
}

/** The newest run of jobs that wrote here. */
async function lastWriting(): Promise<typeof runs.$inferSelect> {
  const rows = await runsOf(world.db, 'jobs');
  return rows.findLast((run) => run.created + run.updated > 0)!;
}

const job = async () => (await world.db.select().from(jobs))[0]!;
const takeBack = async (runId: string, by = 'Staff') =>
  (await undoRun(world.parts, runId, { by })) as Undone;
const look = async (runId: string) => (await undoable(world.parts, runId)) as Undoable;

async function connectAndRead() {
  await world.connect();
  await world.settle();
}

test('what a poll wrote is taken back, stays so, and follows again once they change it', async () => {
  await connectAndRead();
  const run = await edits({ position_name: 'Barrista', city: 'Tumon' });
  expect(await job()).toMatchObject({ title: 'Barrista', city: 'Tumon' });
  expect(await look(run.id)).toMatchObject({ records: 1, fields: 2, closes: 0, left: [] });

  expect(await takeBack(run.id)).toEqual({ taken: 1, left: [], more: false });
  expect(await job()).toMatchObject({ title: 'Barista', city: null });
  // Neither a poll, nor a full read, nor a look at the record puts it in again or sends ours.
  const [link] = await world.db.select().from(links).where(eq(links.resource, 'jobs'));
  const { connectionId, resource, theirId } = link!;
  await world.readAllJobsAgain(connectionId);
  await world.advance(250, 10);
  await syncRecord(world.parts, { connectionId, resource, theirId: theirId!, door: 'manual' });
  await edits({ headcount: 4 });
  expect(await job()).toMatchObject({ title: 'Barista', city: null, headcount: 4 });
  const [theirs] = world.simulator.rows(world.account.id, 'jobs');
  expect(theirs).toMatchObject({ position_name: 'Barrista', city: 'Tumon' });

  await edits({ position_name: 'Head barista' });
  expect(await job()).toMatchObject({ title: 'Head barista', city: null });
  const held = await world.db.select().from(conflicts).orderBy(conflicts.field);
  expect(held.map(({ field, state, reason }) => [field, state, reason])).toEqual([
    ['city', 'open', 'taken back'],
    ['title', 'past', 'taken back'],
  ]);
});

test('[D6] what was taken back is not due to be sent', async () => {
  await connectAndRead();
  const run = await edits({ position_name: 'Barrista' });
  await takeBack(run.id);
  const [link] = await world.db.select().from(links).where(eq(links.resource, 'jobs'));
  expect(link!.agreedVersion).toBe((await job()).version);
  expect(link!.base).toMatchObject({ title: 'Barrista' });
});

test('what was changed since is left and listed, and the rest of the record goes back', async () => {
  await connectAndRead();
  const run = await edits({ position_name: 'Barrista', city: 'Tumon' });
  const later = await edits({ city: 'Dededo' });
  expect(later.id).not.toBe(run.id);
  const undone = await takeBack(run.id);
  const { id } = await job();
  const left = [{ ourId: id, field: 'city', reason: `Run ${later.id} wrote it since.` }];
  expect(undone).toEqual({ taken: 1, left, more: false });
  expect(await job()).toMatchObject({ title: 'Barista', city: 'Dededo' });
  // Asked again, nothing more happens.
  expect(await takeBack(run.id)).toMatchObject({ taken: 0, left });
  // The later one first, and then the earlier one leads all the way back.
  await takeBack(later.id);
  await takeBack(run.id);
  expect(await job()).toMatchObject({ title: 'Barista', city: null });
});

test('taking back is history itself: who, from which run, and which values', async () => {
  await connectAndRead();
  const run = await edits({ position_name: 'Barrista' });
  await takeBack(run.id, 'Kay');
  const rows = await world.db.select().from(history).where(eq(history.door, 'staff'));
  expect(rows).toMatchObject([
    {
      direction: 'in',
      action: 'updated',
      runId: null,
      fields: {
        title: { before: 'Barrista', after: 'Barista', rule: `taken back from run ${run.id}` },
      },
    },
  ]);
  const lines = await world.db.select().from(activity).where(eq(activity.door, 'staff'));
  const line = lines.find(({ resource }) => resource === 'jobs');
  expect(line).toMatchObject({
    fields: ['title'],
    detail: `Taken back by Kay from run ${run.id}.`,
  });
  expect(JSON.stringify(lines)).not.toContain('Barista');
  const own = await world.db.select().from(history).where(eq(history.runId, run.id));
  expect(own.every(({ undoneAt }) => undoneAt !== null)).toBe(true);
});

test('[A1] a job that a run brought in is closed here, stays so, and is never deleted', async () => {
  await connectAndRead();
  const run = await lastWriting();
  expect(await look(run.id)).toMatchObject({ records: 1, closes: 1, left: [] });
  await takeBack(run.id);
  expect(await job()).toMatchObject({ title: 'Barista', status: 'removed' });
  await edits({ position_name: 'Head barista' });
  expect(await job()).toMatchObject({ title: 'Head barista', status: 'removed' });
  expect(await look(run.id)).toMatchObject({ records: 0, left: [] });
  await edits({ status: 'on_hold' });
  expect(await job()).toMatchObject({ status: 'paused' });
});

test('a big run is taken back in steps, each of which may be the last one for today', async () => {
  for (let n = 0; n < 230; n++) post(`Job ${n}`);
  await connectAndRead();
  const run = await lastWriting();
  const first = await undoRun(world.parts, run.id, { by: 'Staff', recordsMax: 100 });
  expect(first).toEqual({ taken: 100, left: [], more: true });
  expect(await takeBack(run.id)).toEqual({ taken: 131, left: [], more: false });
  const rows = await world.db.select({ status: jobs.status }).from(jobs);
  expect(rows.every(({ status }) => status === 'removed')).toBe(true);
});

test('a run that is still under way is not taken back', async () => {
  const connectionId = await world.connect();
  const [runId] = await world.readAllJobsAgain(connectionId);
  expect(await undoRun(world.parts, runId!, { by: 'Staff' })).toEqual({
    refused: 'It is still under way. Wait until it has ended.',
  });
});

test('[D7] a record that somebody changes at that moment is left, and the others go back', async () => {
  const other = post('Porter');
  await connectAndRead();
  world.recruiter.editJob(other, { city: 'Tumon' });
  const run = await edits({ city: 'Tumon' });
  const rows = await world.db.select().from(jobs).orderBy(jobs.title);
  const busy = rows[0]!.id;
  const room = world.parts.synced.get('jobs')!;
  const restless: typeof room = {
    ...room,
    async read(db, context, ourIds) {
      const read = await room.read(db, context, ourIds);
      // Every look finds the row as it was just before somebody wrote it.
      if (db === world.db && ourIds.includes(busy))
        await world.db.update(jobs).set({ version: sql`version + 1` }).where(eq(jobs.id, busy));
      return read;
    },
  };
  const parts = { ...world.parts, synced: new Map(world.parts.synced).set('jobs', restless) };
  expect(await undoRun(parts, run.id, { by: 'Staff' })).toEqual({
    taken: 1,
    left: [{ ourId: busy, field: null, reason: 'It was being changed at this moment. Try again.' }],
    more: false,
  });
  const after = await world.db.select().from(jobs).orderBy(jobs.title);
  expect(after.map(({ city }) => city)).toEqual(['Tumon', null]);
  expect(await takeBack(run.id)).toMatchObject({ taken: 1, left: [] });
});
