import type { Failure, Result } from '#src/platform/failure.ts';
import type { Lane } from '#src/platform/quota.ts';
import type { Values } from './canonical.ts';
import type { Field } from './fields.ts';
import type { Option } from './options.ts';

/** One account, as a connector sees it. */
export interface Account {
  connectionId: string;
  label: string;
  organizationId: string | null;
  /** The credential, opened for this call. Never logged, never stored. [P5] */
  key: string;
  quotaKey: string;
  settings: Readonly<Record<string, unknown>>;
  createdAt: Date;
}

/** What every call to a provider is made with: for whom, how urgent, and until when. */
export interface CallContext {
  account: Account;
  lane: Lane;
  signal?: AbortSignal;
  /**
   * Asked after waiting in line for the quota, right before the request leaves: a connection that was
   * paused or refused meanwhile is not called any more. [F2]
   */
  stillWanted?(): Promise<boolean>;
}

/** A record as read from a provider, already in canonical values. */
export interface TheirRecord {
  id: string;
  /** Their revision or change time, in a form that sorts as text: a smaller one is an older read. */
  revision: string | null;
  /** The change time in a form that sorts, where they give one. */
  changedAt: string | null;
  values: Values;
  /** The id of our record, where they keep one for us (an external id). */
  ourId: string | null;
  /** resource -> their id of the record this one refers to. */
  refs: Readonly<Record<string, string>>;
  /** Why a record we do not have yet should stay outside; null: bring it in. */
  keepOut: string | null;
}

/** A row that could not be read: the page goes on without it. [F3] */
export interface Surprise {
  theirId: string | null;
  path: string;
  detail: string;
}

export interface Page {
  records: TheirRecord[];
  surprises: Surprise[];
  /** Opaque to the engine; null on the last page. */
  next: Cursor | null;
  /** How many records the provider says there are; null when it does not say. */
  total: number | null;
  /**
   * By their own clock, in the form of `changedAt`: whatever changed before this stands in what this
   * page's list shows. Without it a poll begins at the newest change seen, and reads again and again
   * all that changed together with that one.
   */
  settledUntil?: string;
}

/** Where reading goes on; JSON, kept in the run's checkpoint. */
export type Cursor = Readonly<Record<string, string | number>>;

/** What is known of our record when it is looked for, created or changed at a provider. */
export interface Outgoing {
  ourId: string;
  values: Values;
  /** Our row as the room reads it, for what no field maps (where a file lies). */
  record: Readonly<Record<string, unknown>>;
  /** resource -> their id of the record ours refers to. */
  refs: Readonly<Record<string, string>>;
  /** What `find` noted before the first try to create. [I3] */
  intent: Readonly<Record<string, unknown>> | null;
  /** Their id of what was sent before and never arrived, when it is sent once more. */
  sentAs?: string;
}

/** What a look before a create found. [I2] */
export type Found =
  /**
   * others   their ids that fit as well; `found` is the lowest of all, by number and then as text,
   *          so that the same look always chooses the same. [I5]
   * isAlike  it is known by a likeness only (a name), not by our id: one that belongs to another
   *          record of ours already is not taken, and ours is made instead.
   * ours     an earlier try of ours made it, and its answer was lost: what stands there we wrote.
   */
  | {
      found: TheirRecord;
      note?: string;
      others?: readonly string[];
      isAlike?: boolean;
      ours?: boolean;
    }
  /** intent: kept until the record is linked; what an earlier look noted is in `Outgoing.intent`. */
  | { found: null; intent?: Readonly<Record<string, unknown>> };

/** A question that a provider asks before it takes a new record, in a form that a page can draw. */
export interface Question {
  /** Their id, which the answer is sent under. */
  id: string;
  /** Their name for what is asked: `email`, `phone_number`, or a word of the account's own. */
  slug: string;
  label: string;
  required: boolean;
  /** one and several: out of `options`. */
  kind:
    | 'line'
    | 'text'
    | 'email'
    | 'phone'
    | 'url'
    | 'date'
    | 'number'
    | 'file'
    | 'one'
    | 'several';
  options: readonly { value: string | number; label: string }[];
}

/**
 * One kind of record of a provider. An operation that is missing is a capability that is missing;
 * nothing else declares capabilities. Every operation fails with a `Failure`, never by throwing.
 */
export interface ResourceConnector {
  name: string;
  /** In words, for pages. */
  label: string;
  fields: readonly Field[];
  /** Resources that must be linked before one of these can be created there. */
  needs?: readonly string[];
  /**
   * Of those, the ones that are looked for anew when they are gone: staff merge people who are there
   * twice, and somebody who applies again is somebody new to an account that had let them go. [I4]
   */
  renews?: readonly string[];
  /**
   * An id that was gone may come back, as the same record: they show it while it is published, and
   * not at other times. Elsewhere what is gone stays gone, whatever an old list shows.
   */
  comesBack?: boolean;
  /** Resources of ours that become due once one of these is linked. */
  followers?: readonly string[];
  /**
   * Given the connection's settings: did staff choose to leave this kind of record out? Then it is not
   * read at all, and a full read lets go of the copies that the room has.
   */
  isLeftOut?(settings: Readonly<Record<string, unknown>>): boolean;
  /** All records, page by page. `cursor` null: from the start. */
  list?(context: CallContext, cursor: Cursor | null): Promise<Result<Page>>;
  /** Records changed at or after `since` (in their own writing), with some overlap. */
  changedSince?(context: CallContext, since: string, cursor: Cursor | null): Promise<Result<Page>>;
  /** One record; 'gone' only when the provider says that this id no longer exists. [A1] */
  get?(
    context: CallContext,
    theirId: string,
    outgoing?: Outgoing,
  ): Promise<Result<TheirRecord | 'gone'>>;
  /** Looks for a record that would be ours: by our external id, then by natural key. [I2] */
  find?(context: CallContext, outgoing: Outgoing): Promise<Result<Found>>;
  /**
   * Asks `stillWanted` right before it sends: that is where it is written down that it was sent.
   * Without a `find`, what was made cannot be looked for: it is then sent at most once, and a create
   * whose end is not known waits for a person.
   */
  create?(context: CallContext, outgoing: Outgoing): Promise<Result<TheirRecord>>;
  /**
   * What they ask before they take a new one; 'gone' when nothing can be made there any more.
   *
   * refs  resource -> their id of what the new one will refer to.
   */
  questions?(
    context: CallContext,
    refs: Readonly<Record<string, string>>,
  ): Promise<Result<Question[] | 'gone'>>;
  /** Sends the changed fields only. [M4] */
  update?(
    context: CallContext,
    theirId: string,
    changes: Values,
    outgoing: Outgoing,
  ): Promise<Result<TheirRecord>>;
  /**
   * A create whose end we did not see may show only this much later, where that is longer than the
   * two minutes that are given to every one: no look before proves that it was not carried out. [I3]
   */
  settleSeconds?: number;
  /**
   * The webhook event that they send for such a change of theirs; null when they announce none. A poll
   * that comes upon one knows that a webhook was missed.
   */
  eventFor?(change: { created: boolean; fields: readonly string[] }): string | null;
  /** For what arrives later and silently (files): has it? */
  verify?: {
    afterSeconds: number;
    arrived(context: CallContext, theirId: string, outgoing: Outgoing): Promise<Result<boolean>>;
  };
}

/** What one of their webhook events means to us. */
export interface EventMeaning {
  /** When it fires, in words for people. */
  words: string;
  /** The resource to look at; null: nothing of ours, with the reason in `ignored`. */
  resource: string | null;
  ignored?: string;
}

export type SettingsPatch = (
  settings: Readonly<Record<string, unknown>>,
) => Record<string, unknown>;

export interface Probe {
  capability: string;
  run(context: CallContext): Promise<Result<string>>;
}

/** Their record of a webhook subscription. */
export interface Subscription {
  id: string;
  event: string;
  address: string;
}

/** What a person pastes to connect an account, where that is not a secret key. */
export interface PublicName {
  /** 'Career page' */
  label: string;
  /** Cuts the name out of what was pasted; or says in a sentence what is wrong with that. */
  read(pasted: string): { name: string } | { problem: string };
}

/** A provider: data and meaning, no engine. */
export interface Connector {
  provider: string;
  label: string;
  /** An account is known by a name that anybody may read, and there is no key. Missing: by a key. */
  publicName?: PublicName;
  /** What people should know that such a connection cannot do, and the way to one that can. */
  lacks?: { missing: readonly string[]; upgrade: string };
  callsPerMinute: number;
  resources: readonly ResourceConnector[];
  probes: readonly Probe[];
  /** What staff may choose for a connection, beside the rules of its fields. */
  options?: readonly Option[];
  /** Names the budget this key draws on, without giving the key away. */
  quotaKeyOf(key: string): string;
  /**
   * Reads what staff translate into our words (pipelines and their stages) into the settings.
   * Returns  what the settings take from it, given how they stand when it is stored: staff may have
   *          chosen something meanwhile.
   */
  refreshSettings?(context: CallContext): Promise<Result<SettingsPatch>>;
  webhooks?: {
    /** 'model/action' -> meaning. An event that is not here is stored and ignored. [D5] */
    events: Readonly<Record<string, EventMeaning>>;
    /** What happens there without any event, in words: only polls and comparisons find it. [D4] */
    silent: readonly string[];
    /** The resource a model speaks of, for a hint without an id. */
    resourceOf(model: string): string | null;
    /** The id a body points at, wherever it stands; null when there is none. */
    idIn(body: unknown, model: string): string | null;
    list(context: CallContext): Promise<Result<Subscription[]>>;
    create(context: CallContext, event: string, address: string): Promise<Result<Subscription>>;
    remove(context: CallContext, id: string): Promise<Result<null>>;
  };
}

/** The failure of a row that did not parse. */
export const surprising = (path: string, detail: string): Failure => ({
  kind: 'surprising',
  path,
  detail,
});
