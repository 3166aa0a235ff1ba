import { applyPreview } from './applyPreview.ts';
import { backOffSeconds } from './backOff.ts';
import { checkpointOf, moveCheckpoint } from './checkpoints.ts';
import { standingAnswers } from './closings.ts';
import {
  clearDegraded,
  connectionById,
  isAtHand,
  isEnded,
  isWorking,
  keyIsCurrent,
  noteConnectionFailure,
} from './connections.ts';
import { placeOf } from './createTheirs.ts';
import { hurryFailures } from './deadLetters.ts';
import { blockedSeconds, workplaceOf } from './engine.ts';
import { keepSettingsFresh } from './freshSettings.ts';
import { dropClosings, judgeClosings } from './judge.ts';
import { isLeftOut, letGo } from './leftOut.ts';
import { partialOf } from './outcome.ts';
import { type Parts, runLock, type Workplace } from './parts.ts';
import { settlePending } from './pendingRows.ts';
import { executePreview } from './preview.ts';
import { doubtAbout, listedAll, readPages } from './readList.ts';
import { forgetSeen } from './runSeen.ts';
import {
  beginRun,
  CarriedOn,
  finishRun,
  putOffRun,
  type Run,
  runById,
  setRunState,
} from './runs.ts';
import { laneOfRun, readsWhole, type Standing, startOfRun, type Walk } from './standing.ts';
import type { Stop } from './stops.ts';
import { readAbsent } from './walkOurs.ts';

/** Tries at one step, with back-off, before the run is called interrupted. */
const triesMax = 8;

/** Answers the doorbell of a run: goes on from its checkpoint until the end or a stop. [F4] */
export async function executeRun(parts: Parts, runId: string): Promise<void> {
  const asked = await runById(parts.db, runId);
  if (!asked) return;
  const ofPreview = asked.mode === 'preview' || asked.previewId !== null;
  const mayWork = ofPreview ? isAtHand : isWorking;
  const place = await workplaceOf(parts, asked, laneOfRun(asked), mayWork);
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
        // A worker that had lost its lock stored the step before us: it goes on from there.
        if (signal.aborted || error instanceof CarriedOn) return 'broken off';
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
  if (connection && isEnded(connection)) {
    const reason = 'The connection was disconnected.';
    const finishedAt = parts.clock.now();
    await setRunState(parts.db, run.id, { state: 'interrupted', reason, finishedAt });
    return parts.live.publish('runs');
  }
  const reason = `The connection is ${connection?.state.replaceAll('_', ' ') ?? 'gone'}; it goes on when that is mended.`;
  await setRunState(parts.db, run.id, { state: 'held', reason, finishedAt: null });
  await parts.live.publish('runs');
}

async function goThrough(parts: Parts, place: Workplace, run: Run): Promise<Stop | null> {
  if (run.mode === 'preview') return executePreview(parts, place, run);
  if (run.previewId) return applyPreview(parts, run);
  const refreshed = await keepSettingsFresh(parts, place);
  if (!refreshed.ok) return refreshed.failure;
  const at = run.checkpoint
    ? (run.checkpoint as unknown as Standing)
    : await firstStanding(parts, place, run);
  // Whoever asks for everything to be compared wants to be asked again, too. [A3]
  const refusalsHold = run.kind !== 'full' || run.trigger === 'schedule';
  const about = { runId: run.id, refusalsHold };
  const answers = await standingAnswers(parts.db, placeOf(place), about);
  const walk: Walk = { parts, place, run, at, answers };
  if (isLeftOut(place.resource, place.connection)) {
    await letGo(walk);
    at.phase = 'end';
  }
  while (at.phase !== 'end') {
    // What a step left waiting comes first, also when another worker made that step.
    const stop = (await settlePending(walk)) ?? (await nextStep(walk));
    if (stop) return stop;
  }
  const stop = await settlePending(walk);
  if (stop) return stop;
  await endRun(walk);
  return null;
}

async function nextStep(walk: Walk): Promise<Stop | null> {
  switch (walk.at.phase) {
    case 'pages':
      return readPages(walk);
    case 'listed':
      return afterList(walk);
    case 'absent':
      return readAbsent(walk);
    default:
      return judgeClosings(walk);
  }
}

/** The list was read: is it to be believed? Only then may anything be concluded from absence. [A1] */
async function afterList(walk: Walk): Promise<null> {
  const { at } = walk;
  const shown = await listedAll(walk);
  if (shown === null) return null;
  if (!readsWhole(walk)) {
    at.phase = 'closings';
    return null;
  }
  at.shown = shown;
  const doubt = await doubtAbout(walk);
  if (doubt) await dropClosings(walk, doubt);
  else at.phase = 'absent';
  return null;
}

/** All was read that the run set out to read: moves the checkpoint on, and says how it went. */
async function endRun(walk: Walk): Promise<void> {
  const { parts, place, run, at } = walk;
  const now = parts.clock.now();
  const { shown, total } = at;
  const partial = shown === null ? null : partialOf({ shown, expected: total });
  const doubt = at.doubt ?? partial;
  await moveCheckpoint(parts.db, placeOf(place), {
    cursor: at.newest,
    nextPollAt: place.resource.list ? new Date(now.getTime() + parts.pollSeconds * 1_000) : null,
    now,
    full: readsWhole(walk) && doubt === null,
  });
  await forgetSeen(parts.db, run.id);
  await finishRun(parts.db, run.id, { doubt, now });
  await clearDegraded(parts.db, place.connection.id, now);
  await hurryFailures(parts.db, place.connection.id, now);
}

async function firstStanding(parts: Parts, place: Workplace, run: Run): Promise<Standing> {
  const checkpoint = await checkpointOf(parts.db, placeOf(place));
  return {
    ...startOfRun,
    // Without a list, ours are walked and each is read by id.
    phase: place.resource.list ? 'pages' : 'absent',
    since: run.kind === 'poll' ? (checkpoint?.cursor ?? null) : null,
    newest: checkpoint?.cursor ?? null,
  };
}

async function stopRun(parts: Parts, place: Workplace, run: Run, stop: Stop): Promise<void> {
  if (stop === 'held') return hold(parts, run);
  // It has said so itself, or whoever looks next goes on.
  if (stop === 'asks' || stop === 'broken off') return;
  const now = parts.clock.now();
  if (stop !== 'busy') {
    if (stop.kind === 'unauthorised' && !(await keyIsCurrent(parts.db, place.connection))) {
      const reason = 'The key was replaced; it goes on with the new one.';
      return putOffRun(parts.db, run.id, { reason, nextTryAt: now, counted: false });
    }
    await noteConnectionFailure(parts.db, place.connection, { failure: stop, now });
    if (stop.kind === 'unauthorised') return hold(parts, run);
  }
  const attempts = ((await runById(parts.db, run.id))?.attempts ?? 0) + 1;
  const told = stop !== 'busy' && stop.kind === 'throttled' ? stop.retryAfterSeconds : null;
  const hopeless = stop !== 'busy' && (stop.kind === 'refused' || stop.kind === 'surprising');
  const reason =
    stop === 'busy'
      ? 'A record that it needs is being worked on just now.'
      : `${stop.kind}: ${stop.detail}`;
  if (!hopeless && (told !== null || attempts < triesMax)) {
    const seconds = told ?? backOffSeconds(attempts, parts.random);
    const nextTryAt = new Date(now.getTime() + seconds * 1_000);
    return putOffRun(parts.db, run.id, { reason, nextTryAt, counted: told === null });
  }
  // What it has seen is kept: a person may have it go on from here.
  const state = hopeless ? 'failed' : 'interrupted';
  await setRunState(parts.db, run.id, { state, reason, finishedAt: now });
}
