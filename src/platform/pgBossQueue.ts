import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { BaseLogger } from 'pino';
import type { Clock } from './clock.ts';
import type { Db } from './database.ts';
import type { Queue } from './queue.ts';
import { createIds, type Random } from './random.ts';

/** A handler may take this long; then its slot is given up and the engine's scan rings again. */
const HANDLER_SECONDS_MAX = 900;
/** Finished tasks say nothing the activity log does not say better. */
const KEEP_FINISHED_SECONDS = 60;
const CLEAR_FINISHED_EVERY_SECONDS = 120;
/** The most a delayed task may be late; undelayed ones come by notification. */
const LOOK_FOR_DELAYED_SECONDS = 1;
const STOP_SECONDS_MAX = 10;
/** pg-boss makes short statements only; handlers and bells use the pool of the program. */
const CONNECTIONS_MAX = 3;
const RING_ATTEMPTS_MAX = 5;
const SAME_ERROR_SECONDS = 60;

/**
 * The queue on pg-boss, in the schema `pgboss` of the same database.
 *
 * url     for pg-boss's own few connections, one of which listens; not through a pooler that swaps
 *         connections between transactions.
 * db      where bells are rung from that are not part of a transaction.
 * queues  every name that will be sent to or worked on.
 */
export async function createPgBossQueue(options: {
  url: string;
  db: Db;
  log: BaseLogger;
  queues: string[];
  clock: Clock;
  random: Random;
}): Promise<Queue> {
  const { url, db, log, queues, clock, random } = options;
  const newId = createIds(clock, random);
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'kiex queue',
    max: CONNECTIONS_MAX,
    useListenNotify: true,
    schedule: false,
    registerInstance: false,
    maintenanceIntervalSeconds: CLEAR_FINISHED_EVERY_SECONDS,
    openTelemetry: { enabled: false },
  });
  boss.on('error', quietly(log, clock));
  boss.on('warning', (warning) => log.warn({ warning }, 'The queue warns'));
  await boss.start();
  for (const name of queues) {
    await boss.createQueue(name, {
      policy: 'short',
      notify: true,
      retryLimit: 0,
      expireInSeconds: HANDLER_SECONDS_MAX,
      deleteAfterSeconds: KEEP_FINISHED_SECONDS,
    });
  }
  return {
    send: (queue, task, { key, startAfterSeconds = 0, priority = 0, tx }) =>
      ring(boss, {
        id: newId(),
        queue,
        task,
        key,
        startAfter: startAfterSeconds,
        urgency: -priority, // pg-boss takes the highest first
        db: fromDrizzle(tx ?? db, sql),
      }),
    work: (queue, { concurrency }, handler) => answer({ boss, log, queue, concurrency, handler }),
    stop: () => boss.stop({ graceful: true, timeout: STOP_SECONDS_MAX * 1000 }),
  };
}

type Bell = {
  id: string;
  queue: string;
  task: object;
  key: string;
  startAfter: number;
  urgency: number;
  db: ReturnType<typeof fromDrizzle>;
};

async function ring(boss: PgBoss, bell: Bell): Promise<void> {
  const { id, queue, task, key, startAfter, urgency, db } = bell;
  for (let attempt = 0; attempt < RING_ATTEMPTS_MAX; attempt += 1) {
    const options = { id, singletonKey: key, startAfter, priority: urgency, db };
    if (await boss.send(queue, task, options)) return;
    // One waits already. Touching it locks it until our transaction ends: else it could be handled
    // before the change it announces can be seen, and the change would have no bell at all.
    if (await renew(boss, bell)) return;
    // It was taken between the two looks; now there is room for ours.
  }
  throw new Error(`The queue ${queue} would not take a task with key ${key}`);
}

async function renew(boss: PgBoss, bell: Bell): Promise<boolean> {
  const { queue, task, key, startAfter, urgency, db } = bell;
  const [waiting] = await boss.findJobs(queue, { key, queued: true, limit: 1, db });
  if (!waiting) return false;
  const edits = {
    ...(urgency > waiting.priority && { priority: urgency }),
    ...(startAfter === 0 && { startAfter }),
  };
  const { updated } = await boss.update(queue, task, { id: waiting.id, ...edits, db });
  return updated === 1;
}

type Answering = {
  boss: PgBoss;
  log: BaseLogger;
  queue: string;
  concurrency: number;
  handler: (task: unknown) => Promise<void>;
};

// One pg-boss worker per slot, so that a finished slot is filled at once and not when the slowest of
// a batch is done. Left alone, a worker sleeps after each task: so it wakes itself, and (one
// notification may announce many tasks) the next one too.
async function answer({ boss, log, queue, concurrency, handler }: Answering): Promise<void> {
  const workers: string[] = [];
  const start = (slot: number) =>
    boss.work<object>(
      queue,
      {
        pollingIntervalSeconds: LOOK_FOR_DELAYED_SECONDS,
        // The first looks for delayed tasks that came due, and wakes the others. While it is busy the
        // second does, a little less often, and so on.
        notifyPollingIntervalSeconds: LOOK_FOR_DELAYED_SECONDS * (slot + 1),
      },
      async ([job]) => {
        boss.notifyWorker(workers[slot]!);
        boss.notifyWorker(workers[(slot + 1) % concurrency]!);
        try {
          await handler(job?.data);
        } catch (error) {
          log.error({ err: error, queue, task: job?.data }, 'A task failed');
        }
      },
    );
  for (let slot = 0; slot < concurrency; slot += 1) workers.push(await start(slot));
}

/** While the database is away every worker says so at every try; one voice a minute is enough. */
function quietly(log: BaseLogger, clock: Clock): (error: Error) => void {
  const saidAt = new Map<string, number>();
  return (error) => {
    const now = clock.now().getTime();
    const subject = error.message.replace(/ \(Queue: .*\)$/, '');
    if (now - (saidAt.get(subject) ?? 0) < SAME_ERROR_SECONDS * 1000) return;
    saidAt.clear();
    saidAt.set(subject, now);
    log.error({ err: error }, 'The queue stumbles');
  };
}
