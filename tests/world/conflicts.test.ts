import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { chooseConflict } from '#src/sync/chooseConflict.ts';
import { history } from '#src/sync/trailTables.ts';
import type { Thing } from './otherSide.ts';
import { createTwoSides, type TwoSides } from './twoSides.ts';

let sides: TwoSides;
afterEach(() => sides.end());

const barista = { email: 'a@work.example', title: 'Barista', city: 'Hagåtña', pay: '12' };

/** One thing on both sides, agreed. */
async function agreed(options: Parameters<typeof createTwoSides>[0] = {}) {
  sides = await createTwoSides(options);
  const ours = await sides.here.add(barista);
  await sides.settle();
  const [theirs] = sides.there.ids();
  return { ours, theirs: theirs! };
}

/** Both sides change a field at about the same time. */
async function differ(
  { ours, theirs }: { ours: string; theirs: string },
  { here, there }: { here: Thing; there: Thing },
) {
  await sides.clock.advance(2_000);
  sides.there.edit(theirs, there);
  await sides.here.edit(ours, here);
  await sides.settle();
}

const choose = async (side: 'ours' | 'theirs', at = 0) => {
  const found = await sides.conflicts();
  const choice = await chooseConflict(sides.parts, {
    conflictId: found[at]!.id,
    side,
    by: 'staff-1',
  });
  return choice;
};

/** What both sides hold of a field. */
const both = async (of: { ours: string; theirs: string }, field: keyof Thing) => [
  (await sides.here.values(of.ours))?.[field],
  sides.there.values(of.theirs)[field],
];

/** Everything a look at all records may write: to them, and to our tables. */
async function written() {
  const [links, conflicts] = [await sides.links(), await sides.conflicts()];
  const things = await Promise.all((await sides.here.ids()).map((id) => sides.here.version(id)));
  return { there: sides.there.writes().length, links, conflicts, things };
}

test.each([
  ['kiex', 'ours'],
  ['provider', 'theirs'],
  ['newest', 'ours'],
] as const)(
  '[M3] by the policy %s %s wins, and both values are kept with the reason',
  async (policy, winner) => {
    const of = await agreed({ policies: { pay: policy } });
    await sides.clock.advance(2_000);
    sides.there.edit(of.theirs, { pay: '14' });
    await sides.clock.advance(2_000);
    await sides.here.edit(of.ours, { pay: '13' });
    await sides.settle();
    const won = winner === 'ours' ? '13' : '14';
    expect(await both(of, 'pay')).toEqual([won, won]);
    expect(await sides.conflicts()).toMatchObject([
      {
        field: 'pay',
        base: { value: '12' },
        ours: { value: '13' },
        theirs: { value: '14' },
        winner,
        reason: policy,
        state: 'settled',
      },
    ]);
    const told = await sides.db.select().from(history).where(eq(history.action, 'updated'));
    expect(told.map(({ fields }) => fields.pay?.rule)).toEqual([policy]);
  },
);

test('[M3] [M6] a person is asked, once, and however often it is looked at nothing is written', async () => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13', city: 'Dededo' }, there: { pay: '14' } });
  expect(await both(of, 'pay')).toEqual(['13', '14']);
  expect(await both(of, 'city')).toEqual(['Dededo', 'Dededo']);
  expect(await sides.conflicts()).toMatchObject([{ field: 'pay', state: 'open', winner: null }]);
  await sides.compareAll();
  const before = await written();
  await sides.compareAll();
  await sides.advance(130);
  expect(await written()).toEqual(before);
});

test('[M3] an open conflict takes the values as they move, and is past once the sides agree', async () => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  sides.there.edit(of.theirs, { pay: '15' });
  await sides.compareAll();
  expect(await sides.conflicts()).toMatchObject([
    { state: 'open', ours: { value: '13' }, theirs: { value: '15' } },
  ]);
  sides.there.edit(of.theirs, { pay: '13' });
  await sides.compareAll();
  expect(await sides.conflicts()).toMatchObject([{ state: 'past' }]);
  expect(await both(of, 'pay')).toEqual(['13', '13']);
});

test('[M1] [M3] a conflict is past when one side goes back: the other’s change is carried', async () => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  await sides.here.edit(of.ours, { pay: '12' });
  await sides.settle();
  expect(await both(of, 'pay')).toEqual(['14', '14']);
  expect(await sides.conflicts()).toMatchObject([{ state: 'past' }]);
});

test.each([
  ['ours', '13'],
  ['theirs', '14'],
] as const)('[M3] choosing %s carries that value to the other side', async (side, value) => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  expect(await choose(side)).toEqual({ ok: true });
  expect(await choose('ours')).toMatchObject({ ok: false });
  await sides.settle();
  expect(await both(of, 'pay')).toEqual([value, value]);
  expect(await sides.conflicts()).toMatchObject([
    { state: 'chosen', chosen: side, chosenBy: 'staff-1' },
  ]);
  await sides.compareAll();
  const before = await written();
  await sides.compareAll();
  expect(await written()).toEqual(before);
});

test('[D6] a choice whose bell is lost is carried all the same', async () => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  await choose('theirs');
  sides.queue.lose();
  await sides.advance(12);
  expect(await both(of, 'pay')).toEqual(['14', '14']);
});

test('[M3] a value that moved after the choice voids it: nothing is overwritten unseen', async () => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  await choose('ours');
  sides.there.edit(of.theirs, { pay: '15' });
  await sides.settle();
  expect(await both(of, 'pay')).toEqual(['13', '15']);
  expect(await sides.conflicts()).toMatchObject([
    { state: 'open', theirs: { value: '15' }, chosen: null, chosenBy: null },
  ]);
});

test('[M3] choosing what has moved on is refused in words', async () => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  await sides.here.edit(of.ours, { pay: '16' });
  expect(await choose('theirs')).toEqual({
    ok: false,
    words: expect.stringContaining('moved on'),
  });
  await sides.settle();
  expect(await both(of, 'pay')).toEqual(['16', '14']);
});

test('[M3] what a policy settled can be turned round, and goes out as an edit of ours', async () => {
  const of = await agreed({ policies: { pay: 'provider' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  expect(await choose('theirs')).toMatchObject({ ok: false });
  expect(await choose('ours')).toEqual({ ok: true });
  await sides.settle();
  expect(await both(of, 'pay')).toEqual(['13', '13']);
  expect(await sides.conflicts()).toMatchObject([{ state: 'chosen', chosen: 'ours' }]);
  expect(await choose('theirs')).toMatchObject({ ok: false });
});

test('[M3] turning round is refused once the winner has changed again', async () => {
  const of = await agreed({ policies: { pay: 'kiex' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  sides.there.edit(of.theirs, { pay: '15' });
  await sides.compareAll();
  expect(await choose('theirs')).toEqual({
    ok: false,
    words: expect.stringContaining('moved on'),
  });
  expect(await both(of, 'pay')).toEqual(['15', '15']);
});

test('[M3] two people choose at once, while a pass is under way: one choice stands, nothing is lost', async () => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  sides.there.edit(of.theirs, { city: 'Yigo' });
  await sides.integrations.requestRuns({
    connectionId: sides.connectionId,
    resource: null,
    full: true,
    trigger: 'manual',
    by: null,
  });
  const [pass, ...choices] = await Promise.all([sides.settle(), choose('ours'), choose('theirs')]);
  expect(pass).toBeUndefined();
  expect(choices.filter(({ ok }) => ok)).toHaveLength(1);
  await sides.settle();
  const value = choices[0]!.ok ? '13' : '14';
  expect(await both(of, 'pay')).toEqual([value, value]);
  expect(await both(of, 'city')).toEqual(['Yigo', 'Yigo']);
});

test('[M3] a policy that is changed rewrites nothing by itself; it decides the next conflict', async () => {
  const of = await agreed({ policies: { pay: 'ask' } });
  await differ(of, { here: { pay: '13' }, there: { pay: '14' } });
  await sides.chooseFields({ pay: { policy: 'kiex' } });
  await sides.compareAll();
  expect(await both(of, 'pay')).toEqual(['13', '14']);
  sides.there.edit(of.theirs, { pay: '15' });
  await sides.compareAll();
  expect(await both(of, 'pay')).toEqual(['13', '13']);
  const states = (await sides.conflicts()).map(({ state }) => state);
  expect(states.sort()).toEqual(['past', 'settled']);
});

test('a field that is switched off is left alone on both sides, and compared again when it is on', async () => {
  const of = await agreed();
  expect(await sides.chooseFields({ pay: { on: false }, email: { on: false } })).toEqual({
    ok: false,
    errors: { 'things.email': expect.stringContaining('cannot do without') },
  });
  await sides.chooseFields({ pay: { on: false } });
  await differ(of, { here: { pay: '13', city: 'Dededo' }, there: { title: 'Head barista' } });
  expect(await both(of, 'pay')).toEqual(['13', '12']);
  expect(await both(of, 'city')).toEqual(['Dededo', 'Dededo']);
  expect(await both(of, 'title')).toEqual(['Head barista', 'Head barista']);
  // A new one is made without it, on either side.
  const second = await sides.here.add({ ...barista, email: 'b@work.example' });
  const third = sides.there.add({ ...barista, email: 'c@work.example' });
  await sides.compareAll();
  const made = sides.there.ids().find((id) => id !== of.theirs && id !== third)!;
  expect(sides.there.values(made)).toMatchObject({ email: 'b@work.example', pay: null });
  const brought = (await sides.here.ids()).find((id) => id !== of.ours && id !== second)!;
  expect(await sides.here.values(brought)).not.toHaveProperty('pay');
  await sides.chooseFields({ pay: { on: true } });
  await sides.compareAll();
  expect(await both(of, 'pay')).toEqual(['13', '13']);
  expect(await both({ ours: brought, theirs: third }, 'pay')).toEqual(['12', '12']);
});

test('[M1] where nothing can be changed there, a change of ours is neither lost nor called agreed', async () => {
  const of = await agreed({ canUpdate: false });
  await differ(of, { here: { pay: '13' }, there: { city: 'Yigo' } });
  expect(await both(of, 'pay')).toEqual(['13', '12']);
  expect(await both(of, 'city')).toEqual(['Yigo', 'Yigo']);
  expect(await sides.links()).toMatchObject([{ base: { pay: '12', city: 'Yigo' } }]);
});
