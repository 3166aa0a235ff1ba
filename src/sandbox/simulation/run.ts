import { eq, inArray } from 'drizzle-orm';
import { connections, runs } from '#src/sync/tables.ts';
import { note } from './ground.ts';
import type { Action } from './placeholderActions.ts';
import { oneOf, type RunSettings } from './settings.ts';
import { isSimulated, Violation } from './simulatedFault.ts';
import {
  createWorld,
  type RunningWorld,
  type SimulatedAccount,
  type SimulatedWorld,
} from './world.ts';
import type { WorldServer } from './worldServer.ts';

/** What a run is judged by, once the world is quiet. Returns what is wrong, in sentences. */
export type Check = (world: SimulatedWorld) => Promise<string[]> | string[];

/** Who acts in a run, and who judges it. */
export interface Scenario {
  /** Before KiEX is connected: what employers already have. */
  furnish(world: SimulatedWorld): void;
  actions: readonly Action[];
  /** What people put right once the world heals, such as a key that was revoked. */
  mend?(world: SimulatedWorld): Promise<void>;
  /** Called when the world is quiet, before it is looked at once more from end to end. */
  quiet?(world: SimulatedWorld): Promise<void>;
  checks: readonly Check[];
}

/** What became of one run. */
export interface Outcome {
  seed: number;
  violations: string[];
  /** SHA-256 of the trace. */
  digest: string;
  /** All of it when it was kept, else its end. */
  trace: string[];
  steps: number;
  providerDays: number;
  struck: Record<string, number>;
  coverage: Record<string, number>;
}

/** Waits within which the engine tries again whatever failed: back-offs, looks for files. */
const patienceSeconds = 3_600;
/** Passes over a healed world before it counts as one that does not come to rest. */
const passesMax = 12;

/** One run from its seed: connect, be busy under faults, heal, come to rest, be judged. */
export async function simulate(
  server: WorldServer,
  settings: RunSettings,
  given: { scenario: Scenario; keepsTrace?: boolean },
): Promise<Outcome> {
  await server.empty();
  const world = createWorld(server, settings, given);
  const began = world.now().getTime();
  const violations: string[] = [];
  try {
    await live(world, given.scenario);
    for (const check of given.scenario.checks) violations.push(...(await check(world)));
  } catch (error) {
    violations.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    world.close();
  }
  violations.push(...world.surprises.map((line) => `the program stumbled: ${line}`));
  const days = (world.now().getTime() - began) / 86_400_000;
  return {
    seed: settings.seed,
    violations,
    digest: world.trace.digest(),
    trace: given.keepsTrace ? world.trace.all() : world.trace.tail(),
    steps: world.ground.scheduler.steps(),
    providerDays: days * settings.accounts,
    struck: Object.fromEntries(world.struck),
    coverage: Object.fromEntries(world.coverage),
  };
}

async function live(world: RunningWorld, scenario: Scenario): Promise<void> {
  const { settings } = world;
  scenario.furnish(world);
  await world.town.start();
  const company = createCompany(world);
  for (const account of world.accounts) company.add('staff', () => connect(world, account));
  for (let at = 0; at < settings.actions; at++) {
    const action = weighted(world, scenario.actions);
    const after = world.random.integer(settings.busySeconds);
    company.add(action.name, async () => {
      await world.sleep(after);
      await action.act(world);
    });
  }
  await pass(world, settings.busySeconds);
  company.throwIfWrong();
  note(world.ground, 'world', 'heals');
  await world.heal();
  await company.untilAllAreDone();
  if (scenario.mend) {
    const { mend } = scenario;
    company.add('staff', () => mend(world));
    await company.untilAllAreDone();
  }
  await comeToRest(world, company, scenario);
}

/** Some passes after the faults: everything is tried again, read in full, and then nothing moves. [Z1] */
async function comeToRest(
  world: RunningWorld,
  company: Company,
  scenario: Scenario,
): Promise<void> {
  const { pollSeconds } = world.settings;
  await pass(world, 2 * pollSeconds + patienceSeconds);
  note(world.ground, 'world', 'is read in full');
  company.add('staff', () => readInFull(world));
  await company.untilAllAreDone();
  for (let passes = 0; (await openRuns(world)) > 0; passes++) {
    if (passes === passesMax) throw new Violation('[Z1] runs do not end in a healed world');
    await pass(world, pollSeconds);
  }
  await pass(world, 2 * pollSeconds + patienceSeconds);
  note(world.ground, 'world', 'is quiet');
  await scenario.quiet?.(world);
  const before = world.requests().length;
  company.add('staff', () => readInFull(world));
  await company.untilAllAreDone();
  await pass(world, 2 * pollSeconds);
  const writes = world
    .requests()
    .slice(before)
    .filter(({ method }) => method !== 'GET');
  if (writes.length > 0) {
    const words = writes.map(({ method, path }) => `${method} ${path}`).join(', ');
    throw new Violation(`[Z1] a quiet world goes on writing: ${words}`);
  }
}

async function pass(world: RunningWorld, seconds: number): Promise<void> {
  const { scheduler } = world.ground;
  await scheduler.runUntil(scheduler.now() + seconds * 1_000);
}

async function openRuns({ db }: RunningWorld): Promise<number> {
  const open = await db
    .select({ id: runs.id })
    .from(runs)
    .where(inArray(runs.state, ['waiting', 'running']));
  return open.length;
}

/** Staff connect an account, again and again until it is done. */
async function connect(world: RunningWorld, account: SimulatedAccount): Promise<void> {
  const { label, key } = account;
  await untilDone(world, async () => {
    const { db } = world.town.webParts();
    const find = db.select().from(connections).where(eq(connections.label, label));
    const known = (await world.town.alive(find.then((rows) => rows)))[0]?.id;
    const input = { provider: 'manatal', label, organizationName: label, key } as const;
    if (!known) {
      const added = await world.web.integrations.addConnection(input, 'staff');
      if (!added.ok) throw new Violation(`staff cannot connect: ${JSON.stringify(added.errors)}`);
      account.connectionId = added.value.connectionId;
      return;
    }
    account.connectionId = known;
    await world.web.integrations.testConnection(known);
  });
}

async function readInFull(world: RunningWorld): Promise<void> {
  for (const { connectionId } of world.accounts) {
    const resource = null;
    const ask = {
      connectionId: connectionId!,
      resource,
      full: true,
      trigger: 'manual',
      by: null,
    } as const;
    await untilDone(world, () => world.web.integrations.requestRuns(ask));
  }
}

const triesMax = 1_000;

async function untilDone(world: SimulatedWorld, work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < triesMax; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isSimulated(error)) throw error;
      await world.sleep(5);
    }
  }
  throw new Violation('staff gave up');
}

/** People at work beside each other. What they meet is a fault of the simulation, or a violation. */
function createCompany(world: RunningWorld) {
  const wrong: unknown[] = [];
  let busy = 0;
  return {
    add(name: string, work: () => Promise<void>): void {
      busy += 1;
      void work()
        .catch((error: unknown) => {
          const simulated = isSimulated(error);
          note(world.ground, 'people', `${name}: ${simulated ? 'in vain' : 'WRONG'}`);
          if (!simulated) wrong.push(error);
        })
        .finally(() => {
          busy -= 1;
        });
    },
    throwIfWrong() {
      if (wrong.length > 0) throw wrong[0];
    },
    async untilAllAreDone(): Promise<void> {
      const { scheduler } = world.ground;
      await scheduler.runUntil(scheduler.now() + 86_400_000, () => busy === 0);
      if (busy > 0) throw new Violation('somebody waits for an answer that never comes');
      this.throwIfWrong();
    },
  };
}

type Company = ReturnType<typeof createCompany>;

function weighted(world: SimulatedWorld, actions: readonly Action[]): Action {
  return oneOf(
    world.random,
    actions.flatMap((action) => Array<Action>(action.weight).fill(action)),
  );
}
