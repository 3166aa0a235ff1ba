import type fc from 'fast-check';
import type { ManualClock } from '#src/platform/clock.ts';
import type { HttpClient } from '#src/platform/httpClient.ts';
import type { Quota } from '#src/platform/quota.ts';
import type { createConnectors } from '#src/providers/index.ts';
import type { Values } from '#src/sync/canonical.ts';
import type { Outgoing } from '#src/sync/connector.ts';

/** What `createConnectors` asks for, provider by provider. */
export type ConnectorSettings = Required<Parameters<typeof createConnectors>[0]>;
export type Provider = keyof ConnectorSettings;

/** What every bench is built with. */
export interface BenchParts {
  clock: ManualClock;
  quota: Quota;
  /** The way out, watched by the suite; its answers come from the bench's own `answer`. */
  httpFor(origins: readonly string[]): HttpClient;
}

/** A row as the provider itself keeps or shows it. */
export type Raw = Record<string, unknown>;

/** How one kind of record is tried out at the simulated provider. */
export interface RecordBench {
  /** Makes a record there by other hands than ours. Returns their id. */
  make?(): Promise<string>;
  /** The record as it is kept there. */
  raw?(theirId: string): Raw;
  /** Changes it there by other hands than ours. */
  alter?(theirId: string): Promise<void>;
  /** Removes it there for good. */
  remove?(theirId: string): Promise<void>;
  /** Some fields with canonical values that may be sent. */
  changes?: fc.Arbitrary<Values>;
  /** Names of their keys that a change of ours moves besides the mapped ones. */
  moves?: readonly string[];
  /** A new record of ours, with all it refers to already there. */
  outgoing?(): Promise<Outgoing>;
  /** There is no place for our id. */
  isNameless?: boolean;
  /** How many records of this kind there are. */
  count?(): number;
  /** Ways in which the provider may refuse a second one; each sets one of them. */
  refusesTwins?: readonly (() => void)[];
  /** Their keys that hold words out of a list of theirs. [M7] */
  words?: readonly string[];
  /** Their keys without which a row means nothing. */
  needed?: readonly string[];
  /** The key of an answer below which the one record stands; missing: it is the answer. */
  within?: string;
  /** The rows of a page; missing: the page itself, or its `results`. */
  rows?(json: Raw): Raw[];
  /** Their keys that a body of ours sets to something else than what is kept; missing: all of it. */
  written?(body: Raw, kept: Raw): string[];
  /** Some id that no record has. */
  noSuchId: string;
}

/** A simulated provider, ready to be called by its connector. */
export interface Bench<Of extends Provider> {
  settings: ConnectorSettings[Of];
  /** What the connection says of its account beside the key. */
  connectionSettings?: Readonly<Record<string, unknown>>;
  /** The only origins its calls may go to. */
  origins: readonly string[];
  key: string;
  /** Answers like the provider. */
  answer(request: Request): Promise<Response>;
  resources: Readonly<Record<string, RecordBench>>;
  /** Other spellings the provider may use; each sets one of them. */
  moods: Readonly<Record<string, () => void>>;
  /** Lists come in a slightly different order on every page. */
  shuffle(): void;
  /** Lets time pass, and what was under way there arrive. */
  pass(seconds: number): Promise<void>;
  /** A refusal in the provider's own words that a record does not exist. */
  notFound(): Response;
  /** Every documented shape of a webhook body that speaks of this id. */
  webhookBodies(event: string, id: string): unknown[];
}

export type MakeBench<Of extends Provider> = (parts: BenchParts) => Bench<Of>;
