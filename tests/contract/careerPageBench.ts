import { seededRandom } from '#src/platform/random.ts';
import { RICH_QUESTIONS } from '#src/sandbox/manatal/formQuestions.ts';
import { createManatalSimulator, type ManatalSimulator } from '#src/sandbox/manatal/simulator.ts';
import type { MakeBench, Raw, RecordBench } from './bench.ts';

const api = 'http://career.test';
const account = 1;
const page = 'bench-employer';

/** The career page of the simulated Manatal as the contract sees it. */
export const careerPageBench: MakeBench<'manatalCareerPage'> = ({ clock, quota, httpFor }) => {
  const simulator = createManatalSimulator({
    clock,
    random: seededRandom(1),
    outgoing: async () =>
      new Response('%PDF-1.4', { headers: { 'content-type': 'application/pdf' } }),
    account: {
      ...{ label: 'Bench', key: 'key-nobody-uses-here', careerSlug: page },
      questions: RICH_QUESTIONS,
    },
  });
  simulator.set({ careerCutOff: false });
  return {
    settings: {
      http: httpFor([api]),
      quota,
      baseUrl: `${api}/open/v3`,
      callsPerMinute: 0,
      publish: async () => 'http://files.test/resume.pdf',
    },
    origins: [api],
    key: page,
    answer: (request) => simulator.openApi(request),
    resources: resourcesOf(simulator),
    moods: {
      'as documented': () => undefined,
      'money as numbers': () => simulator.set({ moneyAsNumbers: true }),
    },
    shuffle: () => simulator.set({ unstableOrder: true }),
    async pass(seconds) {
      await clock.advance(seconds * 1_000);
      await simulator.settled();
    },
    notFound: () => Response.json({ detail: 'Not found.' }, { status: 404 }),
    webhookBodies: () => [],
  };
};

function resourcesOf(simulator: ManatalSimulator): Record<string, RecordBench> {
  const recruiter = simulator.recruiter(account);
  let made = 0;
  const organization = must(recruiter.addOrganization({ name: 'Reef House' })).id;
  const job = () =>
    must(
      recruiter.postJob({
        ...{ organization, position_name: `Job ${made++}`, description: '<p>Make coffee</p>' },
        ...{ status: 'active', is_published: true, contract_details: 'part_time' },
        ...{ frequency: 'hour', salary_min: '12.50', city: 'Tumon', currency: 'USD' },
      }),
    ).id;
  const kept = (theirId: string): Raw => ({
    ...(simulator.rows(account, 'jobs').find(({ id }) => String(id) === theirId) as unknown as Raw),
  });
  const asked = (slug: string) =>
    simulator.questionsOf(account).find((question) => question.slug === slug)!.id;
  return {
    jobs: {
      make: async () => String(job()),
      raw: kept,
      count: () => simulator.rows(account, 'jobs').length,
      alter: async (id) => void must(recruiter.editJob(Number(id), { city: `City ${made++}` })),
      remove: async (id) => void must(recruiter.editJob(Number(id), { is_published: false })),
      words: ['contract_details'],
      noSuchId: '999999999',
    },
    applications: {
      count: () => simulator.rows(account, 'matches').length,
      outgoing: async () => {
        const ourId = `ours-${made++}`;
        const answers = [
          { id: String(asked('full_name')), slug: 'full_name', value: 'Tasi Sample' },
          { id: String(asked('email')), slug: 'email', value: `${ourId}@student.example` },
          { id: String(asked('shift')), slug: 'shift', value: 'Day' },
          { id: String(asked('resume')), slug: 'resume', file: 'resume' },
        ];
        const resume = { storageKey: 'k', fileName: 'r.pdf', contentType: 'application/pdf' };
        const refs = { jobs: String(job()) };
        return { ourId, values: {}, record: { answers, resume }, refs, intent: null };
      },
      noSuchId: '999999999',
    },
  };
}

function must<T>(outcome: { ok: true; row: T } | { ok: false; body: unknown }): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.body));
  return outcome.row;
}
