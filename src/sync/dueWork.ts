import { and, eq, lte, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '#src/platform/database.ts';
import { failureIsDue } from './deadLetters.ts';
import { issueIsOver, missedIsNew } from './missedEvents.ts';
import { deliveries, failures, links } from './tables.ts';
import { issues, missedEvents } from './trailTables.ts';

/** What a connection has work of. */
export interface DueWork {
  failures: boolean;
  deliveries: boolean;
  verifies: boolean;
  missed: boolean;
}

/** A delivery that still waits for a worker and came before this instant. */
export const deliveryIsDue = (connectionId: string, before: Date) =>
  and(
    eq(deliveries.state, 'stored'),
    lte(deliveries.receivedAt, before),
    eq(deliveries.connectionId, connectionId),
  );

/** A look at their side whose time has come. */
export const verifyIsDue = (connectionId: string, now: Date) =>
  and(lte(links.verifyAt, now), eq(links.connectionId, connectionId));

/**
 * Whether anything is due, in one statement: a timer looks every second, and mostly nothing is.
 *
 * receivedBefore  deliveries that came later are with their first worker.
 */
export async function dueWork(
  db: Queryable,
  { connectionId, now, receivedBefore }: { connectionId: string; now: Date; receivedBefore: Date },
): Promise<DueWork> {
  const { rows } = await db.execute<DueWork & Record<string, unknown>>(sql`
    select ${any(failures, failureIsDue(connectionId, now))} as failures,
      ${any(deliveries, deliveryIsDue(connectionId, receivedBefore))} as deliveries,
      ${any(links, verifyIsDue(connectionId, now))} as verifies,
      ${any(missedEvents, missedIsNew(connectionId, now))}
        or ${any(issues, issueIsOver(connectionId, now))} as missed`);
  return rows[0]!;
}

const any = (table: PgTable, condition: SQL | undefined) =>
  sql`exists (select from ${table} where ${condition})`;
