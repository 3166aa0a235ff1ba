import { and, asc, count, desc, eq, inArray, max, sql } from 'drizzle-orm';
import { jobs } from '#src/jobs/tables.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db } from '#src/platform/database.ts';
import { quotaUseOf } from '#src/platform/quotaUse.ts';
import { closingsOf } from '#src/sync/closings.ts';
import type { Connection } from '#src/sync/connections.ts';
import { type FailureFilter, fitting } from '#src/sync/deadLetters.ts';
import { missedCounts } from '#src/sync/missedEvents.ts';
import { activity, connections, deliveries, failures, runs } from '#src/sync/tables.ts';
import {
  type ActivityRow,
  type ClosingRow,
  type ConnectionSummary,
  connectionRows,
  DELIVERY,
  type DeliveryRow,
  type FailureRow,
  type RunRow,
  resourceStates,
  runRows,
} from './dashboardRows.ts';

/** Empty strings: no limit. */
export interface ActivityFilter {
  connectionId: string;
  resource: string;
  outcome: '' | 'ok' | 'failed';
  runId: string;
  /** From 1. */
  page: number;
}

/** What staff may see of connections and the engine. Reads only; acting is in `Integrations`. */
export interface Dashboard {
  connections(): Promise<ConnectionSummary[]>;
  /** Waiting and running ones, in the order they will be worked on. */
  openRuns(connectionId: string | null): Promise<RunRow[]>;
  /**
   * Runs that ended, newest first.
   *
   * quiet  also polls that found nothing and that nobody asked for: one every two minutes, they
   *        would hide the rest.
   */
  recentRuns(options: {
    connectionId: string | null;
    quiet: boolean;
    limit: number;
  }): Promise<RunRow[]>;
  run(id: string): Promise<RunRow | null>;
  /** What a run would close, or was refused to close. */
  closings(runId: string, limit: number): Promise<ClosingRow[]>;
  /** Those that are being retried or wait for a person; dead ones first. */
  openFailures(
    filter: FailureFilter,
    limit: number,
  ): Promise<{ rows: FailureRow[]; total: number }>;
  activity(filter: ActivityFilter, limit: number): Promise<{ rows: ActivityRow[]; more: boolean }>;
  deliveries(connectionId: string | null, limit: number): Promise<DeliveryRow[]>;
  /** When anything last happened. */
  lastEventAt(): Promise<Date | null>;
  /** How old our knowledge of a resource should be at most. */
  targetSeconds: number;
}

/**
 * All SQL that shows the engine's tables to people.
 *
 * webhookAddress  the full address of a connection's webhook, its secret opened.
 * leftOut         the kinds of record that a choice of the connection leaves out.
 * within          the only connections of which anything is shown; null: all.
 */
export function createDashboard(options: {
  db: Db;
  clock: Clock;
  targetSeconds: number;
  webhookAddress(connection: { id: string; provider: string; webhookSecret: string }): string;
  leftOut(connection: Connection): string[];
  within: readonly string[] | null;
}): Dashboard {
  const { db, clock, targetSeconds, webhookAddress, leftOut, within } = options;
  const own = (table: OfConnections) => within && inArray(table.connectionId, [...within]);
  const shown = (table: OfConnections, connectionId: string | null) =>
    and(own(table) ?? undefined, ofConnection(table, connectionId));

  return {
    targetSeconds,

    async connections() {
      const now = clock.now();
      const [every, states, missed, failing] = await Promise.all([
        connectionRows(db),
        resourceStates(db),
        missedCounts(db, now),
        db
          .select({ connectionId: failures.connectionId, total: count() })
          .from(failures)
          .where(inArray(failures.state, [...OPEN_FAILURES]))
          .groupBy(failures.connectionId),
      ]);
      const rows = every.filter(({ connection }) => within?.includes(connection.id) ?? true);
      const keys = [...new Set(rows.map(({ connection }) => connection.quotaKey))];
      const use = await quotaUseOf(db, keys, now);
      return rows.map(({ connection, organizationName, quota }) => ({
        id: connection.id,
        provider: connection.provider,
        label: connection.label,
        organizationName,
        state: connection.state,
        stateReason: connection.stateReason,
        keyLastFour: connection.keyLastFour,
        webhookAddress: webhookAddress(connection),
        leftOut: leftOut(connection),
        testedAt: connection.testedAt,
        lastHeardAt: connection.lastHeardAt,
        quota,
        use: use.get(connection.quotaKey)!,
        resources: states
          .filter(({ connectionId }) => connectionId === connection.id)
          .map(({ connectionId: _, ...state }) => state),
        missed: missed
          .filter(({ connectionId }) => connectionId === connection.id)
          .map(({ connectionId: _, ...counts }) => counts),
        openFailures: failing.find((row) => row.connectionId === connection.id)?.total ?? 0,
      }));
    },

    openRuns: (connectionId) =>
      runRows(db)
        .where(and(inArray(runs.state, ['waiting', 'running']), shown(runs, connectionId)))
        .orderBy(asc(runs.state), asc(runs.requestedAt))
        .limit(OPEN_RUNS_MAX),

    recentRuns: ({ connectionId, quiet, limit }) =>
      runRows(db)
        .where(
          and(
            sql`${runs.state} not in ('waiting', 'running')`,
            quiet ? undefined : sql`not ${FOUND_NOTHING}`,
            shown(runs, connectionId),
          ),
        )
        .orderBy(desc(runs.finishedAt), desc(runs.requestedAt))
        .limit(limit),

    async run(id) {
      if (!UUID.test(id)) return null;
      const [row] = await runRows(db).where(and(eq(runs.id, id), shown(runs, null)));
      return row ?? null;
    },

    async closings(runId, limit) {
      if (within && !(await this.run(runId))) return [];
      const rows = await closingsOf(db, runId, limit);
      const ids = rows.flatMap(({ resource, ourId }) => (resource === 'jobs' ? [ourId] : []));
      const titles = ids.length
        ? await db
            .select({ id: jobs.id, title: jobs.title })
            .from(jobs)
            .where(inArray(jobs.id, ids))
        : [];
      const names = new Map(titles.map(({ id, title }) => [id, title]));
      return rows.map((row) => ({ ...row, recordName: names.get(row.ourId) ?? null }));
    },

    async openFailures(filter, limit) {
      const where = and(fitting(filter), shown(failures, null));
      const [rows, [counted]] = await Promise.all([
        db
          .select({
            failure: failures,
            connectionLabel: connections.label,
            provider: connections.provider,
            recordName: jobs.title,
          })
          .from(failures)
          .innerJoin(connections, eq(connections.id, failures.connectionId))
          .leftJoin(
            jobs,
            and(eq(failures.resource, 'jobs'), sql`${jobs.id}::text = ${failures.ourId}`),
          )
          .where(where)
          .orderBy(sql`(${failures.state} = 'dead') desc`, desc(failures.lastAt))
          .limit(limit),
        db.select({ total: count() }).from(failures).where(where),
      ]);
      return {
        rows: rows.map(({ failure, ...rest }) => ({ ...failure, ...rest })),
        total: counted?.total ?? 0,
      };
    },

    async activity(filter, limit) {
      const rows = await db
        .select({ line: activity, connectionLabel: connections.label })
        .from(activity)
        .leftJoin(connections, eq(connections.id, activity.connectionId))
        .where(
          and(
            shown(activity, filter.connectionId || null),
            filter.resource ? eq(activity.resource, filter.resource) : undefined,
            filter.outcome ? eq(activity.ok, filter.outcome === 'ok') : undefined,
            filter.runId ? eq(activity.runId, filter.runId) : undefined,
          ),
        )
        .orderBy(desc(activity.at), desc(activity.id))
        // One more than shown tells whether there is another page, without counting them all.
        .limit(limit + 1)
        .offset((filter.page - 1) * limit);
      return {
        rows: rows
          .slice(0, limit)
          .map(({ line, connectionLabel }) => ({ ...line, connectionLabel })),
        more: rows.length > limit,
      };
    },

    deliveries: (connectionId, limit) =>
      db
        .select({ ...DELIVERY, connectionLabel: connections.label })
        .from(deliveries)
        .innerJoin(connections, eq(connections.id, deliveries.connectionId))
        .where(shown(deliveries, connectionId))
        .orderBy(desc(deliveries.receivedAt))
        .limit(limit),

    async lastEventAt() {
      const [row] = await db
        .select({ at: max(activity.at) })
        .from(activity)
        .where(shown(activity, null));
      return row?.at ?? null;
    },
  };
}

type OfConnections = typeof runs | typeof failures | typeof activity | typeof deliveries;

const OPEN_FAILURES = ['retrying', 'dead'] as const;
const OPEN_RUNS_MAX = 50;
const FOUND_NOTHING = sql`(${runs.kind} = 'poll' and ${runs.state} = 'done'
  and ${runs.trigger} <> 'manual'
  and ${runs.created} + ${runs.updated} + ${runs.failed} = 0
  and ${runs.oursCreated} + ${runs.oursUpdated} = 0)`;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Narrows to one connection; an id that cannot exist finds nothing instead of failing. */
function ofConnection(table: OfConnections, connectionId: string | null) {
  if (connectionId === null) return undefined;
  return UUID.test(connectionId) ? eq(table.connectionId, connectionId) : sql`false`;
}
