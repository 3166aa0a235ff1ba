import { Writable } from 'node:stream';
import { users } from '#src/accounts/tables.ts';
import type { Applications } from '#src/applications/applications.ts';
import type { NewerResumes } from '#src/applications/newerResumes.ts';
import type { Suggestions } from '#src/applications/suggestions.ts';
import type { Integrations } from '#src/integrations/commands.ts';
import type { Decisions } from '#src/integrations/decisions.ts';
import type { Stages } from '#src/integrations/stages.ts';
import type { JobEditing } from '#src/jobs/jobEditing.ts';
import type { Jobs } from '#src/jobs/store.ts';
import type { OrganizationEditing } from '#src/organizations/editing.ts';
import type { Db } from '#src/platform/database.ts';
import { createLog } from '#src/platform/log.ts';
import { createIds, type Random } from '#src/platform/random.ts';
import type { ProfileParts } from '#src/students/profileParts.ts';
import type { Students } from '#src/students/students.ts';
import { RICH_QUESTIONS } from '../manatal/formQuestions.ts';
import type { Recruiter } from '../manatal/recruiter.ts';
import { createManatalSimulator, type ManatalSimulator } from '../manatal/simulator.ts';
import { samplePdf } from '../samplePdf.ts';
import { createChaos } from './chaos.ts';
import { createDoorbells } from './doorbells.ts';
import type { Ground } from './ground.ts';
import { note } from './ground.ts';
import { createNetwork, type ProviderCall } from './network.ts';
import { manahookUrl, type Surroundings } from './processes.ts';
import { createScheduler, newLife } from './scheduler.ts';
import { type FaultSettings, oneOf, type RunSettings, streamOf } from './settings.ts';
import { createSharedDatabase } from './sharedDatabase.ts';
import { createSharedLocks } from './sharedLocks.ts';
import { isSimulated } from './simulatedFault.ts';
import { createTown, type Town } from './town.ts';
import { createTrace, type Trace } from './trace.ts';
import type { WorldServer } from './worldServer.ts';

/** One account at the provider, with the connection that staff made to it. */
export interface SimulatedAccount {
  /** Null until staff have connected it. */
  connectionId: string | null;
  accountId: number;
  label: string;
  /** With a key, or by the name of its career page, which anybody may read. */
  way: 'key' | 'page';
  /** What staff paste to connect it. */
  key: string;
  recruiter: Recruiter;
  simulator: ManatalSimulator;
}

/** A student who has signed up and uploaded a resume. */
export interface SimulatedStudent {
  userId: string;
  name: string;
  email: string;
  resumeId: string;
}

/** The product's rooms in the web process of the moment. A call rejects when it dies. */
export interface SimulatedWeb {
  students: Students;
  profileParts: ProfileParts;
  newerResumes: NewerResumes;
  suggestions: Suggestions;
  applications: Applications;
  jobs: Jobs;
  jobEditing: JobEditing;
  organizationEditing: OrganizationEditing;
  integrations: Integrations;
  decisions: Decisions;
  stages: Stages;
}

/** What actors act in and checkers judge. */
export interface SimulatedWorld {
  seed: number;
  settings: RunSettings;
  faults: FaultSettings;
  /** The scenario's own stream of chance. */
  random: Random;
  now(): Date;
  /** Plain, outside the simulation: for checkers, while the world stands still. */
  db: Db;
  simulator: ManatalSimulator;
  accounts: SimulatedAccount[];
  students: SimulatedStudent[];
  newStudent(): Promise<SimulatedStudent>;
  web: SimulatedWeb;
  /** Does something at once, as a step that is picked like any other: a recruiter's click. */
  act<T>(label: string, act: () => T): Promise<T>;
  sleep(seconds: number): Promise<void>;
  /** What staff look up on a page: reads through the web process of the moment. */
  read<T>(look: (db: Db) => Promise<T>): Promise<T>;
  /** Somebody out there calls an address of ours; null: nobody answered. */
  knock(address: string, body: string): Promise<number | null>;
  /** Every line of the program's log. */
  logged: string[];
  /** What the program threw or logged as an error that no fault explains. */
  surprises: string[];
  requests(): readonly ProviderCall[];
  coverage: Map<string, number>;
  struck: ReadonlyMap<string, number>;
}

/** A world with the hands that move it. */
export interface RunningWorld extends SimulatedWorld {
  ground: Ground;
  trace: Trace;
  town: Town;
  /** Ends all faults: what is down comes up, clocks are right, the network is whole. */
  heal(): Promise<void>;
  close(): void;
}

const start = Date.parse('2027-01-12T00:00:00.000Z');

/** Puts a world together on an empty database; nothing moves yet. */
export function createWorld(
  server: WorldServer,
  settings: RunSettings,
  { keepsTrace = false, turns = 1 }: { keepsTrace?: boolean; turns?: number } = {},
): RunningWorld {
  const { seed, faults } = settings;
  const trace = createTrace({ start, keepsAll: keepsTrace });
  const scheduler = createScheduler({
    random: streamOf(seed, 'scheduler'),
    start,
    stickiness: settings.stickiness,
    turns,
  });
  const chance = streamOf(seed, 'faults');
  const ground: Ground = { scheduler, trace, chance, faults, struck: new Map(), doomed: new Set() };
  const provider = newLife('manatal');
  const people = newLife('people');
  const clock = scheduler.clockOf(provider);
  const simulator = createManatalSimulator({
    clock,
    random: streamOf(seed, 'manatal'),
    outgoing: (url, init) => network.outgoing(url, init),
  });
  const network = createNetwork(ground, {
    provider,
    clock,
    service: (request) =>
      new URL(request.url).origin === manahookUrl
        ? simulator.manahook(request)
        : simulator.openApi(request),
    site: () => town.site(),
  });
  const surprises: string[] = [];
  const logged: string[] = [];
  const database = createSharedDatabase(ground, server.connection);
  const around: Surroundings = {
    ground,
    settings,
    database,
    locks: createSharedLocks(ground, database),
    doorbells: createDoorbells(ground, database, (error, queue) => {
      if (!isSimulated(error)) surprises.push(`a task of ${queue} threw ${stackOf(error)}`);
    }),
    network,
    files: new Map(),
    log: listeningLog(logged, surprises),
  };
  const town = createTown(around);
  createChaos(around, town);
  const accounts = openAccounts(simulator, settings);
  const random = streamOf(seed, 'scenario');
  const newId = createIds(clock, random);
  const students: SimulatedStudent[] = [];
  let signedUp = 0;
  const world: RunningWorld = {
    seed,
    settings,
    faults,
    random,
    now: () => new Date(scheduler.now()),
    db: server.db,
    simulator,
    accounts,
    students,
    async newStudent() {
      const student = await signUp(town, { id: newId(), number: ++signedUp, seed });
      students.push(student);
      return student;
    },
    web: town.web,
    act: (label, act) =>
      scheduler.step(people, () => {
        note(ground, people, label);
        return act();
      }),
    sleep: (seconds) => scheduler.clockOf(people).sleep(seconds * 1_000),
    read: async (look) => town.alive(look(town.webParts().db)),
    knock: (address, body) =>
      network.outgoing(address, { method: 'POST', body }).then(
        ({ status }) => status,
        () => null,
      ),
    logged,
    surprises,
    requests: network.calls,
    coverage: new Map(),
    struck: ground.struck,
    ground,
    trace,
    town,
    async heal() {
      faults.areOn = false;
      network.applyFaults();
      simulator.faults.heal();
      simulator.set(noWebhookFaults);
      for (const life of town.lives())
        Object.assign(life, { offsetMilliseconds: 0, stalledUntil: 0 });
      await town.raise(settings.quietPollSeconds);
    },
    close() {
      scheduler.bury(provider, () => false);
      simulator.close();
    },
  };
  network.applyFaults();
  return world;
}

function openAccounts(simulator: ManatalSimulator, settings: RunSettings): SimulatedAccount[] {
  simulator.set({ ...settings.switches, ...settings.faults.webhooks });
  return Array.from({ length: settings.accounts }, (_, index): SimulatedAccount => {
    const label = ['Pacific Stay Hotels', 'Reef Labs'][index] ?? `Employer ${index + 1}`;
    const key = `sandbox-key-000${index + 1}`;
    const { id, careerSlug } = simulator.addAccount({ label, key });
    const shared = { connectionId: null, accountId: id, label, simulator };
    const recruiter = simulator.recruiter(id);
    const isLast = index === settings.accounts - 1;
    if (!isLast || !settings.features.includes('keyless'))
      return { ...shared, recruiter, way: 'key', key };
    simulator.askInstead(id, RICH_QUESTIONS);
    return { ...shared, recruiter, way: 'page', key: pageAddress(careerSlug) };
  });
}

/** Where a career page stands, as people paste it. */
export const pageAddress = (name: string) => `https://www.careers-page.com/${name}`;

async function signUp(
  town: Town,
  { id, number, seed }: { id: string; number: number; seed: number },
): Promise<SimulatedStudent> {
  const name = `${oneOf(streamOf(seed, id), ['Tasi', 'Lani', 'Isa', 'Kiko'])} Sample ${number}`;
  const email = `student.${number}@student.example`;
  const { db, clock } = town.webParts();
  const now = clock.now();
  await town.alive(
    db
      .insert(users)
      .values({ id, name, email, role: 'student', createdAt: now, updatedAt: now })
      .then(() => undefined),
  );
  const file = { name: 'resume.pdf', bytes: samplePdf([name]) };
  const added = await town.web.students.addResume(id, file);
  if (!added.ok) throw new Error(added.words);
  return { userId: id, name, email, resumeId: added.resume.id };
}

const noWebhookFaults = {
  webhookLost: 0,
  webhookDoubled: 0,
  webhookLate: 0,
  webhookReordered: 0,
  webhookForged: 0,
};

/** Keeps every line, and notes errors that no fault explains. */
function listeningLog(logged: string[], surprises: string[]) {
  const destination = new Writable({
    write(chunk, _encoding, done) {
      const line = String(chunk);
      logged.push(line);
      if (line.includes('"level":"error"') && !line.includes('imulated')) surprises.push(line);
      done();
    },
  });
  return createLog({ level: 'info', pretty: false, destination });
}

const stackOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.name) : error);
