import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';
import { createFaults, type Faults, type FetchHandler } from '../faults.ts';
import type { MovableClock } from '../movableClock.ts';
import { createQuota } from '../quota.ts';
import { createRequestLog, type RequestLogEntry } from '../requestLog.ts';
import { addAccount, changeAccount, type NewAccount, opens } from './accounts.ts';
import { type Core, createCore, type Outgoing } from './core.ts';
import { resumeDeliveries } from './events.ts';
import { createFiles, type DownloadNote } from './files.ts';
import { askInstead, type NewQuestion, questionsOf } from './formQuestions.ts';
import { createInspector } from './inspector.ts';
import { createManahook } from './manahook.ts';
import { createOpenApi } from './openApi.ts';
import { createRecruiter, type Recruiter } from './recruiter.ts';
import type { AccountRow, DeliveryRow, QuestionRow, TableName, Tables } from './rows.ts';
import type { Switches } from './switches.ts';

export interface ManatalSimulator {
  /** Answers below `/open/v3` and `/files`, faults included: a lost connection rejects. */
  openApi: FetchHandler;
  /** Answers below `/v1`, faults included. */
  manahook: FetchHandler;
  /** Answers below `/admin`, never faulted. */
  inspector: FetchHandler;
  /** All of it as one `fetch`, for use without a server: picks the service by path. */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;

  clock: MovableClock;
  faults: Faults;
  switches(): Switches;
  /** Sets switches and keeps them; throws on an unknown name or value. */
  set(changed: Partial<Switches>): void;
  /** Moves the simulator's clock forward, for good. */
  shiftClock(milliseconds: number): void;
  /** Where signed links point; `serveManatalSimulator` sets it to where it serves. */
  setPublicOrigin(origin: string): void;

  accounts(): readonly AccountRow[];
  /** Throws when the key is taken. */
  addAccount(wanted: NewAccount): AccountRow;
  /** Changes what a key may do (`access`), or the key itself. */
  changeAccount(
    id: number,
    changed: Partial<Pick<AccountRow, 'access' | 'key' | 'moreKeys' | 'label' | 'careerSlug'>>,
  ): AccountRow;
  /** Puts other questions on an account's application form. */
  askInstead(account: number, questions: readonly NewQuestion[]): void;
  /** What the form of an account asks. */
  questionsOf(account: number): readonly QuestionRow[];
  /** A user leaves the employer: gone from the list, while records keep the id. */
  leave(account: number, user: number): void;
  /** The hands of the people inside Manatal. */
  recruiter(account: number): Recruiter;
  /** The kept rows of a collection, by rising id. Look, do not touch. */
  rows<Name extends TableName>(account: number, name: Name): readonly Tables[Name][];
  /** Runs `work` with its changes written to the journal in one go. */
  batch<Result>(work: () => Result): Result;

  requests(): readonly RequestLogEntry[];
  deliveries(account: number): readonly DeliveryRow[];
  downloads(): readonly DownloadNote[];
  /** Resolves when no delivery or download is under way (those still waiting do not count). */
  settled(): Promise<void>;
  close(): void;
}

/** What the inspector needs: the simulator without the inspector. */
export type SimulatorBehindInspector = Omit<ManatalSimulator, 'inspector' | 'fetch'> & {
  file(account: number, kind: 'resumes' | 'attachments', id: number): Uint8Array | null;
  quotaUsed(account: number): number;
  clearRequests(): void;
};

/**
 * A stateful stand-in for Manatal, made after the reference: the Open API, webhook management and
 * deliveries, and a page on which a person acts as the recruiter.
 *
 * outgoing     called for webhook deliveries and resume downloads.
 * journalFile  keeps the state across restarts, however the process ends; without it, memory only.
 * account      made when the store is empty.
 * Fails        throws when the journal is damaged anywhere but in its last line.
 * Source       reference/manatal.md 17
 */
export function createManatalSimulator(options: {
  clock: Clock;
  random: Random;
  outgoing: Outgoing;
  journalFile?: string;
  account?: NewAccount;
}): ManatalSimulator {
  const core = createCore(options);
  const files = createFiles(core);
  const quota = createQuota(core);
  const faults = createFaults(core);
  const log = createRequestLog(core.clock, (headers) => {
    const key = (headers.get('authorization') ?? '').replace(/^Token /, '');
    const owner = core.accounts().find((account) => opens(account, key));
    return owner?.id ?? null;
  });
  const openApi = createOpenApi(core, files, quota);
  const manahook = createManahook(core, quota);
  resumeDeliveries(core);
  if (options.account && core.accounts().length === 0) addAccount(core, options.account);

  const behind: SimulatorBehindInspector = {
    openApi: log.around('open api', faults, async (request) =>
      dated(await openApi.fetch(request), core.clock.now()),
    ),
    manahook: log.around('manahook', faults, async (request) => manahook.fetch(request)),
    clock: core.clock,
    faults,
    switches: core.switches,
    set: core.set,
    shiftClock: core.shiftClock,
    setPublicOrigin(origin) {
      core.publicOrigin = origin;
    },
    accounts: core.accounts,
    addAccount: (wanted) => addAccount(core, wanted),
    changeAccount: (id, changed) => changeAccount(core, id, changed),
    askInstead: (account, questions) => void askInstead(core, account, questions),
    leave(account, user) {
      const row = core.store.table(account, 'users').get(user);
      if (row) core.store.put(account, 'users', { ...row, left: true });
    },
    questionsOf: (id) => questionsOf(core, accountOf(core, id)),
    recruiter: (id) => createRecruiter(core, files, accountOf(core, id)),
    rows: (account, name) => core.store.table(account, name).rows,
    batch: core.store.batch,
    requests: log.entries,
    clearRequests: log.clear,
    deliveries: (account) => core.store.table(account, 'deliveries').rows,
    downloads: files.notes,
    file: files.read,
    quotaUsed: quota.used,
    settled: core.background.settled,
    close() {
      core.background.close();
      core.store.close();
    },
  };

  const pages = createInspector(behind);
  const simulator: ManatalSimulator = {
    ...behind,
    inspector: async (request) => pages.fetch(request),
    async fetch(url, init) {
      const request = new Request(url, init);
      const { pathname } = new URL(request.url);
      const handler = pathname.startsWith('/admin')
        ? simulator.inspector
        : pathname.startsWith('/v1/')
          ? simulator.manahook
          : simulator.openApi;
      return Promise.race([handler(request), givenUp(request.signal)]);
    },
  };
  return simulator;
}

/** As every web server does: when it was answered, by the clock of this side. */
function dated(answer: Response, now: Date): Response {
  answer.headers.set('date', now.toUTCString());
  return answer;
}

function accountOf(core: Core, id: number): AccountRow {
  const account = core.accounts().find((row) => row.id === id);
  if (!account) throw new Error(`there is no account ${id}`);
  return account;
}

/** Rejects as `fetch` does when the caller gives up; what was begun still runs to its end. */
function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
