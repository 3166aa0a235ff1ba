import type { Parts } from '#src/sync/parts.ts';
import { answerBells } from '#src/worker.ts';
import { note } from './ground.ts';
import { lookAgainAndAgain } from './lookout.ts';
import { partsOf, type Surroundings, type Web, webOf } from './processes.ts';
import { type Life, newLife } from './scheduler.ts';
import { SimulatedFault } from './simulatedFault.ts';
import type { SimulatedWeb } from './world.ts';

/** The processes of KiEX: one web, some workers; killed and started anew. */
export interface Town {
  start(): Promise<void>;
  /** Those that run. */
  lives(): readonly Life[];
  /** Ends a process between two steps, and starts it again some virtual seconds later. */
  kill(life: Life, downSeconds: number): Promise<void>;
  /** Starts whatever is down; from now on everybody polls this often. */
  raise(pollSeconds: number): Promise<void>;
  /** What answers at our public address; null while it is down. */
  site(): { fetch: (request: Request) => Promise<Response> } | null;
  web: SimulatedWeb;
  webParts(): Parts;
  /** The work of the web process, or a rejection when it dies before the answer. */
  alive<T>(work: Promise<T>): Promise<T>;
}

export function createTown(around: Surroundings): Town {
  const { ground, settings, database, locks, doorbells, network } = around;
  const { scheduler } = ground;
  const names = ['web', ...Array.from({ length: settings.workers }, (_, at) => `worker ${at + 1}`)];
  const running = new Map<string, { life: Life; parts: Parts }>();
  let pollSeconds = settings.pollSeconds;
  let web: { life: Life; is: Web; died: AbortController } | null = null;

  async function startOne(name: string): Promise<void> {
    if (running.has(name)) return;
    const life = newLife(name);
    note(ground, life, 'starts');
    if (name === 'web') {
      const is = webOf(around, life);
      is.parts.pollSeconds = pollSeconds;
      running.set(name, { life, parts: is.parts });
      web = { life, is, died: new AbortController() };
      return;
    }
    const { parts } = partsOf(around, life);
    parts.pollSeconds = pollSeconds;
    running.set(name, { life, parts });
    await answerBells(parts);
    void lookAgainAndAgain(around, life, parts);
  }

  const mustWeb = () => {
    if (!web) throw new SimulatedFault('the site is down (simulated)');
    return web;
  };

  const alive = <T>(work: Promise<T>): Promise<T> => {
    const { died } = mustWeb();
    return new Promise((resolve, reject) => {
      const end = () => reject(new SimulatedFault('the site went down (simulated)'));
      died.signal.addEventListener('abort', end, { once: true });
      work.then(resolve, reject).finally(() => died.signal.removeEventListener('abort', end));
    });
  };

  return {
    async start() {
      for (const name of names) await startOne(name);
    },
    lives: () => [...running.values()].map(({ life }) => life),
    async kill(life, downSeconds) {
      running.delete(life.name);
      life.isDead = true;
      note(ground, life, `is killed for ${downSeconds} s`);
      network.isKilled(life);
      scheduler.bury(life, () => ground.chance.fraction() < 0.5);
      locks.free(life);
      doorbells.forget(life);
      await database.rollBack(life);
      if (web?.life === life) {
        const { died } = web;
        web = null;
        died.abort();
      }
      void scheduler
        .clockOf(outside)
        .sleep(downSeconds * 1_000)
        .then(() => startOne(life.name));
    },
    async raise(seconds) {
      pollSeconds = seconds;
      for (const { parts } of running.values()) parts.pollSeconds = seconds;
      for (const name of names) await startOne(name);
    },
    site: () => (web ? siteOf(web.is, alive) : null),
    web: roomsOf(() => mustWeb().is.rooms, alive),
    webParts: () => mustWeb().is.parts,
    alive,
  };
}

/** Who is being answered when the process dies finds the connection broken. */
const siteOf = (is: Web, alive: <T>(work: Promise<T>) => Promise<T>) => ({
  fetch: (request: Request) => alive(is.fetch(request)),
});

/** Who starts processes again. */
const outside = newLife('outside');

/** The rooms of whichever web process runs; every call ends with it. */
function roomsOf(
  rooms: () => Web['rooms'],
  alive: <T>(work: Promise<T>) => Promise<T>,
): SimulatedWeb {
  const roomOf = (name: keyof SimulatedWeb) =>
    new Proxy({} as Record<string, unknown>, {
      get:
        (_target, method: string) =>
        async (...given: unknown[]) => {
          const room = rooms()[name] as unknown as Record<string, Method>;
          return alive(room[method]!(...given));
        },
    });
  const names = [
    ...(['students', 'profileParts', 'applications', 'newerResumes', 'integrations'] as const),
    ...(['decisions', 'stages', 'suggestions'] as const),
    ...(['jobs', 'jobEditing', 'organizationEditing'] as const),
  ];
  return Object.fromEntries(names.map((name) => [name, roomOf(name)])) as unknown as SimulatedWeb;
}

type Method = (...given: unknown[]) => Promise<unknown>;
