import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRecords, type Records } from '#src/integrations/records.ts';
import { jobs } from '#src/jobs/tables.ts';
import { deliveries, links } from '#src/sync/tables.ts';
import { runsOf } from './runsOf.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let records: Records;
let theirJob: number;
beforeEach(async () => {
  world = await createTestWorld();
  records = createRecords(world.parts);
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  const body = {
    organization: added.row.id,
    position_name: 'Barista',
    status: 'active',
    is_published: true,
  };
  const posted = world.recruiter.postJob(body);
  if (!posted.ok) throw new Error('not posted');
  theirJob = posted.row.id;
  await world.connect();
  await world.settle();
});
afterEach(() => world.end());

const ourJob = async () => (await world.db.select().from(jobs))[0]!;
const storyOf = async (resource: string, ourId: string) =>
  (await records.story({ resource, ourId }))!;
const originOf = async (name: string) => {
  const { fields } = await storyOf('jobs', (await ourJob()).id);
  return fields.find((field) => field.name === name)!;
};

test('every value of a job says which run or delivery set it, when, and what stood there', async () => {
  const [backfill] = await runsOf(world.db, 'jobs');
  const began = world.clock.now();
  await world.clock.advance(30_000);
  world.recruiter.editJob(theirJob, { status: 'on_hold' });
  await world.advance(10);

  const title = await originOf('title');
  expect(title).toMatchObject({ value: 'Barista', here: { runId: backfill!.id } });
  expect(title.here!.at.getTime()).toBeLessThanOrEqual(began.getTime());
  const [delivery] = await world.db
    .select()
    .from(deliveries)
    .where(eq(deliveries.resource, 'jobs'));
  const status = await originOf('status');
  expect(status).toMatchObject({
    value: 'paused',
    here: { door: 'webhook', deliveryId: delivery!.id, runId: null },
    there: null,
  });
  expect(status.here!.at.getTime()).toBeGreaterThan(began.getTime());

  const { lines, ties } = await storyOf('jobs', (await ourJob()).id);
  expect(ties).toMatchObject([{ theirId: String(theirJob), connectionLabel: 'Manatal · test' }]);
  expect(lines.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
    'write updated',
    expect.stringContaining('delivery'),
    'write created',
  ]);
  expect(lines[0]!.fields).toMatchObject({ status: { before: 'open', after: 'paused' } });
});

test('an application shows what was sent, what came back, and where it lives', async () => {
  const student = await world.addStudent();
  const applicationId = await student.applies((await ourJob()).id);
  await world.settle();
  const [match] = world.simulator.rows(world.account.id, 'matches');
  world.recruiter.hire(match!.id);
  await world.advance(130, 10);
  const { ties, fields, lines } = await storyOf('applications', applicationId);
  expect(ties).toMatchObject([{ theirId: String(match!.id) }]);
  const status = fields.find(({ name }) => name === 'status')!;
  expect(status).toMatchObject({ value: 'hired', here: { direction: 'in', value: 'hired' } });
  expect(lines.map(({ what, direction }) => `${what} ${direction}`)).toContain('sent out');
  const person = await storyOf('candidates', student.userId);
  const email = person.fields.find(({ name }) => name === 'email')!;
  expect(email).toMatchObject({ value: student.email, here: null, there: { direction: 'out' } });
});

test('[A1] a job that is gone there says what closed it', async () => {
  world.recruiter.remove('jobs', theirJob);
  const [link] = await world.db.select().from(links).where(eq(links.resource, 'jobs'));
  await world.readAllJobsAgain(link!.connectionId);
  await world.settle();
  expect(await originOf('status')).toMatchObject({ value: 'removed', here: { value: 'removed' } });
});

test('[P3] values of people stand in the story, and neither in the log nor in the activity', async () => {
  const student = await world.addStudent('Tasi Example');
  await student.applies((await ourJob()).id);
  await world.settle();
  const { lines, fields } = await storyOf('candidates', student.userId);
  expect(JSON.stringify(fields)).toContain('Tasi Example');
  expect(lines.some(({ kind }) => kind === 'write')).toBe(true);
  expect(world.logged.join('')).not.toContain('Tasi Example');
  expect(JSON.stringify(lines.filter(({ kind }) => kind !== 'write'))).not.toContain('Tasi');
});

test('a record that KiEX never met has no story', async () => {
  expect(await records.story({ resource: 'jobs', ourId: 'nobody' })).toBeNull();
  expect(await records.story({ resource: 'planets', ourId: world.parts.newId() })).toBeNull();
});
