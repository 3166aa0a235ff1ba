import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Tx } from '#src/platform/database.ts';
import type { Value, Values } from './canonical.ts';
import { canonicalOurs } from './fields.ts';
import type { Hold } from './flow.ts';
import { agreeLinks, type Link, linksByOurs } from './links.ts';
import type { Parts } from './parts.ts';
import { writeContextOf } from './passed.ts';
import { type Change, remember } from './remember.ts';
import type { OurRecord } from './synced.ts';
import { type TakeBack, takenBackFrom } from './takeBack.ts';
import { conflicts, type FieldChanges, history } from './trailTables.ts';
import type { UndoPlace } from './undo.ts';

export type Records = Map<string, OurRecord>;

export const recordsOf = (
  db: Parameters<UndoPlace['synced']['read']>[0],
  { connection, synced }: UndoPlace,
  ourIds: string[],
): Promise<Records> => synced.read(db, { connectionId: connection.id }, ourIds);

/** Why a value that was taken back is not put in again. */
const heldReason = 'taken back';

class MovedOn extends Error {}

interface Asked {
  runId: string;
  by: string;
  /** As they were read when it was decided. */
  records: Records;
  wanted: TakeBack[];
}

/**
 * Takes back what was decided for a batch of records, in one transaction: our rows, the holds that
 * keep the sync from putting the values in again, the history, and the marks that it was done.
 * Returns  false, with nothing written, when somebody else wrote to one of them meanwhile.
 */
export async function takeBackBatch(
  parts: Parts,
  place: UndoPlace,
  asked: Asked,
): Promise<boolean> {
  if (asked.wanted.length === 0) return true;
  const ourIds = asked.wanted.map(({ ourId }) => ourId);
  const topics = (await place.synced.topics?.(parts.db, ourIds)) ?? [];
  try {
    await parts.db.transaction(async (tx) => {
      await store(parts, tx, place, asked);
      for (const topic of topics) await parts.live.publish(topic, tx);
    });
    return true;
  } catch (error) {
    if (error instanceof MovedOn) return false;
    throw error;
  }
}

async function store(parts: Parts, tx: Tx, place: UndoPlace, asked: Asked): Promise<void> {
  const { runId, by, records, wanted } = asked;
  const now = parts.clock.now();
  const of = { connectionId: place.connection.id, resource: place.resource.name };
  const ourIds = wanted.map(({ ourId }) => ourId);
  const links = await linksByOurs(tx, of, ourIds);
  const versions = await write(tx, place, { records, wanted, now });
  const after = await recordsOf(tx, place, ourIds);
  const changes: Change[] = wanted.map(({ ourId }) => {
    const fields = differences(place, records.get(ourId)!, after.get(ourId)!);
    const theirId = links.get(ourId)?.theirId ?? '';
    const version = versions.get(ourId)!;
    const detail = `Taken back by ${by} from run ${runId}.`;
    for (const change of Object.values(fields)) change.rule = takenBackFrom(runId);
    return { ourId, theirId, direction: 'in', action: 'updated', fields, version, detail };
  });
  await hold(parts, tx, { of, links, changes, now });
  await keepAgreed(tx, { links, records, changes, now });
  await remember(tx, parts, place, { cause: { door: 'staff' }, changes, now });
  const finished = wanted.filter(({ left }) => left.length === 0).map(({ ourId }) => ourId);
  await tx
    .update(history)
    .set({ undoneAt: now })
    .where(and(eq(history.runId, runId), inArray(history.ourId, finished)));
}

/** Writes or closes our rows. Returns their new versions; throws when one of them moved on. */
async function write(
  tx: Tx,
  { connection, synced }: UndoPlace,
  { records, wanted, now }: { records: Records; wanted: TakeBack[]; now: Date },
): Promise<Map<string, number>> {
  const context = writeContextOf({ connection }, now);
  const writes = wanted
    .filter(({ closes }) => !closes)
    .map(({ ourId, values }) => {
      return { ourId, version: records.get(ourId)!.version, values, refs: {} };
    });
  const closed = wanted.filter(({ closes }) => closes).map(({ ourId }) => ourId);
  const versions = new Map([
    ...(writes.length > 0 ? await synced.write!(tx, context, writes) : []),
    ...(closed.length > 0 ? await synced.closeGone!(tx, context, closed) : []),
  ]);
  // Whoever closes asks for no version; that nobody wrote in between shows in the one it made.
  const stands = ({ ourId }: TakeBack) => versions.get(ourId) === records.get(ourId)!.version + 1;
  if (!wanted.every(stands)) throw new MovedOn();
  return versions;
}

function differences(place: UndoPlace, before: OurRecord, after: OurRecord): FieldChanges {
  const old = canonicalOurs(place.resource.fields, before.values);
  const fresh = canonicalOurs(place.resource.fields, after.values);
  const moved = Object.entries(fresh).filter(([name, value]) => (old[name] ?? null) !== value);
  return Object.fromEntries(
    moved.map(([name, value]) => [name, { before: old[name] ?? null, after: value }]),
  );
}

/**
 * Their value still stands at the provider and would come in again with the next read: held, until
 * it is another one.
 */
async function hold(
  parts: Parts,
  tx: Tx,
  {
    of,
    links,
    changes,
    now,
  }: {
    of: { connectionId: string; resource: string };
    links: Map<string, Link>;
    changes: Change[];
    now: Date;
  },
): Promise<void> {
  const rows = changes.flatMap(({ ourId, theirId, fields }) => {
    const base = links.get(ourId)?.base as Values | null | undefined;
    return Object.entries(fields).map(([field, { before, after }]) => ({
      id: parts.newId(),
      ...of,
      ourId,
      theirId,
      field,
      base: base && field in base ? { value: base[field] as Value } : null,
      ours: { value: after },
      theirs: { value: before },
      winner: null,
      reason: heldReason,
      state: 'open' as const,
      foundAt: now,
    }));
  });
  if (rows.length === 0) return;
  await tx
    .insert(conflicts)
    .values(rows)
    .onConflictDoUpdate({
      target: [conflicts.connectionId, conflicts.resource, conflicts.ourId, conflicts.field],
      targetWhere: sql`state = 'open'`,
      set: {
        base: sql`excluded.base`,
        ours: sql`excluded.ours`,
        theirs: sql`excluded.theirs`,
        reason: heldReason,
        foundAt: now,
      },
    });
}

/**
 * The holds, and that what was taken back is not news for the provider: the row is no more due than
 * it was before. One that had something to send keeps it. [D6]
 */
async function keepAgreed(
  tx: Tx,
  {
    links,
    records,
    changes,
    now,
  }: { links: Map<string, Link>; records: Records; changes: Change[]; now: Date },
): Promise<void> {
  const agreements = changes.map(({ ourId, fields, version }) => {
    const link = links.get(ourId)!;
    const holds = Object.entries(fields).map(([name, { before, after }]): [string, Hold] => [
      name,
      { ours: after, theirs: before, because: 'taken back' },
    ]);
    const wasAgreed = link.agreedVersion >= records.get(ourId)!.version;
    const agreement = {
      ourId,
      theirId: link.theirId!,
      base: (link.base ?? {}) as Values,
      held: { ...link.held, ...Object.fromEntries(holds) },
      theirRevision: link.theirRevision,
      agreedVersion: wasAgreed ? version : link.agreedVersion,
    };
    return { link, agreement };
  });
  const agreed = await agreeLinks(tx, agreements, now);
  if (agreed.size < agreements.length) throw new MovedOn();
}
