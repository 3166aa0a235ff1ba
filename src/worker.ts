import { allConnections, isWorking } from './sync/connections.ts';
import { syncRecord } from './sync/engine.ts';
import { type Parts, type RecordTask, recordQueue, runQueue } from './sync/parts.ts';
import { executeRun } from './sync/runner.ts';
import { lookAround } from './sync/schedule.ts';
import { reconcileSubscriptions } from './sync/subscriptions.ts';

/** Records worked on at once by one process; calls wait for the quota, not for each other. */
const recordsAtOnce = 8;
/** Runs at once: a few connections read side by side. */
const runsAtOnce = 4;
/** How often to look what is due; a lost bell delays its work by no more than this and the wait. */
const lookSeconds = 1;
/** Subscriptions may vanish at the provider without a word. */
const subscriptionsSeconds = 3_600;

export interface Worker {
  /** Takes no more work and lets what is under way come to its end. */
  stop(): Promise<void>;
}

/** Answers the doorbells and the timer. Any number of these may run on one database. */
export async function startWorker(
  parts: Parts,
  { publicUrl }: { publicUrl: string | null },
): Promise<Worker> {
  await parts.queue.work(recordQueue, { concurrency: recordsAtOnce }, async (task) => {
    await syncRecord(parts, task as RecordTask);
  });
  await parts.queue.work(runQueue, { concurrency: runsAtOnce }, (task) =>
    executeRun(parts, (task as { runId: string }).runId),
  );
  const stopping = new AbortController();
  const loops = [
    every(parts, { seconds: lookSeconds, name: 'looking what is due', stop: stopping.signal }, () =>
      lookAround(parts),
    ),
  ];
  if (publicUrl) {
    const name = 'keeping webhook subscriptions';
    const when = { seconds: subscriptionsSeconds, name, stop: stopping.signal };
    loops.push(every(parts, when, () => keepSubscriptions(parts, publicUrl, stopping.signal)));
  }
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
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

async function keepSubscriptions(
  parts: Parts,
  publicUrl: string,
  stop: AbortSignal,
): Promise<void> {
  for (const connection of await allConnections(parts.db)) {
    const webhooks = parts.connectors.get(connection.provider)?.webhooks;
    if (!webhooks || !isWorking(connection)) continue;
    await reconcileSubscriptions(parts, connection.id, publicUrl, stop);
  }
}
