import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { balances } from '#src/sync/balance.ts';
import { syncRecord } from '#src/sync/engine.ts';
import { closeByHand } from '#src/sync/issues.ts';
import { activity, failures, links, runs } from '#src/sync/tables.ts';
import { createTwoSides, type TwoSides } from './twoSides.ts';

let sides: TwoSides;
beforeEach(async () => {
  sides = await createTwoSides();
});
afterEach(() => sides.end());

/** A provider full of things that are none of ours, as an applicant tracking system is. */
async function amongStrangers() {
  await sides.end();
  sides = await createTwoSides({ bringsIn: false });
}

const barista = { email: 'a@work.example', title: 'Barista' };
const cook = { email: 'b@work.example', title: 'Cook' };

/** A thing of ours, sent there. */
async function sent(values = barista) {
  const ours = await sides.here.add(values);
  await sides.settle();
  const link = (await sides.links()).find(({ ourId }) => ourId === ours);
  return { ours, theirs: link?.theirId ?? null };
}

const tied = async () =>
  Object.fromEntries((await sides.links()).map(({ ourId, theirId }) => [ourId, theirId]));

const told = async (action: string) => {
  const lines = await sides.db.select().from(activity).where(eq(activity.action, action));
  return lines.map(({ detail }) => detail);
};

test('[I5] of several that fit ours the lowest id is used, and a person is told which ones fit', async () => {
  await amongStrangers();
  const [first, second, third] = [1, 2, 3].map(() => sides.there.add(barista));
  const { ours, theirs } = await sent();
  expect(theirs).toBe(first);
  const [issue, ...others] = await sides.issues();
  expect(others).toEqual([]);
  expect(issue).toMatchObject({
    kind: 'ambiguity',
    ourId: ours,
    closedAt: null,
    detail: `Their records ${first}, ${second}, ${third} all fit it; ${first} is used.`,
  });
  expect(await told('ambiguous')).toEqual([issue!.detail]);
  expect(JSON.stringify([issue, await told('ambiguous')])).not.toContain('work.example');
  expect(sides.there.writes()).toEqual([]);
});

test('[I5] it closes by itself when a later look finds one only', async () => {
  await amongStrangers();
  sides.there.add(barista);
  const second = sides.there.add(barista);
  const { ours } = await sent();
  sides.there.remove(second);
  // The tie is lost, so KiEX looks again.
  await sides.db.delete(links).where(eq(links.ourId, ours));
  await sides.advance(12);
  expect(await sides.issues()).toMatchObject([
    { closedReason: 'Only one fits now.', closedBy: null },
  ]);
});

test('[I5] [M6] one that fits a record tied to another stays outside; telling so again writes nothing', async () => {
  const { ours, theirs } = await sent();
  const second = sides.there.add(barista);
  await sides.compareAll();
  expect(await tied()).toEqual({ [ours]: theirs });
  expect(await sides.here.ids()).toEqual([ours]);
  const issues = await sides.issues();
  expect(issues).toMatchObject([{ theirId: second, count: 1, closedAt: null }]);
  await sides.advance(20);
  await sides.compareAll();
  expect(await sides.issues()).toEqual(issues);
  expect(await told('ambiguous')).toHaveLength(1);
  // Closed by a person it stays closed, as long as it is the same question.
  const closing = { reason: 'Known', by: 'staff-1', now: sides.clock.now() };
  expect(await closeByHand(sides.db, issues[0]!.id, closing)).toMatchObject({ kind: 'ambiguity' });
  await sides.advance(20);
  await sides.compareAll();
  expect(await sides.issues()).toHaveLength(1);
});

test('[F6] [I5] a row that a pass leaves outside is counted as skipped, with the reason', async () => {
  await sent();
  sides.there.add(barista);
  await sides.compareAll();
  const [run] = await sides.db.select().from(runs).where(eq(runs.kind, 'full'));
  expect(run).toMatchObject({ state: 'done', seen: 2, created: 0, updated: 0, failed: 0 });
  expect(run).toMatchObject({ unchanged: 1, skipped: 1, oursUnchanged: 1, oursSkipped: 1 });
  expect(run!.skipReasons).toEqual({ 'fits a record that is tied to another': 1 });
  expect(balances(run!)).toBe(true);
});

test('[I5] what was outside comes in once it fits no other, and the issue closes by itself', async () => {
  await sent();
  const second = sides.there.add(barista);
  await sides.compareAll();
  sides.there.edit(second, { email: 'c@work.example' });
  await sides.advance(20);
  await sides.compareAll();
  expect(Object.values(await tied())).toContain(second);
  expect(await sides.issues()).toMatchObject([{ closedReason: 'Only one fits now.' }]);
});

test('[I5] two that name the same record of ours do not take it from each other', async () => {
  const { ours, theirs } = await sent();
  const second = sides.there.add(cook, ours);
  for (let look = 0; look < 3; look++) {
    await sides.advance(20);
    await sides.compareAll();
    expect(await tied()).toEqual({ [ours]: theirs });
  }
  expect(await sides.issues()).toMatchObject([{ theirId: second, count: 1 }]);
  expect(await sides.here.values(ours)).toEqual(barista);
});

test('[I4] one that names ours takes over from one that is gone', async () => {
  const { ours, theirs } = await sent();
  const second = sides.there.add({ ...barista, title: 'Head barista' }, ours);
  sides.there.remove(theirs!);
  await sides.compareAll();
  expect(await tied()).toEqual({ [ours]: second });
  expect(await sides.here.values(ours)).toMatchObject({ title: 'Head barista' });
  expect(await told('linked')).toContain(`Re-pointed from their record ${theirs} to ${second}.`);
  expect(await sides.issues()).toEqual([]);
});

test('[I5] two of ours that find the same one of theirs: the first has it, the second waits for a person', async () => {
  const first = await sent();
  const second = await sent();
  expect(await tied()).toMatchObject({ [first.ours]: first.theirs });
  expect(second.theirs).toBeNull();
  const detail = `Their record ${first.theirs} already belongs to another record of KiEX, ${first.ours}.`;
  expect(await sides.issues()).toMatchObject([{ ourId: second.ours, detail, closedAt: null }]);
  expect(await sides.db.select().from(failures)).toMatchObject([
    { ourId: second.ours, state: 'dead', step: 'find' },
  ]);
  expect(sides.queue.waiting()).toEqual([]);
  const calls = sides.there.calls.length;
  await sides.advance(30);
  expect(sides.there.calls).toHaveLength(calls);
});

test('[I4] asked for one, another answers (a merge): the link is re-pointed, and history says from where to where', async () => {
  const { ours, theirs } = await sent();
  const other = sides.there.add({ ...cook, title: 'Barista, full time' });
  sides.there.merge(theirs!, other);
  await sides.here.edit(ours, { city: 'Dededo' });
  await sides.settle();
  expect(await tied()).toEqual({ [ours]: other });
  expect(await told('linked')).toEqual([`Re-pointed from their record ${theirs} to ${other}.`]);
  expect(sides.there.values(other)).toMatchObject({ city: 'Dededo', title: 'Barista, full time' });
  expect(await sides.here.values(ours)).toMatchObject({ title: 'Barista, full time' });
});

test('[I4] [I5] merged into one that is tied to another of ours: a person is told, nothing is taken, nothing runs for ever', async () => {
  const first = await sent(barista);
  const second = await sent(cook);
  sides.there.merge(first.theirs!, second.theirs!);
  await sides.here.edit(first.ours, { city: 'Dededo' });
  await sides.settle();
  expect(await tied()).toEqual({
    [first.ours]: first.theirs,
    [second.ours]: second.theirs,
  });
  expect(await sides.issues()).toMatchObject([
    { ourId: first.ours, detail: expect.stringContaining(`${first.theirs} was merged`) },
  ]);
  expect(await sides.db.select().from(failures)).toMatchObject([
    { ourId: first.ours, state: 'dead', step: 'read' },
  ]);
  expect(sides.queue.waiting()).toEqual([]);
  expect(sides.there.values(second.theirs!)).toMatchObject({ city: null });
  const calls = sides.there.calls.length;
  await sides.advance(30);
  expect(sides.there.calls).toHaveLength(calls);
});

test('[I4] a hint that names the one merged away leads to the one that is left', async () => {
  const { ours, theirs } = await sent();
  const away = sides.there.add(cook);
  sides.there.merge(away, theirs!);
  sides.there.edit(theirs!, { title: 'Head barista' });
  const of = { connectionId: sides.connectionId, resource: 'things' };
  const passed = await syncRecord(sides.parts, { ...of, theirId: away, door: 'webhook' });
  expect(passed).toMatchObject({ kind: 'done', action: 'updated', ourId: ours });
  expect(await tied()).toEqual({ [ours]: theirs });
});
