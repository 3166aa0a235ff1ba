import { expect, test } from 'vitest';
import { createTestbed } from './testbed.ts';

const PARENTS = ['candidates', 'contacts', 'jobs', 'organizations', 'matches'] as const;

test('notes are written, read, changed and deleted on all five records', async () => {
  const bed = createTestbed();
  const match = await bed.makeMatch();
  const contact = await bed.post('/contacts/', {
    full_name: 'Ana',
    organization: match.organization,
  });
  const ids = {
    ...{ candidates: match.candidate, contacts: contact.body.id, jobs: match.job },
    ...{ organizations: match.organization, matches: match.id },
  };
  for (const parent of PARENTS) {
    const path = `/${parent}/${ids[parent]}/notes/`;
    const made = await bed.post(path, { info: '<p>Prefers days.</p>' });
    expect([made.status, Object.keys(made.body)]).toEqual([
      201,
      ['id', 'info', 'creator', 'created_at'],
    ]);
    expect((await bed.post(path, { text: 'wrong key' })).body).toEqual({
      info: ['This field is required.'],
    });
    expect((await bed.get(path)).body).toEqual([made.body]);
    const changed = await bed.patch(`${path}${made.body.id}/`, { info: 'Nights too' });
    expect(changed.body.info).toBe('Nights too');
    expect((await bed.get(`${path}${made.body.id}/`)).body.info).toBe('Nights too');
    expect((await bed.remove(`${path}${made.body.id}/`)).status).toBe(204);
    expect((await bed.get(path)).body).toEqual([]);
    expect((await bed.get(`/${parent}/${ids[parent]}/activities/1/`)).status).toBe(404);
  }
});

test('a note leaves updated_at of its parent alone, unless switched', async () => {
  const bed = createTestbed();
  const match = await bed.makeMatch();
  const updatedAt = async () => (await bed.get(`/matches/${match.id}/`)).body.updated_at;
  await bed.post(`/matches/${match.id}/notes/`, { info: 'one' });
  expect(await updatedAt()).toBe(match.updated_at);
  bed.simulator.set({ childTouchesParent: true });
  await bed.post(`/matches/${match.id}/notes/`, { info: 'two' });
  expect(await updatedAt()).not.toBe(match.updated_at);
});

test('educations and experiences are kept and changed', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeCandidate();
  const bodies = { educations: { school: 'Island College' }, experiences: { title: 'Cook' } };
  for (const [name, body] of Object.entries(bodies)) {
    const path = `/candidates/${id}/${name}/`;
    const made = await bed.post(path, { ...body, started_at: '2025-08-01' });
    expect(made.body).toMatchObject({ ...body, started_at: '2025-08-01', location: null });
    const changed = await bed.patch(`${path}${made.body.id}/`, { location: 'Majuro' });
    expect(changed.body).toMatchObject({ ...body, location: 'Majuro' });
    bed.simulator.set({ studiesEditable: false });
    expect((await bed.patch(`${path}${made.body.id}/`, { location: 'Koror' })).status).toBe(405);
    expect((await bed.get(`${path}${made.body.id}/`)).body.location).toBe('Majuro');
    bed.simulator.set({ studiesEditable: true });
    expect((await bed.remove(`${path}${made.body.id}/`)).status).toBe(204);
  }
});

test('social links are a list of their own, not part of the candidate', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeCandidate();
  const path = `/candidates/${id}/social-media/`;
  const link = { social_media: 'linkedin', social_media_url: 'https://social.example/tasi' };
  const made = await bed.post(path, link);
  expect(made.body).toMatchObject({ ...link, username: null });
  expect((await bed.get(`${path}${made.body.id}/`)).body).toEqual(made.body);
  expect((await bed.get(`/candidates/${id}/`)).body).not.toHaveProperty('social_media');
  expect((await bed.patch(`${path}${made.body.id}/`, {})).status).toBe(405);
});

test('tags are removed by the id of their link, and skills can come in bulk', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeCandidate();
  const tag = await bed.post(`/candidates/${id}/tags/`, { tag: 'diver' });
  const shown = (await bed.get(`/candidates/${id}/`)).body.candidate_tags;
  expect(shown).toMatchObject([{ id: tag.body.id, tag_name: 'diver' }]);
  expect(shown[0].tag_id).not.toBe(tag.body.id);
  expect((await bed.remove(`/candidates/${id}/tags/${shown[0].tag_id}/`)).status).toBe(404);
  expect((await bed.remove(`/candidates/${id}/tags/${tag.body.id}/`)).status).toBe(204);
  const bulk = { skills: [{ skill_name: 'Diving', score: 5 }, { skill_name: 'Cooking' }] };
  const made = await bed.post(`/candidates/${id}/skills/bulk/`, bulk);
  expect([made.status, made.body.length]).toEqual([201, 2]);
  const one = await bed.post(`/candidates/${id}/skills/`, { skill_name: 'Diving' });
  expect(one.body.skill).toBe(made.body[0].skill);
  expect((await bed.get(`/candidates/${id}/skills/`)).body).toHaveLength(3);
  expect((await bed.get(`/candidates/${id}/`)).body.skills[0]).toMatchObject({ score: 5 });
  expect((await bed.post(`/candidates/${id}/skills/bulk/`, { skills: [{}] })).status).toBe(400);
});

test('nationalities are given by the name of the country', async () => {
  const bed = createTestbed();
  const { id } = await bed.makeCandidate();
  const made = await bed.post(`/candidates/${id}/nationalities/`, { country: 'Palau' });
  expect(made.body).toMatchObject({ country: 'Palau', candidate: id, nationality: 4 });
  const one = await bed.get(`/candidates/${id}/nationalities/${made.body.id}/`);
  expect(one.body).toEqual(made.body);
  expect((await bed.get(`/candidates/${id}/nationalities/`)).body).toHaveLength(1);
});

test('every list whose shape is uncertain can be an array or an envelope', async () => {
  const bed = createTestbed({ switches: { quotaEnforced: false } });
  const { id } = await bed.makeCandidate();
  const lists = {
    notesShape: `/candidates/${id}/notes/`,
    attachmentsShape: `/candidates/${id}/attachments/`,
    educationsShape: `/candidates/${id}/educations/`,
    experiencesShape: `/candidates/${id}/experiences/`,
    socialMediaShape: `/candidates/${id}/social-media/`,
    activitiesShape: `/candidates/${id}/activities/`,
    tagsShape: `/candidates/${id}/tags/`,
    skillsShape: `/candidates/${id}/skills/`,
    nationalitiesShape: `/candidates/${id}/nationalities/`,
    currenciesShape: '/currencies/',
    languagesShape: '/languages/',
    industriesShape: '/industries/',
    pipelinesShape: '/job-pipelines/',
    matchStagesShape: '/match-stages/',
    webhooksShape: '/v1/webhooks/',
  } as const;
  const envelopesAtFirst = [
    'activitiesShape',
    'industriesShape',
    'pipelinesShape',
    'matchStagesShape',
  ];
  for (const [name, path] of Object.entries(lists)) {
    const first = (await bed.get(path)).body;
    expect(Array.isArray(first), name).toBe(!envelopesAtFirst.includes(name));
    bed.simulator.set({ [name]: 'array' });
    expect(Array.isArray((await bed.get(path)).body), name).toBe(true);
    bed.simulator.set({ [name]: 'envelope' });
    expect((await bed.get(path)).body, name).toHaveProperty('results');
  }
});

test('catalogues and users are read-only; users who left vanish while their ids stay', async () => {
  const bed = createTestbed();
  expect((await bed.get('/currencies/1/')).body).toEqual({
    ...{ id: 1, name: 'United States Dollar', code: 'USD' },
  });
  expect((await bed.get('/languages/')).body[0]).toEqual({ id: 1, name: 'English' });
  expect((await bed.get('/nationalities/4/')).body.demonym).toBe('Palauan');
  expect((await bed.get('/industries/401101/')).body.name).toBe('Hospitality');
  expect((await bed.get('/industries/9/')).status).toBe(404);
  expect((await bed.get('/users/880001/')).body).not.toHaveProperty('left');
  const made = await bed.post('/skills/', { names: ['Diving', 'Cooking'] });
  expect([made.status, made.body.length]).toEqual([201, 2]);
  expect((await bed.post('/skills/', {})).status).toBe(400);
  bed.simulator.leave(1, 880001);
  expect((await bed.get('/users/')).body.results).toMatchObject([{ id: 880002 }]);
  expect((await bed.get('/users/880001/')).status).toBe(404);
  expect((await bed.makeCandidate()).creator).toBe(880001);
});

test('the stages of a pipeline do not come in the order of their rank', async () => {
  const bed = createTestbed();
  const { body } = await bed.get('/job-pipelines/41201/');
  const ranks = body.job_pipeline_stages.map(({ rank }: { rank: number }) => rank);
  expect(ranks).not.toEqual([...ranks].sort());
  expect([...ranks].sort()).toEqual([1, 2, 3, 4]);
  expect((await bed.get('/match-stages/515001/')).body).toEqual({
    ...{ id: 515001, name: 'Inbox', rank: 1 },
  });
});
