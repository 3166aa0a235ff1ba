import { and, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { Queryable, Tx } from '#src/platform/database.ts';
import type { Connection } from './connections.ts';
import { placeOf } from './createTheirs.ts';
import { openIssue } from './issues.ts';
import type { Parts, Workplace } from './parts.ts';
import type { Cause, Change } from './remember.ts';
import type { WebhookState } from './subscriptions.ts';
import { deliveries } from './tables.ts';
import { issues, missedEvents } from './trailTables.ts';

/** A webhook may be on its way this long after a poll has found its change. */
const graceSeconds = 30;
/** Later than this, what arrives is about something else. */
const lateSeconds = 3_600;
const issueHours = 24;
const issueKind = 'missed events';

type Spot = Pick<Workplace, 'connection' | 'resource'>;

/**
 * Notes changes of theirs that a poll or a full read came upon although a webhook was due for each and
 * none had come: its subscription was there before the change, and since the agreement that the change
 * moved nobody told of this record. In the transaction that stores the change.
 */
export async function noteMissed(
  tx: Tx,
  parts: Parts,
  place: Spot,
  { cause, changes, now }: { cause: Cause; changes: Change[]; now: Date },
): Promise<void> {
  const looked = cause.door === 'poll' || (cause.door === 'manual' && cause.runId);
  if (!looked || !place.resource.eventFor) return;
  const { since } = (place.connection.settings.webhooks ?? {}) as Partial<WebhookState>;
  const due = changes.flatMap((change) => {
    const event = dueEvent(place, change, since ?? {});
    return event ? [{ change, event }] : [];
  });
  if (due.length === 0) return;
  const told = await toldOf(
    tx,
    place,
    due.map(({ change }) => change.theirId),
  );
  const missed = due.filter(
    ({ change, event }) =>
      !told.some(
        (one) =>
          one.theirId === change.theirId &&
          one.event === event &&
          one.receivedAt > change.moved!.agreedAt,
      ),
  );
  if (missed.length === 0) return;
  await tx.insert(missedEvents).values(
    missed.map(({ change, event }) => ({
      id: parts.newId(),
      ...placeOf(place),
      event,
      theirId: change.theirId,
      foundAt: now,
      runId: cause.runId ?? null,
    })),
  );
}

function dueEvent(
  place: Spot,
  change: Change,
  since: Readonly<Record<string, string>>,
): string | null {
  if (change.direction !== 'in' || !change.moved) return null;
  const event = place.resource.eventFor!({
    created: change.action === 'created',
    fields: Object.keys(change.fields),
  });
  const { changedAt } = change.moved;
  const subscribedAt = event && since[event];
  return subscribedAt && changedAt && Date.parse(changedAt) > Date.parse(subscribedAt)
    ? event
    : null;
}

/** Their words for one delivery; only what is asked about. */
async function toldOf(tx: Tx, place: Spot, theirIds: string[]) {
  const { connectionId, resource } = placeOf(place);
  const { theirId, event, receivedAt } = deliveries;
  return tx
    .select({ theirId, event, receivedAt })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.connectionId, connectionId),
        eq(deliveries.resource, resource),
        inArray(theirId, theirIds),
      ),
    );
}

/** Deliveries that were handled may be the missed ones, come after all: late, not lost. */
export async function noteArrived(
  db: Queryable,
  of: { connectionId: string; resource: string; theirId: string },
  { events, at }: { events: string[]; at: Date },
): Promise<void> {
  if (events.length === 0) return;
  const open = and(
    eq(missedEvents.connectionId, of.connectionId),
    eq(missedEvents.resource, of.resource),
    eq(missedEvents.theirId, of.theirId),
    inArray(missedEvents.event, events),
    isNull(missedEvents.arrivedAt),
  );
  // On its way when the poll came by: nothing was missed.
  const inTime = gt(missedEvents.foundAt, before(at, graceSeconds));
  await db.delete(missedEvents).where(and(open, isNull(missedEvents.notedAt), inTime));
  await db
    .update(missedEvents)
    .set({ arrivedAt: at })
    .where(and(open, gt(missedEvents.foundAt, before(at, lateSeconds))));
}

/** Opens, counts up and closes the issues about a connection's missed events. Part of the timer. */
export async function tellMissed(parts: Parts, { id }: Connection): Promise<void> {
  const now = parts.clock.now();
  const noted = await parts.db
    .update(missedEvents)
    .set({ notedAt: now })
    .where(
      and(
        eq(missedEvents.connectionId, id),
        isNull(missedEvents.notedAt),
        isNull(missedEvents.arrivedAt),
        lte(missedEvents.foundAt, before(now, graceSeconds)),
      ),
    )
    .returning({ event: missedEvents.event });
  for (const [event, rows] of Map.groupBy(noted, (row) => row.event)) {
    const detail =
      `The provider did not tell of changes for which “${event}” was due; KiEX found them by ` +
      'asking. If it goes on, look whether webhooks reach this address.';
    const issue = { connectionId: id, kind: issueKind, key: event, detail, count: rows.length };
    await openIssue(parts.db, issue, { newId: parts.newId, now });
  }
  await parts.db
    .update(issues)
    .set({ closedAt: now, closedReason: `No event was missed for ${issueHours} hours.` })
    .where(
      and(
        eq(issues.connectionId, id),
        eq(issues.kind, issueKind),
        isNull(issues.closedAt),
        lte(issues.lastAt, before(now, issueHours * 3_600)),
      ),
    );
}

export interface MissedCount {
  connectionId: string;
  event: string;
  lost: number;
  late: number;
}

/** Missed events of the last day, per connection and event. */
export async function missedCounts(db: Queryable, now: Date): Promise<MissedCount[]> {
  const { connectionId, event, foundAt, arrivedAt, notedAt } = missedEvents;
  return db
    .select({
      connectionId,
      event,
      lost: sql<number>`count(*) filter (where ${arrivedAt} is null)::int`,
      late: sql<number>`count(*) filter (where ${arrivedAt} is not null)::int`,
    })
    .from(missedEvents)
    .where(
      and(
        gt(foundAt, before(now, 24 * 3_600)),
        or(sql`${notedAt} is not null`, sql`${arrivedAt} is not null`),
      ),
    )
    .groupBy(connectionId, event)
    .orderBy(event);
}

const before = (at: Date, seconds: number) => new Date(at.getTime() - seconds * 1_000);
