import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { agreeLinks } from '#src/sync/links.ts';
import type { Synced } from '#src/sync/synced.ts';
import { links } from '#src/sync/tables.ts';
import { openJobIn } from './manatalSide.ts';
import { createTestWorld } from './testWorld.ts';
import { createTwoSides } from './twoSides.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function twoSides() {
  const sides = await createTwoSides();
  closers.push(sides.end);
  return sides;
}

test('[M1] [D7] an edit made here between the read and the write of a page is carried to Manatal, not counted as agreed', async () => {
  const world = await createTestWorld();
  closers.push(world.end);
  const job = await openJobIn(world);
  world.simulator.set({ webhookLost: 1 });
  const room = world.parts.synced.get('jobs')!;
  let edited = false;
  const read: Synced['read'] = async (...given) => {
    const found = await room.read(...given);
    if (edited || !found.has(job.ours)) return found;
    edited = true;
    await world.jobEditing.edit(job.ours, { city: 'Tumon' }, { by: 'staff-1' });
    // Nobody rings for it: what the link says must do.
    world.queue.lose();
    return found;
  };
  world.parts.synced = new Map([...world.parts.synced, ['jobs', { ...room, read }]]);
  world.recruiter.editJob(job.theirs, { position_name: 'Head Barista' });
  await world.advance(130, 5);
  expect(edited).toBe(true);
  const there = world.simulator.rows(world.account.id, 'jobs').find(({ id }) => id === job.theirs);
  expect(there).toMatchObject({ position_name: 'Head Barista', city: 'Tumon' });
  const [here] = await world.db.select().from(jobs).where(eq(jobs.id, job.ours));
  expect(here).toMatchObject({ title: 'Head Barista', city: 'Tumon' });
});

test('[D3] a list that is older than what was agreed is no news, however late it was asked for', async () => {
  const sides = await twoSides();
  const { resources } = sides.there.connector;
  const theirs = sides.there.add({ email: 'a@work.example', title: 'Barista' });
  await sides.compareAll();
  const before = await resources[0]!.list!({} as never, null);
  sides.there.edit(theirs, { title: 'Head barista' });
  await sides.advance(2);
  await sides.compareAll();
  const [link] = await sides.links();
  await sides.advance(20);
  // A cache between us answers as it did at the start.
  resources[0]!.list = async () => before;
  await sides.compareAll();
  expect(await sides.here.values(link!.ourId)).toMatchObject({ title: 'Head barista' });
  expect(await sides.links()).toEqual([link]);
  expect(sides.there.writes()).toEqual([]);
});

test('[D7] an agreement on a link that somebody wrote since is not stored', async () => {
  const sides = await twoSides();
  sides.there.add({ email: 'a@work.example', title: 'Barista' });
  await sides.compareAll();
  const [read] = await sides.links();
  const { ourId, base, held, theirRevision, agreedVersion } = read!;
  const agreement = { ourId, theirId: read!.theirId!, base: base!, held, theirRevision };
  const agree = (title: string) =>
    sides.db.transaction((tx) =>
      agreeLinks(
        tx,
        [{ link: read!, agreement: { ...agreement, agreedVersion, base: { ...base, title } } }],
        sides.clock.now(),
      ),
    );
  expect(await agree('Newer')).toEqual(new Set([read!.id]));
  expect(await agree('Older')).toEqual(new Set());
  const [link] = await sides.db.select().from(links);
  expect(link).toMatchObject({ fence: read!.fence + 1, base: { ...base, title: 'Newer' } });
});

test('[D6] [M6] what was sent is agreed in the version that was read: a later edit whose bell is lost goes too', async () => {
  const sides = await twoSides();
  const ours = await sides.here.add({ email: 'a@work.example', title: 'Barista' });
  await sides.settle();
  await sides.here.edit(ours, { title: 'Head barista' });
  await sides.settle();
  const [link] = await sides.links();
  expect(link!.agreedVersion).toBe(await sides.here.version(ours));
  await sides.here.edit(ours, { city: 'Dededo' });
  sides.queue.lose();
  await sides.advance(3);
  expect(sides.there.values(link!.theirId!)).toMatchObject({ city: 'Dededo' });
});
