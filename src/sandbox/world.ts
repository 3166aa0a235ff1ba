import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';
import { pick } from './jobText.ts';
import type { NewAccount } from './manatal/accounts.ts';
import type { AccountRow, JobRow } from './manatal/rows.ts';
import type { ManatalSimulator } from './manatal/simulator.ts';
import { samplePdf } from './samplePdf.ts';
import { HOTEL_KINDS } from './worldHotelKinds.ts';
import { jobBody, type Listing } from './worldJobs.ts';
import type { JobKind } from './worldKinds.ts';
import { LAB_KINDS } from './worldLabKinds.ts';
import { HOTEL_LISTINGS, LAB_LISTINGS } from './worldListings.ts';

interface WorldAccount extends NewAccount {
  website: string;
  /** Jobs by the name of their organization. */
  listings: Record<string, Listing[]>;
}

const KINDS: Record<string, JobKind> = { ...HOTEL_KINDS, ...LAB_KINDS };

/** The two employers of the sandbox. All names are made up; the keys open only the simulator. */
export const WORLD_ACCOUNTS: readonly WorldAccount[] = [
  {
    label: 'Pacific Stay Hotels',
    key: 'sandbox-pacific-stay-1f0c7a52',
    careerSlug: 'pacific-stay',
    website: 'https://pacific-stay.example',
    users: [
      { fullName: 'Pacific Stay Administrator', email: 'admin@pacific-stay.example' },
      { fullName: 'Pacific Stay Recruiter', email: 'jobs@pacific-stay.example' },
    ],
    pipelines: [
      { name: 'Hotel hiring', stages: ['Inbox', '2 - Phone', 'Site visit', 'Offer', 'Hired'] },
      { name: 'Seasonal', stages: ['New', 'Group day', 'Start date agreed', 'Hired'] },
    ],
    industries: ['Hospitality', 'Recreation and tourism', 'Accounting'],
    listings: HOTEL_LISTINGS,
  },
  {
    label: 'Reef Labs',
    key: 'sandbox-reef-labs-93d4be08',
    careerSlug: 'reef-labs',
    website: 'https://reef-labs.example',
    users: [
      { fullName: 'Reef Labs Administrator', email: 'admin@reef-labs.example' },
      { fullName: 'Reef Labs Recruiter', email: 'people@reef-labs.example' },
    ],
    pipelines: [
      {
        name: 'Office and laboratory',
        stages: ['Inbox', 'Technical call', 'Lab day', 'References', 'Offer', 'Hired'],
      },
      { name: 'Field crew', stages: ['Inbox', '2 - Phone', 'Medical check', 'Offer', 'Hired'] },
      { name: 'Internships', stages: ['Applied', 'Interview', 'Accepted'] },
    ],
    industries: [
      'Research',
      'Energy',
      'Logistics',
      'Education',
      'Health care',
      'Manufacturing',
      'Information technology',
      'Accounting',
    ],
    listings: LAB_LISTINGS,
  },
];

/** Applicants from the career pages; made up, like everything here. */
const APPLICANTS = [
  { full_name: 'Tasi Sample', address: 'Dededo, Guam', phone_number: '+16715550101' },
  { full_name: 'Lani Sample', address: 'Mangilao, Guam', phone_number: '+16715550102' },
  { full_name: 'Isa Example', address: 'Saipan', phone_number: '+16705550103' },
  { full_name: 'Kiko Example', address: 'Koror, Palau', phone_number: '+6805550104' },
  { full_name: 'Mahina Sample', address: 'Kolonia, Pohnpei', phone_number: '+6915550105' },
  { full_name: 'Jemi Example', address: 'Majuro', phone_number: '+6925550106' },
  { full_name: 'Rai Sample', address: 'Colonia, Yap', phone_number: '+6915550107' },
  { full_name: 'Sinlaku Example', address: 'Tofol, Kosrae', phone_number: '+6915550108' },
];

/**
 * Fills an empty simulator with the sandbox's world: two employers, their jobs across the Western
 * Pacific, and a few people who already applied. Does nothing when there is an account.
 *
 * Returns  the accounts, old or new.
 */
export function seedWorld(
  simulator: ManatalSimulator,
  clock: Clock,
  random: Random,
): readonly AccountRow[] {
  if (simulator.accounts().length > 0) return simulator.accounts();
  return simulator.batch(() =>
    WORLD_ACCOUNTS.map((wanted) => {
      const account = simulator.addAccount(wanted);
      const jobs = seedJobs(simulator, { account, wanted, now: clock.now(), random });
      seedApplicants(simulator, account, jobs, random);
      return account;
    }),
  );
}

function seedJobs(
  simulator: ManatalSimulator,
  options: { account: AccountRow; wanted: WorldAccount; now: Date; random: Random },
): JobRow[] {
  const { account, wanted, now, random } = options;
  const recruiter = simulator.recruiter(account.id);
  const industries = simulator.rows(account.id, 'industries');
  const pipelines = simulator.rows(account.id, 'pipelines');
  const posted: JobRow[] = [];
  for (const [name, listings] of Object.entries(wanted.listings)) {
    const made = recruiter.addOrganization({ name, website: wanted.website });
    if (!made.ok) throw new Error(`the world does not fit: ${JSON.stringify(made.body)}`);
    for (const listing of listings) {
      const kind = KINDS[listing.kind];
      if (!kind) throw new Error(`the world knows no kind of job named ${listing.kind}`);
      const industry = industries.find((row) => row.name === kind.industry)?.id;
      const pipeline = pipelines[pipelineFor(kind, pipelines.length)]?.id;
      const organization = { id: made.row.id, name };
      const body = jobBody({ listing, kind, organization, industry, pipeline, now, random });
      const job = recruiter.postJob(body);
      if (!job.ok) throw new Error(`the world does not fit: ${JSON.stringify(job.body)}`);
      posted.push(job.row);
    }
  }
  return posted;
}

/** Internships have a pipeline of their own where there are three; contractors share the second. */
function pipelineFor(kind: JobKind, count: number): number {
  if (kind.contract === 'internship') return count - 1;
  return ['contractor', 'temporary'].includes(kind.contract) ? 1 : 0;
}

function seedApplicants(
  simulator: ManatalSimulator,
  account: AccountRow,
  jobs: JobRow[],
  random: Random,
): void {
  const recruiter = simulator.recruiter(account.id);
  const open = jobs.filter((job) => job.status === 'active' && job.is_published);
  for (const [index, person] of APPLICANTS.entries()) {
    const email = `${person.full_name.toLowerCase().replace(' ', '.')}@mail.example`;
    const resume = samplePdf([person.full_name, email, person.phone_number, person.address]);
    const wanted = { ...person, email, job: pick(open, random).id };
    const done = recruiter.receiveApplication(index % 2 === 0 ? { ...wanted, resume } : wanted);
    if (!done.ok) throw new Error(`the world does not fit: ${JSON.stringify(done.body)}`);
    const pipeline = simulator
      .rows(account.id, 'pipelines')
      .find(({ id }) => id === done.row.pipeline);
    const second = pipeline?.stages.find(({ rank }) => rank === 2);
    if (index % 3 === 1 && second) recruiter.move(done.row.id, second.id);
    if (index % 4 === 3) recruiter.drop(done.row.id);
  }
}
