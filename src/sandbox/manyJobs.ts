import { seededRandom } from '#src/platform/random.ts';
import { pick } from './jobText.ts';
import type { ManatalSimulator } from './manatal/simulator.ts';
import { HOTEL_KINDS } from './worldHotelKinds.ts';
import { jobBody } from './worldJobs.ts';
import { LAB_KINDS } from './worldLabKinds.ts';
import { PLACES, type PlaceName } from './worldPlaces.ts';

const LEVELS = ['', 'Senior ', 'Assistant ', 'Trainee ', 'Weekend ', 'Lead '];

/**
 * Posts thousands of varied, open, published jobs into one account, for load and benchmarks.
 *
 * Returns  the ids. The same account and number of jobs before give the same jobs.
 */
export function seedManyJobs(
  simulator: Pick<ManatalSimulator, 'rows' | 'recruiter' | 'batch' | 'clock'>,
  options: { account: number; count: number },
): number[] {
  const { account, count } = options;
  const random = seededRandom(account * 7919 + simulator.rows(account, 'jobs').length);
  const recruiter = simulator.recruiter(account);
  const industries = simulator.rows(account, 'industries');
  const kinds = Object.values({ ...HOTEL_KINDS, ...LAB_KINDS });
  const places = Object.keys(PLACES) as PlaceName[];
  if (simulator.rows(account, 'organizations').length === 0) {
    recruiter.addOrganization({ name: 'Example Islands Employer' });
  }
  const organizations = simulator.rows(account, 'organizations');

  const postOne = (index: number): number => {
    const kind = pick(kinds, random);
    const closing = random.integer(3) === 0 ? {} : { closesInDays: 5 + random.integer(60) };
    const body = jobBody({
      listing: { kind: kind.title, place: pick(places, random), ...closing },
      kind: { ...kind, title: `${pick(LEVELS, random)}${kind.title}` },
      organization: pick(organizations, random),
      industry: industries.find((row) => row.name === kind.industry)?.id,
      pipeline: undefined,
      now: simulator.clock.now(),
      random,
    });
    const title = `${body.position_name} ${index + 1}`;
    const done = recruiter.postJob({ ...body, position_name: title });
    if (!done.ok) throw new Error(`a seeded job was refused: ${JSON.stringify(done.body)}`);
    return done.row.id;
  };
  return simulator.batch(() => Array.from({ length: count }, (_, index) => postOne(index)));
}
