import type { SQL } from 'drizzle-orm';
import type { Queryable, Tx } from '#src/platform/database.ts';
import type { Values } from './canonical.ts';

/** One of our records, as the engine sees it. */
export interface OurRecord {
  id: string;
  /** Rises with every change of ours. */
  version: number;
  /** Under our field names; brought into canonical form by the engine. */
  values: Readonly<Record<string, unknown>>;
  changedAt: Date;
  /** resource -> our id of the record this one refers to. */
  refs: Readonly<Record<string, string>>;
}

/** What the engine asks a room to store: a new record, or changed fields of one it has read. */
export interface Write {
  ourId: string;
  /** Null: new. Else the version that was read; a row that has moved on is left alone. */
  version: number | null;
  /** All mapped fields of a new record; only the changed ones of an old one. */
  values: Values;
  /** resource -> our id */
  refs: Readonly<Record<string, string>>;
}

export interface WriteContext {
  connectionId: string;
  /** The employer the connection belongs to. */
  organizationId: string | null;
  now: Date;
}

/** Both sides of a tied record, as they were read just now, by our field names in canonical form. */
export interface Seen {
  ourId: string;
  ours: Values;
  theirs: Values;
  /** What both agreed on last; of fields that are tended, what we wrote there. */
  base: Values;
}

/** `version` null: the row had moved on, and nothing is stored. */
export type Mended = { version: number | null } | { errors: Record<string, string> };

/** How one of our tables is read and written by the engine, many rows at a time. */
export interface Synced {
  resource: string;
  /**
   * Fields that `read` gives and no mapping table names: they follow from those that travel, and are
   * shown and remembered beside them.
   */
  worksOut?: readonly string[];
  read(
    db: Queryable,
    context: { connectionId: string },
    ourIds: string[],
  ): Promise<Map<string, OurRecord>>;
  /**
   * Writes in as few statements as the rows allow.
   * Returns  the new version of every row that was written; a row that moved on meanwhile is missing.
   */
  write?(tx: Tx, context: WriteContext, writes: Write[]): Promise<Map<string, number>>;
  /**
   * Told of every read of tied records, also when nothing moved, for a room that shows people what the
   * other side says. Writes only where what it shows appears, changes or ends. [M6]
   */
  seen?(db: Queryable, context: WriteContext, seen: readonly Seen[]): Promise<void>;
  /** Their side says this record no longer exists: close it here, never erase it. [A1] */
  closeGone?(tx: Tx, context: WriteContext, ourIds: string[]): Promise<Map<string, number>>;
  /** Would this change, brought in from theirs, take the record away from people here? [A3] */
  closes?(change: { before: Values; values: Values }): boolean;
  /**
   * New ones come in only below a record that is here already, and nothing is brought in for their
   * sake; `otherwise` is why one stays outside. The next full read looks again.
   */
  below?: { resource: string; otherwise: string };
  /**
   * Staff chose to leave these records out: removes the copies of a connection. Only where our rows
   * are copies and nothing else. Returns  how many there were.
   */
  letGo?(tx: Tx, of: { connectionId: string }): Promise<number>;
  /**
   * The connection of these records has ended, or goes on after all: takes them from what people here
   * are offered, or gives them back. Not a change of ours: nothing of it is ever pushed.
   * Returns  how many it was done to.
   */
  standAside?(tx: Tx, of: { connectionId: string; aside: boolean; now: Date }): Promise<number>;
  /**
   * SQL: a select of `id`, our ids that have something to push over this connection, the oldest first.
   * Asked for every kind of record in one statement, since a timer asks each second. [D6]
   */
  due?(connectionId: string): SQL;
  /**
   * Which of these may be made at the provider now; missing: all of them. Asked right before the look
   * there, so a bell that was rung while they still might sends nothing. [P1] [P2]
   */
  mayLeave?(db: Queryable, ourIds: string[]): Promise<ReadonlySet<string>>;
  /** Before a new record is made from theirs: does one of ours stand for it already? */
  match?(db: Queryable, context: WriteContext, values: Values): Promise<string | null>;
  /**
   * What `match` knows a record by, where it can be told from its values: of several new ones with
   * the same on one page, the first is made and the others are matched with it. [I5]
   */
  likeness?(values: Values): string | null;
  /** How staff mend one of ours that a provider refuses; missing where it is not theirs to mend. */
  correct?: {
    /** Which of its fields may be mended, under our names. */
    fields(db: Queryable, context: { connectionId: string }, ourId: string): Promise<string[]>;
    /** Stores them as an edit of ours. */
    store(
      tx: Tx,
      context: WriteContext,
      mended: { ourId: string; version: number; values: Values },
    ): Promise<Mended>;
  };
  /** Browsers to tell that these records changed. */
  topics?(db: Queryable, ourIds: string[]): Promise<string[]>;
}
