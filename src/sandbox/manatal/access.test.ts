import { expect, test } from 'vitest';
import { createTestbed, KEY } from './testbed.ts';

test('only the exact scheme Token with a known key is let in', async () => {
  const { get, call } = createTestbed();
  const anonymous = 'Authentication credentials were not provided.';
  const cases: [Record<string, string>, string][] = [
    [{ 'x-none': 'x' }, anonymous],
    [{ authorization: `Bearer ${KEY}` }, anonymous],
    [{ authorization: `token ${KEY}` }, anonymous],
    [{ authorization: 'Token wrong' }, 'Invalid token.'],
    [{ authorization: `Token ${KEY} more` }, 'Invalid token.'],
  ];
  for (const [headers, detail] of cases) {
    const answer = await get('/users/', headers);
    expect([answer.status, answer.body]).toEqual([401, { detail }]);
    expect(answer.headers.get('www-authenticate')).toBe('Token');
  }
  expect((await call('GET', '/users/')).status).toBe(200);
  expect((await call('GET', '/v1/webhooks/', { key: 'wrong' })).status).toBe(401);
});

test('a plan without API, an unpaid bill and a revoked key are told apart', async () => {
  const { simulator, get } = createTestbed();
  simulator.changeAccount(1, { access: 'plan_without_api' });
  const refused = await get('/users/');
  expect(refused.status).toBe(403);
  expect(refused.body.detail).toBe('You do not have permission to perform this action.');
  simulator.changeAccount(1, { access: 'payment_due' });
  expect((await get('/users/')).status).toBe(402);
  simulator.changeAccount(1, { access: 'revoked' });
  expect((await get('/users/')).body).toEqual({ detail: 'Invalid token.' });
  simulator.changeAccount(1, { access: 'granted' });
  expect((await get('/users/')).status).toBe(200);
});

test('accounts see nothing of each other, though their ids are the same', async () => {
  const bed = createTestbed();
  bed.simulator.addAccount({ label: 'Second', key: 'second-key' });
  const mine = await bed.makeJob();
  const theirs = await bed.call('GET', '/jobs/', { key: 'second-key' });
  expect(theirs.body.count).toBe(0);
  const organization = { name: 'Other House' };
  const other = await bed.call('POST', '/organizations/', {
    body: organization,
    key: 'second-key',
  });
  expect(other.body.id).toBe(mine.organization);
  expect(() => bed.simulator.addAccount({ label: 'Third', key: KEY })).toThrow('this key');
});

test('a read without the trailing slash is redirected, a write is refused', async () => {
  const { call, simulator } = createTestbed();
  const read = await call('GET', '/jobs?status=active');
  expect(read.status).toBe(301);
  expect(read.headers.get('location')).toBe('/open/v3/jobs/?status=active');
  expect((await call('POST', '/organizations', { body: { name: 'X' } })).status).toBe(404);
  expect((await call('PATCH', '/organizations/1', { body: {} })).status).toBe(404);
  expect((await call('POST', '/v1/webhooks', { body: {} })).status).toBe(404);
  expect(simulator.rows(1, 'organizations')).toEqual([]);
});

test('addresses that other documents invent do not exist', async () => {
  const { get } = createTestbed();
  const invented = ['applications', 'placements', 'candidate_job_matches', 'departments', 'me'];
  for (const name of [...invented, 'webhooks', 'jobs/5100201/applications', 'jobs/abc']) {
    expect((await get(`/${name}/`)).status, name).toBe(404);
  }
});

test('PUT is not allowed anywhere, nor POST on activities', async () => {
  const { call, makeCandidate } = createTestbed();
  const { id } = await makeCandidate();
  const put = await call('PUT', `/candidates/${id}/`, { body: { full_name: 'New' } });
  expect(put.status).toBe(405);
  expect(put.body).toEqual({ detail: 'Method "PUT" not allowed.' });
  expect(put.headers.get('allow')).toBe('GET, PATCH, DELETE');
  const activities = `/candidates/${id}/activities/`;
  expect((await call('POST', activities, { body: {} })).status).toBe(405);
  expect((await call('GET', activities)).body).toMatchObject({ count: 0, results: [] });
  expect((await call('POST', '/users/', { body: {} })).status).toBe(405);
  expect((await call('DELETE', `/candidates/${id}/matches/`)).status).toBe(405);
});

test('an unknown id is 404; an unknown parent names the model', async () => {
  const { get } = createTestbed();
  expect((await get('/jobs/1/')).body).toEqual({ detail: 'Not found.' });
  const parents = {
    candidates: 'Candidate',
    contacts: 'Contact',
    jobs: 'Job',
    organizations: 'Organization',
    matches: 'Match',
  };
  for (const [parent, model] of Object.entries(parents)) {
    const { status, body } = await get(`/${parent}/1/notes/`);
    expect([status, body]).toEqual([404, { detail: `No ${model} matches the given query.` }]);
  }
  expect((await get('/jobs/1/matches/')).body.detail).toBe('No Job matches the given query.');
});
