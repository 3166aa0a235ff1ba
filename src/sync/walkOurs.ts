import type { Result } from '#src/platform/failure.ts';
import type { TheirRecord } from './connector.ts';
import { countEnd, noCounts } from './counts.ts';
import { placeOf } from './createTheirs.ts';
import { heldByFailure } from './deadLetters.ts';
import { linksByOurs, unseenTheirIds } from './links.ts';
import { dueOf } from './outbox.ts';
import { passPage } from './pagePass.ts';
import { advanceRun } from './runs.ts';
import type { Pending, Standing, Walk } from './standing.ts';
import { rowsAtOnce, type Stop, stopAmong } from './stops.ts';

/** Nothing refers to others in records that we have: nothing else is brought in for them. */
const passNone = async () => ({ ok: true as const, value: null });

/** More of ours than this are rarely due at once, and the look at what is due finds the rest. [D6] */
const dueMax = 200;

/**
 * Reads by id, a few at a time, what is linked and was not shown: a list proves nothing. Where there
 * is no list, that is every record. What is gone is put aside, the rest passes like a page. [A1]
 */
export async function readAbsent(walk: Walk): Promise<Stop | null> {
  const { parts, place, run, at } = walk;
  if (place.call.signal?.aborted) return 'broken off';
  const search = { runId: run.id, after: at.walked, limit: rowsAtOnce };
  const theirIds = place.resource.get ? await unseenTheirIds(parts.db, placeOf(place), search) : [];
  if (theirIds.length > 0) {
    const next = { ...at, walked: theirIds.at(-1)! };
    return readById(walk, { theirIds, source: 'byId', next });
  }
  await fillDue(walk);
  return null;
}

/** Reads records by id and passes them as a page; what is gone is put aside. */
export async function readById(
  walk: Walk,
  step: { theirIds: string[]; source: 'byId' | 'again'; next: Standing },
): Promise<Stop | null> {
  const { parts, place } = walk;
  const readAt = parts.clock.now();
  const reads = await Promise.all(
    step.theirIds.map(async (theirId) => ({
      theirId,
      read: await place.resource.get!(place.call, theirId),
    })),
  );
  const stop = stopAmong(reads.map(({ read }) => (read.ok ? null : read.failure)));
  if (stop) return stop;
  const { records, gone, odd } = sortReads(reads);
  const passed = await passPage(walk, {
    page: { records, surprises: [], next: null, total: null },
    readAt,
    source: step.source,
    gone,
    odd,
    at: { ...step.next, step: walk.at.step, pending: walk.at.pending },
    passOther: passNone,
  });
  return passed.ok ? null : passed.failure;
}

type Read = { theirId: string; read: Result<TheirRecord | 'gone'> };

/** odd: failed, or answered under another id: the corridor for one record knows what to do. [I4] */
function sortReads(reads: Read[]) {
  const gone: string[] = [];
  const odd: string[] = [];
  const records: TheirRecord[] = [];
  for (const { theirId, read } of reads) {
    if (read.ok && read.value === 'gone') gone.push(theirId);
    else if (read.ok && read.value !== 'gone' && read.value.id === theirId)
      records.push(read.value);
    else odd.push(theirId);
  }
  return { gone, odd, records };
}

/**
 * Goes on to what is due: ours that never arrived there. Those that did were shown, or read by id.
 * What waits for its next try, or for a person, is not tried now, and is counted as that.
 */
async function fillDue(walk: Walk): Promise<void> {
  const { parts, place, run, at } = walk;
  const of = placeOf(place);
  const due = await dueOf(parts, of, dueMax);
  const links = await linksByOurs(parts.db, of, due);
  const unsent = due.filter((ourId) => !links.get(ourId)?.theirId || links.get(ourId)?.goneAt);
  const held = await heldByFailure(parts.db, { ...of, ourIds: unsent });
  const pending = unsent.flatMap((ourId): Pending[] =>
    held.has(ourId) ? [] : [{ ourId, theirs: false, ours: true }],
  );
  const counts = noCounts();
  counts.ours.seen = unsent.length;
  countEnd(counts.ours, { skipped: 'waits for its next try or for a person' }, held.size);
  const standing: Standing = { ...at, phase: 'closings', pending };
  await advanceRun(parts.db, run.id, { counts, standing, now: parts.clock.now() });
  Object.assign(at, standing, { step: standing.step + 1 });
}
