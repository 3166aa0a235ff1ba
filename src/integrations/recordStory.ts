import { and, desc, eq, inArray, or, sql } from 'drizzle-orm';
import type { Db } from '#src/platform/database.ts';
import type { Value, Values } from '#src/sync/canonical.ts';
import { canonicalOurs, spread } from '#src/sync/fields.ts';
import { type Origin, originOf, storyOf } from '#src/sync/history.ts';
import type { Parts } from '#src/sync/parts.ts';
import { activity, connections, deliveries, failures, links } from '#src/sync/tables.ts';
import { conflicts, type FieldChanges } from '#src/sync/trailTables.ts';

/** One record: what it is now, where each value comes from, and all that ever happened to it. */
export interface RecordStory {
  resource: string;
  ourId: string;
  ties: RecordTie[];
  fields: RecordField[];
  /** Newest first. */
  lines: StoryLine[];
}

/** Where the record lives outside. */
export interface RecordTie {
  connectionId: string;
  connectionLabel: string;
  provider: string;
  theirId: string | null;
  goneAt: Date | null;
}

export interface RecordField {
  name: string;
  value: Value;
  /** What both sides last agreed on; undefined when they never did. */
  agreed: Value | undefined;
  /** A person took it back, or has to choose: the sync leaves it alone. */
  isHeld: boolean;
  here: Origin | null;
  there: Origin | null;
}

export interface StoryLine {
  id: string;
  at: Date;
  kind: 'write' | 'activity' | 'delivery' | 'failure' | 'conflict';
  connectionLabel: string | null;
  /** The door, where it came through one. */
  door: string | null;
  direction: 'in' | 'out' | 'none';
  /** In a word or two. */
  what: string;
  detail: string | null;
  /** Values before and after, where they are kept. */
  fields: FieldChanges;
  runId: string | null;
  ok: boolean;
  undoneAt: Date | null;
}

/** Of each kind, this many lines of a story are shown. */
const linesMax = 200;

interface Of {
  resource: string;
  ourId: string;
}

/** Everything known of one record. Null when the engine never met it. */
export async function readStory(parts: Parts, of: Of): Promise<RecordStory | null> {
  const ties = await tiesOf(parts.db, of);
  const lines = await linesOf(parts.db, of, ties);
  if (ties.length === 0 && lines.length === 0) return null;
  const fields = await fieldsOf(parts, of, ties);
  const shown = ties.map(({ base: _base, held: _held, ...tie }) => tie);
  return { ...of, ties: shown, fields, lines };
}

type Tie = RecordTie & { base: unknown; held: Readonly<Record<string, unknown>> };

async function tiesOf(db: Db, { resource, ourId }: Of): Promise<Tie[]> {
  return db
    .select({
      connectionId: links.connectionId,
      connectionLabel: connections.label,
      provider: connections.provider,
      theirId: links.theirId,
      goneAt: links.goneAt,
      base: links.base,
      held: links.held,
    })
    .from(links)
    .innerJoin(connections, eq(connections.id, links.connectionId))
    .where(and(eq(links.resource, resource), eq(links.ourId, ourId)))
    .orderBy(links.createdAt);
}

/** The fields that travel, as they stand here now. Without a tie nothing travels. */
async function fieldsOf(parts: Parts, of: Of, ties: Tie[]): Promise<RecordField[]> {
  const [tie] = ties;
  const synced = parts.synced.get(of.resource);
  if (!tie || !synced) return [];
  const connector = parts.connectors.get(tie.provider);
  const mapping = connector?.resources.find(({ name }) => name === of.resource)?.fields ?? [];
  const ours = (await synced.read(parts.db, tie, [of.ourId])).get(of.ourId);
  if (!ours) return [];
  const values = canonicalOurs(mapping, ours.values);
  const origins = await originOf(parts.db, of);
  const base = tie.base as Values | null;
  const workedOut = (synced.worksOut ?? []).map((name) => ({
    name,
    value: (ours.values[name] ?? null) as Value,
    agreed: undefined,
    isHeld: false,
    here: origins.get(name)?.here ?? null,
    there: null,
  }));
  const travelling = spread(mapping, Object.keys(ours.values)).map(({ ours: name }) => ({
    name,
    value: values[name] ?? null,
    agreed: base?.[name],
    isHeld: name in tie.held,
    here: origins.get(name)?.here ?? null,
    there: origins.get(name)?.there ?? null,
  }));
  return [...workedOut, ...travelling];
}

const nothing = { door: null, direction: 'none', fields: {}, runId: null, undoneAt: null } as const;

async function linesOf(db: Db, of: Of, ties: Tie[]): Promise<StoryLine[]> {
  const labels = new Map(
    (await db.select().from(connections)).map(({ id, label }) => [id, label] as const),
  );
  const labelOf = (id: string | null) => (id ? (labels.get(id) ?? null) : null);
  const [writes, others, received, failed, differing] = await Promise.all([
    storyOf(db, of, linesMax),
    activityOf(db, of),
    deliveriesOf(db, of, ties),
    failuresOf(db, of, ties),
    conflictsOf(db, of),
  ]);
  // Every write has its line of activity: shown once, with its values.
  const twins = new Set(writes.map(twinKey));
  const lines: StoryLine[] = [
    ...writes.map((row) => ({
      ...row,
      kind: 'write' as const,
      connectionLabel: labelOf(row.connectionId),
      what: row.action,
      detail: null,
      ok: true,
    })),
    ...others
      .filter((row) => !twins.has(twinKey(row)))
      .map((row) => ({
        ...nothing,
        ...row,
        kind: 'activity' as const,
        connectionLabel: labelOf(row.connectionId),
        what: row.action,
        fields: {},
      })),
    ...received.map((row) => ({
      ...nothing,
      ...deliveryLine(row),
      connectionLabel: labelOf(row.connectionId),
    })),
    ...failed.map((row) => ({
      ...nothing,
      ...failureLine(row),
      connectionLabel: labelOf(row.connectionId),
    })),
    ...differing.map((row) => ({
      ...nothing,
      ...conflictLine(row),
      connectionLabel: labelOf(row.connectionId),
    })),
  ];
  return lines.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1));
}

const twinKey = (row: {
  at: Date;
  connectionId: string | null;
  direction: string;
  action: string;
}) => [row.at.getTime(), row.connectionId, row.direction, row.action].join(' ');

const activityOf = (db: Db, { resource, ourId }: Of) =>
  db
    .select()
    .from(activity)
    .where(and(eq(activity.resource, resource), eq(activity.ourId, ourId)))
    .orderBy(desc(activity.at), desc(activity.id))
    .limit(linesMax);

/** Webhooks that spoke of it, without what they said. */
async function deliveriesOf(db: Db, { resource }: Of, ties: Tie[]) {
  const theirs = ties.flatMap(({ theirId }) => theirId ?? []);
  if (theirs.length === 0) return [];
  const { id, connectionId, receivedAt, event, state, reason } = deliveries;
  return db
    .select({ id, connectionId, receivedAt, event, state, reason })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.resource, resource),
        inArray(deliveries.theirId, theirs),
        inArray(
          deliveries.connectionId,
          ties.map((tie) => tie.connectionId),
        ),
      ),
    )
    .orderBy(desc(receivedAt))
    .limit(linesMax);
}

const deliveryLine = (row: Awaited<ReturnType<typeof deliveriesOf>>[number]) => ({
  id: row.id,
  at: row.receivedAt,
  kind: 'delivery' as const,
  door: 'webhook',
  what: row.event,
  detail: row.reason ?? row.state,
  ok: true,
});

const failuresOf = (db: Db, { resource, ourId }: Of, ties: Tie[]) =>
  db
    .select()
    .from(failures)
    .where(
      and(
        eq(failures.resource, resource),
        or(
          eq(failures.ourId, ourId),
          ...ties.map((tie) =>
            and(
              eq(failures.connectionId, tie.connectionId),
              sql`${failures.theirId} = ${tie.theirId}`,
            ),
          ),
        ),
      ),
    )
    .orderBy(desc(failures.lastAt))
    .limit(linesMax);

const failureLine = (row: typeof failures.$inferSelect) => ({
  id: row.id,
  at: row.lastAt,
  kind: 'failure' as const,
  runId: row.runId,
  what: `${row.step} failed, ${row.state}`,
  detail: [row.path, row.detail, row.closedReason].filter(Boolean).join(': '),
  ok: row.state === 'resolved' || row.state === 'dismissed',
});

const conflictsOf = (db: Db, { resource, ourId }: Of) =>
  db
    .select()
    .from(conflicts)
    .where(and(eq(conflicts.resource, resource), eq(conflicts.ourId, ourId)))
    .orderBy(desc(conflicts.foundAt))
    .limit(linesMax);

const conflictLine = (row: typeof conflicts.$inferSelect) => ({
  id: row.id,
  at: row.foundAt,
  kind: 'conflict' as const,
  runId: row.runId,
  what: `both sides differ: ${row.reason}`,
  detail: row.state,
  // Theirs beside ours, in the place of before and after.
  fields: { [row.field]: { before: row.theirs.value, after: row.ours.value } },
  ok: row.state !== 'open',
});
