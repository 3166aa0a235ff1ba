import { and, eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { contacts } from '#src/contacts/tables.ts';
import { syncRecord } from '#src/sync/engine.ts';
import { activity, failures, links } from '#src/sync/tables.ts';
import { conflicts, issues } from '#src/sync/trailTables.ts';
import { createTestWorld, type TestWorld, type TestWorldOptions } from './testWorld.ts';

let world: TestWorld;
afterEach(() => world.end());

async function begin(options: TestWorldOptions = {}): Promise<string> {
  world = await createTestWorld(options);
  const connectionId = await world.connectWix();
  await world.settle();
  return connectionId;
}

const person = (first: string, email: string, more: object = {}) => ({
  name: { first, last: 'Cruz' },
  emails: { items: [{ tag: 'MAIN', email, primary: true }] },
  ...more,
});
const ours = () => world.db.select().from(contacts).orderBy(contacts.createdAt, contacts.id);
const called = async (email: string) => (await ours()).filter((row) => row.email === email);
const only = async (email: string) => {
  const rows = await called(email);
  expect(rows).toHaveLength(1);
  return rows[0]!;
};
const poll = () => world.advance(150, 10);
const linkOf = async (ourId: string) =>
  (
    await world.db
      .select()
      .from(links)
      .where(and(eq(links.resource, 'contacts'), eq(links.ourId, ourId)))
  )[0];

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

test('[P1] a student is made known there only after agreeing, once, with our id and label', async () => {
  await begin();
  const student = await world.addStudent('Tasi Del Rosario', 'tasi@student.example');
  await world.settle();
  expect(world.wix.called(student.email)).toEqual([]);
  await world.websiteSharing.choose(student.userId, true);
  await world.advance(5);
  const [made, ...others] = world.wix.called(student.email);
  expect(others).toEqual([]);
  const mine = await only(student.email);
  expect(made!.info).toMatchObject({
    name: { first: 'Tasi Del', last: 'Rosario' },
    labelKeys: { items: ['custom.kiex'] },
    extendedFields: { items: { 'custom.kiex-id': mine.id } },
  });
  await world.advance(300, 10);
  expect(world.wix.called(student.email)).toHaveLength(1);
});

test('[P1] a contact of the same e-mail is taken for the student, and keeps what it had', async () => {
  await begin();
  const student = await world.addStudent('Tasi Cruz', 'tasi@student.example');
  const id = world.wix.adds(person('Anastasia', student.email, { company: 'Reef House' }));
  await poll();
  await world.websiteSharing.choose(student.userId, true);
  await world.advance(5);
  expect(world.wix.contact(id).info).toMatchObject({
    name: { first: 'Tasi', last: 'Cruz' },
    company: 'Reef House',
    labelKeys: { items: ['custom.kiex'] },
  });
  expect(await only(student.email)).toMatchObject({ studentId: student.userId });
});

async function agreedStudent() {
  await begin();
  const student = await world.addStudent('Tasi Cruz', 'tasi@student.example');
  await world.websiteSharing.choose(student.userId, true);
  await world.advance(5);
  const mine = await only(student.email);
  const id = (await linkOf(mine.id))!.theirId!;
  const viewer = { ...student, name: 'Tasi Cruz', role: 'student' as const };
  const says = (more: object) =>
    world.students.saveProfile(viewer, {
      ...{ name: 'Tasi Cruz', phone: '', address: '', territory: '', about: '' },
      ...more,
    });
  return { student, mine, id, says };
}

test('[M1] [D6] what a student changes goes there in seconds; an edit there stays with the contact', async () => {
  const { student, id, says } = await agreedStudent();
  await says({ phone: '+16715550123', address: 'P.O. Box 7', territory: 'GU' });
  await world.advance(3);
  const { info } = world.wix.contact(id);
  expect(info.phones?.items).toMatchObject([{ e164Phone: '+16715550123', primary: true }]);
  expect(info.addresses?.items).toMatchObject([
    { tag: 'HOME', address: { addressLine: 'P.O. Box 7', country: 'GU' } },
  ]);
  const name = { first: 'Anastasia', last: 'Cruz' };
  world.wix.editor.editsContact(id, { jobTitle: 'Diver', name });
  await poll();
  expect(await only(student.email)).toMatchObject({ jobTitle: 'Diver', firstName: 'Anastasia' });
  await says({ phone: '+16715550123', address: 'Yona', territory: 'GU' });
  await world.advance(3);
  expect(world.wix.contact(id).info).toMatchObject({ jobTitle: 'Diver', name });
});

test('[P2] withdrawing stops the next push, drops what waits, and says so', async () => {
  const { student, mine, id, says } = await agreedStudent();
  const connectionId = (await linkOf(mine.id))!.connectionId;
  await world.integrations.pause(connectionId, 'test');
  await says({ phone: '+16715550123' });
  await world.websiteSharing.choose(student.userId, false);
  await world.integrations.resume(connectionId, 'test');
  const writes = world.wix.writes().length;
  await world.advance(60, 5);
  world.wix.editor.editsContact(id, { jobTitle: 'Diver' });
  await poll();
  expect(world.wix.writes()).toHaveLength(writes);
  expect(world.wix.contact(id).info.phones).toBeUndefined();
  expect((await only(student.email)).jobTitle).toBeNull();
  const lines = await world.db.select().from(activity).where(eq(activity.action, 'dropped'));
  expect(lines).toMatchObject([{ resource: 'contacts', ourId: mine.id, fields: ['phone'] }]);
  // A bell that was rung before finds nothing to do, and makes no second contact of it.
  const bell = { connectionId, resource: 'contacts', ourId: mine.id, door: 'push' } as const;
  expect(await syncRecord(world.parts, bell)).toMatchObject({ kind: 'skipped' });
  expect(await ours()).toHaveLength(1);
  await world.websiteSharing.choose(student.userId, true);
  await world.advance(10);
  expect(world.wix.contact(id).info.phones?.items).toMatchObject([{ e164Phone: '+16715550123' }]);
  expect((await only(student.email)).jobTitle).toBe('Diver');
});

test('[P1] a student who agrees and withdraws before anything left is never made there', async () => {
  const connectionId = await begin();
  const student = await world.addStudent('Tasi Cruz', 'tasi@student.example');
  await world.integrations.pause(connectionId, 'test');
  await world.websiteSharing.choose(student.userId, true);
  await world.websiteSharing.choose(student.userId, false);
  await world.integrations.resume(connectionId, 'test');
  await world.advance(30, 5);
  expect(world.wix.called(student.email)).toEqual([]);
  const lines = await world.db.select().from(activity).where(eq(activity.action, 'dropped'));
  expect(lines).toMatchObject([{ resource: 'contacts', detail: expect.any(String) }]);
});

test('[I3] a create whose answer is lost leads to one contact', async () => {
  let lost = 0;
  await begin({
    async onTheWay(request, go) {
      const answer = await go();
      const isCreate = request.method === 'POST' && request.url.endsWith('/contacts/v4/contacts');
      if (!isCreate || lost++ > 0) return answer;
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
      });
    },
  });
  world.wix.simulator.set({ indexLagSeconds: 30 });
  const student = await world.addStudent('Tasi Cruz', 'tasi@student.example');
  await world.websiteSharing.choose(student.userId, true);
  await world.advance(60, 5);
  expect(lost).toBe(1);
  const [made, ...others] = world.wix.called(student.email);
  expect(others).toEqual([]);
  expect((await linkOf((await only(student.email)).id))!.theirId).toBe(made!.id);
});

test('[I4] somebody who is there and in no list yet is found by the id that a refusal names', async () => {
  await begin();
  world.wix.simulator.set({ indexLagSeconds: 100 });
  const student = await world.addStudent('Tasi Cruz', 'tasi@student.example');
  const id = world.wix.adds(person('Anastasia', student.email));
  await world.websiteSharing.choose(student.userId, true);
  await world.advance(10);
  expect((await linkOf((await only(student.email)).id))!.theirId).toBe(id);
  expect(world.wix.contact(id).info.name).toMatchObject({ first: 'Tasi' });
});

test('[M1] [M3] what staff there change between our read and our write is merged, not written over', async () => {
  let meddle: (() => void) | null = null;
  world = await createTestWorld({
    async onTheWay(request, go) {
      if (request.method === 'PATCH' && meddle) {
        meddle();
        meddle = null;
      }
      return go();
    },
  });
  await world.connectWix();
  const student = await world.addStudent('Tasi Cruz', 'tasi@student.example');
  await world.websiteSharing.choose(student.userId, true);
  await world.advance(5);
  const mine = await only(student.email);
  const id = (await linkOf(mine.id))!.theirId!;
  meddle = () =>
    world.wix.editor.editsContact(id, {
      company: 'Reef House',
      phones: { items: [{ tag: 'WORK', phone: '+6804885555', primary: true }] },
    });
  await world.students.saveProfile(
    { userId: student.userId, email: student.email, name: 'Tasi Cruz', role: 'student' },
    { name: 'Tasi Cruz', phone: '+16715550123', address: '', territory: '', about: '' },
  );
  await world.advance(5);
  await poll();
  expect(await only(student.email)).toMatchObject({ company: 'Reef House' });
  // Both sides gave a phone: the conflict is known, with both values.
  const [conflict] = await world.db.select().from(conflicts);
  expect(conflict).toMatchObject({ field: 'phone' });
  const phone = (await only(student.email)).phone;
  expect(world.wix.contact(id).info.phones?.items).toMatchObject([{ e164Phone: phone }]);
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

test('[I4] a student’s contact that is merged into one KiEX never saw is followed there', async () => {
  const { student, mine, id, says } = await agreedStudent();
  const kept = world.wix.adds(person('Tasi', 'tasi@work.example'));
  world.wix.editor.merges(kept, [id]);
  await poll();
  expect((await linkOf(mine.id))!.theirId).toBe(kept);
  await says({ phone: '+16715550123' });
  await world.advance(5);
  expect(world.wix.contact(kept).info.phones?.items).toMatchObject([{ e164Phone: '+16715550123' }]);
  expect(await world.db.select().from(links)).toHaveLength(1);
  expect(student.userId).toBe((await ours())[0]!.studentId);
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

test('[P1] what a student says of themselves is not edited by staff', async () => {
  const { mine } = await agreedStudent();
  const typed = { firstName: 'Somebody' };
  const answer = await world.contactEditing.edit(mine.id, typed, { by: 'staff' });
  expect(answer).toEqual({ ok: false, reason: 'a student’s' });
});
