import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobChanges } from '#src/jobs/jobChanges.ts';
import { jobs } from '#src/jobs/tables.ts';
import { organizations } from '#src/organizations/tables.ts';
import { links } from '#src/sync/tables.ts';
import { conflicts } from '#src/sync/trailTables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let connectionId: string;
beforeEach(async () => {
  world = await createTestWorld();
  connectionId = await world.connect();
  await world.settle();
});
afterEach(() => world.end());

const by = { by: 'staff-1' };
const rows = <Table extends 'jobs' | 'organizations'>(table: Table) =>
  world.simulator.rows(world.account.id, table);
const creates = () =>
  world.simulator
    .requests()
    .filter(({ method, path }) => method === 'POST' && path.includes('/open/v3/'));
const inKiex = async (id: string) =>
  (await world.db.select().from(jobs).where(eq(jobs.id, id)))[0]!;
const linkOf = async (resource: string, ourId: string) =>
  (
    await world.db
      .select()
      .from(links)
      .where(and(eq(links.resource, resource), eq(links.ourId, ourId)))
  )[0];

async function makesJob(
  changes: JobChanges = {},
  more: { newEmployer?: string | null; employerId?: string | null; to?: string | null } = {},
) {
  const { newEmployer = 'Reef Labs', employerId = null, to = connectionId } = more;
  const answer = await world.jobEditing.create(
    {
      changes: { title: 'Diver', publishedHere: true, ...changes },
      employerId,
      newEmployer: employerId ? null : newEmployer,
      connectionId: to,
    },
    by,
  );
  if (!answer.ok) throw new Error(JSON.stringify(answer.errors));
  return answer.jobId;
}

test('[I2] a job made here is in Manatal once, with its employer, under our ids, and unpublished', async () => {
  const id = await makesJob({
    ...{ descriptionHtml: '<p>Dive</p>', employmentType: 'part_time', payMin: '12.50' },
    ...{ payPeriod: 'hour', payCurrency: 'USD', city: 'Koror', closesAt: '2027-05-01T10:00:00Z' },
  });
  expect((await world.jobEditing.byId(id))!.way).toMatchObject({ state: 'waiting' });
  await world.settle();
  const [job, ...others] = rows('jobs');
  expect(others).toEqual([]);
  expect(job).toMatchObject({
    ...{ external_id: id, position_name: 'Diver', description: '<p>Dive</p>', city: 'Koror' },
    ...{ contract_details: 'part_time', frequency: 'hour', salary_min: '12.50', status: 'active' },
    ...{ is_published: false, currency: 'USD' },
  });
  const employer = rows('organizations').find((one) => one.id === job!.organization)!;
  const { organizationId, shown } = await inKiex(id);
  expect(employer).toMatchObject({ name: 'Reef Labs', external_id: organizationId });
  expect((await world.jobEditing.byId(id))!.way).toMatchObject({ state: 'there' });
  // Not published there, and seen here all the same: staff said so.
  expect(shown).toBe(true);
  expect((await world.parts.db.select().from(conflicts)).length).toBe(0);
});

test('[M6] a job made here is quiet once it is there: polls and full reads write nothing', async () => {
  const id = await makesJob();
  await world.settle();
  const before = [await inKiex(id), await linkOf('jobs', id), creates().length];
  await world.advance(130, 10);
  await world.readAllJobsAgain(connectionId);
  await world.settle();
  expect([await inKiex(id), await linkOf('jobs', id), creates().length]).toEqual(before);
  const patches = world.simulator.requests().filter(({ method }) => method === 'PATCH');
  expect(patches).toEqual([]);
});

test('[I3] a job and an employer whose answers were lost are there once', async () => {
  const { resources } = world.parts.connectors.get('manatal')!;
  for (const name of ['organizations', 'jobs']) {
    const resource = resources.find((one) => one.name === name)!;
    const create = resource.create!;
    resource.create = async (...given) => {
      await create(...given);
      resource.create = create;
      return { ok: false, failure: { kind: 'unreachable', detail: 'reset' } };
    };
  }
  const id = await makesJob();
  await world.advance(300, 10);
  expect(rows('jobs').map(({ external_id }) => external_id)).toEqual([id]);
  expect(rows('organizations').filter(({ name }) => name === 'Reef Labs')).toHaveLength(1);
  expect((await linkOf('jobs', id))!.theirId).toBe(String(rows('jobs')[0]!.id));
});

test('[I3] a lost answer, and a poll that comes upon the job first: still one here and one there', async () => {
  const { resources } = world.parts.connectors.get('manatal')!;
  const resource = resources.find((one) => one.name === 'jobs')!;
  const create = resource.create!;
  resource.create = async (...given) => {
    await create(...given);
    return { ok: false, failure: { kind: 'unreachable', detail: 'reset' } };
  };
  const id = await makesJob();
  await world.settle();
  const [job] = rows('jobs');
  world.recruiter.editJob(job!.id, { is_published: true, city: 'Koror' });
  await world.readAllJobsAgain(connectionId);
  await world.advance(300, 10);
  expect(rows('jobs')).toHaveLength(1);
  expect((await world.db.select().from(jobs)).map((one) => one.id)).toEqual([id]);
  expect(await inKiex(id)).toMatchObject({ city: 'Koror', published: true });
});

test('[D6] a job whose bell is lost is made all the same, and one made while paused waits', async () => {
  await makesJob();
  world.queue.lose();
  await world.advance(3);
  expect(rows('jobs')).toHaveLength(1);
  await world.integrations.pause(connectionId, 'test');
  await makesJob({ title: 'Cook' }, { newEmployer: 'Kitchen' });
  await world.advance(20, 5);
  expect(rows('jobs')).toHaveLength(1);
  await world.integrations.resume(connectionId, 'test');
  await world.advance(12, 4);
  expect(rows('jobs')).toHaveLength(2);
});

test('a job that stays here goes nowhere', async () => {
  const id = await makesJob({}, { to: null });
  await world.advance(130, 10);
  expect(creates()).toEqual([]);
  expect(await inKiex(id)).toMatchObject({ shown: true, status: 'open' });
  expect((await world.jobEditing.byId(id))!.way.state).toBe('here');
});

test('an employer that is there under its name is used when it is the only one and nothing contradicts', async () => {
  const there = world.recruiter.addOrganization({
    name: 'reef labs',
    website: 'https://reef.example',
  });
  const id = await makesJob();
  await world.settle();
  expect(there.ok && rows('jobs')[0]!.organization === there.row.id).toBe(true);
  const { organizationId } = await inKiex(id);
  const [employer] = await world.db
    .select()
    .from(organizations)
    .where(eq(organizations.id, organizationId!));
  expect(employer).toMatchObject({ website: 'https://reef.example' });
});

test('[I5] two of one name there, or another website: ours is made beside them', async () => {
  world.recruiter.addOrganization({ name: 'Reef Labs' });
  world.recruiter.addOrganization({ name: 'Reef Labs' });
  world.recruiter.addOrganization({ name: 'Cafe', website: 'https://cafe.example' });
  await makesJob();
  const cafe = await makesJob({}, { newEmployer: 'Cafe', to: null });
  const { organizationId } = await inKiex(cafe);
  await world.db
    .update(organizations)
    .set({ website: 'https://other.example' })
    .where(eq(organizations.id, organizationId!));
  await makesJob({}, { employerId: organizationId });
  await world.settle();
  expect(rows('organizations').filter(({ name }) => name === 'Reef Labs')).toHaveLength(3);
  expect(rows('organizations').filter(({ name }) => name === 'Cafe')).toHaveLength(2);
});

test('[I5] a namesake that belongs to another employer of ours is not taken: ours is made beside it', async () => {
  const first = await makesJob({}, { newEmployer: 'Kitchen' });
  await world.settle();
  const { organizationId, createdAt, updatedAt } = await inKiex(first);
  const id = world.parts.newId();
  const twin = { id, slug: `kitchen-${id}`, name: 'Kitchen', createdAt, updatedAt };
  await world.db.insert(organizations).values(twin);
  const second = await makesJob({ title: 'Cook' }, { employerId: id });
  await world.settle();
  const [mine, other] = [
    await linkOf('organizations', organizationId!),
    await linkOf('organizations', id),
  ];
  expect(other!.theirId).not.toBe(mine!.theirId);
  expect((await world.jobEditing.byId(second))!.way.state).toBe('there');
});

test('[P1] an account that names another account’s job as its own gets nothing of it', async () => {
  const id = await makesJob({}, { to: null });
  const employer = world.recruiter.addOrganization({ name: 'Somebody' });
  if (!employer.ok) throw new Error('no organization');
  const body = { organization: employer.row.id, position_name: 'Stolen', external_id: id };
  world.recruiter.postJob({ ...body, status: 'active', is_published: true });
  await world.advance(130, 10);
  expect(await inKiex(id)).toMatchObject({ title: 'Diver' });
  expect((await world.db.select().from(jobs)).map(({ title }) => title).sort()).toEqual([
    'Diver',
    'Stolen',
  ]);
});

test('a student applies for a job before it is in Manatal: the application follows it there', async () => {
  await world.integrations.pause(connectionId, 'test');
  const id = await makesJob();
  const student = await world.addStudent();
  await student.applies(id);
  await world.advance(5);
  await world.integrations.resume(connectionId, 'test');
  await world.advance(20, 2);
  const [match] = world.simulator.rows(world.account.id, 'matches');
  expect(match).toMatchObject({ job: rows('jobs')[0]!.id });
});

test('an employer that was removed there is made again for a new job of it', async () => {
  const first = await makesJob();
  await world.settle();
  const { organizationId } = await inKiex(first);
  world.recruiter.remove('jobs', rows('jobs')[0]!.id);
  world.recruiter.remove(
    'organizations',
    rows('organizations').find(({ name }) => name === 'Reef Labs')!.id,
  );
  await makesJob({ title: 'Cook' }, { employerId: organizationId });
  await world.advance(60, 5);
  expect(rows('jobs').map(({ position_name }) => position_name)).toEqual(['Cook']);
});

test('what is wrong with a new job is said at its field, and nothing is made', async () => {
  const answer = await world.jobEditing.create(
    {
      changes: { payMin: '20', payMax: '10' },
      employerId: null,
      newEmployer: '',
      connectionId: 'elsewhere',
    },
    by,
  );
  expect(answer).toMatchObject({
    ok: false,
    errors: {
      title: 'A job needs a title.',
      employer: expect.any(String),
      account: expect.any(String),
    },
  });
  expect(await world.db.select().from(jobs)).toEqual([]);
});
