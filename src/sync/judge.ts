import { moveCheckpoint } from './checkpoints.ts';
import {
  type Closing,
  closingsOf,
  markClosings,
  needsPerson,
  takeUp,
  takeUpAll,
} from './closings.ts';
import { countEnd, noCounts } from './counts.ts';
import { placeOf } from './createTheirs.ts';
import { openIssue } from './issues.ts';
import { countLinked } from './links.ts';
import type { Outcome } from './outcome.ts';
import { advanceRun, setRunState } from './runs.ts';
import type { Standing, Walk } from './standing.ts';
import { rowsAtOnce, type Stop } from './stops.ts';
import { readById } from './walkOurs.ts';

/** The kind of issue that a run opens when it asks. */
export const massChange = 'mass change';

/** Closings that go to the corridor for one record in one step. */
const closedAtOnce = 100;
/** Ids that an issue names; the run's page shows all. */
const idsNamed = 20;

/**
 * Judges together what the run would close: few are closed, each after a fresh read by id; many are
 * made sure of first, and if there are still many, nothing is closed and a person is asked. [A3]
 *
 * Few need no look before they are counted: making sure can only make them fewer.
 */
export async function judgeClosings(walk: Walk): Promise<Stop | null> {
  const { parts, place, run, at } = walk;
  if (place.call.signal?.aborted) return 'broken off';
  const aside = await closingsOf(parts.db, run.id);
  if (aside.length === 0) {
    at.phase = 'end';
    return null;
  }
  const approved = aside.every(({ state }) => state === 'approved');
  const linked = await countLinked(parts.db, placeOf(place));
  if (approved || !needsPerson({ closing: aside.length, linked })) {
    await handClosingsOver(walk, aside.slice(0, closedAtOnce));
    return null;
  }
  const unsure = aside.filter(({ confirmed }) => !confirmed).slice(0, rowsAtOnce);
  if (unsure.length === 0 || !place.resource.get) return ask(walk, { aside, linked });
  const theirIds = unsure.map(({ theirId }) => theirId);
  return readById(walk, { theirIds, source: 'again', next: { ...at } });
}

/** They wait like other rows from now on; in one transaction, so that none is lost or done twice. */
async function handClosingsOver(walk: Walk, aside: Closing[]): Promise<void> {
  const { parts, run, at } = walk;
  const theirIds = aside.map(({ theirId }) => theirId);
  const pending = theirIds.map((theirId) => ({ theirId, theirs: true, ours: true }));
  const standing: Standing = { ...at, pending: [...at.pending, ...pending] };
  await parts.db.transaction(async (tx) => {
    await takeUp(tx, run.id, theirIds);
    await advanceRun(tx, run.id, { counts: noCounts(), standing, now: parts.clock.now() });
  });
  Object.assign(at, standing, { step: standing.step + 1 });
}

async function ask(
  walk: Walk,
  { aside, linked }: { aside: Closing[]; linked: number },
): Promise<Stop> {
  const { parts, place, run, at } = walk;
  const of = placeOf(place);
  const now = parts.clock.now();
  const named = aside.slice(0, idsNamed).map(({ theirId }) => theirId);
  const more = aside.length > named.length ? ` and ${aside.length - named.length} more` : '';
  const reason = `It would close ${aside.length} of ${linked} linked ${of.resource} and waits for a person to say so.`;
  await parts.db.transaction(async (tx) => {
    await markClosings(tx, run.id, 'asked');
    await advanceRun(tx, run.id, { counts: noCounts(), standing: at, now });
    await setRunState(tx, run.id, { state: 'asks', reason, finishedAt: null });
    // All else is stored, so polls go on from here; what waits for the answer is kept with the run.
    const nextPollAt = place.resource.list ? soon(walk, now) : null;
    await moveCheckpoint(tx, of, { cursor: at.newest, nextPollAt, now, full: false });
    const detail = `Run ${run.id} ${reason} Their ids: ${named.join(', ')}${more}.`;
    const issue = { ...of, kind: massChange, key: run.id, detail, count: aside.length };
    await openIssue(tx, issue, { newId: parts.newId, now });
  });
  return 'asks';
}

const soon = ({ parts }: Walk, now: Date) => new Date(now.getTime() + parts.pollSeconds * 1_000);

const because = 'the read is not believed, so nothing is closed';

/** What was put aside stays as it is: nothing may be concluded from this read. */
export async function dropClosings(walk: Walk, doubt: Outcome): Promise<void> {
  const { parts, run, at } = walk;
  await parts.db.transaction(async (tx) => {
    const count = await takeUpAll(tx, run.id);
    const counts = noCounts();
    countEnd(counts.theirs, { skipped: because }, count);
    countEnd(counts.ours, { skipped: because }, count);
    const standing = { ...at, phase: 'end' as const, doubt };
    await advanceRun(tx, run.id, { counts, standing, now: parts.clock.now() });
  });
  Object.assign(at, { phase: 'end', doubt, step: at.step + 1 });
}
