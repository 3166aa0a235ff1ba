import { expect, test } from 'vitest';
import { EVENTS } from './events.ts';
import { createTestbed, type Testbed } from './testbed.ts';

const TARGET = 'https://hooks.example/api/webhooks/manatal/secret';

async function subscribeToAll(bed: Testbed): Promise<void> {
  for (const { model, action } of EVENTS) {
    const body = { model, action, target_url: `${TARGET}/${model}/${action}` };
    const { status } = await bed.call('POST', '/v1/webhooks/', { body });
    expect(status).toBe(200);
  }
}

/** Which events arrived, by the address they came to. */
const arrived = (bed: Testbed) => bed.received.map(({ url }) => url.slice(TARGET.length + 1));

test('subscriptions are listed, made and removed', async () => {
  const bed = createTestbed();
  const body = { model: 'match', action: 'moved', target_url: TARGET };
  const made = await bed.call('POST', '/v1/webhooks/', { body });
  expect([made.status, made.body]).toEqual([
    200,
    {
      ...{ id: 2201, ...body, object_id: null, content_type: null, event_id: null },
      ...{ created_at: '2027-01-12T08:00:00', updated_at: '2027-01-12T08:00:00' },
    },
  ]);
  expect((await bed.call('GET', '/v1/webhooks/')).body).toEqual([made.body]);
  expect((await bed.call('DELETE', '/v1/webhooks/2201/')).status).toBe(204);
  expect((await bed.call('DELETE', '/v1/webhooks/2201/')).status).toBe(404);
  expect((await bed.call('PATCH', '/v1/webhooks/2201/', { body: {} })).status).toBe(405);
});

test('anything but the seven pairs is refused with 422 in the shape of FastAPI', async () => {
  const bed = createTestbed();
  const refuse = async (body: unknown) => {
    const answer = await bed.call('POST', '/v1/webhooks/', { body });
    expect(answer.status, JSON.stringify(body)).toBe(422);
    return answer.body.detail;
  };
  expect(await refuse({ model: 'match', action: 'moved' })).toEqual([
    { loc: ['body', 'target_url'], msg: 'field required', type: 'value_error.missing' },
  ]);
  const target_url = TARGET;
  const [complaint] = await refuse({ model: 'job', action: 'create', target_url });
  expect(complaint).toMatchObject({ loc: ['body', 'action'], type: 'type_error.enum' });
  expect(complaint.msg).toContain("permitted: 'status_update'");
  expect((await refuse({ model: 'application', action: 'create', target_url }))[0].loc[1]).toBe(
    'model',
  );
  expect(await refuse({ model: 'match', action: 'moved', target_url: '/here' })).toMatchObject([
    { loc: ['body', 'target_url'], type: 'value_error.url.scheme' },
  ]);
  expect(await refuse([])).toHaveLength(3);
  const pairs = ['candidate', 'contact', 'match', 'job'].flatMap((model) =>
    ['create', 'update', 'moved', 'status_update', 'delete'].map((action) => ({ model, action })),
  );
  const taken = [];
  for (const pair of pairs) {
    const answer = await bed.call('POST', '/v1/webhooks/', { body: { ...pair, target_url } });
    if (answer.status === 200) taken.push(pair);
  }
  expect(taken).toHaveLength(7);
  expect(taken).toEqual(expect.arrayContaining([...EVENTS]));
});

test('each of the seven events is told once, a second after it happened', async () => {
  const bed = createTestbed();
  await subscribeToAll(bed);
  const { candidate, job, id } = await bed.makeMatch();
  await bed.patch(`/candidates/${candidate}/`, { address: 'Yap' });
  await bed.patch(`/matches/${id}/`, { job_pipeline_stage: { id: 515002 } });
  await bed.patch(`/jobs/${job}/`, { status: 'on_hold' });
  const organization = bed.simulator.rows(1, 'jobs')[0]?.organization;
  const contact = await bed.post('/contacts/', { full_name: 'Ana', organization });
  await bed.patch(`/contacts/${contact.body.id}/`, { display_name: 'A' });
  expect(arrived(bed)).toEqual([]);
  await bed.pass(1);
  expect([...arrived(bed)].sort()).toEqual(
    EVENTS.map(({ model, action }) => `${model}/${action}`).sort(),
  );
  await bed.pass(600);
  expect(bed.received).toHaveLength(7);
});

test('a recruiter and a public applicant fire events too', async () => {
  const bed = createTestbed({ switches: { selfCausedEvents: false } });
  const { id: job } = await bed.makeJob();
  await subscribeToAll(bed);
  const recruiter = bed.simulator.recruiter(1);
  recruiter.receiveApplication({ job, full_name: 'Rai Sample' });
  const [match] = bed.simulator.rows(1, 'matches');
  recruiter.hire(match?.id ?? 0);
  recruiter.editJob(job, { status: 'won' });
  await bed.pass(1);
  expect(arrived(bed)).toEqual([
    ...['candidate/create', 'match/create', 'match/moved', 'job/status_update'],
  ]);
});

test('nothing is told of new jobs, edited jobs, or deletions', async () => {
  const bed = createTestbed();
  await subscribeToAll(bed);
  const { id } = await bed.makeJob();
  await bed.patch(`/jobs/${id}/`, { position_name: 'Chef', is_published: true, status: 'active' });
  await bed.remove(`/jobs/${id}/`);
  const organization = await bed.makeOrganization();
  await bed.patch(`/organizations/${organization}/`, { name: 'New House' });
  await bed.pass(600);
  expect(bed.received).toEqual([]);
});

test('a drop fires nothing, unless switched', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeMatch();
  await subscribeToAll(bed);
  await bed.patch(`/matches/${id}/`, { is_active: false, dropped_at: '2027-01-12' });
  await bed.pass(600);
  expect(bed.received).toEqual([]);
  bed.simulator.set({ movedOnDrop: true });
  bed.simulator.recruiter(1).undrop(id);
  bed.simulator.recruiter(1).drop(id);
  await bed.pass(1);
  expect(arrived(bed)).toEqual(['match/moved']);
});

test('writes through the API fire events, unless switched', async () => {
  const bed = createTestbed();
  await subscribeToAll(bed);
  await bed.makeCandidate();
  bed.simulator.set({ selfCausedEvents: false });
  await bed.makeCandidate();
  bed.simulator.recruiter(1).editCandidate(91002301, { address: 'Rota' });
  await bed.pass(1);
  expect(arrived(bed)).toEqual(['candidate/create', 'candidate/update']);
});

test('a delivery has one of four bodies, and neither signature nor event in its headers', async () => {
  const bed = createTestbed();
  await subscribeToAll(bed);
  const { id, job } = await bed.makeMatch();
  await bed.pass(1);
  bed.received.length = 0;
  const bodyWith = async (shape: 'object_id' | 'object' | 'envelope' | 'nested') => {
    bed.simulator.set({ payloadShape: shape });
    bed.simulator.recruiter(1).move(id, shape === 'object' ? 515003 : 515002);
    bed.simulator.recruiter(1).move(id, 515001);
    await bed.pass(1);
    return bed.received.splice(0)[0]?.body;
  };
  expect(await bodyWith('object_id')).toEqual({ object_id: id });
  expect(await bodyWith('object')).toMatchObject({ id, job, job_pipeline_stage: { id: 515003 } });
  const envelope = { model: 'match', action: 'moved', data: { id: String(id) } };
  expect(await bodyWith('envelope')).toEqual(envelope);
  expect(await bodyWith('nested')).toEqual({ match: { id }, job_id: String(job) });
  bed.simulator.set({ payloadShape: 'mixed' });
  for (let move = 0; move < 20; move += 1) bed.simulator.recruiter(1).move(id, 515001 + (move % 2));
  await bed.pass(1);
  const keys = new Set(bed.received.map(({ body }) => Object.keys(body).sort().join()));
  expect(keys.size).toBe(4);
  const names = [...(bed.received[0]?.headers.keys() ?? [])];
  expect(names).toEqual(['content-type', 'user-agent']);
});

test('deliveries can be lost, doubled, late, overtaken and forged', async () => {
  const bed = createTestbed({ switches: { payloadShape: 'object_id' } });
  await subscribeToAll(bed);
  const add = () => bed.makeCandidate().then(({ id }: { id: number }) => id);
  const ids = () => bed.received.splice(0).map(({ body }) => body.object_id);

  bed.simulator.set({ webhookLost: 1 });
  await add();
  await bed.pass(600);
  expect(ids()).toEqual([]);

  bed.simulator.set({ webhookLost: 0, webhookDoubled: 1 });
  const doubled = await add();
  await bed.pass(600);
  expect(ids()).toEqual([doubled, doubled]);

  bed.simulator.set({ webhookDoubled: 0, webhookLate: 1 });
  const late = await add();
  await bed.pass(300);
  expect(ids()).toEqual([]);
  await bed.pass(1);
  expect(ids()).toEqual([late]);

  bed.simulator.set({ webhookLate: 0, webhookReordered: 1 });
  const overtaken = await add();
  bed.simulator.set({ webhookReordered: 0 });
  const overtaking = await add();
  await bed.pass(600);
  expect(ids()).toEqual([overtaking, overtaken]);

  bed.simulator.set({ webhookForged: 1 });
  const real = await add();
  await bed.pass(600);
  const [first, forged] = ids();
  expect(first).toBe(real);
  expect((await bed.get(`/candidates/${forged}/`)).status).toBe(404);
  expect(bed.simulator.deliveries(1).map(({ fault }) => fault)).toEqual([
    ...['lost', 'none', 'doubled', 'late', 'reordered', 'none', 'none', 'forged'],
  ]);
});

test('a refused delivery is not tried again, unless switched, and the log says how it went', async () => {
  const bed = createTestbed();
  await subscribeToAll(bed);
  bed.outside.set(`${TARGET}/candidate/create`, () => new Response('no', { status: 503 }));
  await bed.makeCandidate();
  await bed.pass(600);
  expect(bed.simulator.deliveries(1)).toMatchObject([
    { outcome: 'failed', status: 503, attempts: 1, model: 'candidate', action: 'create' },
  ]);
  bed.simulator.set({ deliveryAttempts: 3 });
  await bed.makeCandidate();
  await bed.pass(1);
  expect(bed.simulator.deliveries(1)[1]).toMatchObject({ outcome: 'waiting', attempts: 1 });
  bed.outside.delete(`${TARGET}/candidate/create`);
  await bed.pass(60);
  expect(bed.simulator.deliveries(1)[1]).toMatchObject({
    ...{ outcome: 'delivered', status: 204, attempts: 2 },
  });
});

test('a receiver that cannot be reached is a failed delivery, not a broken simulator', async () => {
  const bed = createTestbed();
  await subscribeToAll(bed);
  bed.outside.set(`${TARGET}/candidate/create`, () => {
    throw new TypeError('fetch failed');
  });
  await bed.makeCandidate();
  await bed.pass(1);
  expect(bed.simulator.deliveries(1)).toMatchObject([{ outcome: 'failed', status: null }]);
});

test('how long deliveries take, lag and wait for another try can be set', async () => {
  const bed = createTestbed({
    switches: { deliveryDelaySeconds: 20, deliveryAttempts: 2, deliveryRetrySeconds: 7 },
  });
  await subscribeToAll(bed);
  bed.outside.set(`${TARGET}/candidate/create`, () => new Response('no', { status: 500 }));
  const arrivals = async (seconds: number) => {
    await bed.pass(seconds);
    return bed.received.splice(0).length;
  };
  await bed.makeCandidate();
  expect([await arrivals(19), await arrivals(1), await arrivals(6), await arrivals(1)]).toEqual([
    ...[0, 1, 0, 1],
  ]);
  bed.simulator.set({ webhookLate: 1, webhookLateSeconds: 40 });
  await bed.makeCandidate();
  expect([await arrivals(59), await arrivals(1)]).toEqual([0, 1]);
});
