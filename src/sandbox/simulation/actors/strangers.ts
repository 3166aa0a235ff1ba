import type { JobRow, MatchRow } from '../../manatal/rows.ts';
import { stageOf } from '../stage.ts';
import type { SimulatedAccount, SimulatedWorld } from '../world.ts';
import { anyOf, hot } from './choosing.ts';
import { remove } from './recruiters.ts';
import { connected } from './staff.ts';

/** Staff choose whether an employer sees here who came to a job without KiEX. */
export async function choose(
  world: SimulatedWorld,
  { connectionId }: SimulatedAccount,
  publicApplicants: 'show' | 'ignore',
): Promise<void> {
  await world.web.decisions.chooseOptions(connectionId!, { publicApplicants }, 'staff');
}

export async function choosesToShow(world: SimulatedWorld): Promise<void> {
  const account = connected(world);
  const value = anyOf(world.random, ['show', 'ignore'] as const)!;
  if (account) await choose(world, account, value);
}

const aJob = (world: SimulatedWorld, { simulator, accountId }: SimulatedAccount) =>
  hot<JobRow>(world.random, simulator.rows(accountId, 'jobs'));

/** Somebody whom KiEX has never heard of applies on the employer's own page. */
export function arrives(world: SimulatedWorld, account: SimulatedAccount): void {
  const job = aJob(world, account);
  if (!job) return;
  const number = 10_000 + world.random.integer(89_999);
  const person = { full_name: `Stranger ${number}`, email: `stranger.${number}@person.example` };
  if (!account.recruiter.receiveApplication({ job: job.id, ...person }).ok) return;
  const { ledger } = stageOf(world);
  for (const value of Object.values(person))
    ledger.tell({ value, ownerId: null, category: 'stranger' });
}

/** Be it a student of ours: on that job they are nobody who came through KiEX, until they do. */
export function putsOnJob(world: SimulatedWorld, account: SimulatedAccount): void {
  const { simulator, accountId, recruiter } = account;
  const job = aJob(world, account);
  const candidate = hot(world.random, simulator.rows(accountId, 'candidates'));
  if (job && candidate) recruiter.putOnJob(candidate.id, job.id);
}

const aStranger = (world: SimulatedWorld, { simulator, accountId }: SimulatedAccount) =>
  hot<MatchRow>(
    world.random,
    simulator.rows(accountId, 'matches').filter((row) => !row.external_id),
  );

/** Another stage, a date, a drop, or back. */
export function dealsWith(world: SimulatedWorld, account: SimulatedAccount): void {
  const { simulator, accountId, recruiter } = account;
  const match = aStranger(world, account);
  if (!match) return;
  const pipeline = simulator.rows(accountId, 'pipelines').find(({ id }) => id === match.pipeline);
  const stage = anyOf(world.random, pipeline?.stages ?? []);
  const deals = [
    () => stage && recruiter.move(match.id, stage.id),
    () => recruiter.giveDate(match.id, 'interview_at', `2027-02-1${world.random.integer(9)}`),
    () => recruiter.drop(match.id),
    () => recruiter.undrop(match.id),
    () => recruiter.hire(match.id),
  ];
  anyOf(world.random, deals)!();
}

export function removes(world: SimulatedWorld, account: SimulatedAccount): void {
  const match = aStranger(world, account);
  if (match) remove(world, account, 'matches', match.id);
}
