import { and, eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobChanges } from '#src/jobs/jobChanges.ts';
import { jobs } from '#src/jobs/tables.ts';
import { failures, links } from '#src/sync/tables.ts';
import { history } from '#src/sync/trailTables.ts';
import { openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let ours: string;
let theirs: number;
beforeEach(async () => {
  world = await createTestWorld();
  ({ ours, theirs } = await openJobIn(world));
});
afterEach(() => world.end());

const by = { by: 'staff-1' };
const edit = (changes: JobChanges) => world.jobEditing.edit(ours, changes, by);
const inManatal = () =>
  world.simulator.rows(world.account.id, 'jobs').find(({ id }) => id === theirs)!;
const patches = () => world.simulator.requests().filter(({ method }) => method === 'PATCH');
const inKiex = async () => (await world.db.select().from(jobs).where(eq(jobs.id, ours)))[0]!;
const way = async () => (await world.jobEditing.byId(ours))!.way;

test('[M1] [M4] an edit here arrives in Manatal within seconds, and only what changed is sent', async () => {
  Object.assign(inManatal(), { custom_fields: { shift: 'night' }, external_id: 'kb-7' });
  // Sent whole, this would be put back to what KiEX last saw.
  Object.assign(inManatal(), { country: 'Guam' });
  expect(await edit({ title: 'Head Barista', payMin: '12.50', city: null })).toEqual({
    ok: true,
    changed: ['title', 'payMin'],
  });
  await world.settle();
  expect(inManatal()).toMatchObject({
    position_name: 'Head Barista',
    salary_min: '12.50',
    custom_fields: { shift: 'night' },
    external_id: 'kb-7',
    country: 'Guam',
  });
  const [sent] = await world.db
    .select()
    .from(history)
    .where(and(eq(history.ourId, ours), eq(history.direction, 'out')));
  expect(Object.keys(sent!.fields).sort()).toEqual(['payMin', 'title']);
});

test('[F6] "In Manatal" is said when Manatal has answered, and not before', async () => {
  expect((await way()).state).toBe('there');
  await edit({ title: 'Head Barista' });
  expect(await way()).toMatchObject({ state: 'waiting', provider: 'Manatal' });
  await world.settle();
  expect(await way()).toMatchObject({ state: 'there', theirId: String(theirs) });
  expect((await way()).agreedAt!.getTime()).toBeGreaterThan(0);
});

test('[M6] our own edit coming back plans to nothing, by poll, full read or webhook', async () => {
  await edit({ title: 'Head Barista', descriptionHtml: '<p>Make</p>\n<p>coffee</p>' });
  await world.settle();
  const agreed = () => world.db.select().from(links).where(eq(links.ourId, ours));
  const before = [await inKiex(), await agreed()];
  const connectionId = (await agreed())[0]!.connectionId;
  world.recruiter.editJob(theirs, { status: 'active' });
  await world.advance(125, 5);
  await world.readAllJobsAgain(connectionId);
  await world.settle();
  expect(patches()).toHaveLength(1);
  expect(await inKiex()).toEqual(before[0]);
  const rows = await world.db.select().from(history).where(eq(history.ourId, ours));
  expect(rows.map(({ direction, action }) => `${direction} ${action}`)).toEqual([
    'in created',
    'out updated',
  ]);
});

test('[D6] an edit whose bell is lost is sent all the same', async () => {
  await edit({ city: 'Tumon' });
  world.queue.lose();
  await world.advance(2);
  expect(inManatal().city).toBe('Tumon');
  expect(patches()).toHaveLength(1);
});

test('[D6] [F2] an edit while the connection is paused waits, and goes when it is resumed', async () => {
  const [link] = await world.db.select().from(links).where(eq(links.ourId, ours));
  const { connectionId } = link!;
  await world.integrations.pause(connectionId, 'test');
  await edit({ city: 'Tumon' });
  await world.advance(30, 10);
  expect(patches()).toHaveLength(0);
  await world.integrations.resume(connectionId, 'test');
  await world.advance(12, 4);
  expect(inManatal().city).toBe('Tumon');
});

test('edits before the push are one write; an edit that changes nothing is none', async () => {
  await edit({ city: 'Tumon' });
  await edit({ city: 'Koror', title: 'Baker' });
  expect(await edit({ city: ' Koror ' })).toEqual({ ok: true, changed: [] });
  await world.settle();
  expect(patches()).toHaveLength(1);
  expect((await inKiex()).version).toBe(3);
  const lines = await world.db.execute<{ fields: string[] }>(
    sql`select fields from activity where action = 'edited' order by at, id`,
  );
  expect(lines.rows.map(({ fields }) => fields)).toEqual([['city'], ['title', 'city']]);
});

test('[M1] edits of different fields on both sides at once both survive', async () => {
  await edit({ city: 'Tumon' });
  world.recruiter.editJob(theirs, { country: 'Guam' });
  await world.advance(125, 5);
  expect(inManatal()).toMatchObject({ city: 'Tumon', country: 'Guam' });
  expect(await inKiex()).toMatchObject({ city: 'Tumon', country: 'Guam' });
});

test('a choice that Manatal keeps is not emptied: refused here in words, and not sent', async () => {
  await edit({ employmentType: 'part_time' });
  await world.settle();
  const refused = await edit({ employmentType: null });
  expect(refused).toMatchObject({ ok: false, reason: 'fields' });
  // Emptied by whatever other way: a dead letter that says which field, and no call.
  await world.db.update(jobs).set({ employmentType: null, version: 9 }).where(eq(jobs.id, ours));
  await world.advance(12, 4);
  const [dead] = await world.db.select().from(failures);
  expect(dead).toMatchObject({ state: 'dead', kind: 'refused', step: 'update' });
  expect(dead!.detail).toContain('contract_details');
  expect(patches()).toHaveLength(1);
  expect((await way()).state).toBe('problem');
});

test('a job that moved on since it was looked at is not written over unseen', async () => {
  const { version } = (await world.jobEditing.byId(ours))!;
  await edit({ city: 'Tumon' });
  expect(await world.jobEditing.edit(ours, { city: 'Koror' }, { ...by, version })).toEqual({
    ok: false,
    reason: 'moved on',
  });
  expect((await inKiex()).city).toBe('Tumon');
  const none = await world.jobEditing.edit('no-such-id', { city: 'Koror' }, by);
  expect(none).toEqual({ ok: false, reason: 'unknown job' });
});

test('staff find any job by its words, closed ones too', async () => {
  world.recruiter.editJob(theirs, { status: 'won', city: 'Hagåtña' });
  await world.advance(125, 5);
  const list = (text: string) => world.jobEditing.list({ text, page: 1 });
  expect((await list('hagatna bar')).jobs.map(({ title }) => title)).toEqual(['Barista']);
  expect((await list('astronaut')).total).toBe(0);
  expect((await list('')).jobs[0]).toMatchObject({ status: 'filled', way: { state: 'there' } });
});
