import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openIssue } from '#src/sync/issues.ts';
import { activity } from '#src/sync/tables.ts';
import { createTwoSides, type TwoSides } from '../../tests/world/twoSides.ts';
import { createDecisions, type Decisions } from './decisions.ts';

let sides: TwoSides;
let decisions: Decisions;
beforeEach(async () => {
  sides = await createTwoSides({ policies: { pay: 'ask' } });
  decisions = createDecisions(sides.parts);
});
afterEach(() => sides.end());

const nobody = '01900000-0000-7000-8000-000000000000';
const everything = { connectionId: null, state: null, limit: 10 } as const;

const lines = async (action: string) =>
  sides.db.select().from(activity).where(eq(activity.action, action));

test('[M3] staff see both values of a conflict, filter it, and choose once', async () => {
  const ours = await sides.here.add({ email: 'a@work.example', pay: '12' });
  await sides.settle();
  const [theirs] = sides.there.ids();
  sides.there.edit(theirs!, { pay: '14' });
  await sides.here.edit(ours, { pay: '13' });
  await sides.settle();
  const [conflict] = await decisions.conflicts({ ...everything, state: 'open' });
  expect(conflict).toMatchObject({
    connectionLabel: 'The other side',
    ours: { value: '13' },
    theirs: { value: '14' },
    base: { value: '12' },
  });
  expect(await decisions.openConflicts(sides.connectionId)).toBe(1);
  expect(await decisions.openConflicts(nobody)).toBe(0);
  expect(await decisions.conflicts({ ...everything, state: 'settled' })).toEqual([]);
  expect(await decisions.conflicts({ ...everything, connectionId: 'nonsense' })).toEqual([]);
  for (const id of [nobody, 'nonsense']) {
    expect(await decisions.choose(id, 'ours', 'staff-1')).toMatchObject({ ok: false });
  }
  expect(await decisions.choose(conflict!.id, 'theirs', 'staff-1')).toEqual({ ok: true });
  await sides.settle();
  expect(await decisions.openConflicts(null)).toBe(0);
  // Who chose which side of which field; never the values. [P3]
  const told = await lines('conflict decided');
  expect(told).toMatchObject([{ door: 'staff', fields: ['pay'], detail: 'by staff-1: theirs' }]);
});

test('an issue is closed by a person once, with the reason kept and told', async () => {
  const issue = { connectionId: sides.connectionId, kind: 'missed events', key: 'things' };
  const tools = { newId: sides.parts.newId, now: sides.clock.now() };
  await openIssue(sides.db, { ...issue, resource: 'things', detail: 'Three did not come.' }, tools);
  await openIssue(sides.db, { ...issue, resource: 'things', detail: 'Four did not come.' }, tools);
  const look = { connectionId: null, closed: false, limit: 10 };
  const [open, ...others] = await decisions.issues(look);
  expect(others).toEqual([]);
  expect(open).toMatchObject({ count: 2, detail: 'Four did not come.' });
  expect(await decisions.closeIssue(open!.id, 'Switched on again', 'staff-1')).toBe(true);
  expect(await decisions.closeIssue(open!.id, 'Again', 'staff-1')).toBe(false);
  expect(await decisions.closeIssue('nonsense', 'Again', 'staff-1')).toBe(false);
  expect(await decisions.issues(look)).toEqual([]);
  expect(await decisions.issues({ ...look, closed: true })).toMatchObject([
    { closedReason: 'Switched on again', closedBy: 'staff-1' },
  ]);
  expect(await lines('issue closed')).toMatchObject([
    { detail: 'missed events, by staff-1: Switched on again' },
  ]);
});

test('the field tables show the rules in force, and what staff choose is told by field', async () => {
  expect(await decisions.fieldTables(nobody)).toBeNull();
  const choices = [
    { resource: 'things', field: 'pay', policy: 'kiex', on: true },
    { resource: 'things', field: 'city', policy: null, on: false },
  ];
  const answer = await decisions.chooseFields(sides.connectionId, choices, 'staff-1');
  expect(answer).toMatchObject({ ok: true });
  const tables = await decisions.fieldTables(sides.connectionId);
  expect(tables?.resources[0]).toMatchObject({ name: 'things', canUpdate: true });
  expect(tables?.resources[0]?.fields).toMatchObject([
    { field: 'email', needed: true, on: true },
    { field: 'title', policy: 'newest', on: true },
    { field: 'city', on: false },
    { field: 'pay', policy: 'kiex', usual: 'ask' },
  ]);
  expect(await lines('fields changed')).toMatchObject([
    {
      resource: 'things',
      fields: ['pay', 'city'],
      detail: 'by staff-1: pay: KiEX wins; city: switched off',
    },
  ]);
  // Saving the same again is no change.
  await decisions.chooseFields(sides.connectionId, choices, 'staff-1');
  expect(await lines('fields changed')).toHaveLength(1);
});
