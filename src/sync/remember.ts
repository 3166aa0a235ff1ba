import type { Tx } from '#src/platform/database.ts';
import { insertMany } from '#src/platform/manyRows.ts';
import { type ActivityLine, type Door, record } from './activity.ts';
import { closeAmbiguities } from './ambiguities.ts';
import type { Value, Values } from './canonical.ts';
import { type FoundConflicts, keepConflicts } from './conflicts.ts';
import { placeOf } from './createTheirs.ts';
import type { Rule } from './flow.ts';
import { noteMissed } from './missedEvents.ts';
import type { Parts, Workplace } from './parts.ts';
import { type FieldChanges, history } from './trailTables.ts';

/** What led to a change: a door, and the run or delivery behind it. */
export interface Cause {
  door: Door;
  runId?: string | null;
  deliveryId?: string | null;
}

/** What was done to one record on one side. */
export interface Change {
  ourId: string;
  theirId: string;
  /** in: they to us; out: we to them. */
  direction: 'in' | 'out';
  action: 'created' | 'updated' | 'linked' | 'closed' | 'sent';
  fields: FieldChanges;
  /** The version of our row after it. */
  version: number;
  detail?: string | null;
  /** When theirs changed last, as they tell it, and when both sides had agreed before. */
  moved?: { changedAt: string | null; agreedAt: Date };
}

/**
 * The end of the corridor: tells what was done, in the transaction that did it. A line of history
 * for people, by field names; and the values themselves, for where they came from and the way back.
 */
export async function remember(
  tx: Tx,
  parts: Parts,
  place: Pick<Workplace, 'connection' | 'resource'>,
  {
    cause,
    changes,
    found = [],
    now,
  }: { cause: Cause; changes: Change[]; found?: readonly FoundConflicts[]; now: Date },
): Promise<void> {
  await keepConflicts(tx, parts, place, { found, runId: cause.runId ?? null, now });
  if (changes.length === 0) return;
  const clear = changes.filter(({ action }) => settling.has(action));
  await closeAmbiguities(
    tx,
    parts,
    place,
    clear.map(({ theirId }) => ({ theirId })),
  );
  const shared = {
    ...placeOf(place),
    runId: cause.runId ?? null,
    deliveryId: cause.deliveryId ?? null,
    door: cause.door,
  };
  await record(
    tx,
    changes.map((change) => lineOf(shared, change)),
    { newId: parts.newId, now },
  );
  const kept = changes.filter(({ fields }) => Object.keys(fields).length > 0);
  if (kept.length > 0) {
    const rows = kept.map(({ detail: _, moved: _moved, ...change }) => ({
      id: parts.newId(),
      ...shared,
      at: now,
      ...change,
      undoneAt: null,
    }));
    await tx.execute(insertMany(history, rows));
  }
  await noteMissed(tx, parts, place, { cause, changes, now });
  await parts.live.publish('activity', tx);
}

/** After these their record is tied, or gone: where it belongs is no question any more. */
const settling: ReadonlySet<Change['action']> = new Set(['created', 'linked', 'closed']);

const lineOf = (
  shared: Pick<ActivityLine, 'connectionId' | 'resource' | 'runId' | 'deliveryId' | 'door'>,
  { ourId, theirId, direction, action, fields, detail }: Change,
): ActivityLine => ({
  ...shared,
  ourId,
  theirId,
  direction,
  action,
  ok: true,
  // A new record has all its fields from there; naming them tells nothing.
  fields: action === 'updated' ? Object.keys(fields) : [],
  detail: detail ?? null,
});

/**
 * What a write does to the values that stood there before; null: nothing did.
 * why  field -> what let it move, where that is worth telling.
 */
export function changesFrom(
  before: Values | null,
  written: Values,
  why: Readonly<Record<string, Rule>> = {},
): FieldChanges {
  const none: Value = null;
  return Object.fromEntries(
    Object.entries(written).map(([name, after]) => [
      name,
      { before: before?.[name] ?? none, after, ...(why[name] ? { rule: why[name] } : {}) },
    ]),
  );
}
