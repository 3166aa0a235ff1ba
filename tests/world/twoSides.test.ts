import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseConflict } from '#src/sync/chooseConflict.ts';
import { policies } from '#src/sync/flow.ts';
import type { Thing } from './otherSide.ts';
import { createTwoSides, type TwoSides } from './twoSides.ts';

let sides: TwoSides;
beforeAll(async () => {
  sides = await createTwoSides();
});
afterAll(() => sides.end());

const names = ['title', 'city', 'pay'] as const;
type Name = (typeof names)[number];

const edit = fc.record({
  side: fc.constantFrom('here', 'there'),
  field: fc.constantFrom(...names),
  value: fc.constantFrom(null, 'a', 'b', 'c'),
});
/** Some edits, then quiet; with other policies each time. */
const spell = fc.record({
  edits: fc.array(edit, { minLength: 2, maxLength: 8, size: 'max' }),
  policies: fc.tuple(
    ...names.map(() => fc.constantFrom(...policies, 'ask' as const, 'ask' as const)),
  ),
  /** Which side a person chooses for what is asked then; null: nobody does. */
  chooses: fc.constantFrom(null, 'ours' as const, 'theirs' as const),
});
const story = fc.array(spell, { minLength: 1, maxLength: 3, size: 'max' });

let students = 0;

test('[Z1] [M1] [M3] [M6] however both sides edit, they agree or an open conflict is on show, no one-sided change is lost, and looking again writes nothing', async () => {
  let met = 0;
  await fc.assert(
    fc.asyncProperty(story, async (spells) => {
      const pair = await makePair();
      for (const { edits, policies: chosen, chooses } of spells) {
        await sides.chooseFields(
          Object.fromEntries(names.map((name, at) => [name, { policy: chosen[at]! }])),
        );
        const before = await standOf(pair);
        for (const { side, field, value } of edits) {
          await sides.clock.advance(1_500);
          const values: Thing = { [field]: value };
          if (side === 'here') await sides.here.edit(pair.ours, values);
          else sides.there.edit(pair.theirs, values);
        }
        const edited = await standOf(pair);
        await sides.compareAll();
        met += await checkQuiet(pair, { before, edited });
        await checkNothingMoves();
        if (chooses) await chooseAll(pair, chooses);
      }
    }),
    { numRuns: 25, seed: 4, endOnFailure: true },
  );
  // A run in which both sides never met would prove nothing.
  expect(met).toBeGreaterThan(5);
}, 90_000);

interface Pair {
  ours: string;
  theirs: string;
}

async function makePair(): Promise<Pair> {
  const email = `student${++students}@work.example`;
  const ours = await sides.here.add({ email, title: 'a', city: 'a', pay: 'a' });
  await sides.settle();
  const link = (await sides.links()).find(({ ourId }) => ourId === ours);
  return { ours, theirs: link!.theirId! };
}

async function standOf({ ours, theirs }: Pair) {
  const mine = (await sides.here.values(ours))!;
  const other = sides.there.values(theirs);
  const pick = (of: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, of[name] ?? null])) as Record<Name, unknown>;
  return { mine: pick(mine), other: pick(other) };
}

type Stand = Awaited<ReturnType<typeof standOf>>;

const openOf = async ({ ours }: Pair) =>
  (await sides.conflicts()).filter(({ ourId, state }) => ourId === ours && state === 'open');

/** Returns how many conflicts are on show. */
async function checkQuiet(
  pair: Pair,
  { before, edited }: { before: Stand; edited: Stand },
): Promise<number> {
  const now = await standOf(pair);
  const open = await openOf(pair);
  for (const name of names) {
    const asked = open.some(({ field }) => field === name);
    expect([name, asked || now.mine[name] === now.other[name]]).toEqual([name, true]);
    const agreed = before.mine[name];
    if (agreed !== before.other[name]) continue;
    if (edited.other[name] === agreed) expect(now.other[name]).toBe(edited.mine[name]);
    if (edited.mine[name] === agreed) expect(now.mine[name]).toBe(edited.other[name]);
  }
  return open.length;
}

async function chooseAll(pair: Pair, side: 'ours' | 'theirs'): Promise<void> {
  const asked = await standOf(pair);
  for (const { id, field } of await openOf(pair)) {
    const choice = await chooseConflict(sides.parts, { conflictId: id, side, by: 'staff-1' });
    expect(choice).toEqual({ ok: true });
    await sides.settle();
    const now = await standOf(pair);
    const value = (side === 'ours' ? asked.mine : asked.other)[field as Name];
    expect([now.mine[field as Name], now.other[field as Name]]).toEqual([value, value]);
  }
  expect(await openOf(pair)).toEqual([]);
}

async function checkNothingMoves(): Promise<void> {
  const writes = sides.there.writes().length;
  const links = await sides.links();
  const conflicts = await sides.conflicts();
  await sides.compareAll();
  expect(sides.there.writes()).toHaveLength(writes);
  expect(await sides.links()).toEqual(links);
  expect(await sides.conflicts()).toEqual(conflicts);
}
