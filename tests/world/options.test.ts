import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseOptions, type Option, optionOf } from '#src/sync/options.ts';
import { activity, connections, runs } from '#src/sync/tables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

const colour: Option = {
  name: 'colour',
  label: 'Colour',
  help: 'Red is louder.',
  choices: [
    { value: 'red', label: 'Red' },
    { value: 'blue', label: 'Blue' },
  ],
  default: 'blue',
  rereads: ['jobs'],
};

let world: TestWorld;
let connectionId: string;
beforeEach(async () => {
  world = await createTestWorld();
  Object.assign(world.parts.connectors.get('manatal')!, { options: [colour] });
  connectionId = await world.connect();
});
afterEach(() => world.end());

const choose = (chosen: Record<string, string>) =>
  chooseOptions(world.parts, { connectionId, chosen, by: 'staff-1' });

async function standing(): Promise<string> {
  const of = eq(connections.id, connectionId);
  const [connection] = await world.db.select().from(connections).where(of);
  return optionOf(connection!.settings, colour);
}

const fullRuns = async () =>
  (await world.db.select().from(runs).where(eq(runs.kind, 'full'))).map(({ resource }) => resource);

test('what nobody chose is the careful choice; a choice holds, is told, and reads again what it may alter', async () => {
  expect(await standing()).toBe('blue');
  expect(await choose({ colour: 'red' })).toEqual({ ok: true, changed: ['colour'] });
  expect(await standing()).toBe('red');
  expect(await fullRuns()).toEqual(['jobs']);
  const told = await world.db.select().from(activity).where(eq(activity.action, 'options changed'));
  expect(told.map(({ detail }) => detail)).toEqual(['by staff-1: colour: red']);
});

test('choosing what holds already does nothing', async () => {
  expect(await choose({ colour: 'blue' })).toEqual({ ok: true, changed: [] });
  expect(await fullRuns()).toEqual([]);
});

test('what is not on offer is refused whole, and a stored choice that is gone is the careful one', async () => {
  expect(await choose({ colour: 'green' })).toEqual({
    ok: false,
    errors: { colour: 'There is no such choice.' },
  });
  expect(await choose({ colour: 'red', size: 'big' })).toMatchObject({ ok: false });
  expect(await standing()).toBe('blue');
  expect(optionOf({ options: { colour: 'green' } }, colour)).toBe('blue');
  expect(optionOf({ options: 'nonsense' }, colour)).toBe('blue');
});
