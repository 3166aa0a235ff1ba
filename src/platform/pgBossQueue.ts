import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { BaseLogger } from 'pino';
import type { Clock } from './clock.ts';
import type { Db } from './database.ts';
import { type HandsAtWork, putToWork, type Taken, type Wanted } from './hands.ts';
import { createLive } from './live.ts';
import type { Queue } from './queue.ts';
import { createIds, type Random } from './random.ts';

/** A handler may take this long; then its slot is given up and the engine's scan rings again. */
const HANDLER_SECONDS_MAX = 900;
/** Finished tasks say nothing the activity log does not say better. */
const KEEP_FINISHED_SECONDS = 60;
const CLEAR_FINISHED_EVERY_SECONDS = 120;
const STOP_SECONDS_MAX = 10;
/** pg-boss makes short statements only; handlers and bells use the pool of the program. */
const CONNECTIONS_MAX = 3;
const RING_ATTEMPTS_MAX = 5;
const SAME_ERROR_SECONDS = 60;

/**
 * The queue on pg-boss, in the schema `pgboss` of the same database.
 *
 * url     for its own few connections, one of which listens; not through a pooler that swaps
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
    schedule: false,
    registerInstance: false,
    maintenanceIntervalSeconds: CLEAR_FINISHED_EVERY_SECONDS,
    openTelemetry: { enabled: false },
  });
  const stumble = quietly(log, clock);
  boss.on('error', stumble);
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
  const ear = await createLive({ url, db, log, clock, channel: await channelOf(db) });
  const working: HandsAtWork[] = [];
  return {
    send: (queue, task, { key, startAfterSeconds = 0, priority = 0, group, tx }) =>
      ring(boss, {
        id: newId(),
        queue,
        task,
        key,
        startAfter: startAfterSeconds,
        urgency: urgencyOf(priority),
        group: group ?? null,
        db: fromDrizzle(tx ?? db, sql),
      }),
    whichWait: (queue, keys) => whichWait(db, queue, keys),
    async work(queue, hands, handler) {
      const handle = async ({ id, task }: Taken) => {
        try {
          await handler(task);
        } catch (error) {
          log.error({ err: error, queue, task }, 'A task failed');
        }
        await boss.complete(queue, id).catch(stumble);
      };
      const wanted = (what: Wanted) => take(boss, queue, what);
      const atWork = putToWork({ clock, hands, take: wanted, handle, stumble });
      working.push(atWork);
      ear.subscribe([queue], atWork.wake);
    },
    async stop() {
      const ended = new AbortController();
      const allEnded = Promise.all(working.map((hands) => hands.stop()));
      await Promise.race([allEnded, clock.sleep(STOP_SECONDS_MAX * 1_000, ended.signal)]);
      ended.abort();
      await ear.close();
      await boss.stop({ graceful: false });
    },
  };
}

/** pg-boss takes the highest first. */
const urgencyOf = (priority: number) => -priority;

/** Where pg-boss tells of new tasks, by the name of their queue; it has no worker of its own here. */
async function channelOf(db: Db): Promise<string> {
  const { rows } = await db.execute<{ channel: string }>(
    sql`select 'pgboss_' || left(encode(sha224('pgboss'), 'hex'), 24) as channel`,
  );
  return rows[0]!.channel;
}

type Bell = {
  id: string;
  queue: string;
  task: object;
  key: string;
  startAfter: number;
  urgency: number;
  group: string | null;
  db: ReturnType<typeof fromDrizzle>;
};

async function ring(boss: PgBoss, bell: Bell): Promise<void> {
  const { id, queue, task, key, startAfter, urgency, group, db } = bell;
  for (let attempt = 0; attempt < RING_ATTEMPTS_MAX; attempt += 1) {
    const options = {
      id,
      singletonKey: key,
      startAfter,
      priority: urgency,
      db,
      ...(group ? { group: { id: group } } : {}),
    };
    if (await boss.send(queue, task, options)) return;
    // One waits already. Touching it locks it until our transaction ends: else it could be handled
    // before the change it announces can be seen, and the change would have no bell at all.
    if (await renew(boss, bell)) return;
    // It was taken between the two looks; now there is room for ours.
  }
  throw new Error(`The queue ${queue} would not take a task with key ${key}`);
}

async function renew(boss: PgBoss, bell: Bell): Promise<boolean> {
  const { queue, task, key, startAfter, urgency, group, db } = bell;
  const [waiting] = await boss.findJobs(queue, { key, queued: true, limit: 1, db });
  if (!waiting) return false;
  if (urgency > waiting.priority && group !== waiting.groupId) {
    // A task keeps its group for life: the one that goes sooner takes its place.
    await boss.deleteJob(queue, waiting.id, { db });
    return false;
  }
  const edits = {
    ...(urgency > waiting.priority && { priority: urgency }),
    ...(startAfter === 0 && { startAfter }),
  };
  const { updated } = await boss.update(queue, task, { id: waiting.id, ...edits, db });
  return updated === 1;
}

/** By the index that lets one task of a key wait. */
async function whichWait(db: Db, queue: string, keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await db.execute<{ key: string }>(sql`
    select singleton_key as key from pgboss.job
    where name = ${queue} and state = 'created' and policy = 'short'
      and coalesce(singleton_key, '') = any(${sql.param(keys)}::text[])`);
  return new Set(rows.map(({ key }) => key));
}

/** Takes one task; what is told of it is only what a handler needs. */
async function take(boss: PgBoss, queue: string, wanted: Wanted): Promise<Taken | null> {
  const { exceptGroups, priorityMax } = wanted;
  const [job] = await boss.fetch<object>(queue, {
    ignoreGroups: exceptGroups,
    ...(priorityMax === null ? {} : { minPriority: urgencyOf(priorityMax) }),
  });
  return job ? { id: job.id, task: job.data, group: job.groupId ?? null } : null;
}

/** While the database is away every taker says so at every try; one voice a minute is enough. */
function quietly(log: BaseLogger, clock: Clock): (error: unknown) => void {
  const saidAt = new Map<string, number>();
  return (error) => {
    const now = clock.now().getTime();
    const subject = error instanceof Error ? error.message : String(error);
    if (now - (saidAt.get(subject) ?? 0) < SAME_ERROR_SECONDS * 1000) return;
    saidAt.clear();
    saidAt.set(subject, now);
    log.error({ err: error }, 'The queue stumbles');
  };
}
