import { eq } from 'drizzle-orm';
import { jobs } from '#src/jobs/tables.ts';
import type { TestWorld } from './testWorld.ts';

/** An open job in Manatal that KiEX has. Connects KiEX. */
export async function openJobIn(
  world: TestWorld,
  title = 'Barista',
): Promise<{ ours: string; theirs: number; organization: number }> {
  const organization = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!organization.ok) throw new Error('no organization');
  const theirs = postJobIn(world, { organization: organization.row.id, title });
  await world.connect();
  await world.settle();
  return { ours: await ourJob(world, title), theirs, organization: organization.row.id };
}

/** The recruiter posts a job that students could see. Returns its id in Manatal. */
export function postJobIn(world: TestWorld, job: { organization: number; title: string }): number {
  const posted = world.recruiter.postJob({
    organization: job.organization,
    position_name: job.title,
    status: 'active',
    is_published: true,
  });
  if (!posted.ok) throw new Error(JSON.stringify(posted.body));
  return posted.row.id;
}

/** The id of a job here. */
export async function ourJob(world: TestWorld, title: string): Promise<string> {
  const [row] = await world.db.select().from(jobs).where(eq(jobs.title, title));
  if (!row) throw new Error(`KiEX has no job ${title}`);
  return row.id;
}

/** What stands in Manatal of applications. */
export function manatalOf({ simulator, account }: TestWorld) {
  return {
    candidates: simulator.rows(account.id, 'candidates'),
    matches: simulator.rows(account.id, 'matches'),
    resumes: simulator.rows(account.id, 'resumes'),
    notes: simulator.rows(account.id, 'notes'),
    attachments: simulator.rows(account.id, 'attachments'),
  };
}

/** How many candidates, matches, resumes, notes and attachments stand in Manatal. */
export const countsIn = (world: TestWorld) =>
  Object.values(manatalOf(world)).map((rows) => rows.length);
