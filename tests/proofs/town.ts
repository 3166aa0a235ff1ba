import { pino } from 'pino';
import { readConfig } from '#src/config.ts';
import { systemClock } from '#src/platform/clock.ts';
import { openEmbeddedPostgres } from '#src/platform/embeddedPostgres.ts';
import type { Random } from '#src/platform/random.ts';
import { openProgram } from '#src/program.ts';
import { startSimulator } from '../../bench/simulator.ts';
import { createApplicant } from '../e2e/applicant.ts';
import { makeInstallation } from '../kiex/installation.ts';
import { type KiexProcess, start } from '../kiex/process.ts';
import { simulatedManatal } from '../kiex/simulatedManatal.ts';
import { until } from '../kiex/until.ts';
import { keepRequests } from './requests.ts';

const password = 'correct-horse-battery';
const log = pino({ level: 'silent' });

export interface TownAsk {
  students: number;
  /** Accounts at the provider, each with its key, its quota and this many jobs. */
  employers: number;
  jobs: number;
  /** What KiEX allows itself per minute and key, and what the provider refuses beyond. */
  callsPerMinute: number;
  callsAllowed: number;
  settings?: Record<string, string>;
}

export interface Employer {
  /** Its account at the provider. */
  account: number;
  connectionId: string;
}

/**
 * One PostgreSQL, one provider in a process of its own, and the program of this process beside them,
 * which works on nothing: it makes accounts, asks for runs and looks. KiEX is started by `start`.
 */
export async function openTown(ask: TownAsk) {
  const switches = {
    quotaPerMinute: ask.callsAllowed,
    downloadSeconds: 1,
  };
  const keys = Array.from({ length: ask.employers }, (_, at) => `proof-key-000${at}`);
  const provider = await startSimulator({ key: keys[0]!, jobs: ask.jobs, switches });
  const simulator = simulatedManatal(new URL('/admin/', provider.manatalUrl).href);
  const installation = await makeInstallation({
    KIEX_SANDBOX: 'off',
    KIEX_ALLOW_INSECURE_PROVIDERS: 'on',
    KIEX_MANATAL_URL: provider.manatalUrl,
    KIEX_MANAHOOK_URL: provider.manahookUrl,
    KIEX_MANATAL_CALLS_PER_MINUTE: String(ask.callsPerMinute),
    KIEX_SECRET_KEYS: Buffer.alloc(32, 7).toString('base64'),
    KIEX_LOG: 'json',
    KIEX_PROXIES: '1',
    ...ask.settings,
  });
  const { dataDir, url } = installation;
  // The settings KiEX ships: commits reach the disk.
  const postgres = await openEmbeddedPostgres({ dataDir, log, clock: systemClock });
  const settingsAs = (name: string) => ({
    ...installation.settings,
    DATABASE_URL: `${postgres.url}&application_name=${name}`,
  });
  const read = readConfig(settingsAs('proof'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const program = await openProgram({ config: read.config, log, sandbox: null });
  const requests = keepRequests(simulator);
  const emails = Array.from({ length: ask.students }, (_, at) => `s${at}@student.example`);
  const town = {
    simulator,
    program,
    requests,
    employers: [] as Employer[],
    // Each with an address of its own, as students have: sign-ins are counted by address.
    applicants: emails.map((email, at) =>
      createApplicant(url, { email, password, address: `10.1.0.${at + 1}` }),
    ),
    /** Starts a command of KiEX; `name` is what its sessions are called in the database. */
    async start(command: 'start' | 'web' | 'worker', name: string): Promise<KiexProcess> {
      const started = start([command], settingsAs(name));
      await started.says('Ctrl-C');
      return started;
    },
    async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
      return (await program.database.pool.query(text, values)).rows;
    },
    count: async (table: string) =>
      (await town.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]!
        .count,
    async enrol() {
      for (const [at, email] of emails.entries()) {
        const person = { email, name: `Student ${at}`, password, role: 'student' } as const;
        const made = await program.app.accounts.createUser(person);
        if (!made.ok) throw new Error(JSON.stringify(made.errors));
      }
    },
    /** Connects every employer's account; its backfill begins as soon as a worker runs. */
    async connect() {
      for (const [at, key] of keys.entries()) {
        const label = `Employer ${at}`;
        const account = at === 0 ? provider.account : await simulator.addAccount({ label, key });
        if (at > 0) await simulator.seedJobs(account, ask.jobs);
        const wanted = { provider: 'manatal', label, organizationName: label, key } as const;
        const added = await program.app.integrations.addConnection(wanted, 'proof');
        if (!added.ok) throw new Error(JSON.stringify(added.errors));
        town.employers.push({ account, connectionId: added.value.connectionId });
      }
    },
    /** Students sign in, a few at a time. */
    async signIn() {
      for (const applicant of town.applicants) await applicant.signIn();
    },
    /** Until a backfill of every employer has brought in that many jobs. */
    untilJobs: (wanted: number, seconds: number) =>
      until(
        'the first jobs',
        async () => {
          const counts = await town.query<{ count: number }>(
            `select count(*)::int as count from links where resource = 'jobs' group by connection_id`,
          );
          return counts.length === ask.employers && counts.every(({ count }) => count >= wanted);
        },
        seconds,
      ),
    /** The slug of one of the first jobs of an employer. */
    async anyJob({ connectionId }: Employer, random: Random): Promise<string> {
      const [job] = await town.query<{ slug: string }>(
        `select slug from jobs join links on resource = 'jobs' and our_id = jobs.id::text
         where links.connection_id = $1 order by jobs.id offset $2 limit 1`,
        [connectionId, random.integer(200)],
      );
      return job!.slug;
    },
    async close() {
      await requests.stop();
      await program.close();
      await postgres.close();
      await provider.close();
    },
  };
  return town;
}

export type Town = Awaited<ReturnType<typeof openTown>>;
