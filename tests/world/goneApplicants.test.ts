import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applicationEvents, applications } from '#src/applications/tables.ts';
import { jobs } from '#src/jobs/tables.ts';
import { agreements } from '#src/privacy/tables.ts';
import { resumes } from '#src/students/tables.ts';
import { failures, links } from '#src/sync/tables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

const openJob = (title: string) => openJobIn(world, title);
const inManatal = () => manatalOf(world);

/** One more open job, of the same employer. */
async function postAlso(title: string): Promise<{ ours: string; theirs: number }> {
  const [first] = world.simulator.rows(world.account.id, 'jobs');
  const { organization } = first!;
  const body = { organization, position_name: title, status: 'active', is_published: true };
  const posted = world.recruiter.postJob(body);
  if (!posted.ok) throw new Error(JSON.stringify(posted.body));
  await world.advance(125);
  const [row] = await world.db.select().from(jobs).where(eq(jobs.title, title));
  return { ours: row!.id, theirs: posted.row.id };
}

test('[I4] a student whose candidate was merged away applies again, and the one that is left is used', async () => {
  const first = await openJob('Barista');
  const student = await world.addStudent();
  await student.applies(first.ours);
  await world.settle();
  const old = inManatal().candidates[0]!;
  world.recruiter.remove('candidates', old.id);
  const body = { full_name: 'Known longer', email: student.email };
  const kept = world.recruiter.receiveApplication({ job: first.theirs, ...body });
  if (!kept.ok) throw new Error(JSON.stringify(kept.body));
  const second = await postAlso('Cook');
  await student.applies(second.ours);
  await world.settle();
  await world.advance(30);
  const { candidates, matches } = inManatal();
  expect(candidates.map(({ id }) => id)).toEqual([kept.row.candidate]);
  // What was agreed with the one that is gone says nothing of the one that is left: it is filled anew.
  expect(candidates[0]).toMatchObject({ external_id: student.userId, consent: true });
  const match = matches.find((row) => row.job === second.theirs);
  expect(match).toMatchObject({ candidate: kept.row.candidate });
  const open = await world.db.select().from(failures).where(eq(failures.state, 'dead'));
  expect(open).toEqual([]);
});

test('[I4] [F1] an application waits while another worker has the candidate that is gone in hand', async () => {
  const first = await openJob('Barista');
  const student = await world.addStudent();
  await student.applies(first.ours);
  await world.settle();
  const second = await postAlso('Cook');
  world.recruiter.remove('candidates', inManatal().candidates[0]!.id);
  const [link] = await world.db.select().from(links).where(eq(links.resource, 'candidates'));
  const key = `${link!.connectionId}:candidates:our:${student.userId}`;
  await world.parts.locks.tryWith(key, async () => {
    await student.applies(second.ours);
    await world.settle();
  });
  expect(inManatal().matches.filter((row) => row.job === second.theirs)).toEqual([]);
  expect(await world.db.select().from(failures).where(eq(failures.state, 'dead'))).toEqual([]);
  await world.advance(60);
  expect(inManatal().candidates).toHaveLength(1);
  expect(inManatal().matches.filter((row) => row.job === second.theirs)).toHaveLength(1);
});

test('a student whose candidate was deleted is a new candidate when applying again, once', async () => {
  const first = await openJob('Barista');
  const student = await world.addStudent();
  await student.applies(first.ours);
  await world.settle();
  world.recruiter.remove('candidates', inManatal().candidates[0]!.id);
  // Nothing is made anew for its own sake.
  await world.advance(300);
  expect(inManatal().candidates).toHaveLength(0);
  const second = await postAlso('Cook');
  world.simulator.faults.add({
    kind: 'answerLost',
    method: 'POST',
    path: '/open/v3/candidates/',
    next: 1,
  });
  await student.applies(second.ours);
  await world.settle();
  await world.advance(60);
  const { candidates, matches } = inManatal();
  expect(candidates).toHaveLength(1);
  const on = matches.filter((row) => row.job === second.theirs);
  expect(on.map(({ candidate }) => candidate)).toEqual([candidates[0]!.id]);
});

test('[A2] whatever ends here, people and their records stay at the provider', async () => {
  const job = await openJob('Barista');
  const student = await world.addStudent();
  await student.applies(job.ours);
  await world.settle();
  const before = inManatal();
  await world.db.update(agreements).set({ withdrawnAt: world.clock.now() });
  await world.db.update(jobs).set({ status: 'closed' });
  await world.db.delete(applicationEvents);
  await world.db.delete(agreements);
  await world.db.delete(applications);
  await world.db.delete(resumes);
  const { connectionId } = (await world.db.select().from(links))[0]!;
  const ask = { connectionId, resource: null, full: true, trigger: 'manual', by: null } as const;
  await world.integrations.requestRuns(ask);
  await world.advance(1_400, 20);
  const after = inManatal();
  expect(after.candidates.map(({ id }) => id)).toEqual(before.candidates.map(({ id }) => id));
  expect(after.matches.map(({ id }) => id)).toEqual(before.matches.map(({ id }) => id));
  expect(before.matches).toHaveLength(1);
  expect(world.simulator.requests().filter(({ method }) => method === 'DELETE')).toEqual([]);
});
