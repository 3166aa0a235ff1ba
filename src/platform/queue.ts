import type { Tx } from './database.ts';

/** How many tasks of a queue are handled at once by this process. */
export type Hands = {
  concurrency: number;
  /** Of one group at most so many: one that is slow leaves the others their hands. */
  perGroup?: number;
  /** Hands beside the others, for tasks of this priority or a more urgent one only. */
  kept?: { concurrency: number; priorityMax: number };
};

/**
 * A doorbell, not a store: a task says "look at this", and its handler reads the truth from the
 * tables. A bell that is lost (a killed process) is rung again by the engine's scan for due work.
 */
export type Queue = {
  /**
   * Rings the bell. Of one queue and key at most one task waits; ringing again while it waits gives it
   * the newer task, the sooner start and the more urgent priority. Tasks being handled do not count,
   * so a change that comes while its bell is answered rings once more.
   *
   * key                what the task is about, such as a link's id.
   * startAfterSeconds  not before this long from now; as exact as a second.
   * priority           lower goes sooner; 0 when not given.
   * group              whose task it is, for `perGroup` below; it takes the more urgent priority's.
   * tx                 the bell rings when, and only if, this transaction commits. Ringing many keys in
   *                    one transaction, go in the order of the keys, or two of them may deadlock.
   */
  send(
    queue: string,
    task: object,
    options: {
      key: string;
      startAfterSeconds?: number;
      priority?: number;
      group?: string;
      tx?: Tx;
    },
  ): Promise<void>;

  /** Of these keys, those that a task waits for; tasks being handled do not count. */
  whichWait(queue: string, keys: string[]): Promise<Set<string>>;

  /**
   * Answers the bells of one queue. A handler that throws is logged and not called again: when to try
   * again is for the engine to decide.
   */
  work(queue: string, options: Hands, handler: (task: unknown) => Promise<void>): Promise<void>;

  /** Takes no more tasks and waits some seconds for those being handled. */
  stop(): Promise<void>;
};
