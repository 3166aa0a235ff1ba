import { expect, test } from 'vitest';
import { RICH_QUESTIONS } from './formQuestions.ts';
import { createTestbed, type Json, type Testbed } from './testbed.ts';

const PAGE = '/career-page/first-employer/jobs/';
const nobody = { accept: 'application/json' };

/** A job on show, and its form as the public reads it. */
async function openJob(bed: Testbed, more: Record<string, unknown> = {}) {
  const job = await bed.makeJob({ is_published: true, ...more });
  return { id: job.id as number, form: `${PAGE}${job.id}/application-form/` };
}

/** The answers by slug, under the ids of the questions. */
async function answersTo(bed: Testbed, form: string, bySlug: Record<string, unknown>) {
  const questions: Json[] = (await bed.get(form)).body;
  const pairs = Object.entries(bySlug).map(([slug, value]) => {
    const asked = questions.find((question) => question.slug === slug);
    if (!asked) throw new Error(`${slug} is not asked`);
    return [asked.id, value];
  });
  return { application_data: Object.fromEntries(pairs) };
}

const resume = 'https://files.example/resume.pdf';
const isa = { full_name: 'Isa Example', email: 'isa@mail.example', resume };

test('the career page shows what is published and active, without a key', async () => {
  const bed = createTestbed();
  const { id } = await openJob(bed);
  await bed.makeJob();
  await openJob(bed, { status: 'on_hold' });
  const list = await bed.get(PAGE, nobody);
  expect([list.status, list.body.count, list.body.results[0].id]).toEqual([200, 1, id]);
  const item = await bed.get(`${PAGE}${id}/`, nobody);
  expect(item.body).toEqual(list.body.results[0]);
  bed.simulator.recruiter(1).editJob(id, { is_published: false });
  expect((await bed.get(PAGE, nobody)).body).toMatchObject({ count: 0, results: [] });
  const gone = await bed.get(`${PAGE}${id}/`, nobody);
  expect([gone.status, gone.body.detail]).toEqual([404, 'Not found.']);
  expect((await bed.post(PAGE, {})).status).toBe(405);
});

test('a slug that nobody has is 404 with the name of their model, and case matters', async () => {
  const bed = createTestbed();
  for (const slug of ['nobody', 'First-Employer']) {
    const answer = await bed.get(`/career-page/${slug}/jobs/`, nobody);
    expect([answer.status, answer.body.detail]).toEqual([
      404,
      'No ClientPortalSettings matches the given query.',
    ]);
  }
});

test('a row of the career page has no dates, no period, no status and no organization', async () => {
  const bed = createTestbed();
  const more = { salary_min: '12.50', currency: 'USD', frequency: 'hour', city: 'Tumon' };
  const { id } = await openJob(bed, { ...more, country: 'Guam', close_at: '2027-05-01' });
  const { body } = await bed.get(`${PAGE}${id}/`);
  expect(Object.keys(body).sort()).toEqual(
    [
      ...['address', 'city', 'contract_details', 'country', 'currency_code', 'description'],
      ...['hash', 'id', 'is_pinned_in_career_page', 'is_remote', 'is_salary_visible'],
      ...['location_display', 'organization_name', 'position_name', 'salary_max', 'salary_min'],
      ...['state', 'zipcode'],
    ].sort(),
  );
  expect(body).toMatchObject({ currency_code: 'USD', location_display: 'Tumon, Guam' });
  expect(body.organization_name).toBeNull();
  bed.simulator.set({ careerNamesEmployer: true });
  expect((await bed.get(`${PAGE}${id}/`)).body.organization_name).toBe('Reef House');
});

test('the list of the career page is narrowed and ordered by some columns only', async () => {
  const bed = createTestbed();
  const first = await openJob(bed, { position_name: 'Cook', city: 'Koror' });
  const second = await openJob(bed, { position_name: 'Diver', city: 'Tumon' });
  const third = await openJob(bed, { position_name: 'Baker', is_pinned_in_career_page: true });
  const ids = async (query: string) =>
    (await bed.get(`${PAGE}${query}`)).body.results.map(({ id }: Json) => id);
  expect(await ids('')).toEqual([third.id, second.id, first.id]);
  expect(await ids('?ordering=position_name')).toEqual([third.id, first.id, second.id]);
  expect(await ids('?ordering=-id')).toEqual([first.id, second.id, third.id]);
  expect(await ids('?search=div')).toEqual([second.id]);
  expect(await ids('?city__icontains=oro')).toEqual([first.id]);
  const paged = await bed.get(`${PAGE}?page_size=2`);
  expect(new URL(paged.body.next).host).toBe('core.api.manatal.com');
  expect((await bed.get(`${PAGE}?page=3`)).body.detail).toBe('Invalid page.');
});

test('the questions of a form come in any order, and their options in two shapes', async () => {
  const bed = createTestbed();
  bed.simulator.askInstead(1, RICH_QUESTIONS);
  const { form } = await openJob(bed);
  const read = async (): Promise<Json[]> => (await bed.get(form, nobody)).body;
  const orders = [await read(), await read(), await read()].map((questions) =>
    questions.map(({ slug }) => slug).join(),
  );
  expect(new Set(orders).size).toBeGreaterThan(1);
  const options = async (slug: string) =>
    (await read()).find((question) => question.slug === slug).options;
  expect(await options('shift')).toEqual(['Day', 'Night']);
  expect(await options('full_name')).toBeNull();
  expect(await options('nationality')).toContainEqual({ value: 4, label: 'Palau' });
  bed.simulator.set({ formOptions: 'objects', formCatalogues: 'absent' });
  expect(await options('shift')).toContainEqual({ value: 'Day', label: 'Day' });
  expect(await options('nationality')).toBeNull();
  expect((await bed.get(`${PAGE}1/application-form/`)).body.detail).toBe(
    'No Job matches the given query.',
  );
});

test('a form that was sent makes a candidate and a match without creator, and names neither', async () => {
  const bed = createTestbed();
  bed.simulator.askInstead(1, RICH_QUESTIONS);
  bed.outside.set(
    resume,
    () => new Response('%PDF-1.4', { headers: { 'content-type': 'application/pdf' } }),
  );
  const { id, form } = await openJob(bed);
  const more = { shift: 'Night', nationality: 4, drivinglicence: ['B', 'C'] };
  const body = await answersTo(bed, form, { ...isa, ...more, birth_date: '2001-02-03' });
  const answer = await bed.post(form, body);
  expect([answer.status, answer.body]).toEqual([201, {}]);
  const [candidate] = bed.simulator.rows(1, 'candidates');
  expect(candidate).toMatchObject({
    ...{ full_name: isa.full_name, email: isa.email, birth_date: '2001-02-03' },
    ...{ source_type: 'applied', consent: true, creator: null, custom_fields: more },
    consent_date: expect.any(String),
  });
  expect(bed.simulator.rows(1, 'matches')).toMatchObject([
    { candidate: candidate!.id, job: id, creator: null, external_id: null },
  ]);
  await bed.pass(60);
  expect((await bed.get(`/candidates/${candidate!.id}/resume/`)).body).toHaveLength(1);
});

test('the same form sent twice makes two candidates', async () => {
  const bed = createTestbed();
  const { form } = await openJob(bed);
  const body = await answersTo(bed, form, isa);
  for (const _time of [1, 2]) expect((await bed.post(form, body)).status).toBe(201);
  expect(bed.simulator.rows(1, 'candidates')).toHaveLength(2);
  expect(bed.simulator.rows(1, 'matches')).toHaveLength(2);
});

test('wrong answers are refused, each with a message that names its field', async () => {
  const bed = createTestbed();
  bed.simulator.askInstead(1, RICH_QUESTIONS);
  const { form } = await openJob(bed);
  const wrong: [string, unknown, string][] = [
    ['full_name', '', 'Field Full name may not be blank.'],
    ['email', 'isa at home', 'Field E-mail must be a valid email.'],
    ['phone_number', 'none', 'Field Phone number must be a valid phone.'],
    ['resume', 'resume.pdf', 'Field Resume must be a valid url.'],
    ['birth_date', '3 Feb 2001', 'Field Date of birth must be a valid date.'],
    ['years_of_experience', '3', 'must be a number of less than 11 digits.'],
    ['years_of_experience', 10_000_000_000, 'must be a number of less than 11 digits.'],
    ['shift', 'Noon', 'Field Which shift suits you? has an unknown choice.'],
    ['drivinglicence', 'B', 'must be a list of choices.'],
    ['drivinglicence', ['X'], 'has an unknown choice.'],
    ['nationality', 'Palau', 'Field Nationality has an unknown choice.'],
    ['expected_currency', 99, 'has an unknown choice.'],
    ['cover_letter', 4, 'Field Why this job? must be a string.'],
  ];
  for (const [slug, value, words] of wrong) {
    const body = await answersTo(bed, form, { ...isa, shift: 'Day', [slug]: value });
    const answer = await bed.post(form, body);
    expect([slug, answer.status, answer.body.application_data]).toEqual([
      slug,
      400,
      [expect.stringContaining(words)],
    ]);
  }
  const bare = await bed.post(form, { application_data: {} });
  expect(bare.body.application_data).toHaveLength(4);
  expect((await bed.post(form, {})).body).toEqual({
    application_data: ['This field is required.'],
  });
  expect(bed.simulator.rows(1, 'candidates')).toEqual([]);
});

test('whoever calls the career page fast for long is cut off, unless switched', async () => {
  const bed = createTestbed();
  const calls = async (count: number) => {
    let last = 0;
    for (let made = 0; made < count; made++) last = (await bed.get(PAGE)).status;
    return last;
  };
  expect(await calls(1_200)).toBe(200);
  expect(await calls(1)).toBe(429);
  await bed.pass(1);
  expect(await calls(2)).toBe(200);
  expect(await calls(1)).toBe(429);
  bed.simulator.set({ careerCutOff: false });
  expect(await calls(1)).toBe(200);
});
