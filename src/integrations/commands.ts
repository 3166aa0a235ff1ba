import type { Failure } from '#src/platform/failure.ts';
import type { Corrected, Correction } from '#src/sync/correct.ts';
import type { FailureFilter } from '#src/sync/deadLetters.ts';

/** One line of a Test Connection: what was tried, whether it works, and what to do if not. */
export interface ProbeLine {
  /** 'Sign in', 'Read jobs', … */
  capability: string;
  ok: boolean;
  /** One sentence in plain words. */
  words: string;
  /** The next step for the person; null when it works. */
  remedy: string | null;
  failure?: Failure;
  /** Nothing that KiEX does now needs it. */
  isOptional?: boolean;
}

export interface NewConnection {
  provider: string;
  label: string;
  /** The employer's name; the organisation is found by exact name or made. */
  organizationName: string;
  /** The employer itself, where it is known: its name is not looked at then. */
  organizationId?: string;
  /** As it was pasted: a key, or what names a page that anybody may read. */
  key: string;
  /** What names the account beside its key, field by field, as it was pasted. */
  account?: Readonly<Record<string, string>>;
  /** Nothing is read or sent yet but what a person asks for: to look first what a first read would do. */
  paused?: boolean;
}

export interface NewKey {
  connectionId: string;
  key: string;
  /** A person says that it opens the same account, though no record that KiEX knows is there. */
  sameAccount?: boolean;
}

/** A way to connect an account. */
export interface Offer {
  provider: string;
  label: string;
  /** What names an account where there is no key; null: a key does. */
  publicName: string | null;
  /** What names an account beside its key. */
  accountFields: { name: string; label: string; hint: string; optional: boolean }[];
  /** It belongs to whoever runs KiEX: no employer connects it, and none is asked for. */
  isPlatforms: boolean;
  /** Where its key is made; null: as at Manatal. */
  keyHelp: { title: string; words: string } | null;
  /** What it cannot do, and the way to one that can. */
  lacks: { missing: readonly string[]; upgrade: string } | null;
}

export type FieldErrors = Record<string, string>;
export type Outcome<T> = { ok: true; value: T } | { ok: false; errors: FieldErrors };

/** What an end of a connection is about, in numbers. */
export interface Leaving {
  label: string;
  provider: string;
  state: string;
  /** resource -> records tied to one of theirs. */
  linked: Record<string, number>;
  openRuns: number;
  openFailures: number;
}

/** One kind of event, as it stands at the provider. */
export interface WebhookEventStanding {
  event: string;
  /** When it fires, in words. */
  words: string;
  /** Why nothing follows from it; null when something does. */
  ignored: string | null;
  /** Since when it was found registered at every look; null: it is missing. */
  since: string | null;
  /** Subscriptions of ours that still point at an address we have left. */
  stale: number;
  lastHeardAt: Date | null;
}

export interface WebhookStanding {
  /** Why none can be registered; null when they can. */
  cannot: string | null;
  /** When the provider's list was last looked at. */
  lookedAt: string | null;
  problem: string | null;
  /** An address before this one is heard still, until all have moved. */
  moving: boolean;
  events: WebhookEventStanding[];
  /** What happens there without a webhook, in words. */
  silent: readonly string[];
  pollSeconds: number;
  reconcileHours: number;
}

/** What staff, the command line and the pages may ask of connections and the engine. */
export interface Integrations {
  /** Probes every capability with harmless reads, in parallel; stores nothing. */
  testKey(input: {
    provider: string;
    key: string;
    account?: Readonly<Record<string, string>>;
  }): Promise<Outcome<ProbeLine[]>>;
  /** The same for a saved connection; stores the state it finds. */
  testConnection(connectionId: string): Promise<ProbeLine[]>;
  addConnection(input: NewConnection, by: string): Promise<Outcome<{ connectionId: string }>>;
  /**
   * Puts a new key of the same account in the place of the old one, once the provider accepts it;
   * until then the old one is kept. What waited goes on. [F2]
   */
  replaceKey(input: NewKey, by: string): Promise<Outcome<{ lines: ProbeLine[] }>>;
  /**
   * Ends a connection: its webhooks there are removed, its key is destroyed, its jobs are closed for
   * applicants. Begun at once and done within seconds, minutes if the other side is away. With a new
   * key of the same account (`replaceKey`) it goes on. False: it has ended already.
   */
  disconnect(connectionId: string, by: string): Promise<boolean>;
  /** What an end would leave behind and take away; null when there is no such connection. */
  whatLeaves(connectionId: string): Promise<Leaving | null>;
  /** How its webhooks stand, event by event; null where the provider has none. */
  webhookStanding(connectionId: string): Promise<WebhookStanding | null>;
  /** Has the provider's list of them looked at now. */
  lookAtWebhooks(connectionId: string): Promise<void>;
  /** Gives it a new secret address and moves its webhooks there; false when it has ended. */
  changeWebhookAddress(connectionId: string, by: string): Promise<boolean>;
  pause(connectionId: string, by: string): Promise<void>;
  resume(connectionId: string, by: string): Promise<void>;
  /**
   * Asks for runs now; a run already waiting or running for that resource is returned instead.
   * resource  null: every resource of the connection that can be read.
   * full      everything is compared, also what can only be read record by record.
   */
  requestRuns(input: {
    connectionId: string;
    resource: string | null;
    full: boolean;
    trigger: 'manual' | 'command';
    by: string | null;
  }): Promise<string[]>;
  /** A run asks whether it may close many records: it may. False: it does not ask (any more). [A3] */
  approveRun(runId: string, by: string): Promise<boolean>;
  /** It may not: nothing is closed, and it is not asked again about the same. [A3] */
  refuseRun(runId: string, by: string): Promise<boolean>;
  /** A run that was interrupted or failed goes on from where it stands. */
  resumeRun(runId: string, by: string): Promise<boolean>;
  retryFailure(failureId: string, by: string): Promise<boolean>;
  /** All open ones that fit. Returns how many. */
  retryFailures(filter: FailureFilter, by: string): Promise<number>;
  dismissFailures(filter: FailureFilter, reason: string, by: string): Promise<number>;
  dismissFailure(failureId: string, reason: string, by: string): Promise<boolean>;
  /** What a person may mend of an open failure's record; null when it is not open any more. */
  correction(failureId: string): Promise<Correction | null>;
  /** Saves what was mended and has the record tried again. */
  correct(
    mended: { failureId: string; version: number; values: Readonly<Record<string, string>> },
    by: string,
  ): Promise<Corrected>;
  /** Every way there is to connect an account. */
  offers(): Offer[];
  /** The names of the resources a provider offers, in the order they run. */
  resourcesOf(provider: string): { name: string; label: string }[];
}
