import pg from 'pg';
import type { BaseLogger } from 'pino';
import type { Clock } from './clock.ts';
import { findEmbeddedBinaries } from './embeddedBinaries.ts';
import {
  chooseRunAs,
  type EmbeddedFolder,
  embeddedFolder,
  embeddedUrl,
  makeEmbeddedFolder,
} from './embeddedFolder.ts';
import { clearReusedPid, runningServer, signalServer } from './embeddedProcess.ts';
import {
  initialiseServer,
  type Launch,
  lastWords,
  type ServerSettings,
  spawnServer,
} from './embeddedServer.ts';
import { errorCode, StartProblem } from './startProblem.ts';

/** Recovery after a power cut may take a while; after this we say so instead of waiting on. */
const START_SECONDS_MAX = 120;
const STARTS_MAX = 3;
const STOP_SECONDS_MAX = 15;
const LOOK_AGAIN_MS = 10;

/** Every KiEX process holds this lock shared while it lives; who gets it alone is the last one. */
const PRESENCE = `hashtextextended('kiex:presence', 0)`;

/** The built-in PostgreSQL, shared by all KiEX processes on one data folder. */
export type EmbeddedPostgres = {
  url: string;
  folder: EmbeddedFolder;
  /** Leaves; the last process to leave stops the server, whoever started it. */
  close(): Promise<void>;
};

type Server = {
  launch: Launch;
  url: string;
  settings: ServerSettings;
  log: BaseLogger;
  clock: Clock;
};

/**
 * Starts the built-in PostgreSQL on a data folder, or joins the one that runs there already.
 *
 * Should the server die while we live (killed for memory, say), it is started again.
 *
 * settings  PostgreSQL settings over our own; only heeded by the process that starts the server.
 * Fails     StartProblem: folder not writable, disk full, no package for the platform, no start.
 */
export async function openEmbeddedPostgres(options: {
  dataDir: string;
  log: BaseLogger;
  clock: Clock;
  settings?: ServerSettings;
}): Promise<EmbeddedPostgres> {
  const { dataDir, log, clock, settings = {} } = options;
  const folder = embeddedFolder(dataDir);
  const runAs = chooseRunAs(folder);
  const launch = { binaries: findEmbeddedBinaries(runAs !== null), folder, runAs };
  makeEmbeddedFolder(folder, runAs);
  const server = { launch, url: embeddedUrl(folder), settings, log, clock };
  await initialiseServer(launch);
  const presence = await holdPresence(server);
  return { url: server.url, folder, close: () => presence.leave() };
}

async function holdPresence(server: Server): Promise<{ leave(): Promise<void> }> {
  const leaving = new AbortController();
  let rejoining: Promise<void> = Promise.resolve();
  let client: pg.Client;

  const hold = (joined: pg.Client) => {
    client = joined;
    client.once('end', () => {
      if (!leaving.signal.aborted) rejoining = rejoin();
    });
  };
  const rejoin = async () => {
    server.log.warn(
      'The built-in PostgreSQL ended our session; starting it again if it has stopped',
    );
    while (!leaving.signal.aborted) {
      try {
        return hold(await join(server));
      } catch (error) {
        server.log.error({ err: error }, 'The built-in PostgreSQL does not start again');
        await server.clock.sleep(5_000, leaving.signal);
      }
    }
  };

  hold(await join(server));
  return {
    async leave() {
      leaving.abort();
      await rejoining;
      await stopIfLast(server, client);
    },
  };
}

/** Logs in, starting the server where none runs, and returns the connection that marks presence. */
async function join(server: Server): Promise<pg.Client> {
  const { pgdata } = server.launch.folder;
  const giveUpAt = server.clock.now().getTime() + START_SECONDS_MAX * 1000;
  let starting = { exited: true };
  let starts = 0;
  for (;;) {
    const client = await logIn(server.url);
    if (client) return client;
    // A server that is shutting down, or recovering, is waited for; only then is a new one started.
    if (starting.exited && runningServer(pgdata) === null) {
      if (starts === STARTS_MAX) throw startFailed(server);
      clearReusedPid(pgdata);
      starting = spawnServer(server.launch, server.settings);
      starts += 1;
    }
    if (server.clock.now().getTime() > giveUpAt) throw startFailed(server);
    await server.clock.sleep(LOOK_AGAIN_MS);
  }
}

// A login, not a mere connect: the socket accepts before recovery has ended. The lock makes a
// newcomer wait while the last process decides to stop the server; it is then thrown out, and starts
// the server anew.
async function logIn(url: string): Promise<pg.Client | null> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'kiex presence',
    connectionTimeoutMillis: 3_000,
    lock_timeout: 3_000,
  });
  client.on('error', () => {}); // an 'end' follows, and that is what counts
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock_shared(${PRESENCE})`);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    const isRefusal = /^(28|3D)/.test(errorCode(error) ?? '');
    if (isRefusal) throw error;
    return null;
  }
}

async function stopIfLast(server: Server, client: pg.Client) {
  if (!(await isLast(client))) return client.end().catch(() => {});
  const { pgdata } = server.launch.folder;
  // We keep the lock until the server ends our session: nobody comes in between.
  const pid = signalServer(pgdata, 'SIGINT');
  const giveUpAt = server.clock.now().getTime() + STOP_SECONDS_MAX * 1000;
  while (pid !== null && runningServer(pgdata) === pid) {
    if (server.clock.now().getTime() > giveUpAt) {
      server.log.warn('The built-in PostgreSQL is still writing its data; it stops by itself');
      break;
    }
    await server.clock.sleep(LOOK_AGAIN_MS);
  }
  await client.end().catch(() => {});
}

async function isLast(client: pg.Client): Promise<boolean> {
  try {
    await client.query(`select pg_advisory_unlock_shared(${PRESENCE})`);
    const { rows } = await client.query(`select pg_try_advisory_lock(${PRESENCE}) as alone`);
    return rows[0].alone;
  } catch {
    return false; // the server has gone already
  }
}

function startFailed({ launch: { folder } }: Server): StartProblem {
  const words = lastWords(folder);
  if (words.includes('No space left on device')) {
    return new StartProblem(`The disk is full: PostgreSQL cannot start in ${folder.root}.`, {
      remedy: 'Free some space on that disk, then start KiEX again.',
    });
  }
  return new StartProblem(`The built-in PostgreSQL does not start. It said:\n${words}`, {
    remedy: `The whole story is in ${folder.logFile}.`,
  });
}
