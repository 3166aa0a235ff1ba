import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connections } from '#src/sync/tables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld();
});
afterAll(() => world.end());

/** What Test Connection says, by capability: [works, words]. */
async function tested(pasted: Partial<TestWorld['wix']['pasted']> = {}) {
  const answer = await world.integrations.testKey({ ...world.wix.pasted, ...pasted });
  if (!answer.ok) return answer.errors;
  return Object.fromEntries(
    answer.value.map(({ capability, ok, words }) => [capability, [ok, words]]),
  );
}

test('a key that works says which site it is', async () => {
  expect(await tested()).toMatchObject({
    Site: [true, 'It is “Island Careers”.'],
    Contacts: [true, 'Works: 0 contacts.'],
    Forms: [true, expect.any(String)],
    Members: [true, expect.any(String)],
    Blog: [true, expect.any(String)],
  });
});

test('a wrong key, a wrong site, and a site of another account are told apart', async () => {
  const wrong = await tested({ key: 'IST.no-such-key' });
  expect(Object.values(wrong)).toEqual(Array(5).fill([false, 'Wix does not accept this key.']));
  const { accountId } = world.wix.pasted.account;
  const elsewhere = '00000000-0000-4000-8000-000000000000';
  expect(await tested({ account: { siteId: elsewhere, accountId } })).toMatchObject({
    Site: [false, 'The account of this key has no site with this Site ID.'],
    Contacts: [false, 'The key may not work with contacts of this site.'],
  });
  expect(await tested({ account: { siteId: 'not an id', accountId } })).toEqual({
    siteId: expect.stringContaining('no such id'),
  });
});

test('what a key may not do, and what a site does not have, is named; the rest works', async () => {
  const { simulator: wix, keyId: id, siteId: site } = world.wix;
  wix.changeKey(id, { permissions: ['contacts', 'forms', 'blog'] });
  wix.changeSite(site, { apps: [] });
  const { accountId: _, ...account } = world.wix.pasted.account;
  expect(await tested({ account: account as typeof world.wix.pasted.account })).toMatchObject({
    Site: [true, expect.stringContaining('may not be read')],
    Contacts: [true, expect.any(String)],
    Forms: [false, 'This site does not have Wix Forms.'],
    Members: [false, 'The key may not work with members of this site.'],
    Blog: [false, 'This site does not have Wix Blog.'],
  });
  // Nothing that KiEX does now needs those.
  const connectionId = await world.connectWix();
  const [row] = await world.db.select().from(connections).where(eq(connections.id, connectionId));
  expect(row).toMatchObject({ state: 'connected', organizationId: null });
});
