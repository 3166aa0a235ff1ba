import { expect, test } from 'vitest';
import { createTestbed } from './testbed.ts';

test('a new match starts in the stage of lowest rank, its candidate a bare number', async () => {
  const { makeMatch, makeJob, makeCandidate } = createTestbed();
  const match = await makeMatch({ external_id: 'app-1' });
  expect(match).toMatchObject({
    ...{ creator: 880001, is_active: true, external_id: 'app-1', hired_at: null },
    stage: { id: 515001, name: 'Inbox' },
    job_pipeline_stage: { rank: 1, job_pipeline: { id: 41201, name: 'Long' } },
  });
  expect(match.candidate).toBeTypeOf('number');
  const short = await makeJob({ job_pipeline: 41202 });
  const other = await makeMatch({ job: short.id, candidate: (await makeCandidate()).id });
  expect([other.stage.name, other.organization]).toEqual(['New', short.organization]);
});

test('a second match of one pair is refused in the way that is switched', async () => {
  const { post, get, makeMatch, simulator } = createTestbed();
  const { candidate, job } = await makeMatch();
  const message = 'The fields candidate, job must make a unique set.';
  const ways = [
    ['non_field_errors', 400, { non_field_errors: [message] }],
    ['detail', 400, { detail: message }],
    ['conflict', 409, { detail: message }],
  ] as const;
  for (const [duplicateMatch, status, body] of ways) {
    simulator.set({ duplicateMatch });
    const answer = await post('/matches/', { candidate, job });
    expect([answer.status, answer.body]).toEqual([status, body]);
  }
  expect((await get('/matches/')).body.count).toBe(1);
});

test('a match moves by a nested stage of its own pipeline; anything else is refused', async () => {
  const { patch, makeMatch } = createTestbed();
  const { id } = await makeMatch();
  const move = (stage: unknown) => patch(`/matches/${id}/`, { job_pipeline_stage: stage });
  const moved = await move({ id: 515003 });
  expect([moved.status, moved.body.stage.name]).toEqual([200, 'Offer']);
  expect(moved.body.job_pipeline_stage).toMatchObject({ id: 515003, rank: 3 });
  expect((await move({ id: 515005 })).body).toEqual({
    job_pipeline_stage: { id: ['Invalid pk "515005" - object does not exist.'] },
  });
  const bare = await move(515003);
  const expected = 'Invalid data. Expected a dictionary, but got int.';
  expect([bare.status, bare.body.job_pipeline_stage]).toEqual([
    400,
    { non_field_errors: [expected] },
  ]);
  expect((await move({})).body.job_pipeline_stage).toEqual({ id: ['This field is required.'] });
  expect((await move(null)).status).toBe(400);
});

test('the old key stage moves nothing, unless switched', async () => {
  const { patch, makeMatch, simulator } = createTestbed();
  const { id } = await makeMatch();
  const move = () => patch(`/matches/${id}/`, { stage: { id: 515002 } });
  expect((await move()).body.stage.name).toBe('Inbox');
  simulator.set({ stageKeyWritable: true });
  expect((await move()).body.stage.name).toBe('2 - Phone');
});

test('either stage key can be missing, and one can be spelt with a final s', async () => {
  const { get, makeMatch, simulator } = createTestbed();
  const { id } = await makeMatch();
  const keysWith = async (stageKeys: Parameters<typeof simulator.set>[0]['stageKeys'] & string) => {
    simulator.set({ stageKeys });
    const { body } = await get(`/matches/${id}/`);
    return Object.keys(body).filter((name) => name.includes('stage'));
  };
  expect(await keysWith('both')).toEqual(['stage', 'job_pipeline_stage']);
  expect(await keysWith('stage_only')).toEqual(['stage']);
  expect(await keysWith('pipeline_stage_only')).toEqual(['job_pipeline_stage']);
  expect(await keysWith('pipeline_stages_spelling')).toEqual(['stage', 'job_pipeline_stages']);
});

test('a drop keeps the stage, and can be taken back', async () => {
  const { patch, makeMatch } = createTestbed();
  const { id } = await makeMatch({ job_pipeline_stage: { id: 515002 } });
  const dropped = { is_active: false, dropped_at: '2027-01-21T12:00:00Z' };
  const { body } = await patch(`/matches/${id}/`, dropped);
  expect(body).toMatchObject({ ...dropped, stage: { id: 515002 } });
  const back = await patch(`/matches/${id}/`, { is_active: true, dropped_at: null });
  expect(back.body).toMatchObject({ is_active: true, dropped_at: null, stage: { id: 515002 } });
});

test('dates of a match may be bare dates, and a move sets none unless switched', async () => {
  const { patch, makeMatch, simulator } = createTestbed();
  const first = await makeMatch({ interview_at: '2027-01-20' });
  expect(first.interview_at).toBe('2027-01-20');
  const last = { job_pipeline_stage: { id: 515004 } };
  expect((await patch(`/matches/${first.id}/`, last)).body.hired_at).toBeNull();
  simulator.set({ stageMoveSetsDate: true });
  const second = await makeMatch();
  expect((await patch(`/matches/${second.id}/`, last)).body.hired_at).toMatch(/^2027-01-12T/);
});

test('matches are listed below their job and their candidate', async () => {
  const { get, makeMatch } = createTestbed();
  const match = await makeMatch();
  await makeMatch();
  for (const parent of [`/jobs/${match.job}`, `/candidates/${match.candidate}`]) {
    const list = await get(`${parent}/matches/`);
    expect([list.body.count, list.body.results]).toEqual([1, [match]]);
    expect((await get(`${parent}/matches/${match.id}/`)).body).toEqual(match);
    expect((await get(`${parent}/matches/${match.id + 1}/`)).status).toBe(404);
  }
});

test('a match cannot be given to another job, and touches its job only when switched', async () => {
  const { patch, get, makeMatch, makeJob, simulator } = createTestbed();
  const match = await makeMatch();
  const other = await makeJob();
  expect((await patch(`/matches/${match.id}/`, { job: other.id })).body.job).toBe(match.job);
  await makeMatch({ job: other.id });
  expect((await get(`/jobs/${other.id}/`)).body.updated_at).toBe(other.updated_at);
  simulator.set({ matchTouchesJob: true });
  await makeMatch({ job: other.id });
  expect((await get(`/jobs/${other.id}/`)).body.updated_at).not.toBe(other.updated_at);
});

test('a public application makes a candidate with consent and a match without creator', async () => {
  const { get, makeJob, simulator } = createTestbed();
  const job = await makeJob();
  const resume = Buffer.from('%PDF-1.4 sample');
  const applicant = { job: job.id, full_name: 'Isa Example', email: 'isa@mail.example', resume };
  const done = simulator.recruiter(1).receiveApplication(applicant);
  expect(done.ok).toBe(true);
  const [match] = (await get('/matches/')).body.results;
  expect([match.creator, match.job]).toEqual([null, job.id]);
  const { body } = await get(`/candidates/${match.candidate}/`);
  expect(body).toMatchObject({ source_type: 'applied', consent: true, creator: null });
  expect(body.resume).toContain('/files/1/resumes/');
});
