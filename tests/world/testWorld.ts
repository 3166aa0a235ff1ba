import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { Hono } from 'hono';
import { users } from '#src/accounts/tables.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { createFileLinks } from '#src/platform/fileLinks.ts';
import { createHttpClient } from '#src/platform/httpClient.ts';
import { createLog } from '#src/platform/log.ts';
import { createQuota } from '#src/platform/quota.ts';
import { createIds, seededRandom } from '#src/platform/random.ts';
import { createTestDatabase } from '#src/platform/testDatabase.ts';
import { createVault } from '#src/platform/vault.ts';
import { createConnectors } from '#src/providers/index.ts';
import { createRooms, syncedRooms } from '#src/rooms.ts';
import { createManatalSimulator } from '#src/sandbox/manatal/simulator.ts';
import { samplePdf } from '#src/sandbox/samplePdf.ts';
import type { Parts } from '#src/sync/parts.ts';
import { lookAround } from '#src/sync/schedule.ts';
import { fileDoor } from '#src/web/fileDoor.ts';
import { mountWebhooks } from '#src/web/webhookDoor.ts';
import { answerBells } from '#src/worker.ts';
import { createHandsQueue } from './handsQueue.ts';
import { memoryFiles, memoryLocks } from './memoryPlaces.ts';
import { createMemoryQueue } from './memoryQueue.ts';
import { createWixSide } from './wixSide.ts';

const publicUrl = 'http://kiex.test';
const manatalUrl = 'http://manatal.test';
const manahookUrl = 'http://manahook.test';

export interface TestWorldOptions {
  seed?: number;
  /** Calls a minute that KiEX allows itself; 0: no limit. */
  callsPerMinute?: number;
  /** Works on many things at once, as a process does; else on one after the other. */
  hands?: boolean;
  /** Stands between KiEX and the simulated providers. */
  onTheWay?(request: Request, go: () => Promise<Response>): Promise<Response>;
  /** KiEX registers webhooks and gives files away; false: it has no public address. */
  reachable?: boolean;
}

/**
 * The real engine and the real connector against the simulated Manatal, in one process, on a clock
 * that only moves by hand and seeded chance, with a database of its own. Actors are people.
 */
export async function createTestWorld(options: TestWorldOptions = {}) {
  const { seed = 1, callsPerMinute = 0, reachable = true, hands = false } = options;
  const { onTheWay = (_request: Request, go: () => Promise<Response>) => go() } = options;
  const clock = new ManualClock();
  const random = seededRandom(seed);
  const newId = createIds(clock, random);
  const database = await createTestDatabase();
  const { db } = database;
  const logged: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const log = createLog({ level: 'info', pretty: false, destination });
  const site = new Hono();
  const simulator = createManatalSimulator({
    clock,
    random,
    outgoing: async (url, init) => site.fetch(new Request(url, init)),
  });
  const account = simulator.addAccount({ label: 'Pacific Stay Hotels', key: 'sandbox-key-0001' });
  simulator.set({ downloadSeconds: 1 });
  const queue = hands ? createHandsQueue(clock, database.pool) : createMemoryQueue(clock);
  const published: string[] = [];
  const fetchSimulator = (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    return onTheWay(request, () =>
      new URL(request.url).origin === manahookUrl
        ? simulator.manahook(request)
        : simulator.openApi(request),
    );
  };
  const files = memoryFiles();
  const quota = createQuota({ db, clock });
  const fileLinks = createFileLinks({ db, clock, random, files });
  const wix = createWixSide({ clock, quota, seed, callsPerMinute, onTheWay });
  const parts: Parts = {
    db,
    clock,
    random,
    newId,
    log,
    vault: createVault({ keys: [Buffer.alloc(32, 7)], random }),
    locks: memoryLocks(),
    queue,
    quota,
    live: {
      publish: async (topic) => {
        published.push(topic);
      },
      subscribe: () => () => undefined,
      close: async () => undefined,
    },
    connectors: createConnectors({
      manatal: {
        http: createHttpClient({
          allowedOrigins: [manatalUrl, manahookUrl],
          userAgent: 'KiEX',
          fetch: fetchSimulator as typeof fetch,
          clock,
        }),
        quota,
        baseUrl: `${manatalUrl}/open/v3`,
        manahookUrl: `${manahookUrl}/v1`,
        callsPerMinute,
        source: 'KiEX',
        verifyAfterSeconds: 1_200,
        publish: async (file) =>
          reachable
            ? `${publicUrl}/files/${await fileLinks.create({ ...file, purpose: 'test', hours: 2 })}/${encodeURIComponent(file.fileName)}`
            : null,
      },
      wix: wix.settings,
    }),
    synced: syncedRooms(newId),
    pollSeconds: 120,
    reconcileHours: 24,
    publicUrl: reachable ? publicUrl : null,
  };
  const rooms = createRooms(parts, files);
  const { students, profileParts, applications, jobEditing, organizationEditing } = rooms;
  const { integrations, stages } = rooms;
  mountWebhooks(site, parts);
  site.get('/files/:token/:name', fileDoor(fileLinks));
  await answerBells(parts);

  /** Lets everything that is due happen, without time passing. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 200; round++) {
      await lookAround(parts);
      const answered = await queue.drain();
      await clock.advance(1);
      await simulator.settled();
      await wix.simulator.settled();
      if (answered === 0 && !queue.waiting().some(({ at }) => at <= clock.now().getTime())) return;
    }
    throw new Error('the world does not come to rest');
  }

  return {
    parts,
    db,
    clock,
    simulator,
    account,
    queue,
    site,
    logged,
    published,
    files,
    students,
    profileParts,
    newerResumes: rooms.newerResumes,
    suggestions: rooms.suggestions,
    sharing: rooms.sharing,
    websiteSharing: rooms.websiteSharing,
    contactEditing: rooms.contactEditing,
    wix,
    applications,
    jobEditing,
    organizationEditing,
    integrations,
    stages,
    recruiter: simulator.recruiter(account.id),
    settle,
    /** Time passes, and what comes due happens in its order. */
    async advance(seconds: number, step = 1) {
      for (let passed = 0; passed < seconds; passed += step) {
        await clock.advance(Math.min(step, seconds - passed) * 1_000);
        await settle();
      }
    },
    /** Connects KiEX to the account, as staff would. */
    async connect({
      label = 'Manatal · test',
      organizationName = 'Pacific Stay Hotels',
      key = 'sandbox-key-0001',
    } = {}): Promise<string> {
      const input = { provider: 'manatal', label, organizationName, key } as const;
      const added = await integrations.addConnection(input, 'test');
      if (!added.ok) throw new Error(JSON.stringify(added.errors));
      return added.value.connectionId;
    },
    /** Connects KiEX to the website, as staff would. */
    async connectWix({ label = 'Website' } = {}): Promise<string> {
      const input = { ...wix.pasted, label, organizationName: '' };
      const added = await integrations.addConnection(input, 'test');
      if (!added.ok) throw new Error(JSON.stringify(added.errors));
      return added.value.connectionId;
    },
    /** Staff want every job read again. */
    readAllJobsAgain: (connectionId: string) =>
      integrations.requestRuns({
        connectionId,
        resource: 'jobs',
        full: true,
        trigger: 'manual',
        by: null,
      }),
    /** Another program of the employer's, using the same account. */
    callManatal: (method: string, path: string, body: object) =>
      simulator.fetch(`${manatalUrl}/open/v3${path}`, {
        method,
        headers: { authorization: 'Token sandbox-key-0001', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    /** The same, where webhooks are managed. */
    callManahook: (method: string, path: string, body?: object) =>
      simulator.fetch(`${manahookUrl}/v1${path}`, {
        method,
        headers: { authorization: 'Token sandbox-key-0001', 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    /** A student with a resume. */
    async addStudent(
      name = 'Sample Student',
      email = `${createHash('md5').update(name).digest('hex').slice(0, 8)}@student.example`,
    ) {
      const userId = newId();
      const now = clock.now();
      await db
        .insert(users)
        .values({ id: userId, name, email, role: 'student', createdAt: now, updatedAt: now });
      const added = await students.addResume(userId, {
        name: 'resume.pdf',
        bytes: samplePdf([name]),
      });
      if (!added.ok) throw new Error(added.words);
      const resumeId = added.resume.id;
      return {
        userId,
        email,
        resumeId,
        async applies(jobId: string, note = 'I can start in June.', { shareProfile = false } = {}) {
          const details = { phone: '+16715550123', address: 'Mangilao', territory: 'GU' };
          const answer = await applications.submit({
            studentId: userId,
            jobId,
            resumeId,
            note,
            agreed: true,
            shareProfile,
            details,
          });
          if (!answer.ok) throw new Error(JSON.stringify(answer));
          return answer.applicationId;
        },
        sees: () => applications.forStudent(userId),
      };
    },
    async end() {
      await queue.stop();
      simulator.close();
      wix.simulator.close();
      await database.drop();
    },
  };
}

export type TestWorld = Awaited<ReturnType<typeof createTestWorld>>;
