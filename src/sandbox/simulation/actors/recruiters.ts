import { anything } from '#src/sync/canonical.ts';
import type { JobRow, MatchRow } from '../../manatal/rows.ts';
import { stageOf } from '../stage.ts';
import type { SimulatedAccount, SimulatedWorld } from '../world.ts';
import { anAccount, anyOf, hot, noteTheirEdit, noteTheirValue } from './choosing.ts';

/** What a recruiter does in one click. Nothing when there is nothing to click on. */
type Click = (world: SimulatedWorld, account: SimulatedAccount) => void;

/** One recruiter's click, as one step of the world. */
export const clicks = (label: string, click: Click) => (world: SimulatedWorld) =>
  world.act(label, () => click(world, anAccount(world)));

export const postsJob: Click = (world, account) => {
  const { simulator, accountId, recruiter, label } = account;
  const known = simulator.rows(accountId, 'organizations')[0]?.id;
  const made = known ? null : recruiter.addOrganization({ name: label });
  const organization = known ?? (made?.ok ? made.row.id : 0);
  const number = simulator.rows(accountId, 'jobs').length + 1;
  must(
    recruiter.postJob({
      organization,
      position_name: `Job ${accountId}-${number}`,
      description: '<p>By the <b>sea</b>.</p>',
      status: 'active',
      is_published: world.random.integer(5) > 0,
    }),
  );
};

/** Few values of each, so that two people sometimes write the same. */
const jobValues: readonly [string, readonly unknown[]][] = [
  ['position_name', ['Barista', 'Night porter', 'Kuki’ – pâtissier', ' Diver ']],
  ['description', ['<p>Early hours.</p>', '<p>Early hours.</p><script>1</script>', null]],
  ['city', ['Tumon', 'Koror', null]],
  ['address', ['12 Marine Drive', null]],
  ['salary_min', ['9.50', '1200', null]],
  ['salary_max', ['12.00', '1800.00', null]],
  ['headcount', [1, 4]],
  ['is_remote', [true, false, null]],
  ['contract_details', ['full_time', 'seasonal work']],
  ['is_published', [true, true, false]],
  ['status', ['active', 'active', 'on_hold', 'lost', 'won', 'archived']],
];

export const editsJob: Click = (world, account) => {
  const { recruiter, simulator, accountId } = account;
  const job = hot<JobRow>(world.random, simulator.rows(accountId, 'jobs'));
  const [name, values] = anyOf(world.random, jobValues)!;
  const value = anyOf(world.random, values) ?? null;
  if (!job || !recruiter.editJob(job.id, { [name]: value }).ok) return;
  const raw = simulator.rows(accountId, 'jobs').find(({ id }) => id === job.id);
  noteTheirEdit(world, account, {
    resource: 'jobs',
    id: job.id,
    theirs: name,
    raw: raw?.[name as keyof JobRow],
  });
};

/** A form of theirs saves all custom fields of a job at once. */
export const editsCustomField: Click = (world, account) => {
  const { recruiter, simulator, accountId } = account;
  const job = hot<JobRow>(world.random, simulator.rows(accountId, 'jobs'));
  const [key, value] = anyOf(world.random, customValues)!;
  if (!job) return;
  must(recruiter.editJob(job.id, { custom_fields: { ...job.custom_fields, [key]: value } }));
  const read = anything(value);
  if ('problem' in read) throw new Error(`${key} cannot be noted`);
  const edit = { resource: 'jobs', id: job.id, field: `customFields.${key}`, value: read.value };
  noteTheirValue(world, account, edit);
};

const customValues: readonly [string, unknown][] = [
  ['shift', 'night'],
  ['shift', 'day'],
  ['rate', 3],
  ['licence', ['B', 'C']],
];

export const editsOrganization: Click = (world, account) => {
  const { recruiter, simulator, accountId } = account;
  const row = hot(world.random, simulator.rows(accountId, 'organizations'));
  const [name, value] = anyOf(world.random, organizationValues)!;
  if (!row) return;
  must(recruiter.editOrganization(row.id, { [name]: value }));
  const edit = { resource: 'organizations', id: row.id, theirs: name, raw: value };
  noteTheirEdit(world, account, edit);
};

const organizationValues: readonly [string, string | null][] = [
  ['website', 'https://reef.example'],
  ['website', null],
  ['address', '12 Marine Drive'],
  ['address', '1 Beach Road'],
];

export const removesJob: Click = (world, account) => {
  const job = hot<JobRow>(world.random, account.simulator.rows(account.accountId, 'jobs'));
  if (job) remove(world, account, 'jobs', job.id);
};

export const removesCandidate: Click = (world, account) => {
  const rows = account.simulator.rows(account.accountId, 'candidates');
  const candidate = hot(world.random, rows);
  if (candidate) remove(world, account, 'candidates', candidate.id);
};

export const removesMatch: Click = (world, account) => {
  const match = aMatch(world, account);
  if (match) remove(world, account, 'matches', match.id);
};

/** What is removed, and what goes with it, is written down: it need not be there any more. */
export function remove(
  world: SimulatedWorld,
  { simulator, accountId, recruiter }: SimulatedAccount,
  table: 'jobs' | 'candidates' | 'matches',
  id: number,
): void {
  const { ledger } = stageOf(world);
  const matches = () => simulator.rows(accountId, 'matches').map((row) => row.id);
  const before = matches();
  recruiter.remove(table, id);
  const left = new Set(matches());
  if (table !== 'matches') ledger.remove({ accountId, table, id: String(id) });
  for (const match of before)
    if (!left.has(match)) ledger.remove({ accountId, table: 'matches', id: String(match) });
}

const aMatch = (world: SimulatedWorld, { simulator, accountId }: SimulatedAccount) =>
  hot<MatchRow>(world.random, simulator.rows(accountId, 'matches'));

export const movesMatch: Click = (world, account) => {
  const { simulator, accountId, recruiter } = account;
  const match = aMatch(world, account);
  const pipeline = simulator.rows(accountId, 'pipelines').find(({ id }) => id === match?.pipeline);
  const stage = anyOf(world.random, pipeline?.stages ?? []);
  if (!match || !stage || !recruiter.move(match.id, stage.id).ok) return;
  noteStage(world, account, match.id);
};

export const hires: Click = (world, account) => {
  const match = aMatch(world, account);
  if (!match || !account.recruiter.hire(match.id).ok) return;
  noteStage(world, account, match.id);
  noteDate(world, account, match.id, 'hired_at');
};

export const drops: Click = (world, account) => {
  const match = aMatch(world, account);
  if (!match || !account.recruiter.drop(match.id).ok) return;
  noteDate(world, account, match.id, 'dropped_at');
};

export const takesBack: Click = (world, account) => {
  const match = aMatch(world, account);
  if (!match || !account.recruiter.undrop(match.id).ok) return;
  noteDate(world, account, match.id, 'dropped_at');
};

function noteStage(world: SimulatedWorld, account: SimulatedAccount, id: number): void {
  const { simulator, accountId } = account;
  const match = simulator.rows(accountId, 'matches').find((row) => row.id === id)!;
  const stages = simulator.rows(accountId, 'pipelines').flatMap((pipeline) => pipeline.stages);
  const value = stages.find((stage) => stage.id === match.stage)?.name ?? null;
  const of = { resource: 'applications', id } as const;
  noteTheirValue(world, account, { ...of, field: 'stageName', value });
  noteTheirValue(world, account, { ...of, field: 'stageId', value: String(match.stage) });
}

/** So few that stages are renamed to each other's names. */
const stageNames = ['Proefdag', 'Second interview', 'Offer', 'Inbox', 'Gehaald', 'Not selected'];

/** The account's owner gives a stage another name; no match counts as changed by it. */
export const renamesStage: Click = (world, account) => {
  const { simulator, accountId, recruiter } = account;
  const stages = simulator.rows(accountId, 'pipelines').flatMap((pipeline) => pipeline.stages);
  const stage = hot(world.random, stages);
  if (!stage) return;
  recruiter.renameStage(stage.id, anyOf(world.random, stageNames)!);
  for (const match of simulator.rows(accountId, 'matches'))
    if (match.stage === stage.id) noteStage(world, account, match.id);
};

/** A new stage, with somebody in it at once. */
export const addsStage: Click = (world, account) => {
  const match = aMatch(world, account);
  if (!match) return;
  const stage = account.recruiter.addStage(match.pipeline, anyOf(world.random, stageNames)!);
  if (account.recruiter.move(match.id, stage).ok) noteStage(world, account, match.id);
};

/** An interview, or an offer, at some time; or not after all. */
export const givesDate: Click = (world, account) => {
  const match = aMatch(world, account);
  const name = anyOf(world.random, ['interview_at', 'offer_at'] as const)!;
  const day = `2027-02-${10 + world.random.integer(9)}`;
  const value = anyOf(world.random, [day, `${day}T03:30:00Z`, null]) ?? null;
  if (!match || !account.recruiter.giveDate(match.id, name, value).ok) return;
  noteDate(world, account, match.id, name);
};

function noteDate(
  world: SimulatedWorld,
  account: SimulatedAccount,
  id: number,
  theirs: 'hired_at' | 'dropped_at' | 'interview_at' | 'offer_at',
): void {
  const { simulator, accountId } = account;
  const raw = simulator.rows(accountId, 'matches').find((row) => row.id === id)?.[theirs];
  noteTheirEdit(world, account, { resource: 'applications', id, theirs, raw });
}

/** Somebody at the provider has a number for everything; nobody else makes up the same one. */
const freshNumber = (world: SimulatedWorld) => String(10_000 + world.random.integer(89_999));

export const editsCandidate: Click = (world, account) => {
  const { recruiter, simulator, accountId } = account;
  const candidate = hot(world.random, simulator.rows(accountId, 'candidates'));
  const fresh = freshNumber(world);
  const made: readonly [string, string | null][] = [
    ['phone_number', `+1671648${fresh.slice(0, 4)}`],
    ['phone_number', null],
    ['address', `Lot ${fresh}, Dededo`],
    ['full_name', `Renamed Person ${fresh}`],
    ['email', `renamed.${fresh}@person.example`],
  ];
  const [name, value] = anyOf(world.random, made)!;
  if (!candidate || !recruiter.editCandidate(candidate.id, { [name]: value }).ok) return;
  const edit = { resource: 'candidates', id: candidate.id, theirs: name, raw: value };
  noteTheirEdit(world, account, edit);
  if (value) stageOf(world).ledger.tell({ value, ownerId: null, category: 'about' });
};

/** Somebody whom KiEX knows applies on the career page too: the same person, there twice. */
export const receivesApplication: Click = (world, account) => {
  const { recruiter, simulator, accountId } = account;
  const student = hot(world.random, world.students);
  const job = hot<JobRow>(world.random, simulator.rows(accountId, 'jobs'));
  if (!student || !job) return;
  const email = world.random.integer(2) === 0 ? student.email : student.email.toUpperCase();
  must(recruiter.receiveApplication({ job: job.id, full_name: student.name, email }));
};

function must({ ok }: { ok: boolean }): void {
  if (!ok) throw new Error('the recruiter did something that Manatal does not allow');
}
