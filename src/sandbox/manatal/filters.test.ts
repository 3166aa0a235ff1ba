import { expect, test } from 'vitest';
import { FILTERS } from './filters.ts';
import { createTestbed, type Testbed } from './testbed.ts';

/** Two rows of each list: the first is to be found, the second not. */
async function withPairs(bed: Testbed): Promise<Record<string, string[]>> {
  const found = await bed.makeCandidate({
    ...{ external_id: 'a-1', email: 'one@mail.example', phone_number: '+16715550101' },
    ...{ full_name: 'Tasi Sample', address: 'Dededo, Guam', current_company: 'Reef House' },
    ...{
      current_position: 'Cook',
      description: 'likes tea',
      latest_degree: 'BSc',
      gender: 'female',
    },
    ...{
      latest_university: 'University of Guam',
      source_type: 'referred',
      birth_date: '2004-05-06',
    },
  });
  const tag = (await bed.post(`/candidates/${found.id}/tags/`, { tag: 'diver' })).body;
  const tagId = bed.simulator.rows(1, 'candidateTags')[0]?.tagId;
  const linkedIn = { social_media: 'linkedin', social_media_url: 'https://social.example/a' };
  await bed.post(`/candidates/${found.id}/social-media/`, linkedIn);
  const job = await bed.makeJob({
    ...{ external_id: 'j-1', position_name: 'Diver', status: 'won', contract_details: 'freelance' },
    ...{ frequency: 'day', headcount: 7, is_published: true, is_remote: true, address: 'Pier 1' },
    ...{ city: 'Koror', state: 'Koror State', open_at: '2027-01-02', close_at: '2027-03-02' },
  });
  const contact = await bed.post('/contacts/', {
    ...{ full_name: 'Ana Sample', display_name: 'Ana', email: 'ana@mail.example' },
    ...{ phone_number: '+6805550104', organization: job.organization },
  });
  const match = await bed.makeMatch({
    ...{ job: job.id, candidate: found.id, external_id: 'm-1', submitted_at: '2027-01-03' },
    ...{ interview_at: '2027-01-04', offer_at: '2027-01-05', hired_at: '2027-01-06' },
    ...{ dropped_at: '2027-01-07' },
  });
  const organization = `/organizations/${job.organization}/`;
  const houses = {
    external_id: 'o-1',
    name: 'Reef House',
    address: 'Koror',
    website: 'reef.example',
  };
  await bed.patch(organization, { ...houses, is_public: false, is_visible: false });
  await bed.pass(3600 * 24 * 60);
  const otherHouse = (await bed.post('/organizations/', { name: 'Atoll Inn', owner: 880002 })).body;
  const otherJob = await bed.makeJob({
    ...{
      organization: otherHouse.id,
      owner: 880002,
      open_at: '2028-01-02',
      close_at: '2028-03-02',
    },
  });
  bed.simulator.recruiter(1).postJob({ organization: otherHouse.id, position_name: 'By another' });
  bed.simulator.recruiter(1).addOrganization({ name: 'By another' });
  const other = await bed.makeCandidate({
    full_name: 'Lani',
    birth_date: '2006-01-01',
    owner: 880002,
  });
  const otherStage = { job_pipeline_stage: { id: 515002 } };
  await bed.makeMatch({ job: otherJob.id, candidate: other.id, ...otherStage });
  await bed.post('/contacts/', { full_name: 'Zed', organization: otherHouse.id });
  const days = 'gte=2027-01-01 lte=2027-02-01';
  const range = (field: string) => days.split(' ').map((end) => `${field}__${end}`);
  return {
    candidates: [
      `id=${found.id}`,
      ...['external_id=a-1', 'email=one@mail.example', 'phone_number=%2B16715550101'],
      ...['full_name=tasi', 'address=dededo', 'current_company=reef', 'current_position=cook'],
      ...['description=TEA', 'latest_degree=bs', 'latest_university=guam', 'gender=female'],
      ...['source_type=referred', 'owner_id=880001', `candidate_tags=${tagId}`],
      ...['birth_date__gte=2004-05-06', 'birth_date__lte=2004-05-06'],
      ...range('created_at'),
      ...range('updated_at'),
    ],
    jobs: [
      ...[`id=${job.id}`, 'external_id=j-1', 'position_name=div', 'status=won', 'headcount=7'],
      ...['contract_details=freelance', 'frequency=day', 'is_published=true', 'is_remote=True'],
      ...['address=pier', 'city=koror', 'state=state', `organization_id=${job.organization}`],
      ...[
        'owner_id=880001',
        'creator_id=880001',
        'open_at__gte=2027-01-02',
        'open_at__lte=2027-01-02',
      ],
      ...['close_at__gte=2027-03-02', 'close_at__lte=2027-03-02'],
      ...range('created_at'),
      ...range('updated_at'),
    ],
    matches: [
      ...['external_id=m-1', `job_id=${job.id}`, `stage__in=${match.stage.id},1`],
      ...['submitted_at', 'interview_at', 'offer_at', 'hired_at', 'dropped_at'].flatMap(range),
      ...['created_at', 'updated_at'].flatMap(range),
    ],
    organizations: [
      ...[
        `id=${job.organization}`,
        'external_id=o-1',
        'name=reef',
        'address=koro',
        'website=reef.ex',
      ],
      ...['is_public=false', 'is_visible=0', 'owner_id=880001', 'creator_id=880001'],
      ...['created_at', 'updated_at'].flatMap(range),
    ],
    contacts: [
      ...[`id=${contact.body.id}`, 'email=ana@mail.example', 'phone_number=%2B6805550104'],
      ...['full_name=ana', 'display_name=AN', `organization_id=${job.organization}`],
      ...['created_at', 'updated_at'].flatMap(range),
    ],
    users: ['search=administrator'],
    socialMedia: [`social_media=linked&tag=${tag.id}`],
  };
}

test('every filter of the reference finds the row that fits and leaves out the other', async () => {
  const bed = createTestbed({ switches: { quotaEnforced: false } });
  const queries = await withPairs(bed);
  for (const [list, given] of Object.entries(queries)) {
    const path = list === 'socialMedia' ? '/candidates/91002301/social-media/' : `/${list}/`;
    for (const query of given) {
      const { status, body } = await bed.get(`${path}?${query}`);
      const rows = Array.isArray(body) ? body : body.results;
      expect(status, query).toBe(200);
      const isLowerBound = query.includes('__gte') && !query.includes('stage');
      if (isLowerBound) expect(rows.length, query).toBeGreaterThan(0);
      else if (['owner_id', 'creator_id'].some((name) => query.startsWith(name))) {
        expect(rows.length, query).toBeGreaterThan(0);
        const all = (await bed.get(path)).body.count;
        if (list !== 'organizations' || query.startsWith('creator')) {
          expect(rows.length, query).toBeLessThan(all);
        }
      } else expect(rows.length, `${list} ${query}`).toBe(1);
      if (isLowerBound) {
        const late = query.replace(/=.*/, '=2029-01-01');
        expect((await bed.get(`${path}?${late}`)).body.count, late).toBe(0);
      }
    }
  }
  const tried = Object.entries(queries).flatMap(([list, given]) =>
    given.map((query) => `${list} ${query.split('=')[0]}`),
  );
  const known = Object.entries(FILTERS).flatMap(([list, names]) =>
    Object.keys(names).map((name) => `${list} ${name}`),
  );
  // Nobody writes candidate_location, so nothing can be found by it. [S]
  expect(known.filter((name) => !tried.includes(name))).toEqual(['candidates candidate_location']);
});

test('a value of the wrong kind in a number filter is refused', async () => {
  const { get } = createTestbed();
  expect((await get('/jobs/?organization_id=x')).body).toEqual({
    organization_id: ['Enter a number.'],
  });
  expect((await get('/matches/?stage__in=1,x')).status).toBe(400);
});
