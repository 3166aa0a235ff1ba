import { eq, ne, sql } from 'drizzle-orm';
import type { Clock } from './clock.ts';
import type { Db } from './database.ts';
import { BACK_EACH_MINUTE, LEFT_BY_REFUSAL, PACE_MIN, presentPace } from './pace.ts';
import { providerQuota } from './tables.ts';

/** Who asks for a call; the first is the most urgent. [Q2] */
export type Lane = 'person' | 'webhook' | 'push' | 'poll' | 'backfill';

/**
 * How many calls each lane may be ahead of the even pace. A lane that keeps the quota busy holds it at
 * its own mark, so every lane above finds room at once and none below does. Within any 60 seconds at
 * most callsPerMinute + 7 calls pass: 97 of Manatal's 100 for the default of 90.
 */
const CALLS_AHEAD: Record<Lane, number> = { person: 7, webhook: 5, push: 3, poll: 2, backfill: 1 };

/** How often the word of a 429 is tried to be stored, when the database connection breaks. [Q3] */
const TELLING_TRIES_MAX = 3;

/** Another lane may have passed since the wait was reckoned; do not ask again in the same breath. */
const WAIT_MS_MIN = 5;

export type QuotaState = {
  /** As it was set. */
  callsPerMinute: number;
  /** As it is now: less for a while after a 429. */
  pace: number;
  /** Calls let through since the quota was first set. */
  calls: number;
  blockedUntil: Date | null;
  throttledAt: Date | null;
};

/** One budget of calls per provider account, shared by all processes. [Q1] */
export type Quota = {
  /** Sets the budget; every process calls this before its first `take`. 0 means no limit. */
  ensure(key: string, callsPerMinute: number): Promise<void>;
  /** Resolves when the call may be made. Rejects with the signal's reason when it aborts first. */
  take(key: string, lane: Lane, signal?: AbortSignal): Promise<void>;
  /**
   * After a 429 to a call of this lane: nobody passes for so long, in any lane, and from then on the
   * budget is smaller for a while. Calls under way together are refused together: they count once. [Q3]
   */
  block(key: string, seconds: number, lane: Lane): Promise<void>;
  state(key: string): Promise<QuotaState | null>;
};

/**
 * The generic cell rate algorithm in one row per budget.
 *
 * The time is that of the asking process: with several machines their clocks must agree to a second
 * or so, which is one or two calls.
 */
export function createQuota({ db, clock }: { db: Db; clock: Clock }): Quota {
  const unlimited = new Map<string, { blockedUntil: number }>();
  const lines = createLines();

  return {
    async ensure(key, callsPerMinute) {
      const isKnown = unlimited.has(key);
      if (callsPerMinute > 0) unlimited.delete(key);
      else if (!isKnown) unlimited.set(key, { blockedUntil: 0 });
      await db
        .insert(providerQuota)
        .values({ key, callsPerMinute, theoreticalArrival: clock.now() })
        .onConflictDoUpdate({
          target: providerQuota.key,
          set: { callsPerMinute, reducedPace: null, reducedAt: null },
          // Every process says this at its start; mostly it is nothing new.
          setWhere: ne(providerQuota.callsPerMinute, callsPerMinute),
        });
    },

    async take(key, lane, signal) {
      signal?.throwIfAborted();
      const free = unlimited.get(key);
      if (free) {
        const wait = free.blockedUntil - clock.now().getTime();
        if (wait > 0) await clock.sleep(wait, signal);
        return signal?.throwIfAborted();
      }
      // Here only the first of each lane asks, so a thousand waiting calls cost what one does.
      await lines.inTurn(`${lane} ${key}`, signal, async () => {
        for (;;) {
          const wait = await ask(db, { key, lane, now: clock.now() });
          if (wait === 0) return;
          await clock.sleep(Math.max(wait, WAIT_MS_MIN), signal);
          signal?.throwIfAborted();
        }
      });
    },

    async block(key, seconds, lane) {
      const now = clock.now();
      const until = new Date(now.getTime() + seconds * 1000);
      const free = unlimited.get(key);
      if (free) free.blockedUntil = Math.max(free.blockedUntil, until.getTime());
      // Not told to the others, they would call on: a connection that breaks just now is made anew.
      for (let tries = 1; ; tries++) {
        try {
          return await refuse(db, { key, lane, now, until });
        } catch (error) {
          if (tries === TELLING_TRIES_MAX) throw error;
        }
      }
    },

    async state(key) {
      const [row] = await db.select().from(providerQuota).where(eq(providerQuota.key, key));
      if (!row) return null;
      const { callsPerMinute, calls, blockedUntil, throttledAt } = row;
      const pace = presentPace(row, clock.now());
      return { callsPerMinute, pace, calls, blockedUntil, throttledAt };
    },
  };
}

/** `presentPace` where it is reckoned with: in the row of the budget. */
const paceIn = (now: Date) => sql`least(calls_per_minute, coalesce(reduced_pace
  + calls_per_minute * ${sql.raw(String(BACK_EACH_MINUTE))} * greatest(0,
    floor(extract(epoch from ${now.toISOString()}::timestamptz - reduced_at)::float8 / 60)),
  calls_per_minute))`;

/** What the pace becomes when a 429 is met now. */
const paceAfterRefusal = (now: Date) => sql`greatest(
  calls_per_minute * ${sql.raw(String(PACE_MIN))}, ${sql.raw(String(LEFT_BY_REFUSAL))} * ${paceIn(now)})`;

/** Asks for one call now: 0 when it may be made (and is counted), else the milliseconds to wait. */
async function ask(db: Db, asked: { key: string; lane: Lane; now: Date }): Promise<number> {
  const now = sql`${asked.now.toISOString()}::timestamptz`;
  const ahead = CALLS_AHEAD[asked.lane];
  const { rows } = await db.execute<{ passed: boolean; wait: number }>(sql`
    with paced as (
      select ${paceIn(asked.now)} as pace from provider_quota where key = ${asked.key}
    ), passed as (
      update provider_quota
      set calls = calls + 1,
          theoretical_arrival =
            greatest(theoretical_arrival, ${now}) + make_interval(secs => 60 / pace)
      from paced
      where key = ${asked.key}
        and (blocked_until is null or blocked_until <= ${now})
        and theoretical_arrival <= ${now} + make_interval(secs => ${ahead} * 60 / pace)
      returning key
    ), used as (
      insert into quota_use (key, minute, lane, calls, throttled)
      select key, date_trunc('minute', ${now}), ${asked.lane}, 1, 0 from passed
      on conflict (key, minute, lane) do update set calls = quota_use.calls + 1
    )
    select exists (select from passed) as passed,
      1000 * extract(epoch from greatest(
        blocked_until,
        theoretical_arrival - make_interval(secs => ${ahead} * 60 / pace)
      ) - ${now})::float8 as wait
    from provider_quota, paced where key = ${asked.key}`);
  const answer = rows[0];
  if (!answer) throw new Error(`No quota has been set for ${asked.key}`);
  return answer.passed ? 0 : Math.max(Math.ceil(answer.wait), 1);
}

async function refuse(
  db: Db,
  met: { key: string; lane: Lane; now: Date; until: Date },
): Promise<void> {
  const now = sql`${met.now.toISOString()}::timestamptz`;
  const until = sql`${met.until.toISOString()}::timestamptz`;
  const lowers = sql`calls_per_minute > 0 and (blocked_until is null or blocked_until <= ${now})`;
  await db.execute(sql`
    with refused as (
      update provider_quota
      set reduced_pace = case when ${lowers} then ${paceAfterRefusal(met.now)} else reduced_pace end,
          reduced_at = case when calls_per_minute > 0 then greatest(reduced_at, ${until}) end,
          blocked_until = greatest(blocked_until, ${until}),
          throttled_at = ${now}
      where key = ${met.key}
      returning key
    )
    insert into quota_use (key, minute, lane, calls, throttled)
    select key, date_trunc('minute', ${now}), ${met.lane}, 0, 1 from refused
    on conflict (key, minute, lane) do update set throttled = quota_use.throttled + 1`);
}

/** Lines of waiting work, first come first served, one at a time in each line. */
function createLines() {
  const last = new Map<string, Promise<void>>();
  return {
    async inTurn(line: string, signal: AbortSignal | undefined, work: () => Promise<void>) {
      const before = last.get(line) ?? Promise.resolve();
      const { promise: done, resolve: finish } = Promise.withResolvers<void>();
      const mine = before.then(() => done);
      last.set(line, mine);
      try {
        await unlessAborted(before, signal);
        await work();
      } finally {
        finish();
        if (last.get(line) === mine) last.delete(line);
      }
    },
  };
}

function unlessAborted(wait: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return wait;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    wait.then(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}
