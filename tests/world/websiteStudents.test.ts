import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { syncRecord } from '#src/sync/engine.ts';
import { activity, links } from '#src/sync/tables.ts';
import { conflicts } from '#src/sync/trailTables.ts';
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

test('[P1] what a student says of themselves is not edited by staff', async () => {
  const { mine } = await agreedStudent();
  const typed = { firstName: 'Somebody' };
  const answer = await world.contactEditing.edit(mine.id, typed, { by: 'staff' });
  expect(answer).toEqual({ ok: false, reason: 'a student’s' });
});
