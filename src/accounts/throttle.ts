import { eq, lt, sql } from 'drizzle-orm';
import type { Clock } from '#src/platform/clock.ts';
import type { Db } from '#src/platform/database.ts';
import { signInThrottle } from './tables.ts';

/** `max` calls in `window` seconds, counted from the first. */
export interface ThrottleRule {
  window: number;
  max: number;
}

/** Counts calls per key, in the database, so that all processes share the count. */
export interface Throttle {
  /** Counts one call. `retryAfter` is in seconds, and null when the call may pass. */
  consume(
    key: string,
    rule: ThrottleRule,
  ): Promise<{ allowed: boolean; retryAfter: number | null }>;
  /** Takes one counted call back: it turned out to be nothing to worry about. */
  giveBack(key: string): Promise<void>;
}

const KEPT_MILLISECONDS = 24 * 3600 * 1000;

/**
 * A fixed window, unlike better-auth's own, whose window starts again with every call: a school
 * behind one address that signs in now and then would fill that one and never empty it.
 */
export function createThrottle({ db, clock }: { db: Db; clock: Clock }): Throttle {
  return {
    async consume(key, { window, max }) {
      const now = clock.now().getTime();
      const windowMilliseconds = window * 1000;
      const over = sql`${signInThrottle.lastRequest} <= ${now - windowMilliseconds}`;
      const [row] = await db
        .insert(signInThrottle)
        .values({ id: key, key, count: 1, lastRequest: now })
        .onConflictDoUpdate({
          target: signInThrottle.key,
          set: {
            // One past the limit is enough to know; the number needs to grow no further.
            count: sql`case when ${over} then 1 else least(${signInThrottle.count}, ${max}) + 1 end`,
            lastRequest: sql`case when ${over} then ${now} else ${signInThrottle.lastRequest} end`,
          },
        })
        .returning({ count: signInThrottle.count, startedAt: signInThrottle.lastRequest });
      const { count, startedAt } = row!;
      if (count === 1) await forgetOld(now);
      if (count <= max) return { allowed: true, retryAfter: null };
      return {
        allowed: false,
        retryAfter: Math.max(1, Math.ceil((startedAt + windowMilliseconds - now) / 1000)),
      };
    },
    async giveBack(key) {
      await db
        .update(signInThrottle)
        .set({ count: sql`greatest(${signInThrottle.count} - 1, 0)` })
        .where(eq(signInThrottle.key, key));
    },
  };

  async function forgetOld(now: number) {
    await db.delete(signInThrottle).where(lt(signInThrottle.lastRequest, now - KEPT_MILLISECONDS));
  }
}
