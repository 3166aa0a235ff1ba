import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { systemClock } from '#src/platform/clock.ts';
import { openEmbeddedPostgres } from '#src/platform/embeddedPostgres.ts';
import type { Random } from '#src/platform/random.ts';
import type { RequestLogEntry } from '#src/sandbox/requestLog.ts';
import { startSimulator } from '../../bench/simulator.ts';
import { makeInstallation } from '../kiex/installation.ts';
import { run } from '../kiex/process.ts';
import { type Applicant, createApplicant } from './applicant.ts';

const password = 'correct-horse-battery';
/** Long after the last kill; the simulator's clock is moved there when KiEX is to stay up. */
const downloadSeconds = 3_600;

/** A provider that outlives KiEX, an installation with its own data folder, and students. */
export async function openKillWorld(options: { jobs: number; students: number }) {
  const simulator = await startSimulator({
    key: 'kill-key-0001',
    jobs: options.jobs,
    switches: { quotaEnforced: false, downloadSeconds },
  });
  const installation = await makeInstallation({
    KIEX_SANDBOX: 'off',
    KIEX_ALLOW_INSECURE_PROVIDERS: 'on',
    KIEX_MANATAL_URL: simulator.manatalUrl,
    KIEX_MANAHOOK_URL: simulator.manahookUrl,
    KIEX_MANATAL_CALLS_PER_MINUTE: '0',
    KIEX_LOG: 'json',
    KIEX_PASSWORD: password,
    KIEX_KEY: simulator.key,
  });
  const command = async (...words: string[]) => {
    const { code, err } = await run(words, installation.settings);
    if (code !== 0) throw new Error(`kiex ${words[0]} ended with ${code}\n${err}`);
  };
  await command('migrate');
  // Joins the database that KiEX starts, to look at what it stored.
  const log = pino({ level: 'silent' });
  const { dataDir, url } = installation;
  const postgres = await openEmbeddedPostgres({ dataDir, log, clock: systemClock });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on('error', () => undefined);
  const emails = Array.from({ length: options.students }, (_, at) => `s${at}@student.example`);
  const seen = new Map<number, RequestLogEntry>();
  return {
    installation,
    simulator,
    applicants: emails.map((email) => createApplicant(url, { email, password })),
    /** Makes the accounts of the students. */
    enrol: () =>
      Promise.all(
        emails.map((email, at) =>
          command(
            ...['users', 'create', '--email', email],
            ...['--name', `Student ${at}`, '--role', 'student'],
          ),
        ),
      ),
    async query<Row>(text: string): Promise<Row[]> {
      return (await pool.query(text)).rows;
    },
    connect: () =>
      command(
        ...['connections', 'add', 'manatal', '--label', 'Manatal'],
        ...['--organization', 'Example Employer'],
      ),
    /** Every request so far; the simulator itself forgets old ones. */
    async requests(): Promise<RequestLogEntry[]> {
      for (const entry of await simulator.requests()) seen.set(entry.id, entry);
      return [...seen.values()];
    },
    /** Files that were given to the provider are fetched now. */
    fetchFiles: () => simulator.shiftClock(downloadSeconds * 1_000),
    async end() {
      await pool.end();
      await postgres.close();
      await simulator.close();
    },
  };
}

export type KillWorld = Awaited<ReturnType<typeof openKillWorld>>;

export interface Stream {
  /** What KiEX said it has, as 'e-mail slug'. */
  acknowledged: Set<string>;
  end(): Promise<void>;
}

/** Students apply one after another, whatever happens to the server; some give up when it is gone. */
export function startStream(world: KillWorld, random: Random): Stream {
  const acknowledged = new Set<string>();
  const tried = new Set<string>();
  let ending = false;
  const going = (async () => {
    while (!ending) {
      await sleep(50 + random.integer(300));
      const applicant = world.applicants[random.integer(world.applicants.length)]!;
      const slug = await anyJob(world, random);
      const key = `${applicant.email} ${slug}`;
      if (!slug || tried.has(key)) continue;
      tried.add(key);
      if (await applyStubbornly(applicant, slug, random)) acknowledged.add(key);
    }
  })();
  return {
    acknowledged,
    async end() {
      ending = true;
      await going;
    },
  };
}

/** Bounds the wait for a server that never comes back. */
const triesMax = 200;
const givesUp = 0.3;

async function applyStubbornly(
  applicant: Applicant,
  slug: string,
  random: Random,
): Promise<boolean> {
  for (let attempt = 0; attempt < triesMax; attempt++) {
    try {
      return await applicant.apply(slug, `Note ${applicant.email} ${slug}`);
    } catch (error) {
      // An answer that is not a yes is a fault of ours; silence is the server being killed.
      if (!(error instanceof TypeError)) throw error;
      if (random.fraction() < givesUp) return false;
      await sleep(100);
    }
  }
  throw new Error('the server does not come back');
}

async function anyJob(world: KillWorld, random: Random): Promise<string | null> {
  const [row] = await world.query<{ slug: string }>(
    `select slug from jobs order by id offset ${random.integer(100)} limit 1`,
  );
  return row?.slug ?? null;
}
