import { expect, test } from 'vitest';
import { ACCOUNT, createTestbed, SITE } from './testbed.ts';

const PATH = '/site-list/v2/sites/query';

test('the sites of an account are listed under the account header', async () => {
  const bed = createTestbed();
  const other = bed.simulator.addAccount({ name: 'Elsewhere' });
  bed.simulator.addSite({ account: other.id, name: 'Foreign' });
  const ask = (account: string, query: object) =>
    bed.call('POST', PATH, { body: { query }, site: null, headers: { 'wix-account-id': account } });
  const listed = await ask(ACCOUNT, { cursorPaging: { limit: 10 } });
  expect(listed.body).toMatchObject({
    sites: [{ id: SITE, displayName: 'College Careers', published: true }],
    metadata: { hasNext: false },
  });
  const mine = await ask(ACCOUNT, { filter: { id: { $in: [SITE] } }, paging: { limit: 1 } });
  expect(mine.body.sites).toHaveLength(1);
  expect((await ask(other.id, {})).status).toBe(403);
  expect((await bed.post(PATH, { query: {} })).status).toBe(403);
});

test('site properties tell name, locale and time zone; a key may lack that set alone', async () => {
  const bed = createTestbed();
  const { body } = await bed.get('/site-properties/v4/properties');
  expect(body.properties).toMatchObject({
    siteDisplayName: 'College Careers',
    timeZone: 'Pacific/Guam',
    language: 'en',
  });
  const lacking = createTestbed({ permissions: ['contacts'] });
  expect((await lacking.get('/site-properties/v4/properties')).status).toBe(403);
});

test('installed apps are told by their ids', async () => {
  const bed = createTestbed({ apps: ['blog'] });
  const { body } = await bed.get('/apps-installer-service/v1/app-instances');
  expect(body.appInstances).toEqual([
    { appDefId: '14bcded7-0066-7c35-14d7-466cb3f09103', enabled: true },
  ]);
});
