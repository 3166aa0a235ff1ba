import { expect, test } from 'vitest';
import { createTestbed, KEY } from './testbed.ts';

const MICROSECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

test('a create answers 201, a change 200 with only the sent keys changed, a delete 204', async () => {
  const bed = createTestbed();
  const made = await bed.post('/candidates/', {
    full_name: 'Lani Sample',
    email: 'l@mail.example',
  });
  expect(made.status).toBe(201);
  const changed = await bed.patch(`/candidates/${made.body.id}/`, { phone_number: '+16715550101' });
  expect(changed.status).toBe(200);
  const { updated_at, ...rest } = changed.body;
  const before = { ...made.body, phone_number: '+16715550101' };
  expect(before).toMatchObject(rest);
  expect(updated_at).not.toBe(made.body.updated_at);
  expect((await bed.remove(`/candidates/${made.body.id}/`)).status).toBe(204);
  expect((await bed.get(`/candidates/${made.body.id}/`)).status).toBe(404);
  expect((await bed.remove(`/candidates/${made.body.id}/`)).status).toBe(404);
});

test('updated_at moves on every change and carries microseconds, even when no time passes', async () => {
  const bed = createTestbed();
  const job = await bed.makeJob();
  expect(job.created_at).toMatch(MICROSECONDS);
  const seen = [job.updated_at];
  for (let change = 0; change < 3; change += 1) {
    seen.push((await bed.patch(`/jobs/${job.id}/`, { city: 'Koror' })).body.updated_at);
  }
  expect(new Set(seen).size).toBe(4);
  expect([...seen].sort()).toEqual(seen);
  expect(seen.at(-1)).toMatch(MICROSECONDS);
});

test('required fields, blanks, nulls and choices are refused in the words of the framework', async () => {
  const { post, patch, makeCandidate } = createTestbed();
  const required = ['This field is required.'];
  expect((await post('/candidates/', {})).body).toEqual({ full_name: required });
  expect((await post('/jobs/', {})).body).toEqual({
    organization: required,
    position_name: required,
  });
  expect((await post('/matches/', {})).body).toEqual({ candidate: required, job: required });
  expect((await post('/organizations/', {})).body).toEqual({ name: required });
  const contact = { full_name: required, organization: required };
  expect((await post('/contacts/', {})).body).toEqual(contact);

  const refused = await post('/candidates/', { full_name: '', gender: 'robot' });
  expect([refused.status, refused.body]).toEqual([
    400,
    {
      full_name: ['This field may not be blank.'],
      gender: ['"robot" is not a valid choice.'],
    },
  ]);
  const { id } = await makeCandidate();
  const nulled = await patch(`/candidates/${id}/`, { full_name: null, email: null });
  expect(nulled.body).toEqual({ full_name: ['This field may not be null.'] });
});

test('lengths, keys, numbers, dates and shapes are refused in the words of the framework', async () => {
  const { post, patch, makeJob, makeCandidate } = createTestbed();
  const { id } = await makeJob();
  const text = { position_name: 'x'.repeat(256), organization: 9, headcount: 'many' };
  expect(
    (await patch(`/jobs/${id}/`, { ...text, is_remote: 'maybe', salary_min: 'a lot' })).body,
  ).toEqual({
    position_name: ['Ensure this field has no more than 255 characters.'],
    organization: ['Invalid pk "9" - object does not exist.'],
    headcount: ['A valid integer is required.'],
    is_remote: ['Must be a valid boolean.'],
    salary_min: ['A valid number is required.'],
  });
  expect((await patch(`/jobs/${id}/`, { position_name: 'x'.repeat(255) })).status).toBe(200);
  const person = await makeCandidate();
  const dated = await patch(`/candidates/${person.id}/`, { birth_date: '2004-05-06T00:00:00Z' });
  expect(dated.body.birth_date[0]).toContain('Date has wrong format.');
  const closed = await patch(`/jobs/${id}/`, { close_at: '2027-02-30' });
  expect(closed.body.close_at[0]).toContain('Datetime has wrong format.');
  const list = await post('/candidates/', []);
  const expected = 'Invalid data. Expected a dictionary, but got list.';
  expect(list.body).toEqual({ non_field_errors: [expected] });
  const fields = await patch(`/jobs/${id}/`, { custom_fields: 'text', organization: 'x' });
  expect(fields.body).toEqual({
    custom_fields: ['Expected a dictionary of items but got type "str".'],
    organization: ['A valid integer is required.'],
  });
});

test('a body that is not JSON is refused', async () => {
  const { simulator } = createTestbed();
  const send = (type: string) =>
    simulator.fetch('https://api.manatal.example/open/v3/candidates/', {
      method: 'POST',
      headers: { authorization: `Token ${KEY}`, 'content-type': type },
      body: '{"full_name": ',
    });
  const torn = await send('application/json');
  expect([torn.status, (await torn.json()).detail]).toEqual([
    400,
    'JSON parse error - Expecting value: line 1 column 1 (char 0)',
  ]);
  expect((await send('text/plain')).status).toBe(415);
});

test('a job refuses null for its choices and keys, and takes it for texts and dates', async () => {
  const { patch, makeJob } = createTestbed();
  const { id } = await makeJob({ city: 'Koror', close_at: '2027-02-01' });
  for (const name of [
    'status',
    'frequency',
    'contract_details',
    'organization',
    'owner',
    'industry',
  ]) {
    const { status, body } = await patch(`/jobs/${id}/`, { [name]: null });
    expect([status, body], name).toEqual([400, { [name]: ['This field may not be null.'] }]);
  }
  const cleared = await patch(`/jobs/${id}/`, { city: null, close_at: null, is_remote: null });
  expect(cleared.body).toMatchObject({ city: null, close_at: null, is_remote: null });
});

test('unknown and read-only keys are ignored', async () => {
  const { patch, makeJob } = createTestbed();
  const job = await makeJob();
  const sent = { id: 1, hash: 'X', creator: 5, created_at: '2000-01-01', nonsense: true };
  const { status, body } = await patch(`/jobs/${job.id}/`, { ...sent, job_pipeline: 41202 });
  expect(status).toBe(200);
  expect({ ...body, updated_at: '' }).toEqual({ ...job, updated_at: '' });
});

test('custom_fields is replaced as a whole', async () => {
  const { patch, makeJob } = createTestbed();
  const { id } = await makeJob({ custom_fields: { shift: 'night', drivinglicence: ['B'] } });
  const { body } = await patch(`/jobs/${id}/`, { custom_fields: { shift: 'day' } });
  expect(body.custom_fields).toEqual({ shift: 'day' });
});

test('two candidates may share an e-mail and an external id', async () => {
  const { get, makeCandidate } = createTestbed();
  const twin = { email: 'twin@mail.example', external_id: 'same' };
  await makeCandidate(twin);
  await makeCandidate(twin);
  expect((await get('/candidates/?email=twin@mail.example')).body.count).toBe(2);
  expect((await get('/candidates/?external_id=same')).body.count).toBe(2);
  const miss = await get('/candidates/?email=nobody%40mail.example');
  expect([miss.status, miss.body.count, miss.body.results]).toEqual([200, 0, []]);
});

test('creator is the user of the key, owner too unless said, and consent is stamped', async () => {
  const { patch, makeCandidate, makeJob } = createTestbed();
  const agreed = await makeCandidate({ consent: true, consent_date: '2000-01-01' });
  expect(agreed).toMatchObject({ creator: 880001, owner: 880001, candidate_location: null });
  expect(agreed.consent_date).toBe(agreed.created_at);
  const silent = await makeCandidate({ owner: 880002 });
  expect(silent).toMatchObject({ owner: 880002, consent: null, consent_date: null });
  const { body } = await patch(`/candidates/${silent.id}/`, { consent: true });
  expect(body.consent_date).toMatch(/^2027-01-12T08:00:00\.\d{6}Z$/);
  expect(await makeJob()).toMatchObject({ creator: 880001, owner: 880001 });
});

test('a new job takes the defaults of the service, and a public address once published', async () => {
  const { patch, makeJob } = createTestbed();
  const job = await makeJob({ salary_min: 11, salary_max: '14.5', open_at: '2027-01-20' });
  expect(job).toMatchObject({
    ...{ status: 'active', is_published: false, headcount: 1, is_remote: null },
    ...{ salary_min: '11.00', salary_max: '14.50', open_at: '2027-01-20T00:00:00Z' },
    ...{ job_pipeline: 41201, career_page_url: null, contract_details: null },
  });
  const { body } = await patch(`/jobs/${job.id}/`, { is_published: true, industry: 401101 });
  expect(body.career_page_url).toBe(`https://www.careers-page.com/first-employer/job/${job.hash}`);
  expect(body.industry).toEqual({ id: 401101, name: 'Hospitality' });
  expect(job.hash).toMatch(/^[A-Z0-9]{6}$/);
});

test('pay as numbers, and written instants without their zone, can be switched on', async () => {
  const { get, makeJob, simulator } = createTestbed();
  const { id } = await makeJob({ salary_min: '11.50', close_at: '2027-02-01T10:00:00+10:00' });
  expect((await get(`/jobs/${id}/`)).body.close_at).toBe('2027-02-01T00:00:00Z');
  simulator.set({ moneyAsNumbers: true, writtenInstantsWithoutZone: true });
  const { body } = await get(`/jobs/${id}/`);
  expect([body.salary_min, body.salary_max, body.close_at]).toEqual([
    11.5,
    null,
    '2027-02-01T00:00:00',
  ]);
  expect(body.created_at).toMatch(/Z$/);
});

test('the organization of a job may change, unless switched', async () => {
  const { patch, makeJob, makeOrganization, simulator } = createTestbed();
  const job = await makeJob();
  const other = await makeOrganization();
  expect((await patch(`/jobs/${job.id}/`, { organization: other })).body.organization).toBe(other);
  simulator.set({ jobOrganizationFixed: true });
  const { body } = await patch(`/jobs/${job.id}/`, { organization: job.organization });
  expect(body.organization).toBe(other);
});

test('a delete takes the matches along, unless switched', async () => {
  const { remove, get, makeMatch, simulator } = createTestbed();
  const first = await makeMatch();
  await remove(`/jobs/${first.job}/`);
  expect((await get('/matches/')).body.count).toBe(0);
  simulator.set({ deleteCascades: false });
  const second = await makeMatch();
  await remove(`/candidates/${second.candidate}/`);
  expect((await get(`/matches/${second.id}/`)).status).toBe(200);
});

test('ids of removed records are never given again', async () => {
  const { remove, makeCandidate } = createTestbed();
  const first = await makeCandidate();
  await remove(`/candidates/${first.id}/`);
  expect((await makeCandidate()).id).toBe(first.id + 1);
});

test('a description comes back as it was sent, or in an editor’s spelling', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeJob();
  const description =
    '<p>Make<br />coffee\u00a0now</p><p><a href="https://reef.example">Reef</a></p>';
  expect((await bed.patch(`/jobs/${id}/`, { description })).body.description).toBe(description);
  bed.simulator.set({ tidiesText: true });
  const tidied = (await bed.patch(`/jobs/${id}/`, { description })).body.description;
  expect(tidied).toContain('<p>Make<br>coffee&nbsp;now</p>\n<p><a target="_blank"');
});
