import { expect, test } from 'vitest';
import { createTestbed, type Testbed } from './testbed.ts';

const HOST = 'https://api.manatal.example';

/** A person with a browser, scripts off. */
function browse(bed: Testbed) {
  const fetchPage = async (path: string, init?: RequestInit) => {
    const response = await bed.simulator.fetch(HOST + path, init);
    return { status: response.status, location: response.headers.get('location'), response };
  };
  return {
    async see(path: string) {
      const { status, response } = await fetchPage(path);
      return { status, page: await response.text() };
    },
    async submit(path: string, fields: Record<string, string>, origin = HOST) {
      const body = new URLSearchParams(fields);
      const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' };
      const { status, location, response } = await fetchPage(path, {
        method: 'POST',
        headers,
        body: body.toString(),
      });
      return { status, location, page: await response.text() };
    },
  };
}

const JOB = {
  position_name: 'Boat Cook',
  description: '<p>Cook at sea.</p>',
  status: 'active',
  contract_details: 'full_time',
  salary_min: '11.50',
  currency: 'USD',
  frequency: 'hour',
  city: 'Weno',
  is_published: 'true',
  close_at: '2027-03-01T10:00',
};

test('a recruiter posts a job, finds it, edits it and deletes it', async () => {
  const bed = createTestbed();
  const organization = String(await bed.makeOrganization());
  const { see, submit } = browse(bed);
  const posted = await submit('/admin/accounts/1/jobs/new', { ...JOB, organization });
  expect([posted.status, posted.location]).toEqual([
    303,
    '/admin/accounts/1/jobs/5100201?said=opened',
  ]);
  expect(bed.simulator.rows(1, 'jobs')[0]).toMatchObject({
    ...{
      position_name: 'Boat Cook',
      is_published: true,
      is_salary_visible: false,
      creator: 880002,
    },
    ...{ salary_min: '11.50', close_at: '2027-03-01T10:00:00.000000Z', is_remote: null },
  });
  expect((await see(posted.location ?? '')).page).toContain('then opened.');
  expect((await see('/admin/accounts/1/jobs?q=boat')).page).toContain('Boat Cook');
  expect((await see('/admin/accounts/1/jobs?q=pilot')).page).toContain('No job fits');
  const edit = { ...JOB, organization, status: 'on_hold', city: 'Majuro', salary_min: '' };
  const saved = await submit('/admin/accounts/1/jobs/5100201', edit);
  expect(saved.location).toContain('said=saved');
  const answer = await bed.get('/jobs/5100201/');
  expect(answer.body).toMatchObject({ status: 'on_hold', city: 'Majuro', salary_min: null });
  await submit('/admin/accounts/1/jobs/5100201/delete', {});
  expect((await bed.get('/jobs/5100201/')).status).toBe(404);
});

test('posting an open job opens it in a second step, which a webhook tells; one on hold stays untold', async () => {
  const bed = createTestbed();
  const organization = String(await bed.makeOrganization());
  const body = { model: 'job', action: 'status_update', target_url: 'https://hooks.example/in' };
  await bed.call('POST', '/v1/webhooks/', { body });
  const { submit } = browse(bed);
  const onHold = { ...JOB, organization, status: 'on_hold' };
  const kept = await submit('/admin/accounts/1/jobs/new', onHold);
  expect(kept.location).toContain('said=posted');
  expect(bed.simulator.deliveries(1)).toEqual([]);
  await submit('/admin/accounts/1/jobs/new', { ...JOB, organization });
  const opened = bed.simulator.rows(1, 'jobs').at(-1);
  expect(opened?.status).toBe('active');
  expect(bed.simulator.deliveries(1)).toMatchObject([{ objectId: opened?.id, model: 'job' }]);
});

test('a form that is refused keeps what was typed and says why at the field', async () => {
  const bed = createTestbed();
  const organization = String(await bed.makeOrganization());
  const { submit } = browse(bed);
  const typed = { ...JOB, organization, position_name: '', salary_min: 'plenty', city: 'Weno <b>' };
  const { status, page } = await submit('/admin/accounts/1/jobs/new', typed);
  expect(status).toBe(400);
  expect(page).toContain('This field may not be blank.');
  expect(page).toContain('id="salary_min-error">A valid number is required.');
  expect(page).toContain('value="plenty"');
  expect(page).toContain('value="Weno &lt;b&gt;"');
  expect(bed.simulator.rows(1, 'jobs')).toEqual([]);
});

test('the recruiter moves, hires, drops and takes back; the API shows it', async () => {
  const bed = createTestbed();
  const match = await bed.makeMatch();
  const { see, submit } = browse(bed);
  const here = `/admin/accounts/1/jobs/${match.job}`;
  const { page } = await see(here);
  for (const id of ['stage', 'move', 'hire', 'drop']) {
    expect(page).toContain(`data-testid="${id}-${match.id}"`);
  }
  const act = (verb: string, fields: Record<string, string> = {}) =>
    submit(`/admin/accounts/1/matches/${match.id}/${verb}`, { back: here, ...fields });
  const read = async () => (await bed.get(`/matches/${match.id}/`)).body;
  expect((await act('move', { stage: '515002' })).location).toBe(`${here}?said=moved`);
  expect((await read()).stage.name).toBe('2 - Phone');
  await act('drop');
  expect(await read()).toMatchObject({ is_active: false, stage: { name: '2 - Phone' } });
  expect((await see(here)).page).toContain(`data-testid="undrop-${match.id}"`);
  await act('undrop');
  expect(await read()).toMatchObject({ is_active: true, dropped_at: null });
  await act('hire');
  const hired = await read();
  expect([hired.stage.name, hired.hired_at]).toEqual([
    'Hired',
    expect.stringContaining('2027-01-12T'),
  ]);
  expect((await act('move', { stage: '1' })).status).toBe(400);
  expect((await act('drop', { back: 'https://elsewhere.example/' })).location).toBe(
    '/admin/accounts/1/jobs?said=dropped',
  );
});

test('a person applies from the career page and gets a note; markup in it stays text', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeJob();
  const { see, submit } = browse(bed);
  const person = { full_name: 'Rai Sample', email: 'rai@mail.example', phone_number: '' };
  await submit(`/admin/accounts/1/jobs/${id}/applicants`, person);
  const [match] = bed.simulator.rows(1, 'matches');
  expect(match?.creator).toBeNull();
  const candidate = `/admin/accounts/1/candidates/${match?.candidate}`;
  await submit(`${candidate}/notes`, { info: '<script>alert(1)</script>' });
  const { page } = await see(candidate);
  expect(page).toContain('&lt;script&gt;alert(1)');
  expect(page).not.toContain('<script>');
  const refused = await submit(`/admin/accounts/1/jobs/${id}/applicants`, { full_name: '' });
  expect([refused.status, refused.page.includes('may not be blank')]).toEqual([400, true]);
  await submit(`${candidate}/delete`, {});
  expect((await see('/admin/accounts/1/candidates')).page).toContain('No candidates.');
});

test('requests and deliveries are shown, and no key among them', async () => {
  const bed = createTestbed();
  const body = { model: 'candidate', action: 'create', target_url: 'https://hooks.example/in' };
  await bed.call('POST', '/v1/webhooks/', { body });
  bed.simulator.faults.add({ kind: 'serverError', path: '/open/v3/users/', next: 1 });
  await bed.get('/users/');
  await bed.makeCandidate();
  await bed.pass(1);
  const { see } = browse(bed);
  const requests = (await see('/admin/requests')).page;
  expect(requests).toContain('POST /v1/webhooks/');
  expect(requests).toContain('serverError');
  expect(requests).not.toContain('key-of-the-first-account');
  const webhooks = (await see('/admin/webhooks')).page;
  expect(webhooks).toContain('https://hooks.example/in');
  expect(webhooks).toContain('delivered');
});

test('switches, faults and the clock are set by forms', async () => {
  const bed = createTestbed();
  const { see, submit } = browse(bed);
  const present = Object.entries(bed.simulator.switches()).filter(([, value]) => value !== false);
  const form = Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
  const { quotaEnforced: _off, ...rest } = form;
  await submit('/admin/switches', { ...rest, duplicateMatch: 'detail', downloadSeconds: '5' });
  expect(bed.simulator.switches()).toMatchObject({
    ...{ quotaEnforced: false, duplicateMatch: 'detail', downloadSeconds: 5 },
    retryAfterHeader: true,
  });
  const refused = await submit('/admin/switches', { ...form, webhookLost: '7' });
  expect([refused.status, refused.page.includes('Use a number from 0 to 1.')]).toEqual([400, true]);
  await submit('/admin/faults', { kind: 'slow', path: '/open/v3/*', next: '', chance: '0.5' });
  expect(bed.simulator.faults.rules()).toMatchObject([{ kind: 'slow', next: null, chance: 0.5 }]);
  expect((await submit('/admin/faults', { kind: 'slow', next: 'x' })).status).toBe(400);
  expect((await see('/admin/switches')).page).toContain('chance 0.5');
  await submit('/admin/faults/heal', {});
  expect(bed.simulator.faults.rules()).toEqual([]);
  await submit('/admin/clock', { minutes: '90' });
  expect(bed.simulator.clock.now().toISOString()).toBe('2027-01-12T09:30:00.000Z');
  expect((await submit('/admin/clock', { minutes: '-1' })).status).toBe(400);
});

test('a form from another website is refused', async () => {
  const bed = createTestbed();
  const { submit } = browse(bed);
  const { status } = await submit('/admin/clock', { minutes: '90' }, 'https://elsewhere.example');
  expect(status).toBe(403);
});

test('scripts seed, look, switch, fault and move the clock through JSON', async () => {
  const bed = createTestbed();
  const api = (method: string, path: string, body?: unknown) =>
    bed.call(method, `/admin/api/${path}`, body === undefined ? {} : { body });
  expect((await api('POST', 'seed-jobs', { account: 1, count: 12 })).body).toEqual({ made: 12 });
  expect((await api('GET', 'accounts/1/jobs')).body).toHaveLength(12);
  expect((await api('POST', 'seed-jobs', { account: 9, count: 1 })).status).toBe(404);
  expect((await api('POST', 'seed-jobs', { account: 1 })).status).toBe(400);
  const second = await api('POST', 'accounts', { label: 'Second', key: 'second-key' });
  expect([second.status, second.body.id]).toEqual([201, 2]);
  expect((await api('POST', 'accounts', { label: 'Third', key: 'second-key' })).status).toBe(409);
  await api('PATCH', 'accounts/2', { access: 'plan_without_api' });
  expect((await bed.call('GET', '/users/', { key: 'second-key' })).status).toBe(403);
  expect((await api('PATCH', 'switches', { secondResume: 'add' })).body.secondResume).toBe('add');
  expect((await api('PATCH', 'switches', { nonsense: 1 })).status).toBe(400);
  await api('POST', 'faults', { kind: 'serverError', path: '/open/v3/users/', next: 1 });
  expect((await bed.get('/users/')).status).toBe(500);
  expect((await api('GET', 'requests')).body.at(-1)).toMatchObject({ fault: 'serverError' });
  await api('POST', 'faults', { kind: 'requestLost' });
  expect((await api('DELETE', 'faults')).status).toBe(204);
  const clock = await api('POST', 'clock', { milliseconds: 60_000 });
  expect(clock.body).toEqual({ now: '2027-01-12T08:01:00.000Z' });
  const organization = bed.simulator.rows(1, 'organizations')[0]?.id;
  const job = await api('POST', 'accounts/1/jobs', { organization, position_name: 'Pilot' });
  const edit = await api('PATCH', `accounts/1/jobs/${job.body.id}`, { status: 'won' });
  expect(edit.body.status).toBe('won');
  expect((await api('DELETE', `accounts/1/jobs/${job.body.id}`)).status).toBe(204);
  expect((await api('DELETE', 'accounts/1/webhooks/1')).status).toBe(404);
});

test('every page opens, also when empty, and none runs a script', async () => {
  const bed = createTestbed();
  bed.simulator.addAccount({ label: 'Empty', key: 'empty-account-key' });
  const { see } = browse(bed);
  expect((await see('/admin/')).page).toContain('data-testid="account-2"');
  expect((await see('/admin/accounts/2/jobs')).page).toContain('No jobs yet.');
  expect((await see('/admin/accounts/7/jobs')).status).toBe(404);
  expect((await see('/admin/accounts/1/candidates/5')).status).toBe(404);
  for (const path of ['accounts/1/jobs/new', 'requests', 'webhooks', 'switches']) {
    const { status, page } = await see(`/admin/${path}`);
    expect([status, page.includes('<script')], path).toEqual([200, false]);
  }
});
