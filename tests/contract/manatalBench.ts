import { seededRandom } from '#src/platform/random.ts';
import { createManatalSimulator, type ManatalSimulator } from '#src/sandbox/manatal/simulator.ts';
import { samplePdf } from '#src/sandbox/samplePdf.ts';
import type { Outgoing } from '#src/sync/connector.ts';
import type { Bench, MakeBench, Raw, RecordBench } from './bench.ts';
import { profileRowBenches } from './manatalProfileRows.ts';
import { candidateChanges, jobChanges, newJob, organizationChanges } from './manatalValues.ts';

const apiUrl = 'http://manatal.test';
const manahook = 'http://manahook.test';
const key = 'bench-key-of-manatal';
const fileAddress = 'http://files.test/resume.pdf';

/** The simulated Manatal as the contract sees it. */
export const manatalBench: MakeBench<'manatal'> = ({ clock, quota, httpFor }) => {
  const simulator = createManatalSimulator({
    clock,
    random: seededRandom(1),
    outgoing: async () =>
      new Response(Buffer.from(samplePdf(['A resume'])), {
        headers: { 'content-type': 'application/pdf' },
      }),
    account: { label: 'Bench', key },
  });
  simulator.set({ quotaEnforced: false, downloadSeconds: 1 });
  const origins = [apiUrl, manahook];
  const set = (changed: Parameters<typeof simulator.set>[0]) => () => simulator.set(changed);
  return {
    settings: {
      http: httpFor(origins),
      quota,
      baseUrl: `${apiUrl}/open/v3`,
      manahookUrl: `${manahook}/v1`,
      callsPerMinute: 0,
      source: 'KiEX',
      verifyAfterSeconds: 60,
      publish: async () => fileAddress,
    },
    origins,
    key,
    answer: (request) =>
      new URL(request.url).origin === manahook
        ? simulator.manahook(request)
        : simulator.openApi(request),
    resources: resourcesOf(simulator),
    moods: {
      'as documented': () => undefined,
      'money as numbers': set({ moneyAsNumbers: true }),
      'times without a zone': set({ writtenInstantsWithoutZone: true }),
      'text in an editor’s spelling': set({ tidiesText: true }),
    },
    shuffle: set({ unstableOrder: true }),
    async pass(seconds) {
      await clock.advance(seconds * 1_000);
      await simulator.settled();
    },
    notFound: () => Response.json({ detail: 'Not found.' }, { status: 404 }),
    webhookBodies,
  };
};

/** reference/manatal.md 10.3, 16.19 */
const webhookBodies: Bench<'manatal'>['webhookBodies'] = (event, id) => {
  const [model = '', action] = event.split('/');
  return [
    { object_id: Number(id) },
    { id: Number(id), name: 'x', job: 5_100_210 },
    { model, action, data: { id } },
    { object: { id } },
    { payload: { id: Number(id) } },
    { [model]: { id: Number(id) }, other_id: '5100210' },
    { [`${model}_id`]: id },
    { data: { [model]: Number(id) } },
  ];
};

const account = 1;

function resourcesOf(simulator: ManatalSimulator): Record<string, RecordBench> {
  const recruiter = simulator.recruiter(account);
  let made = 0;
  const organization = must(recruiter.addOrganization({ name: 'Reef House' })).id;
  const job = () =>
    must(
      recruiter.postJob({
        ...{ organization, position_name: `Job ${made++}`, description: '<p>Make coffee</p>' },
        ...{ status: 'active', is_published: true, contract_details: 'part_time' },
        ...{ frequency: 'hour', salary_min: '12.50', city: 'Tumon', external_id: 'kb-7' },
        ...{
          close_at: '2027-05-01T10:00:00Z',
          custom_fields: { shift: 'night', level: ['B'], rate: 3 },
        },
      }),
    ).id;
  const api = apiOf(simulator);
  const candidate = (more: Raw = {}) =>
    api('/candidates/', { full_name: `Person ${made++}`, ...more });
  const match = async () =>
    api('/matches/', { candidate: await candidate(), job: job(), external_id: `app-${made++}` });
  const kept = (name: 'organizations' | 'jobs' | 'candidates' | 'matches') => ({
    raw: (theirId: string) => ({
      ...(simulator.rows(account, name).find(({ id }) => String(id) === theirId) as unknown as Raw),
    }),
    count: () => simulator.rows(account, name).length,
    remove: async (theirId: string) => void recruiter.remove(name, Number(theirId)),
    moves: ['updated_at'],
    noSuchId: '999999999',
  });
  const ours = (more: Partial<Outgoing>): Outgoing => ({
    ...{ ourId: `ours-${made++}`, values: {}, record: {}, refs: {}, intent: null },
    ...more,
  });
  return {
    organizations: {
      ...kept('organizations'),
      make: async () => String(must(recruiter.addOrganization({ name: `Employer ${made++}` })).id),
      alter: async (id) => api(`/organizations/${id}/`, { website: `x${made++}` }, 'PATCH').then(),
      changes: organizationChanges,
      outgoing: async () => {
        const values = { name: `Reef ${made++}`, website: 'https://reef.example' };
        return ours({ values: { ...values, address: '12 Marine Drive', description: 'Divers' } });
      },
    },
    jobs: {
      ...kept('jobs'),
      make: async () => String(job()),
      alter: async (id) => void must(recruiter.editJob(Number(id), { city: `City ${made++}` })),
      changes: jobChanges,
      words: ['status', 'contract_details', 'frequency'],
      outgoing: async () => ours({ values: newJob, refs: { organizations: String(organization) } }),
    },
    candidates: {
      ...kept('candidates'),
      // Stamped by Manatal whenever consent is given. reference/manatal.md 9.4
      moves: ['updated_at', 'consent_date'],
      make: async () =>
        String(await candidate({ custom_fields: { licence: 'B' }, zipcode: '96913' })),
      changes: candidateChanges,
      outgoing: async () => {
        const outgoing = ours({});
        const values = { name: 'Tasi Sample', email: `${outgoing.ourId}@student.example` };
        const rest = {
          phone: '+16715550123',
          address: 'Mangilao',
          about: 'I cook.',
          consent: true,
        };
        const work = { currentPosition: 'Cook', currentEmployer: 'Reef House' };
        return { ...outgoing, values: { ...values, ...rest, ...work, externalId: outgoing.ourId } };
      },
    },
    applications: {
      ...kept('matches'),
      make: async () => String(await match()),
      alter: async (id) => void must(recruiter.drop(Number(id))),
      outgoing: async () =>
        ours({ refs: { candidates: String(await candidate()), jobs: String(job()) } }),
      refusesTwins: (['non_field_errors', 'detail', 'conflict'] as const).map(
        (duplicateMatch) => () => simulator.set({ duplicateMatch }),
      ),
      needed: ['candidate', 'job'],
    },
    publicApplicants: {
      ...kept('matches'),
      make: async () =>
        String(
          must(recruiter.receiveApplication({ job: job(), full_name: `Person ${made++}` })).id,
        ),
      alter: async (id) => void must(recruiter.drop(Number(id))),
      needed: ['candidate', 'job'],
    },
    resumes: {
      noSuchId: '999999999',
      count: () => simulator.rows(account, 'resumes').length,
      outgoing: async () =>
        ours({
          refs: { candidates: String(await candidate()) },
          record: { storageKey: 'k', fileName: 'resume.pdf', contentType: 'application/pdf' },
        }),
    },
    notes: {
      noSuchId: '999999999',
      count: () => simulator.rows(account, 'notes').length,
      outgoing: async () =>
        ours({ refs: { applications: String(await match()) }, record: { note: 'From June.' } }),
    },
    withdrawals: {
      noSuchId: '999999999',
      count: () => simulator.rows(account, 'matches').filter((row) => !row.is_active).length,
      outgoing: async () =>
        ours({
          refs: { applications: String(await match()) },
          record: { at: new Date('2027-01-12T00:00:00Z') },
        }),
    },
    ...profileRowBenches({
      rows: (table) => simulator.rows(account, table),
      call: api,
      candidate,
      ours,
      remove: (path) => {
        const headers = { authorization: `Token ${key}` };
        return simulator.fetch(`${apiUrl}/open/v3${path}`, { method: 'DELETE', headers });
      },
    }),
  };
}

/** Another program of the employer's, using the same account. Returns the id it is answered. */
const apiOf =
  (simulator: ManatalSimulator) =>
  async (path: string, body: Raw, method = 'POST'): Promise<number> => {
    const answer = await simulator.fetch(`${apiUrl}/open/v3${path}`, {
      method,
      headers: { authorization: `Token ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const made = (await answer.json()) as { id?: number };
    if (!answer.ok || !made.id) throw new Error(JSON.stringify(made));
    return made.id;
  };

function must<Row>(outcome: { ok: true; row: Row } | { ok: false; body: unknown }): Row {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.body));
  return outcome.row;
}
