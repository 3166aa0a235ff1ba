import { sql } from 'drizzle-orm';
import type { Page, ResourceConnector } from '#src/sync/connector.ts';
import { type Run, runById } from '#src/sync/runs.ts';
import type { TestWorld } from './testWorld.ts';

/** Open jobs of one employer. Returns their ids in Manatal, in the order of their titles. */
export function postJobs(world: TestWorld, count: number): number[] {
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  return Array.from({ length: count }, (_, n) => {
    const posted = world.recruiter.postJob({
      organization: added.row.id,
      position_name: `Job ${String(n).padStart(3, '0')}`,
      status: 'active',
      is_published: true,
    });
    if (!posted.ok) throw new Error(JSON.stringify(posted.body));
    return posted.row.id;
  });
}

/** How many jobs stand here in each state. */
export async function jobStates(world: TestWorld): Promise<Record<string, number>> {
  const result = await world.db.execute<{ status: string; count: number }>(
    sql`select status, count(*)::int as count from jobs group by status`,
  );
  return Object.fromEntries(result.rows.map(({ status, count }) => [status, count]));
}

/** Staff ask for everything to be compared; the run as it stands once the world is at rest. */
export async function compareAll(world: TestWorld, connectionId: string): Promise<Run> {
  const [id] = await world.readAllJobsAgain(connectionId);
  await world.settle();
  return (await runById(world.db, id!))!;
}

/** The connector's jobs, whose ways to read a test may change. */
export function readingOf(world: TestWorld, resource = 'jobs'): ResourceConnector {
  const { resources } = world.parts.connectors.get('manatal')!;
  return resources.find(({ name }) => name === resource)!;
}

/** Lets their list answer otherwise. Returns the way back. */
export function tamper(world: TestWorld, change: (page: Page) => Page): () => void {
  const jobs = readingOf(world);
  const list = jobs.list!;
  jobs.list = async (context, cursor) => {
    const read = await list(context, cursor);
    return read.ok ? { ok: true, value: change(read.value) } : read;
  };
  return () => {
    jobs.list = list;
  };
}
