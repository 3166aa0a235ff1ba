import type { Failure, Result } from '#src/platform/failure.ts';
import { applyPreview } from './applyPreview.ts';
import { backOffSeconds } from './backOff.ts';
import { recordBell, ring } from './bells.ts';
import {
  clearDegraded,
  connectionById,
  isWorking,
  noteConnectionFailure,
  patchSettings,
} from './connections.ts';
import type { Cursor, Page, TheirRecord } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { hurryFailures } from './deadLetters.ts';
import { blockedSeconds, passOtherOf, syncRecord, workplaceOf } from './engine.ts';
import { unseenTheirIds } from './links.ts';
import { passPage } from './pagePass.ts';
import { type Parts, runLock, type Workplace } from './parts.ts';
import { executePreview } from './preview.ts';
import {
  advanceRun,
  beginRun,
  checkpointOf,
  countSeen,
  finishRun,
  forgetSeen,
  moveCheckpoint,
  noCounts,
  noteSeen,
  putOffRun,
  type Run,
  runById,
  setRunState,
} from './runs.ts';

/** Where a run stands; kept with every page. */
interface Place {
  phase: 'pages' | 'listed';
  cursor: Cursor | null;
  /** Changes at or after this are asked for; null: everything. */
  since: string | null;
  /** The greatest change time seen: where the next poll begins. */
  newest: string | null;
  /** How often the whole list was read, since rows move between pages. */
  sweep: number;
  /** What the provider last said there is. */
  total: number | null;
}

/** Why a run does not go on now. */
type Stop = Failure | 'held' | 'broken off';

/** A list whose rows moved while it was read is read again this often, at most. */
const sweepsMax = 3;
/** No list is longer than this many pages; a cursor that never ends is a fault, not work. */
const pagesMax = 10_000;
/** Tries at one page, with back-off, before the run is called interrupted. */
const triesMax = 8;
const settingsAreFreshForSeconds = 24 * 60 * 60;

/** Answers the doorbell of a run: goes on from its checkpoint until the end or a stop. [F4] */
export async function executeRun(parts: Parts, runId: string): Promise<void> {
  const asked = await runById(parts.db, runId);
  if (!asked) return;
  const lane = asked.kind === 'poll' ? 'poll' : 'backfill';
  const place = await workplaceOf(parts, asked, lane);
  if (!place) return hold(parts, asked);
  const blocked = await blockedSeconds(parts, place);
  if (blocked > 0) {
    const nextTryAt = new Date(parts.clock.now().getTime() + blocked * 1_000);
    const reason = 'The provider asked for a pause.';
    return putOffRun(parts.db, asked.id, { reason, nextTryAt, counted: false });
  }
  await parts.locks.tryWith(runLock(asked), async (signal) => {
    const run = await beginRun(parts.db, runId, parts.clock.now());
    if (!run) return;
    await parts.live.publish('runs');
    const stop = await goThrough(parts, { ...place, call: { ...place.call, signal } }, run).catch(
      (error): Stop => {
        if (signal.aborted) return 'broken off';
        // Our own fault: heard in the log, tried again a few times, then shown as what it is.
        parts.log.error({ err: error, runId }, 'A run stumbled');
        return { kind: 'unreachable', detail: 'KiEX stumbled; the log says more.' };
      },
    );
    // It stays as it is, and whoever looks next goes on from its checkpoint.
    if (signal.aborted) return;
    if (stop) await stopRun(parts, place, run, stop);
    await parts.live.publish('runs');
  });
}

async function hold(parts: Parts, run: Run): Promise<void> {
  if (run.state !== 'waiting' && run.state !== 'running') return;
  const connection = await connectionById(parts.db, run.connectionId);
  const reason = `The connection is ${connection?.state.replaceAll('_', ' ') ?? 'gone'}; it goes on when that is mended.`;
  await setRunState(parts.db, run.id, { state: 'held', reason, finishedAt: null });
  await parts.live.publish('runs');
}

async function goThrough(parts: Parts, place: Workplace, run: Run): Promise<Stop | null> {
  if (run.mode === 'preview') return executePreview(parts, place, run);
  if (run.previewId) return applyPreview(parts, run);
  const refreshed = await refreshSettings(parts, place);
  if (!refreshed.ok) return refreshed.failure;
  const at = await placeOfRun(parts, place, run);
  const stop = await readList(parts, place, run, at);
  if (stop) return stop;
  if (run.kind === 'full') {
    const barred = await confirmAbsences(parts, place, run, at);
    if (barred) return barred;
  }
  const now = parts.clock.now();
  await moveCheckpoint(parts.db, placeOf(place), {
    cursor: at.newest,
    nextPollAt: new Date(now.getTime() + parts.pollSeconds * 1_000),
    now,
    full: run.kind !== 'poll',
  });
  const reason = await shortfall(parts, run, at);
  await forgetSeen(parts.db, run.id);
  await finishRun(parts.db, run.id, { reason, now });
  await clearDegraded(parts.db, place.connection.id, now);
  await hurryFailures(parts.db, place.connection.id, now);
  return null;
}

/** A run that saw fewer records than the provider counts says so, and is not green. [F6] */
async function shortfall(parts: Parts, run: Run, at: Place): Promise<string | null> {
  if (run.kind === 'poll' || at.total === null) return null;
  const seen = await countSeen(parts.db, run.id);
  return seen < at.total ? `The provider counts ${at.total} records and showed ${seen}.` : null;
}

/** What decoding needs from the provider, read once a day and before every full read of it. */
async function refreshSettings(parts: Parts, place: Workplace): Promise<Result<null>> {
  const { connector, connection, call } = place;
  const last = connection.settings.refreshedAt;
  const now = parts.clock.now();
  const age =
    typeof last === 'string'
      ? (now.getTime() - Date.parse(last)) / 1_000
      : Number.POSITIVE_INFINITY;
  if (!connector.refreshSettings || age < settingsAreFreshForSeconds)
    return { ok: true, value: null };
  const read = await connector.refreshSettings(call);
  if (!read.ok) return read;
  const patch = { ...read.value, refreshedAt: now.toISOString() };
  await patchSettings(parts.db, connection.id, { patch, now });
  Object.assign(call, {
    account: { ...call.account, settings: { ...call.account.settings, ...patch } },
  });
  return { ok: true, value: null };
}

async function placeOfRun(parts: Parts, place: Workplace, run: Run): Promise<Place> {
  if (run.checkpoint) return run.checkpoint as unknown as Place;
  const checkpoint = await checkpointOf(parts.db, placeOf(place));
  const since = run.kind === 'poll' ? (checkpoint?.cursor ?? null) : null;
  return {
    phase: 'pages',
    cursor: null,
    since,
    newest: checkpoint?.cursor ?? null,
    sweep: 1,
    total: null,
  };
}

/** Reads the list, again where rows slipped by, until all that is counted was seen. */
async function readList(parts: Parts, place: Workplace, run: Run, at: Place): Promise<Stop | null> {
  for (;;) {
    if (at.phase === 'pages') {
      const stop = await readPages(parts, place, run, at);
      if (stop) return stop;
    }
    if (!(await rowsAreMissing(parts, run, at))) return null;
    at.sweep++;
    at.phase = 'pages';
  }
}

async function readPages(
  parts: Parts,
  place: Workplace,
  run: Run,
  at: Place,
): Promise<Stop | null> {
  let upcoming = readPage(place, at);
  for (let pages = 0; pages < pagesMax; pages++) {
    const read = await upcoming;
    if (!read.ok) return read.failure;
    const page = read.value;
    at.cursor = page.next;
    at.newest = newestOf(page.records, at.newest);
    at.total = page.total ?? at.total;
    if (!page.next) at.phase = 'listed';
    // The next page is on its way while this one is written.
    const following = page.next ? readPage(place, at) : null;
    const stop = await storePage(parts, place, run, { page, at }).finally(() =>
      following?.catch(() => undefined),
    );
    if (stop) return stop;
    if (!following) return null;
    upcoming = following;
  }
  return { kind: 'surprising', path: 'next', detail: `more than ${pagesMax} pages` };
}

function readPage({ resource, call }: Workplace, at: Place): Promise<Result<Page>> {
  if (at.since !== null && resource.changedSince)
    return resource.changedSince(call, at.since, at.cursor);
  // Another sweep reads with another page size, so that rows fall into other pages.
  return resource.list!(call, at.cursor ?? { sweep: at.sweep });
}

function newestOf(records: TheirRecord[], sofar: string | null): string | null {
  return records.reduce<string | null>(
    (newest, row) => (row.revision && (!newest || row.revision > newest) ? row.revision : newest),
    sofar,
  );
}

async function storePage(
  parts: Parts,
  place: Workplace,
  run: Run,
  { page, at }: { page: Page; at: Place },
): Promise<Stop | null> {
  const connection = await connectionById(parts.db, place.connection.id);
  if (!connection || !isWorking(connection)) return 'held';
  const passOther = passOtherOf(parts, place, { door: 'poll' });
  const passed = await passPage(parts, place, { run, page, checkpoint: { ...at }, passOther });
  if (!passed.ok) return passed.failure;
  const [surprise] = page.surprises;
  if (surprise) {
    // Their shape changed: the rows are dead letters, and the connection says so. [F1]
    const failure = { kind: 'surprising', path: surprise.path, detail: surprise.detail } as const;
    await noteConnectionFailure(parts.db, connection, { failure, now: parts.clock.now() });
  }
  for (const row of passed.value) {
    const task = { ...placeOf(place), theirId: row.id, door: 'poll' as const };
    await ring(parts, recordBell(task));
  }
  return null;
}

/** Order between pages is not stable: fewer different rows than counted means that some slipped by. */
async function rowsAreMissing(parts: Parts, run: Run, at: Place): Promise<boolean> {
  if (run.kind === 'poll' || at.total === null || at.sweep >= sweepsMax) return false;
  return (await countSeen(parts.db, run.id)) < at.total;
}

/** Records of ours that a full read did not show are read by id, one by one: a list proves nothing. [A1] */
async function confirmAbsences(
  parts: Parts,
  place: Workplace,
  run: Run,
  at: Place,
): Promise<Stop | null> {
  const missing = await unseenTheirIds(parts.db, placeOf(place), { runId: run.id, limit: 10_000 });
  for (const theirId of missing) {
    const task = { ...placeOf(place), theirId, door: 'poll' as const };
    const passed = await syncRecord(parts, task);
    if (passed.kind === 'held') return 'held';
    if (passed.kind === 'failed' && passed.failure.kind === 'unauthorised') return passed.failure;
    const counts = { ...noCounts(), seen: 1 };
    if (passed.kind === 'failed') counts.failed = 1;
    else if (passed.kind === 'done' && passed.action === 'unchanged') counts.unchanged = 1;
    else if (passed.kind === 'done') counts.updated = 1;
    else counts.skipped = { [passed.kind === 'skipped' ? passed.reason : 'looked at later']: 1 };
    const now = parts.clock.now();
    await parts.db.transaction(async (tx) => {
      await advanceRun(tx, run.id, { counts, checkpoint: { ...at }, expected: null, now });
      await noteSeen(tx, { id: parts.newId(), runId: run.id, theirIds: [theirId] });
    });
  }
  return null;
}

async function stopRun(parts: Parts, place: Workplace, run: Run, stop: Stop): Promise<void> {
  if (stop === 'held') return hold(parts, run);
  if (stop === 'broken off') return;
  const now = parts.clock.now();
  await noteConnectionFailure(parts.db, place.connection, { failure: stop, now });
  if (stop.kind === 'unauthorised') return hold(parts, run);
  const reason = `${stop.kind}: ${stop.detail}`;
  const attempts = ((await runById(parts.db, run.id))?.attempts ?? 0) + 1;
  const hopeless = stop.kind === 'refused' || stop.kind === 'surprising';
  if (!hopeless && attempts < triesMax) {
    const seconds =
      stop.kind === 'throttled' ? stop.retryAfterSeconds : backOffSeconds(attempts, parts.random);
    const nextTryAt = new Date(now.getTime() + seconds * 1_000);
    const counted = stop.kind !== 'throttled';
    return putOffRun(parts.db, run.id, { reason, nextTryAt, counted });
  }
  const state = hopeless ? 'failed' : 'interrupted';
  await setRunState(parts.db, run.id, { state, reason, finishedAt: now });
  await forgetSeen(parts.db, run.id);
}
