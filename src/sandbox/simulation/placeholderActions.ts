import { oneOf } from './settings.ts';
import type { SimulatedAccount, SimulatedWorld } from './world.ts';

/** Something a person does, alone and whole. Many run at the same time. */
export interface Action {
  name: string;
  weight: number;
  act(world: SimulatedWorld): Promise<void>;
}

const anAccount = (world: SimulatedWorld): SimulatedAccount => oneOf(world.random, world.accounts);

export function postJob(world: SimulatedWorld): void {
  const { simulator, accountId, recruiter, label } = anAccount(world);
  const known = simulator.rows(accountId, 'organizations')[0]?.id;
  const made = known ? null : recruiter.addOrganization({ name: label });
  if (made && !made.ok) throw new Error('no organization');
  const organization = known ?? (made?.ok ? made.row.id : 0);
  const number = simulator.rows(accountId, 'jobs').length + 1;
  const posted = recruiter.postJob({
    organization,
    position_name: `Job ${accountId}-${number}`,
    status: 'active',
    is_published: true,
  });
  if (!posted.ok) throw new Error(JSON.stringify(posted.body));
}

const jobIn = (world: SimulatedWorld) => {
  const account = anAccount(world);
  const rows = account.simulator.rows(account.accountId, 'jobs');
  return rows.length > 0 ? { account, row: oneOf(world.random, rows) } : null;
};

const matchIn = (world: SimulatedWorld) => {
  const account = anAccount(world);
  const rows = account.simulator.rows(account.accountId, 'matches');
  return rows.length > 0 ? { account, row: oneOf(world.random, rows) } : null;
};

async function apply(world: SimulatedWorld): Promise<void> {
  const isKnown = world.students.length > 0 && world.random.integer(3) > 0;
  const student = isKnown ? oneOf(world.random, world.students) : await world.newStudent();
  const cards = await world.web.jobs.newest(20);
  if (cards.length === 0) return;
  const answer = await world.web.applications.submit({
    studentId: student.userId,
    jobId: oneOf(world.random, cards).id,
    resumeId: student.resumeId,
    note: 'I can start in June.',
    agreed: true,
    details: { phone: '+16715550123', address: 'Mangilao', territory: 'GU' },
  });
  world.coverage.set('applied', (world.coverage.get('applied') ?? 0) + (answer.ok ? 1 : 0));
}

/** Enough to move a world; the scenario proper has more. */
export const placeholderActions: Action[] = [
  {
    name: 'a recruiter posts a job',
    weight: 2,
    act: (world) => world.act('posts a job', () => postJob(world)),
  },
  {
    name: 'a recruiter edits a job',
    weight: 3,
    act: (world) =>
      world.act('edits a job', () => {
        const found = jobIn(world);
        const salary_min = 1_000 + world.random.integer(1_000);
        found?.account.recruiter.editJob(found.row.id, { salary_min });
      }),
  },
  {
    name: 'a recruiter moves a match',
    weight: 2,
    act: (world) =>
      world.act('moves a match', () => {
        const found = matchIn(world);
        if (!found) return;
        const { account, row } = found;
        const pipeline = account.simulator
          .rows(account.accountId, 'pipelines')
          .find(({ id }) => id === row.pipeline);
        if (pipeline) account.recruiter.move(row.id, oneOf(world.random, pipeline.stages).id);
      }),
  },
  { name: 'a student applies', weight: 5, act: apply },
];
