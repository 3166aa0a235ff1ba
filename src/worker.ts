import type { Hands } from './platform/queue.ts';
import { pruneUse } from './platform/quotaUse.ts';
import { urgencyOf } from './sync/bells.ts';
import { finishDisconnect } from './sync/disconnect.ts';
import { syncRecord } from './sync/engine.ts';
import {
  type Parts,
  type RecordTask,
  recordQueue,
  runQueue,
  subscriptionQueue,
} from './sync/parts.ts';
import { executeRun } from './sync/runner.ts';
import { lookAround } from './sync/schedule.ts';
import { reconcileSubscriptions } from './sync/subscriptions.ts';

/**
 * Records worked on at once by one process. A hand that waits for the provider or its quota costs next
 * to nothing, so there are many, and no connection has more than a few: one whose calls all wait leaves
 * the others theirs. Some do only what a person waits for, however many connections are slow. [Q2]
 */
const recordHands: Hands = {
  concurrency: 24,
  perGroup: 4,
  kept: { concurrency: 8, priorityMax: urgencyOf.person },
};
/** Runs at once: a backfill takes minutes, and the polls of all others go on beside it. [D4] */
const runHands: Hands = {
  concurrency: 8,
  perGroup: 2,
  kept: { concurrency: 4, priorityMax: urgencyOf.poll },
};
/** How often to look what is due; a lost bell delays its work by no more than this and the wait. */
const lookSeconds = 1;
/** How often what is only kept for a while is thinned out; each time a bounded piece. */
const forgetSeconds = 300;
export interface Worker {
  /** Takes no more work and lets what is under way come to its end. */
  stop(): Promise<void>;
}

/** Answers the doorbells and the timer. Any number of these may run on one database. */
export async function startWorker(parts: Parts): Promise<Worker> {
  await answerBells(parts);
  const stopping = new AbortController();
  const name = 'looking what is due';
  const looking = every(parts, { seconds: lookSeconds, name, stop: stopping.signal }, () =>
    lookAround(parts),
  );
  const forget = { seconds: forgetSeconds, name: 'forgetting old counts', stop: stopping.signal };
  const forgetting = every(parts, forget, async () => {
    await pruneUse(parts.db, parts.clock.now());
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all([looking, forgetting]);
    },
  };
}

/** Says what each bell leads to. */
export async function answerBells(parts: Parts): Promise<void> {
  await parts.queue.work(recordQueue, recordHands, async (task) => {
    await syncRecord(parts, task as RecordTask);
  });
  await parts.queue.work(runQueue, runHands, (task) =>
    executeRun(parts, (task as { runId: string }).runId),
  );
  await parts.queue.work(subscriptionQueue, { concurrency: 2 }, async (task) => {
    const { connectionId } = task as { connectionId: string };
    await finishDisconnect(parts, connectionId);
    await reconcileSubscriptions(parts, connectionId);
  });
}

/** Does something now and then again and again; one failure is heard and does not end it. */
async function every(
  parts: Parts,
  { seconds, name, stop }: { seconds: number; name: string; stop: AbortSignal },
  work: () => Promise<void>,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await work();
    } catch (error) {
      if (!stop.aborted) parts.log.error({ err: error }, `Stumbled while ${name}`);
    }
    await parts.clock.sleep(seconds * 1_000, stop);
  }
}
