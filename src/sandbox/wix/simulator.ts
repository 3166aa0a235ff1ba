import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';
import { createFaults, type Faults, type FetchHandler } from '../faults.ts';
import type { MovableClock } from '../movableClock.ts';
import { createQuota } from '../quota.ts';
import { createRequestLog, type RequestLogEntry } from '../requestLog.ts';
import { type WixFault, wixAnswers } from './apiFaults.ts';
import { type Core, createCore, type Outgoing } from './core.ts';
import { resumeDeliveries } from './deliveries.ts';
import type { NewForm } from './formMaking.ts';
import { siteNamed } from './guard.ts';
import { createInspector } from './inspector.ts';
import { resumeSchedules } from './posts.ts';
import * as provision from './provision.ts';
import type { FormRow, TableName, Tables } from './rows.ts';
import { createSiteApi } from './siteApi.ts';
import type {
  AccountRow,
  AppRow,
  AutomationRow,
  AutomationTrigger,
  KeyRow,
  SiteRow,
} from './siteRows.ts';
import { SHARED } from './store.ts';
import { resumeSubmissions } from './submissions.ts';
import type { Switches } from './switches.ts';
import { createEditor, createVisitor, type Editor, type Visitor } from './visitor.ts';

export interface WixSimulator {
  /** Answers the API, faults included: a lost connection rejects. */
  api: FetchHandler;
  /** Answers below `/admin`, never faulted. */
  inspector: FetchHandler;
  /** Both as one `fetch`, for use without a server: picks by path, whatever the host. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>;

  clock: MovableClock;
  faults: Faults<WixFault>;
  switches(): Switches;
  /** Sets switches and keeps them; throws on an unknown name or value. */
  set(changed: Partial<Switches>): void;
  /** Moves the simulator's clock forward, for good. */
  shiftClock(milliseconds: number): void;

  accounts(): readonly AccountRow[];
  sites(): readonly SiteRow[];
  keys(): readonly KeyRow[];
  apps(): readonly AppRow[];
  addAccount(wanted: { name: string; id?: string }): AccountRow;
  addSite(wanted: provision.NewSite): SiteRow;
  changeSite(id: string, changed: Partial<Pick<SiteRow, 'apps' | 'name' | 'url'>>): SiteRow;
  /** Throws when the key is taken. */
  addKey(wanted: provision.NewKey): KeyRow;
  changeKey(
    id: string,
    changed: Partial<Pick<KeyRow, 'key' | 'sites' | 'permissions' | 'revoked' | 'label'>>,
  ): KeyRow;
  /** Draws an RSA key pair: takes a tenth of a second. */
  addApp(wanted: { name: string; id?: string; hooks?: AppRow['hooks'] }): AppRow;
  subscribeApp(app: string, hooks: AppRow['hooks']): void;
  /** Returns the id of the instance. */
  installApp(app: string, site: string): string;
  addAutomation(site: string, wanted: { trigger: AutomationTrigger; url: string }): AutomationRow;
  addForm(site: string, wanted: NewForm): FormRow;

  /** Someone who just came to the website. */
  visitor(site: string): Visitor;
  /** The owner of the site, in his dashboard. */
  editor(site: string): Editor;
  /** The kept rows of a site, in the order they were made. Look, do not touch. */
  rows<Name extends TableName>(site: string, name: Name): readonly Tables[Name][];
  /** Runs `work` with its changes written to the journal in one go. */
  batch<Result>(work: () => Result): Result;

  requests(): readonly RequestLogEntry<string, WixFault>[];
  /** Resolves when no delivery or other later work is under way (what still waits does not count). */
  settled(): Promise<void>;
  close(): void;
}

/** What the inspector needs: the simulator without the inspector. */
export type SimulatorBehindInspector = Omit<WixSimulator, 'inspector' | 'fetch'> & {
  core: Core;
  quotaUsed(caller: string): number;
  clearRequests(): void;
};

/**
 * A stateful stand-in for Wix, made after the reference: the REST API of several sites and accounts,
 * webhooks of apps and automations, and a page on which a person is the visitor and the editor.
 *
 * outgoing     called for webhook deliveries.
 * journalFile  keeps the state across restarts, however the process ends; without it, memory only.
 * Fails        throws when the journal is damaged anywhere but in its last line.
 * Source       reference/wix.md 12
 */
export function createWixSimulator(options: {
  clock: Clock;
  random: Random;
  outgoing: Outgoing;
  journalFile?: string;
}): WixSimulator {
  const core = createCore(options);
  const quota = createQuota<string>(core);
  const faults = createFaults<WixFault>({
    ...{ clock: core.clock, random: core.random, answers: wixAnswers(core) },
    callerOf: (headers) => `${headers.get('authorization')} ${siteNamed(headers)}`,
  });
  const log = createRequestLog<string, WixFault>(core.clock, siteNamed);
  const api = createSiteApi(core, quota);
  resumeDeliveries(core);
  resumeSubmissions(core);
  resumeSchedules(core);

  const behind: SimulatorBehindInspector = {
    core,
    api: log.around('api', faults, async (request) => api.fetch(request)),
    clock: core.clock,
    faults,
    switches: core.switches,
    set: core.set,
    shiftClock: core.shiftClock,
    ...people(core),
    rows: (site, name) => core.store.rows(site, name),
    batch: core.store.batch,
    requests: log.entries,
    clearRequests: log.clear,
    quotaUsed: quota.used,
    settled: core.background.settled,
    close() {
      core.background.close();
      core.store.close();
    },
  };
  const pages = createInspector(behind);
  const simulator: WixSimulator = {
    ...behind,
    inspector: async (request) => pages.fetch(request),
    async fetch(url, init) {
      const request = new Request(url, init);
      const isPage = new URL(request.url).pathname.startsWith('/admin');
      const handler = isPage ? simulator.inspector : simulator.api;
      return Promise.race([handler(request), givenUp(request.signal)]);
    },
  };
  return simulator;
}

/** Who and what there is, and the hands of people. */
function people(core: Core) {
  const siteById = (id: string): SiteRow => {
    const site = core.store.get(SHARED, 'sites', id);
    if (!site) throw new Error(`there is no site ${id}`);
    return site;
  };
  return {
    accounts: () => core.store.rows(SHARED, 'accounts'),
    sites: () => core.store.rows(SHARED, 'sites'),
    keys: () => core.store.rows(SHARED, 'keys'),
    apps: () => core.store.rows(SHARED, 'apps'),
    addAccount: provision.addAccount.bind(null, core),
    addSite: provision.addSite.bind(null, core),
    changeSite: provision.changeSite.bind(null, core),
    addKey: provision.addKey.bind(null, core),
    changeKey: provision.changeKey.bind(null, core),
    addApp: provision.addApp.bind(null, core),
    subscribeApp: provision.subscribeApp.bind(null, core),
    installApp: provision.installApp.bind(null, core),
    addAutomation: provision.addAutomation.bind(null, core),
    addForm: provision.addForm.bind(null, core),
    visitor: (site: string) => createVisitor(core, siteById(site)),
    editor: (site: string) => createEditor(core, siteById(site)),
  };
}

/** Rejects as `fetch` does when the caller gives up; what was begun still runs to its end. */
function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
