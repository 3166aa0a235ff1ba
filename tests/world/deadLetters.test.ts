import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failed } from '#src/platform/failure.ts';
import { touchStudent } from '#src/students/store.ts';
import { activity, failures } from '#src/sync/tables.ts';
import { manatalOf, openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let job: Awaited<ReturnType<typeof openJobIn>>;
beforeEach(async () => {
  world = await createTestWorld();
  job = await openJobIn(world);
});
afterEach(() => world.end());

const stateOf = async (resource: string) =>
  (await world.db.select().from(failures).where(eq(failures.resource, resource))).map(
    ({ state }) => state,
  );

/** Manatal refuses this applicant, and with it the application; then it would not any more. */
async function refusedApplicant(name?: string) {
  const { resources } = world.parts.connectors.get('manatal')!;
  const candidates = resources.find((resource) => resource.name === 'candidates')!;
  const { create } = candidates;
  candidates.create = async () =>
    failed({ kind: 'refused', status: 400, detail: 'phone_number: not one we take' });
  const student = await world.addStudent(name);
  await student.applies(job.ours);
  await world.advance(5);
  candidates.create = create!;
  return student;
}

const changes = (userId: string) => touchStudent(world.db, { userId, at: world.clock.now() });

test('[F5] a dead letter is tried again by itself once our record has changed, and not before', async () => {
  const student = await refusedApplicant();
  expect(await stateOf('candidates')).toEqual(['dead']);
  expect(await stateOf('applications')).toEqual(['dead']);
  await world.advance(300, 10);
  expect(manatalOf(world).candidates).toEqual([]);
  await changes(student.userId);
  await world.advance(8);
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
  expect(await stateOf('candidates')).toEqual(['resolved']);
  expect(await stateOf('applications')).toEqual(['resolved']);
  const again = await world.db
    .select()
    .from(activity)
    .where(and(eq(activity.action, 'tried again')));
  expect(again.map(({ resource }) => resource).sort()).toEqual(['applications', 'candidates']);
});

test('[F5] what a person dismissed comes back only when our record changes', async () => {
  const student = await refusedApplicant();
  const [letter] = await world.db
    .select()
    .from(failures)
    .where(eq(failures.resource, 'candidates'));
  await world.integrations.dismissFailure(letter!.id, 'not to be sent', 'staff');
  await world.advance(60, 5);
  expect(await stateOf('candidates')).toEqual(['dismissed']);
  expect(manatalOf(world).candidates).toEqual([]);
  await changes(student.userId);
  await world.advance(8);
  expect(manatalOf(world).matches).toHaveLength(1);
});

test('[F5] a set of dead letters is retried or dismissed together, and no others', async () => {
  await refusedApplicant('One');
  await refusedApplicant('Two');
  const connectionId = (await world.db.select().from(failures))[0]!.connectionId;
  const retry = (filter: object) => world.integrations.retryFailures(filter, 'staff');
  expect(await retry({ connectionId, kind: 'surprising' })).toBe(0);
  expect(await retry({ connectionId: world.parts.newId() })).toBe(0);
  const needing = { connectionId, resource: 'applications', step: 'needs' };
  expect(await world.integrations.dismissFailures(needing, 'enough', 'staff')).toBe(2);
  expect(await stateOf('applications')).toEqual(['dismissed', 'dismissed']);
  expect(await retry({ connectionId, kind: 'refused' })).toBe(2);
  await world.advance(4);
  expect(await stateOf('candidates')).toEqual(['resolved', 'resolved']);
  expect(manatalOf(world).candidates).toHaveLength(2);
  expect(manatalOf(world).matches).toEqual([]);
});

test('[F5] staff mend a record that was refused, and it goes; what is wrong is said at its field', async () => {
  const student = await refusedApplicant();
  const letters = await world.db.select().from(failures);
  const idOf = (resource: string) => letters.find((one) => one.resource === resource)!.id;
  const shown = await world.integrations.correction(idOf('candidates'));
  if (!shown || 'barred' in shown) throw new Error('cannot be mended');
  expect(shown.fields).toEqual([
    { name: 'phone', value: '+16715550123' },
    { name: 'address', value: 'Mangilao' },
  ]);
  const of = { failureId: idOf('candidates'), version: shown.version };
  const mend = (values: Record<string, string>, version = shown.version) =>
    world.integrations.correct({ ...of, version, values }, 'staff one');
  expect(await mend({ phone: '12', address: 'Mangilao' })).toMatchObject({
    kind: 'wrong',
    errors: { phone: expect.any(String) },
  });
  expect(await mend({ phone: '+16716491234' }, shown.version - 1)).toEqual({ kind: 'moved' });
  // A field that the form does not show is not taken.
  const saved = await mend({ phone: '+1 671 649 1234', address: 'Mangilao', name: 'Somebody' });
  expect(saved).toEqual({ kind: 'saved', fields: ['phone'] });
  await world.advance(8);
  expect(manatalOf(world).candidates).toMatchObject([
    { phone_number: '+16716491234', full_name: 'Sample Student' },
  ]);
  expect((await student.sees())[0]!.delivery.state).toBe('delivered');
  const [line] = await world.db.select().from(activity).where(eq(activity.action, 'edited'));
  expect(line).toMatchObject({ fields: ['phone'], detail: 'by staff one, and tried again' });
  expect(await mend({ phone: '+16716491235' })).toEqual({ kind: 'moved' });
});

test('a record that is not for staff to mend says so', async () => {
  await refusedApplicant();
  const letters = await world.db.select().from(failures);
  const application = letters.find((one) => one.resource === 'applications')!;
  expect(await world.integrations.correction(application.id)).toMatchObject({
    barred: 'nothing sent',
  });
  const values = { status: 'hired' };
  const mended = { failureId: application.id, version: 1, values };
  expect(await world.integrations.correct(mended, 'staff')).toEqual({ kind: 'moved' });
});
