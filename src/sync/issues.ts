import { and, eq, isNull, sql } from 'drizzle-orm';
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

/** It is over. Writes nothing when no such issue is open. */
export async function closeIssue(
  db: Queryable,
  of: IssueOf,
  { reason, now }: { reason: string; now: Date },
): Promise<void> {
  await db
    .update(issues)
    .set({ closedAt: now, closedReason: reason })
    .where(
      and(
        eq(issues.connectionId, of.connectionId),
        eq(issues.kind, of.kind),
        eq(issues.key, of.key),
        isNull(issues.closedAt),
      ),
    );
}
