import { sql } from 'drizzle-orm';
import { jobs } from '#src/jobs/tables.ts';
import { categoriesShared } from '#src/privacy/agreement.ts';
import { judges } from '#src/sandbox/simulation/checkers/judge.ts';
import { lookAt, type Scene, type Watched } from '#src/sandbox/simulation/checkers/scene.ts';
import { createLedger, type Ledger } from '#src/sandbox/simulation/ledger.ts';
import { traceCalls } from './lineTrace.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

/** A world under the eyes of the judges. */
export interface WatchedWorld extends TestWorld {
  ledger: Ledger;
  /** Everything as it stands now. */
  look(): Promise<Scene>;
  /** Known once KiEX is connected. */
  watched: Watched;
  connectionId(): string;
}

export async function watch(world: TestWorld): Promise<WatchedWorld> {
  const ledger = createLedger(() => world.clock.now());
  const trace = traceCalls(world.simulator, world.clock);
  const accounts: { connectionId: string; accountId: number }[] = [];
  ledger.hide('sandbox-key-0001');
  const watched: Watched = {
    db: world.db,
    now: () => world.clock.now(),
    simulator: world.simulator,
    accounts,
    budgetPerMinute: null,
    resources: world.parts.connectors.get('manatal')!.resources,
    calls: trace.calls,
    logged: () => world.logged,
    ledger,
  };
  return {
    ...world,
    ledger,
    watched,
    look: () => lookAt(watched),
    connectionId: () => accounts[0]!.connectionId,
    async connect() {
      const connectionId = await world.connect();
      accounts.push({ connectionId, accountId: world.account.id });
      return connectionId;
    },
  };
}

/**
 * Past the time at which files are looked for, and everything read once by id, since that first read
 * learns revisions that no poll shows: nothing of the town is under way any more.
 */
export async function comeToRest(world: WatchedWorld): Promise<void> {
  await world.advance(1_500, 100);
  await lookOnceMore(world);
}

/** Further polls and one full reconciliation of everything. */
export async function lookOnceMore(world: WatchedWorld): Promise<void> {
  await world.advance(400, 20);
  await world.integrations.requestRuns({
    connectionId: world.connectionId(),
    resource: null,
    full: true,
    trigger: 'manual',
    by: 'test',
  });
  await world.advance(150, 10);
}

/** Two jobs, two students who applied, one of them hired: a town in which all is well. */
export async function createTown() {
  const world = await watch(await createTestWorld());
  const added = world.recruiter.addOrganization({ name: 'Pacific Stay Hotels' });
  if (!added.ok) throw new Error('no organization');
  for (const title of ['Barista', 'Diver']) {
    const posted = world.recruiter.postJob({
      organization: added.row.id,
      position_name: title,
      status: 'active',
      is_published: true,
    });
    if (!posted.ok) throw new Error('not posted');
  }
  await world.connect();
  await world.settle();
  const [barista, diver] = await world.db.select().from(jobs).orderBy(jobs.title);
  const students = [];
  for (const name of ['Tasi Quenga', 'Isa Rekdahl']) {
    const student = await world.addStudent(name);
    world.ledger.tell({ value: name, ownerId: student.userId, category: 'name' });
    world.ledger.tell({ value: student.email, ownerId: student.userId, category: 'email' });
    const own = { side: 'ours', connectionId: null, resource: 'candidates' } as const;
    const profile = { name, phone: '+16715550123', address: 'Mangilao' };
    for (const [field, value] of Object.entries(profile))
      world.ledger.edit({ ...own, id: student.userId, field, value });
    const note = `I am ${name.split(' ')[0]} and can start in June.`;
    world.ledger.tell({ value: note, ownerId: student.userId, category: 'note' });
    const details = { phone: '1', address: 'Mangilao', resumeId: student.resumeId, note };
    const pressed = world.ledger.press({
      studentId: student.userId,
      jobId: barista!.id,
      categories: categoriesShared(details),
    });
    const applicationId = await student.applies(barista!.id, note);
    world.ledger.acknowledge(pressed, applicationId);
    students.push({ ...student, name, applicationId });
    await world.advance(20);
  }
  const matches = world.simulator.rows(world.account.id, 'matches');
  world.recruiter.hire(matches[0]!.id);
  await world.advance(60, 20);
  world.ledger.rest();
  return { world, barista: barista!, diver: diver!, students };
}

export type Town = Awaited<ReturnType<typeof createTown>>;

/** Changes our side behind the engine's back. */
export const meddle = (world: WatchedWorld, statement: string) =>
  world.db.execute(sql.raw(statement));

/** Which judges speak, and of which rules. */
export function speakingOf(scene: Scene): Record<string, string[]> {
  const spoken = Object.entries(judges).map(([name, judge]) => {
    const rules = judge(scene).map(({ rule }) => rule);
    return [name, [...new Set(rules)].sort()] as const;
  });
  return Object.fromEntries(spoken.filter(([, rules]) => rules.length > 0));
}

/** A call on the line that the judges watch, as KiEX would make it. */
export const callAsKiex = (
  { simulator }: WatchedWorld,
  path: string,
  body?: object,
  method = body ? 'POST' : 'GET',
) =>
  simulator.fetch(`http://manatal.test/open/v3${path}`, {
    method,
    headers: {
      authorization: 'Token sandbox-key-0001',
      'content-type': 'application/json',
      'user-agent': 'KiEX',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
