import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestbed, SITE } from './testbed.ts';

let folder = '';
let journalFile = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wix-simulator-'));
  journalFile = join(folder, 'state.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('after a kill everything is there again: records, keys, switches and the clock', async () => {
  const before = createTestbed({ journalFile, switches: { duplicateMember: '400' } });
  const contact = await before.makeContact();
  const gone = await before.makeContact({ name: { first: 'Gone' } });
  await before.remove(`/contacts/v4/contacts/${gone.id}`);
  const app = before.simulator.addApp({ name: 'KiEX' });
  before.simulator.installApp(app.id, SITE);
  before.simulator.shiftClock(3_600_000);
  // No close: a killed process has no time for it.
  const after = createTestbed({ journalFile, switches: {} });
  expect((await after.get(`/contacts/v4/contacts/${contact.id}`)).body.contact).toEqual(contact);
  expect((await after.get(`/contacts/v4/contacts/${gone.id}`)).status).toBe(404);
  expect(after.simulator.apps()).toEqual(before.simulator.apps());
  expect(after.simulator.keys()).toEqual(before.simulator.keys());
  expect(after.simulator.switches().duplicateMember).toBe('400');
  expect(after.simulator.clock.now().toISOString()).toBe('2027-01-12T09:00:00.000Z');
});

test('after a kill what was promised is still done: mapping, publishing, delivering', async () => {
  const before = createTestbed({ journalFile, switches: { confirmationSeconds: 5 } });
  const app = before.simulator.addApp({
    name: 'KiEX',
    hooks: [{ eventType: 'wix.forms.v4.submission_created', url: 'https://hooks.example/in' }],
  });
  before.simulator.installApp(app.id, SITE);
  const field = { kind: 'email', label: 'E-mail', target: 'email' } as const;
  const form = before.simulator.addForm(SITE, { name: 'News', fields: [field] });
  const draft = await before.makeDraft();
  await before.patch(`/blog/v3/draft-posts/${draft.id}`, {
    draftPost: { id: draft.id },
    action: 'UPDATE_SCHEDULE',
    scheduledPublishDate: '2027-01-12T08:01:00Z',
  });
  before.simulator.visitor(SITE).submits(form.id, { email: 'a@x.example' });
  const after = createTestbed({ journalFile });
  await after.pass(90);
  expect(after.received).toHaveLength(1);
  expect(after.simulator.rows(SITE, 'submissions')[0]).toMatchObject({
    status: 'CONFIRMED',
    mapping: 'done',
  });
  expect(after.simulator.rows(SITE, 'drafts')[0]?.status).toBe('PUBLISHED');
});

test('one seed gives one run: the same ids, tokens and answers', async () => {
  const run = async () => {
    const bed = createTestbed({ seed: 7 });
    const app = bed.simulator.addApp({
      name: 'KiEX',
      hooks: [{ eventType: '*', url: 'https://hooks.example/in' }],
    });
    bed.simulator.installApp(app.id, SITE);
    const contact = await bed.makeContact();
    await bed.makeDraft({}, true);
    await bed.pass(2);
    return { contact, app, texts: bed.received.map(({ text }) => text) };
  };
  expect(await run()).toEqual(await run());
});

test('a seeding of many rows is written in one go', () => {
  const bed = createTestbed({ journalFile });
  bed.simulator.batch(() => {
    for (let number = 0; number < 50; number += 1) {
      bed.simulator.editor(SITE).addsContact({ name: { first: `N ${number}` } });
    }
  });
  const lines = readFileSync(journalFile, 'utf8').trimEnd().split('\n');
  expect(lines.filter((line) => line.includes('"table":"contacts"'))).toHaveLength(50);
});
