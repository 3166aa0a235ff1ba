import { and, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { checkpoints } from './tables.ts';

interface Of {
  connectionId: string;
  resource: string;
}

export type Checkpoint = typeof checkpoints.$inferSelect;

export async function checkpointOf(db: Queryable, of: Of): Promise<Checkpoint | null> {
  const rows = await db
    .select()
    .from(checkpoints)
    .where(
      and(eq(checkpoints.connectionId, of.connectionId), eq(checkpoints.resource, of.resource)),
    );
  return rows[0] ?? null;
}

/**
 * Moves the resource's checkpoint on, at the end of a run that read all it set out to read.
 *
 * nextPollAt  null: this resource has no list and is never polled.
 * full        everything was compared, and what was shown is believed.
 */
export async function moveCheckpoint(
  db: Queryable,
  of: Of,
  to: { cursor: string | null; nextPollAt: Date | null; now: Date; full: boolean },
): Promise<void> {
  const full = to.full ? { lastFullAt: to.now } : {};
  const polled = to.nextPollAt ? { nextPollAt: to.nextPollAt, lastDoneAt: to.now } : {};
  const set = { cursor: to.cursor, ...polled, ...full };
  await db
    .insert(checkpoints)
    .values({ ...of, ...set })
    .onConflictDoUpdate({
      target: [checkpoints.connectionId, checkpoints.resource],
      set: {
        ...set,
        // Never backwards: two runs may end in another order than they began.
        cursor: sql`greatest(${checkpoints.cursor}, excluded.cursor)`,
      },
    });
}

/** Of several processes that find a poll due, one moves the date on and asks for the run. */
export async function claimPoll(
  tx: Queryable,
  of: Of,
  { now, nextPollAt }: { now: Date; nextPollAt: Date },
): Promise<boolean> {
  const claimed = await tx
    .insert(checkpoints)
    .values({ ...of, nextPollAt })
    .onConflictDoUpdate({
      target: [checkpoints.connectionId, checkpoints.resource],
      set: { nextPollAt },
      setWhere: or(isNull(checkpoints.nextPollAt), lte(checkpoints.nextPollAt, now)),
    })
    .returning({ resource: checkpoints.resource });
  return claimed.length > 0;
}

/** Lets the next poll of these come now, where they are polled and nothing sooner stands. */
export async function pollSoon(
  db: Queryable,
  { connectionId, resources }: { connectionId: string; resources: readonly string[] },
  now: Date,
): Promise<void> {
  if (resources.length === 0) return;
  await db
    .update(checkpoints)
    .set({ nextPollAt: now })
    .where(
      and(
        eq(checkpoints.connectionId, connectionId),
        inArray(checkpoints.resource, [...new Set(resources)]),
        gt(checkpoints.nextPollAt, now),
      ),
    );
}

/** As `claimPoll`, for a full reconciliation, whose first date has been set before. */
export async function claimFull(
  tx: Queryable,
  of: Of,
  { now, nextFullAt }: { now: Date; nextFullAt: Date },
): Promise<boolean> {
  const claimed = await tx
    .update(checkpoints)
    .set({ nextFullAt })
    .where(
      and(
        eq(checkpoints.connectionId, of.connectionId),
        eq(checkpoints.resource, of.resource),
        lte(checkpoints.nextFullAt, now),
      ),
    )
    .returning({ resource: checkpoints.resource });
  return claimed.length > 0;
}

/** Sets when everything is compared for the first time, where no date stands. */
export async function planFull(db: Queryable, of: Of, nextFullAt: Date): Promise<void> {
  await db
    .insert(checkpoints)
    .values({ ...of, nextFullAt })
    .onConflictDoUpdate({
      target: [checkpoints.connectionId, checkpoints.resource],
      set: { nextFullAt },
      setWhere: isNull(checkpoints.nextFullAt),
    });
}
