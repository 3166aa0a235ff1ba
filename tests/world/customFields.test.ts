import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CustomFields } from '#src/jobs/customFields.ts';
import { jobs } from '#src/jobs/tables.ts';
import { links } from '#src/sync/tables.ts';
import { conflicts, history } from '#src/sync/trailTables.ts';
import { openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let ours: string;
let theirs: number;
let connectionId: string;
beforeEach(async () => {
  world = await createTestWorld();
  ({ ours, theirs } = await openJobIn(world));
  [{ connectionId } = { connectionId: '' }] = await world.db
    .select()
    .from(links)
    .where(eq(links.ourId, ours));
  there({ shift: 'night', licence: ['B'], rate: 3 });
  await world.advance(125, 5);
});
afterEach(() => world.end());

/** The recruiter saves the whole form: all custom fields at once. */
function there(custom: object) {
  world.recruiter.editJob(theirs, { custom_fields: custom });
}
const inManatal = () =>
  world.simulator.rows(world.account.id, 'jobs').find(({ id }) => id === theirs)!.custom_fields;
const inKiex = async () =>
  (await world.db.select().from(jobs).where(eq(jobs.id, ours)))[0]!.customFields;
const edit = (custom: CustomFields) => world.jobEditing.edit(ours, {}, { by: 'staff-1', custom });

test('[M1] whatever an account keeps of a job comes in as it is, key by key', async () => {
  expect(await inKiex()).toEqual({ shift: 'night', licence: ['B'], rate: 3 });
  there({ shift: 'day', licence: ['B'], rate: 3, car: { own: true } });
  await world.advance(125, 5);
  expect(await inKiex()).toEqual({ shift: 'day', licence: ['B'], rate: 3, car: { own: true } });
  const rows = await world.db
    .select()
    .from(history)
    .where(and(eq(history.ourId, ours), eq(history.direction, 'in')));
  expect(Object.keys(rows.at(-1)!.fields).sort()).toEqual([
    'customFields.car',
    'customFields.shift',
  ]);
});

test('[M4] a key that staff change is sent, and every other stays, also one nobody here has seen', async () => {
  await edit({ shift: 'day' });
  // Saved by a recruiter after our last read: a whole object sent from what KiEX knows would undo it.
  there({ shift: 'night', licence: ['B', 'C'], rate: 3, fresh: 'yes' });
  await world.advance(125, 5);
  expect(inManatal()).toEqual({ shift: 'day', licence: ['B', 'C'], rate: 3, fresh: 'yes' });
  expect(await inKiex()).toEqual({ shift: 'day', licence: ['B', 'C'], rate: 3, fresh: 'yes' });
});

test('[M3] one key changed on both sides: the policy decides it, and no other key', async () => {
  await world.integrations.pause(connectionId, 'test');
  await edit({ shift: 'day', rate: 4 });
  there({ shift: 'late', licence: ['B'], rate: 3 });
  await world.integrations.resume(connectionId, 'test');
  await world.advance(125, 5);
  expect(inManatal()).toEqual({ shift: 'late', licence: ['B'], rate: 4 });
  expect(await inKiex()).toEqual({ shift: 'late', licence: ['B'], rate: 4 });
  const met = await world.db.select().from(conflicts);
  expect(met).toMatchObject([
    { field: 'customFields.shift', ours: { value: 'day' }, theirs: { value: 'late' } },
  ]);
});

test('[M6] custom fields that nobody touches are never written, in whatever order they come', async () => {
  const before = await world.db.select().from(jobs).where(eq(jobs.id, ours));
  there({ rate: 3, licence: ['B'], shift: 'night' });
  await world.readAllJobsAgain(connectionId);
  await world.advance(125, 5);
  expect(await world.db.select().from(jobs).where(eq(jobs.id, ours))).toEqual(before);
  const patches = world.simulator.requests().filter(({ method }) => method === 'PATCH');
  expect(patches).toEqual([]);
});

test('keys that are not there are not made here, and the same again is no change', async () => {
  expect(await edit({ shift: 'night', licence: ['B'] })).toEqual({ ok: true, changed: [] });
  expect(await edit({ invented: 'x' })).toEqual({ ok: true, changed: [] });
  expect(await edit({ shift: null })).toEqual({ ok: true, changed: ['customFields.shift'] });
  await world.settle();
  expect(inManatal()).toEqual({ shift: null, licence: ['B'], rate: 3 });
});
