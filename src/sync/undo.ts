import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { connectionById } from './connections.ts';
import { canonicalOurs } from './fields.ts';
import { linksByOurs } from './links.ts';
import type { Parts, Workplace } from './parts.ts';
import { type Run, runById } from './runs.ts';
import { decideTakeBack, type Left, type PastWrite, type TakeBack } from './takeBack.ts';
import { history } from './trailTables.ts';
import { type Records, recordsOf, takeBackBatch } from './undoBatch.ts';

/** Where a run's writes are taken back: no call is made, so no key is opened. */
export type UndoPlace = Pick<Workplace, 'connection' | 'resource' | 'synced'>;

/** Records that are looked at in one go. */
const batchSize = 100;
/** A batch in which somebody else wrote meanwhile is looked at anew, then record by record. */
const triesMax = 2;

/** What could be taken back of a run; nothing is written. */
export interface Undoable {
  /** Records with something to take back. */
  records: number;
  fields: number;
  /** Of these records, those that would be closed, since the run brought them in. */
  closes: number;
  /** Fields, and closed records, that were taken back before. */
  earlier: number;
  left: Left[];
}

export interface Undone {
  /** Records of which something was taken back now. */
  taken: number;
  left: Left[];
  /** Records were not looked at yet, since one call does no more than it was told to. */
  more: boolean;
}

/** Why a run cannot be taken back at all, in words; null when it can. */
export type Refusal = { refused: string };

/** What taking back a run would do, record by record. Fails with words when it cannot be asked. */
export async function undoable(parts: Parts, runId: string): Promise<Undoable | Refusal> {
  const place = await placeOfUndo(parts, runId);
  if ('refused' in place) return place;
  const sum: Undoable = { records: 0, fields: 0, closes: 0, earlier: 0, left: [] };
  for await (const ourIds of batchesOf(parts.db, runId, { undone: true })) {
    for (const decided of (await lookAt(parts.db, place, runId, ourIds)).decided) {
      const fields = Object.keys(decided.values).length;
      if (fields > 0 || decided.closes) sum.records++;
      sum.fields += fields;
      sum.closes += decided.closes ? 1 : 0;
      sum.earlier += decided.earlier;
      sum.left.push(...decided.left);
    }
  }
  return sum;
}

/**
 * Takes back what a run wrote here, record by record, where nothing touched it since; what was
 * touched is left and listed. What is taken back stays so until the provider's value changes. May
 * be broken off and called again: what is done is marked.
 *
 * by          who asked, for the history.
 * recordsMax  once so many are taken back, the answer says that more are waiting.
 */
export async function undoRun(
  parts: Parts,
  runId: string,
  { by, recordsMax = Number.POSITIVE_INFINITY }: { by: string; recordsMax?: number },
): Promise<Undone | Refusal> {
  const place = await placeOfUndo(parts, runId);
  if ('refused' in place) return place;
  const undone: Undone = { taken: 0, left: [], more: false };
  for await (const ourIds of batchesOf(parts.db, runId, { undone: false })) {
    if (undone.taken >= recordsMax) return { ...undone, more: true };
    await takeBack(parts, place, { runId, by, ourIds, undone });
  }
  return undone;
}

interface Batch {
  runId: string;
  by: string;
  ourIds: string[];
  undone: Undone;
}

async function takeBack(parts: Parts, place: UndoPlace, batch: Batch): Promise<void> {
  const { runId, by, ourIds, undone } = batch;
  for (let attempt = 1; attempt <= triesMax; attempt++) {
    const { records, decided } = await lookAt(parts.db, place, runId, ourIds);
    const wanted = decided.filter(hasWork);
    if (await takeBackBatch(parts, place, { runId, by, records, wanted })) {
      undone.taken += wanted.length;
      undone.left.push(...decided.flatMap(({ left }) => left));
      return;
    }
  }
  if (ourIds.length > 1) {
    for (const ourId of ourIds) await takeBack(parts, place, { ...batch, ourIds: [ourId] });
    return;
  }
  const reason = 'It was being changed at this moment. Try again.';
  undone.left.push({ ourId: ourIds[0]!, field: null, reason });
}

const hasWork = ({ values, closes }: TakeBack) => closes || Object.keys(values).length > 0;

/** A run of a kind of record that is still there, and not under way. */
async function placeOfUndo(parts: Parts, runId: string): Promise<UndoPlace | Refusal> {
  const run = await runById(parts.db, runId);
  if (!run) return { refused: 'There is no such run.' };
  if (isUnderWay(run)) return { refused: 'It is still under way. Wait until it has ended.' };
  const connection = (await connectionById(parts.db, run.connectionId))!;
  const connector = parts.connectors.get(connection.provider);
  const resource = connector?.resources.find(({ name }) => name === run.resource);
  const synced = parts.synced.get(run.resource);
  if (!resource || !synced?.write) return { refused: 'This kind of record is never written here.' };
  return { connection, resource, synced };
}

const isUnderWay = (run: Run) => run.state === 'waiting' || run.state === 'running';

/** Our ids of what a run wrote here, in batches. */
async function* batchesOf(
  db: Queryable,
  runId: string,
  { undone }: { undone: boolean },
): AsyncGenerator<string[]> {
  for (let last = ''; ; ) {
    const rows = await db
      .selectDistinct({ ourId: history.ourId })
      .from(history)
      .where(
        and(
          eq(history.runId, runId),
          eq(history.direction, 'in'),
          gt(history.ourId, last),
          undone ? undefined : isNull(history.undoneAt),
        ),
      )
      .orderBy(asc(history.ourId))
      .limit(batchSize);
    if (rows.length === 0) return;
    last = rows.at(-1)!.ourId;
    yield rows.map(({ ourId }) => ourId);
  }
}

/** What can be taken back of these records as they stand now. */
async function lookAt(
  db: Queryable,
  place: UndoPlace,
  runId: string,
  ourIds: string[],
): Promise<{ records: Records; decided: TakeBack[] }> {
  const of = { connectionId: place.connection.id, resource: place.resource.name };
  const [records, links, writes] = await Promise.all([
    recordsOf(db, place, ourIds),
    linksByOurs(db, of, ourIds),
    writesSince(db, { runId, resource: of.resource, ourIds }),
  ]);
  const canClose = Boolean(place.synced.closeGone);
  const decided = ourIds.map((ourId) => {
    const ours = records.get(ourId);
    const link = links.get(ourId);
    const values =
      ours && link && !link.goneAt ? canonicalOurs(place.resource.fields, ours.values) : null;
    const past = travelling(writes.get(ourId) ?? [], place);
    return decideTakeBack(ourId, past, { runId, ours: values, canClose });
  });
  return { records, decided };
}

/** What follows from other fields follows again when those are taken back. */
function travelling(writes: PastWrite[], { resource }: UndoPlace): PastWrite[] {
  const names = new Set(resource.fields.map(({ ours }) => ours));
  return writes.map((row) => ({
    ...row,
    fields: Object.fromEntries(Object.entries(row.fields).filter(([name]) => names.has(name))),
  }));
}

/** Every write to these records since the run began to write, oldest first. */
async function writesSince(
  db: Queryable,
  { runId, resource, ourIds }: { runId: string; resource: string; ourIds: string[] },
): Promise<Map<string, PastWrite[]>> {
  const began = sql`(select min(at) from history where run_id = ${runId})`;
  const rows = await db
    .select()
    .from(history)
    .where(
      and(
        eq(history.resource, resource),
        inArray(history.ourId, ourIds),
        sql`${history.at} >= ${began}`,
      ),
    )
    .orderBy(asc(history.at), asc(history.id));
  const writes = new Map<string, PastWrite[]>();
  for (const row of rows) writes.set(row.ourId, [...(writes.get(row.ourId) ?? []), row]);
  return writes;
}
