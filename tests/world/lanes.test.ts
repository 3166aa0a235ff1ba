import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallContext } from '#src/sync/connector.ts';
import { openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await createTestWorld();
});
afterEach(() => world.end());

test('[Q2] candidate and match go in the lane of a person; resume and note let the next student pass', async () => {
  const { ours } = await openJobIn(world);
  const lanes: Record<string, string> = {};
  for (const resource of world.parts.connectors.get('manatal')!.resources) {
    const { create } = resource;
    if (!create) continue;
    resource.create = (context: CallContext, outgoing) => {
      lanes[resource.name] = context.lane;
      return create(context, outgoing);
    };
  }
  const student = await world.addStudent();
  await student.applies(ours);
  await world.settle();
  expect(lanes).toEqual({
    candidates: 'person',
    applications: 'person',
    resumes: 'push',
    notes: 'push',
  });
});
