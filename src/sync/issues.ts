import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { issues } from './trailTables.ts';

export type Issue = typeof issues.$inferSelect;

/** What an issue is about; `key` tells two of a kind apart. */
export interface IssueOf {
  connectionId: string;
  kind: Issue['kind'];
  key: string;
}

/**
 * Something a person should know of. While it is open it is there once: happening again, it counts
 * up and takes the newer words.
 */
export async function openIssue(
  db: Queryable,
  issue: IssueOf & {
    resource?: string | null;
    ourId?: string | null;
    theirId?: string | null;
    detail: string;
    count?: number;
  },
  { newId, now }: { newId: NewId; now: Date },
): Promise<void> {
  const { count = 1 } = issue;
  await db
    .insert(issues)
    .values({ id: newId(), ...issue, count, openedAt: now, lastAt: now })
    .onConflictDoUpdate({
      target: [issues.connectionId, issues.kind, issues.key],
      targetWhere: sql`closed_at is null`,
      set: { count: sql`${issues.count} + ${count}`, lastAt: now, detail: issue.detail },
    });
}

/**
 * The same for what is a state and not something that happens: while it is open it takes the newer
 * words and count, and saying the same again writes nothing.
 */
export async function keepIssue(
  db: Queryable,
  issue: Parameters<typeof openIssue>[1] & { count: number },
  { newId, now }: { newId: NewId; now: Date },
): Promise<void> {
  const { count, detail } = issue;
  await db
    .insert(issues)
    .values({ id: newId(), ...issue, openedAt: now, lastAt: now })
    .onConflictDoUpdate({
      target: [issues.connectionId, issues.kind, issues.key],
      targetWhere: sql`closed_at is null`,
      set: { count, detail, lastAt: now },
      setWhere: sql`${issues.count} <> ${count} or ${issues.detail} <> ${detail}`,
    });
}

export async function isIssueOpen(
  db: Queryable,
  { connectionId, kind, key }: IssueOf,
): Promise<boolean> {
  const open = and(
    eq(issues.connectionId, connectionId),
    eq(issues.kind, kind),
    eq(issues.key, key),
    isNull(issues.closedAt),
  );
  return (await db.$count(issues, open)) > 0;
}

/** It is over. Writes nothing when no such issue is open. */
export async function closeIssue(
  db: Queryable,
  { connectionId, kind, key }: IssueOf,
  closing: { reason: string; now: Date },
): Promise<void> {
  await closeIssues(db, { connectionId, kind, keys: [key] }, closing);
}

/** The same for several of a kind, in one statement. Returns how many were open. */
export async function closeIssues(
  db: Queryable,
  { connectionId, kind, keys }: { connectionId: string; kind: string; keys: readonly string[] },
  { reason, now }: { reason: string; now: Date },
): Promise<number> {
  if (keys.length === 0) return 0;
  const closed = await db
    .update(issues)
    .set({ closedAt: now, closedReason: reason })
    .where(
      and(
        eq(issues.connectionId, connectionId),
        eq(issues.kind, kind),
        inArray(issues.key, [...keys]),
        isNull(issues.closedAt),
      ),
    )
    .returning({ id: issues.id });
  return closed.length;
}

/** A person says that it is dealt with, or that it is none. Null: there is no such open issue. */
export async function closeByHand(
  db: Queryable,
  id: string,
  { reason, by, now }: { reason: string; by: string; now: Date },
): Promise<Issue | null> {
  const [closed] = await db
    .update(issues)
    .set({ closedAt: now, closedReason: reason, closedBy: by })
    .where(and(eq(issues.id, id), isNull(issues.closedAt)))
    .returning();
  return closed ?? null;
}
