import type { Tx } from './database.ts';

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
   * tx                 the bell rings when, and only if, this transaction commits. Ringing many keys in
   *                    one transaction, go in the order of the keys, or two of them may deadlock.
   */
  send(
    queue: string,
    task: object,
    options: { key: string; startAfterSeconds?: number; priority?: number; tx?: Tx },
  ): Promise<void>;

  /**
   * Answers the bells of one queue, at most `concurrency` at the same time in this process. A handler
   * that throws is logged and not called again: when to try again is for the engine to decide.
   */
  work(
    queue: string,
    options: { concurrency: number },
    handler: (task: unknown) => Promise<void>,
  ): Promise<void>;

  /** Takes no more tasks and waits some seconds for those being handled. */
  stop(): Promise<void>;
};
