import { afterEach, expect, test } from 'vitest';
import { failures } from '#src/sync/tables.ts';
import { issues } from '#src/sync/trailTables.ts';
import { createTestWorld, type TestWorld, type TestWorldOptions } from './testWorld.ts';
import { person, websiteTown } from './websiteTown.ts';

let world: TestWorld;
afterEach(() => world.end());
const { ours, only, poll, linkOf } = websiteTown(() => world);

async function begin(options: TestWorldOptions = {}): Promise<string> {
  world = await createTestWorld(options);
  const connectionId = await world.connectWix();
  await world.settle();
  return connectionId;
}

test('the people of a website come in, with their lists and the islands as countries', async () => {
  world = await createTestWorld();
  const place = { city: 'Yona', country: 'US', subdivision: 'US-GU' };
  world.wix.adds(
    person('Lani', 'Lani@Example.edu', {
      phones: { items: [{ tag: 'MOBILE', countryCode: 'GU', phone: '671-555-0142' }] },
      addresses: { items: [{ tag: 'HOME', address: place }] },
      company: 'University of Guam',
    }),
  );
  await world.clock.advance(5_000);
  await world.connectWix();
  await world.settle();
  expect(await only('lani@example.edu')).toMatchObject({
    ...{ firstName: 'Lani', lastName: 'Cruz', phone: '+16715550142', country: 'GU' },
    ...{ subdivision: null, city: 'Yona', company: 'University of Guam', studentId: null },
  });
});

test('[M6] [Z1] a quiet website is only read: nobody who came from there is written to', async () => {
  const connectionId = await begin();
  for (let made = 0; made < 3; made++) world.wix.adds(person(`P${made}`, `p${made}@example.edu`));
  await poll();
  const everything = { connectionId, resource: 'contacts', full: true, trigger: 'manual' } as const;
  await world.integrations.requestRuns({ ...everything, by: null });
  world.wix.editor.editsContact(world.wix.contacts()[0]!.id, { jobTitle: 'Diver' });
  await poll();
  expect(await ours()).toHaveLength(3);
  expect(world.wix.writes()).toEqual([]);
});

test('[M1] an edit there reaches KiEX with the next poll, though the index lags behind', async () => {
  await begin();
  world.wix.simulator.set({ indexLagSeconds: 30 });
  const id = world.wix.adds(person('Lani', 'lani@example.edu'));
  await poll();
  world.wix.editor.editsContact(id, { jobTitle: 'Nurse' });
  await world.advance(300, 10);
  expect((await only('lani@example.edu')).jobTitle).toBe('Nurse');
});

test('[I4] of two that KiEX knows and that are merged there, neither is erased, and a person is told', async () => {
  await begin();
  const gone = world.wix.adds(person('Lani', 'lani@example.edu'));
  const kept = world.wix.adds(person('Lani', 'lani@work.example'));
  await poll();
  const [first, second] = [await only('lani@example.edu'), await only('lani@work.example')];
  world.wix.editor.merges(kept, [gone]);
  await world.advance(26 * 3_600, 600);
  expect(await ours()).toHaveLength(2);
  expect((await linkOf(second.id))!.theirId).toBe(kept);
  expect((await linkOf(first.id))!.goneAt).toBeNull();
  // Two of ours, and one of theirs: which is which, a person says.
  expect(await world.db.select().from(issues)).toMatchObject([{ kind: 'ambiguity' }]);
});

test('[I5] two of one e-mail: one is tied, and a person is told of the other', async () => {
  await begin();
  for (const name of ['Lani', 'Leilani']) world.wix.adds(person(name, 'family@example.edu'));
  await poll();
  await only('family@example.edu');
  const open = await world.db.select().from(issues);
  expect(open).toMatchObject([{ kind: 'ambiguity', resource: 'contacts', closedAt: null }]);
  expect(JSON.stringify(open)).not.toContain('example.edu');
});

test('[I5] a family’s phone makes nobody one; the same phone and name do', async () => {
  await begin();
  const phones = { items: [{ tag: 'HOME', phone: '+16715550142', primary: true }] };
  const named = (first: string) => world.wix.adds({ name: { first, last: 'Cruz' }, phones });
  for (const first of ['Lani', 'Jose', 'Lani']) named(first);
  await poll();
  expect((await ours()).map(({ firstName }) => firstName).sort()).toEqual(['Jose', 'Lani']);
  named('Maria');
  named('Jose');
  await poll();
  expect((await ours()).map(({ firstName }) => firstName).sort()).toEqual([
    'Jose',
    'Lani',
    'Maria',
  ]);
  expect(await world.db.select().from(issues)).toMatchObject([
    { kind: 'ambiguity' },
    { kind: 'ambiguity' },
  ]);
});

test('the sign-in address of a member is reported and not forced; the rest of the change goes', async () => {
  await begin();
  const member = world.wix.visitor.registers({ email: 'tavita@example.org', firstName: 'Tavita' });
  await poll();
  const mine = await only('tavita@example.org');
  const typed = { email: 'other@example.org', company: 'Reef House' };
  await world.contactEditing.edit(mine.id, typed, { by: 'staff' });
  await world.advance(10);
  const there = world.wix.contact(member.contactId!);
  expect(there.info.company).toBe('Reef House');
  expect(there.info.emails?.items).toMatchObject([{ email: 'tavita@example.org' }]);
  const open = await world.db.select().from(failures);
  expect(open).toMatchObject([{ kind: 'refused', state: 'dead', ourId: mine.id }]);
  expect(JSON.stringify(open)).not.toContain('example.org');
});

test('[M1] [M4] staff edit a contact: what changed goes there, the rest of its lists keeps its ids', async () => {
  await begin();
  const id = world.wix.adds(
    person('Lani', 'lani@example.edu', {
      phones: {
        items: [
          { tag: 'HOME', phone: '+16715550001', primary: false },
          { tag: 'WORK', phone: '+16715550002', primary: true },
        ],
      },
    }),
  );
  await poll();
  const before = world.wix.contact(id).info;
  const mine = await only('lani@example.edu');
  const typed = { phone: '671 649 1234', country: 'gu', jobTitle: 'Nurse' };
  const by = { by: 'staff' };
  expect(await world.contactEditing.edit(mine.id, typed, by)).toMatchObject({ ok: true });
  await world.advance(5);
  const { info } = world.wix.contact(id);
  expect(info).toMatchObject({ jobTitle: 'Nurse', emails: before.emails, name: before.name });
  expect(info.phones?.items).toMatchObject([
    { id: before.phones!.items[0]!.id, phone: '+16715550001', primary: false },
    { id: before.phones!.items[1]!.id, e164Phone: '+16716491234', primary: true },
  ]);
  const wrong = await world.contactEditing.edit(mine.id, { phone: 'x', country: 'Guam' }, by);
  expect(wrong).toMatchObject({
    errors: { phone: expect.any(String), country: expect.any(String) },
  });
});
