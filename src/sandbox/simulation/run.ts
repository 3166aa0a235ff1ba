import { eq, gt, inArray } from 'drizzle-orm';
import { checkpoints, connections, runs } from '#src/sync/tables.ts';
import type { Action } from './actors/action.ts';
import { note } from './ground.ts';
import { noticeSeconds, oneOf, type RunSettings } from './settings.ts';
import { isSimulated, Violation } from './simulatedFault.ts';
import {
  createWorld,
  type RunningWorld,
  type SimulatedAccount,
  type SimulatedWorld,
} from './world.ts';
import type { WorldServer } from './worldServer.ts';

/** Who acts in one run, and who judges it. */
export interface Play {
  /** Before KiEX is connected: what employers already have. */
  furnish(): void;
  actions: readonly Action[];
  /** Right after staff have connected an account; done again until it is done. */
  connected?(account: SimulatedAccount): Promise<void>;
  /** What people put right once the faults have ended, such as a key that was revoked. */
  mend?(): Promise<void>;
  /** Polls and what is due have had their time; nothing was read in full yet. Returns what is wrong. */
  afterPolls?(): Promise<string[]> | string[];
  /** The world has come to rest and stands still. */
  atRest?(): Promise<void> | void;
  /** Further polls and a full reconciliation later. Returns what is wrong, in sentences. */
  judge(): Promise<string[]> | string[];
}

/** Opens the play of one run. */
export type Scenario = (world: SimulatedWorld) => Play;

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
  given: { scenario: Scenario; keepsTrace?: boolean; turns?: number },
): Promise<Outcome> {
  await server.empty();
  const world = createWorld(server, settings, given);
  const began = world.now().getTime();
  const violations: string[] = [];
  try {
    const play = given.scenario(world);
    await live(world, play);
    violations.push(...(await play.judge()));
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

async function live(world: RunningWorld, play: Play): Promise<void> {
  const { settings } = world;
  play.furnish();
  await world.town.start();
  const company = createCompany(world);
  for (const account of world.accounts) company.add('staff', () => open(world, play, account));
  for (let at = 0; at < settings.actions; at++) {
    const action = weighted(world, play.actions);
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
  company.add('staff', () => pollSooner(world));
  await company.untilAllAreDone();
  if (play.mend) {
    company.add('staff', () => play.mend!());
    await company.untilAllAreDone();
  }
  await comeToRest(world, company, play);
  await play.atRest?.();
  await beQuiet(world, company);
}

/** Polls that were set for later, at the pace of before, come at the new one too. */
async function pollSooner({ ground, read, settings }: RunningWorld): Promise<void> {
  const latest = new Date(ground.scheduler.now() + settings.quietPollSeconds * 1_000);
  await read((db) =>
    db.update(checkpoints).set({ nextPollAt: latest }).where(gt(checkpoints.nextPollAt, latest)),
  );
}

/** Some passes after the faults: everything was tried again and read in full. [Z1] */
async function comeToRest(world: RunningWorld, company: Company, play: Play): Promise<void> {
  const { quietPollSeconds } = world.settings;
  await pass(world, Math.max(quietPollSeconds, patienceSeconds) + noticeSeconds(world.settings));
  const missed = (await play.afterPolls?.()) ?? [];
  if (missed.length > 0) throw new Violation(missed.join('\n'));
  await readInFull(world, company);
  await pass(world, patienceSeconds / 2);
}

/** However often a world at rest is looked at, nothing is written there. [M6] [Z1] */
async function beQuiet(world: RunningWorld, company: Company): Promise<void> {
  note(world.ground, 'world', 'is at rest');
  const before = world.requests().length;
  await readInFull(world, company);
  await pass(world, world.settings.quietPollSeconds);
  const writes = world
    .requests()
    .slice(before)
    .filter(({ method }) => method !== 'GET');
  if (writes.length > 0) {
    const words = writes.map(({ method, path }) => `${method} ${path}`).join(', ');
    throw new Violation(`[Z1] a world at rest goes on writing: ${words}`);
  }
}

async function readInFull(world: RunningWorld, company: Company): Promise<void> {
  note(world.ground, 'world', 'is read in full');
  company.add('staff', () => askForFullRuns(world));
  await company.untilAllAreDone();
  for (let passes = 0; ; passes++) {
    const open = await openRuns(world);
    if (open.length === 0) return;
    if (passes === passesMax) {
      const words = open.map(
        ({ kind, resource, state, attempts, reason, nextTryAt }) =>
          `${kind} of ${resource} ${state}, ${attempts} tries, next ${nextTryAt?.toISOString()}: ${reason}`,
      );
      throw new Violation(`[Z1] runs do not end in a healed world: ${words.join('; ')}`);
    }
    await pass(world, world.settings.quietPollSeconds / passesMax);
  }
}

async function pass(world: RunningWorld, seconds: number): Promise<void> {
  const { scheduler } = world.ground;
  await scheduler.runUntil(scheduler.now() + seconds * 1_000);
}

const openRuns = ({ db }: RunningWorld) =>
  db
    .select()
    .from(runs)
    .where(inArray(runs.state, ['waiting', 'running']));

async function open(world: RunningWorld, play: Play, account: SimulatedAccount): Promise<void> {
  await connect(world, account);
  if (play.connected) await untilDone(world, () => play.connected!(account));
}

/** Staff connect an account, again and again until it is done. */
async function connect(world: RunningWorld, account: SimulatedAccount): Promise<void> {
  const { label, key } = account;
  const provider = account.way === 'page' ? 'manatalCareerPage' : 'manatal';
  await untilDone(world, async () => {
    const { db } = world.town.webParts();
    const find = db.select().from(connections).where(eq(connections.label, label));
    const known = (await world.town.alive(find.then((rows) => rows)))[0]?.id;
    const input = { provider, label, organizationName: label, key };
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

async function askForFullRuns(world: RunningWorld): Promise<void> {
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
  const busy = new Map<symbol, string>();
  return {
    add(name: string, work: () => Promise<void>): void {
      const task = Symbol(name);
      busy.set(task, name);
      void work()
        .catch((error: unknown) => {
          const simulated = isSimulated(error);
          note(world.ground, 'people', `${name}: ${simulated ? 'in vain' : 'WRONG'}`);
          if (!simulated) wrong.push(error);
        })
        .finally(() => {
          busy.delete(task);
        });
    },
    throwIfWrong() {
      if (wrong.length > 0) throw wrong[0];
    },
    async untilAllAreDone(): Promise<void> {
      const { scheduler } = world.ground;
      await scheduler.runUntil(scheduler.now() + 86_400_000, () => busy.size === 0);
      if (busy.size > 0) {
        throw new Violation(
          `wait for an answer that never comes: ${[...busy.values()].join(', ')}`,
        );
      }
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
