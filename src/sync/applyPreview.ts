import type { Failure } from '#src/platform/failure.ts';
import { type ActivityLine, record } from './activity.ts';
import { isAtHand, patchSettings } from './connections.ts';
import { countEnd, type End, noCounts } from './counts.ts';
import { syncRecord } from './engine.ts';
import { differingFields, hasIntent, type Intended, isSameIntent } from './intended.ts';
import type { Parts, RecordTask } from './parts.ts';
import { countPreviewed, plannedRecords, settlePreviewed } from './previewRows.ts';
import { advanceRun, finishRun, type Run } from './runs.ts';
import { type Standing, startOfRun } from './standing.ts';
import type { Stop } from './stops.ts';
import type { PreviewRecord } from './trailTables.ts';

const batchSize = 50;
/** Tries of the run at one record that cannot be reached. */
const triesMax = 3;
/** Somebody else is at work on the record, or the provider wants a pause: the run waits with it. */
const busy: Failure = {
  kind: 'throttled',
  retryAfterSeconds: 2,
  detail: 'The next record is being worked on.',
};

/**
 * Carries a preview out, record by record: reads theirs afresh, plans anew, and writes only where
 * that comes to what was previewed. What moved since is left and marked. May be broken off and go
 * on: what is done is marked. A preview of settings saves them first.
 * Returns  why it does not go on now; null when it has ended.
 */
export async function applyPreview(parts: Parts, run: Run): Promise<Stop | null> {
  const previewId = run.previewId!;
  const at = (run.checkpoint as Standing | null) ?? startOfRun;
  const work: Carrying = { parts, run, at: { ...at } };
  if (run.settings && at === startOfRun) await saveSettings(parts, run, run.settings);
  for (let after: string | null = null; ; ) {
    const rows = await plannedRecords(parts.db, previewId, { after, limit: batchSize });
    for (const row of rows) {
      const stop = await applyRecord(work, row);
      if (stop) return stop;
    }
    if (rows.length < batchSize) break;
    after = rows.at(-1)!.id;
  }
  const moved = await countPreviewed(parts.db, previewId, 'moved');
  const words = `${moved} ${moved === 1 ? 'record' : 'records'} moved since the preview and stayed as they were.`;
  const doubt = moved > 0 ? ({ state: 'problems', reason: words } as const) : null;
  await finishRun(parts.db, run.id, { doubt, now: parts.clock.now() });
  return null;
}

async function saveSettings(parts: Parts, run: Run, patch: Record<string, unknown>): Promise<void> {
  const { connectionId, resource, requestedBy, previewId } = run;
  const now = parts.clock.now();
  const line: ActivityLine = {
    connectionId,
    resource,
    runId: run.id,
    door: 'staff',
    direction: 'none',
    action: 'settings saved',
    ok: true,
    detail: `by ${requestedBy ?? 'the command line'}, as in preview ${previewId}`,
  };
  await parts.db.transaction(async (tx) => {
    await patchSettings(tx, connectionId, { patch, now });
    await record(tx, [line], { newId: parts.newId, now });
    await parts.live.publish('connections', tx);
  });
}

interface Carrying {
  parts: Parts;
  run: Run;
  at: Standing;
}

type Became = Pick<PreviewRecord, 'state' | 'detail'>;

/** One record: carried out as previewed, or left. */
async function applyRecord(work: Carrying, row: PreviewRecord): Promise<Stop | null> {
  const { parts, run } = work;
  let met: Intended | null = null;
  const consent = (intended: Intended) => {
    met = intended;
    return isSameIntent(row, intended);
  };
  const task = taskOf(run, row);
  const passed = await syncRecord(parts, task, { consent, mayWork: isAtHand });
  if (passed.kind === 'busy' || passed.kind === 'again') return busy;
  if (passed.kind === 'held') return 'held';
  if (passed.kind === 'failed') {
    const { failure, step } = passed;
    if (failure.kind === 'throttled' || failure.kind === 'unauthorised') return failure;
    // The whole provider, most likely; after a few tries it is this record. [F3]
    if (failure.kind === 'unreachable' && run.attempts < triesMax) return failure;
    await settle(work, row, { state: 'failed', detail: `${step}: ${failure.kind}` });
  } else if (passed.kind === 'done') await settle(work, row, { state: 'applied', detail: null });
  else await settle(work, row, { state: 'moved', detail: whyLeft(passed, row, met) });
  return null;
}

const taskOf = (run: Run, { ourId, theirId }: PreviewRecord): RecordTask => ({
  connectionId: run.connectionId,
  resource: run.resource,
  // Theirs first: it is what was read, and ours is found by it.
  ...(theirId ? { theirId } : { ourId: ourId! }),
  door: 'manual',
  lane: 'backfill',
  runId: run.id,
});

/** Field names only. [P3] */
function whyLeft(
  passed: { kind: string; reason?: string },
  row: PreviewRecord,
  met: Intended | null,
): string {
  if (!met) return `Now: ${passed.reason ?? 'nothing is known of it'}.`;
  if (!hasIntent(met)) return 'Nothing is to be done to it any more.';
  const kinds = [
    met.here !== row.here && `here ${met.here} instead of ${row.here}`,
    met.there !== row.there && `there ${met.there} instead of ${row.there}`,
  ].filter(Boolean);
  const fields = differingFields(row, met);
  const names = fields.length > 0 ? `other values in ${fields.join(', ')}` : null;
  return `Now it would be: ${[...kinds, names].filter(Boolean).join('; ')}.`;
}

/** Marks the record and counts it, in one transaction. */
async function settle(work: Carrying, row: PreviewRecord, became: Became): Promise<void> {
  const { parts, run, at } = work;
  const counts = noCounts();
  const side = row.theirId ? counts.theirs : counts.ours;
  side.seen++;
  countEnd(side, endOf(row, became));
  const now = parts.clock.now();
  await parts.db.transaction(async (tx) => {
    await settlePreviewed(tx, row.id, became);
    await advanceRun(tx, run.id, { counts, standing: at, now });
    await parts.live.publish('runs', tx);
  });
  at.step++;
}

function endOf({ here, there }: PreviewRecord, { state, detail }: Became): End {
  if (state === 'failed') return { failed: detail ?? 'failed' };
  if (state === 'moved') return { skipped: 'moved since the preview' };
  return here === 'create' || there === 'create' ? 'created' : 'updated';
}
