import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { organizations } from '#src/organizations/tables.ts';
import { links } from '#src/sync/tables.ts';
import { conflicts } from '#src/sync/trailTables.ts';
import { openJobIn } from './manatalSide.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
let ours: string;
let theirs: number;
let connectionId: string;
beforeEach(async () => {
  world = await createTestWorld();
  theirs = (await openJobIn(world)).organization;
  const [link] = await world.db.select().from(links).where(eq(links.resource, 'organizations'));
  ({ ourId: ours, connectionId } = link!);
});
afterEach(() => world.end());

const by = { by: 'staff-1' };
const there = () =>
  world.simulator.rows(world.account.id, 'organizations').find(({ id }) => id === theirs)!;
const here = async () =>
  (await world.db.select().from(organizations).where(eq(organizations.id, ours)))[0]!;
const patch = async (body: object) => {
  const answer = await world.callManatal('PATCH', `/organizations/${theirs}/`, body);
  if (!answer.ok) throw new Error(await answer.text());
};
const edit = (typed: Parameters<TestWorld['organizationEditing']['edit']>[1]) =>
  world.organizationEditing.edit(ours, typed, by);
const patches = () => world.simulator.requests().filter(({ method }) => method === 'PATCH');

test('[M1] [M4] an employer that staff edit is edited in Manatal, in the fields that changed', async () => {
  Object.assign(there(), { external_id: 'crm-7', logo: 'https://x.example/logo.png' });
  expect(await edit({ website: ' https://reef.example ', name: 'Pacific Stay Hotels' })).toEqual({
    ok: true,
    changed: ['website'],
  });
  expect((await world.organizationEditing.byId(ours))!.places).toMatchObject([
    { state: 'waiting' },
  ]);
  await world.settle();
  expect(there()).toMatchObject({
    ...{ website: 'https://reef.example', name: 'Pacific Stay Hotels' },
    // Another system's id is kept.
    ...{ external_id: 'crm-7', logo: 'https://x.example/logo.png' },
  });
  expect((await world.organizationEditing.byId(ours))!.places).toMatchObject([
    { label: 'Manatal · test', state: 'there', theirId: String(theirs) },
  ]);
});

test('[M1] [M6] edits of different fields on both sides both survive, and then all is quiet', async () => {
  await edit({ website: 'https://reef.example' });
  await patch({ address: '12 Marine Drive' });
  await world.advance(130, 10);
  expect(await here()).toMatchObject({
    website: 'https://reef.example',
    address: '12 Marine Drive',
  });
  expect(there()).toMatchObject({ website: 'https://reef.example', address: '12 Marine Drive' });
  const before = [await here(), patches().length];
  await world.advance(260, 20);
  expect([await here(), patches().length]).toEqual(before);
});

test('[M3] the same field on both sides: the provider wins, and the conflict shows both', async () => {
  await world.integrations.pause(connectionId, 'test');
  await edit({ address: '1 Beach Road' });
  await patch({ address: '12 Marine Drive' });
  await world.integrations.resume(connectionId, 'test');
  await world.advance(130, 10);
  expect(await here()).toMatchObject({ address: '12 Marine Drive' });
  const [conflict] = await world.db.select().from(conflicts);
  expect(conflict).toMatchObject({
    ...{ resource: 'organizations', field: 'address', winner: 'theirs' },
    ...{ ours: { value: '1 Beach Road' }, theirs: { value: '12 Marine Drive' } },
  });
});

test('[M1] an employer that moved on while it was brought in is not written over', async () => {
  const { write } = world.parts.synced.get('organizations')!;
  await patch({ address: '12 Marine Drive' });
  let met = false;
  world.parts.synced.get('organizations')!.write = async (tx, context, writes) => {
    if (!met) {
      met = true;
      // Another worker's transaction, between the read and this write.
      await tx
        .update(organizations)
        .set({ website: 'https://reef.example', version: 9 })
        .where(eq(organizations.id, ours));
    }
    return write!(tx, context, writes);
  };
  const version = await world.db.transaction(async (tx) => {
    const context = { connectionId, organizationId: null, now: world.clock.now() };
    const row = { ourId: ours, version: 1, values: { address: 'x' }, refs: {} };
    return (await world.parts.synced.get('organizations')!.write!(tx, context, [row])).get(ours);
  });
  expect(version).toBeUndefined();
  expect(await here()).toMatchObject({ website: 'https://reef.example', address: null });
});

test('[D6] an edit whose bell is lost is sent all the same', async () => {
  await edit({ address: '1 Beach Road' });
  world.queue.lose();
  await world.advance(3);
  expect(there().address).toBe('1 Beach Road');
});

test('[F6] what is wrong is said at its field; what moved on is not written over unseen', async () => {
  expect(await edit({ name: ' ', website: 'not one' })).toMatchObject({
    errors: { name: 'An employer needs a name.', website: expect.any(String) },
  });
  const { version } = (await world.organizationEditing.byId(ours))!;
  await edit({ address: '1 Beach Road' });
  const late = world.organizationEditing.edit(ours, { address: 'x' }, { ...by, version });
  expect(await late).toEqual({ ok: false, reason: 'moved on' });
});

test('[P1] an account that names an employer of another as its own gets nothing of it', async () => {
  const other = await world.jobEditing.create(
    {
      changes: { title: 'Cook' },
      ...{ employerId: null, newEmployer: 'Secret Kitchen', connectionId: null },
    },
    by,
  );
  expect(other.ok).toBe(true);
  const [secret] = await world.db
    .select()
    .from(organizations)
    .where(eq(organizations.name, 'Secret Kitchen'));
  world.recruiter.addOrganization({ name: 'Grabbed', external_id: secret!.id });
  await world.advance(130, 10);
  const [still] = await world.db
    .select()
    .from(organizations)
    .where(eq(organizations.id, secret!.id));
  expect(still).toEqual(secret);
});
