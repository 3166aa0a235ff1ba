import { and, eq, inArray } from 'drizzle-orm';
import { type Counts, countEnd, type End, noCounts } from './counts.ts';
import { placeOf } from './createTheirs.ts';
import { syncRecord } from './engine.ts';
import type { RecordTask } from './parts.ts';
import type { Passed } from './passed.ts';
import { advanceRun } from './runs.ts';
import { doorOfRun, laneOfRun, type Pending, type Walk } from './standing.ts';
import { rowsAtOnce, type Stop, stopAmong } from './stops.ts';
import { activity } from './tables.ts';

type Answer = Awaited<ReturnType<typeof syncRecord>>;
type Ended = Passed & { kind: 'done' | 'skipped' | 'failed' };

/**
 * Passes the rows that wait through the corridor for one record, a few at a time, and counts each by
 * what became of it. The count and the shorter list are stored together: a row whose pass was done
 * and not yet stored is passed once more, which changes nothing, and counted once. [F4]
 */
export async function settlePending(walk: Walk): Promise<Stop | null> {
  const { parts, place, at } = walk;
  while (at.pending.length > 0) {
    if (place.call.signal?.aborted) return 'broken off';
    const rows = at.pending.slice(0, rowsAtOnce);
    const answers = await Promise.all(rows.map((row) => syncRecord(parts, taskOf(walk, row))));
    const stop = stopOf(answers);
    const ended = rows.flatMap((row, n) => {
      const answer = answers[n]!;
      return isEnd(answer, stop) ? [{ row, passed: answer }] : [];
    });
    if (ended.length > 0) await storeEnds(walk, ended);
    if (stop) return stop;
  }
  return null;
}

const taskOf = ({ place, run }: Walk, { ourId, theirId }: Pending): RecordTask => ({
  ...placeOf(place),
  ...(ourId ? { ourId } : { theirId: theirId! }),
  door: doorOfRun(run),
  lane: laneOfRun(run),
  runId: run.id,
});

function stopOf(answers: Answer[]): Stop | null {
  if (answers.some(({ kind }) => kind === 'held')) return 'held';
  const failures = answers.map((answer) =>
    // What a record needs failed, not the record: that says nothing of the others.
    answer.kind === 'failed' && (answer.step === 'read' || answer.failure.kind !== 'unreachable')
      ? answer.failure
      : null,
  );
  const stop = stopAmong(failures);
  if (stop) return stop;
  return answers.some(({ kind }) => kind === 'busy' || kind === 'again') ? 'busy' : null;
}

/** A failure that stops the run is not the record's: it waits and is passed again. */
function isEnd(answer: Answer, stop: Stop | null): answer is Ended {
  if (answer.kind === 'failed') {
    return stop === null || typeof stop === 'string' || answer.failure.kind !== stop.kind;
  }
  return answer.kind === 'done' || answer.kind === 'skipped';
}

async function storeEnds(walk: Walk, ended: { row: Pending; passed: Ended }[]): Promise<void> {
  const { parts, run, at } = walk;
  const counts = await endsOf(walk, ended);
  const settled = new Set(ended.map(({ row }) => row));
  const standing = { ...at, pending: at.pending.filter((row) => !settled.has(row)) };
  await parts.db.transaction(async (tx) => {
    await advanceRun(tx, run.id, { counts, standing, now: parts.clock.now() });
    await parts.live.publish('runs', tx);
  });
  Object.assign(at, standing, { step: standing.step + 1 });
}

/**
 * What became of each, on both sides. Told by the lines of history that this run has left on the
 * record, which were written with the change itself: also when the worker before us made it.
 */
async function endsOf(
  { parts, place, run }: Walk,
  ended: { row: Pending; passed: Ended }[],
): Promise<Counts> {
  const ourIds = ended.flatMap(({ passed }) => (passed.kind === 'done' ? [passed.ourId] : []));
  const lines =
    ourIds.length === 0
      ? []
      : await parts.db
          .select({
            ourId: activity.ourId,
            direction: activity.direction,
            action: activity.action,
          })
          .from(activity)
          .where(
            and(
              eq(activity.resource, place.resource.name),
              inArray(activity.ourId, ourIds),
              eq(activity.runId, run.id),
            ),
          );
  const counts = noCounts();
  for (const { row, passed } of ended) {
    const done = new Set(
      lines
        .filter(({ ourId }) => passed.kind === 'done' && ourId === passed.ourId)
        .map(({ direction, action }) => `${direction} ${action}`),
    );
    if (row.theirs) countEnd(counts.theirs, endThere(passed, done));
    if (row.ours) countEnd(counts.ours, endHere(passed, done));
  }
  return counts;
}

/** What became of their record, here. */
function endThere(passed: Ended, done: ReadonlySet<string>): End {
  if (passed.kind !== 'done') return endWithout(passed);
  if (done.has('in created')) return 'created';
  const moved = ['in updated', 'in linked', 'in closed'].some((line) => done.has(line));
  return moved ? 'updated' : 'unchanged';
}

/** What became of our record, there. */
function endHere(passed: Ended, done: ReadonlySet<string>): End {
  if (passed.kind !== 'done') return endWithout(passed);
  if (done.has('in closed')) return { skipped: 'no longer at the provider' };
  if (done.has('out sent')) return 'created';
  return done.has('out updated') || done.has('out linked') ? 'updated' : 'unchanged';
}

function endWithout(passed: Exclude<Ended, { kind: 'done' }>): End {
  if (passed.kind === 'skipped') return { skipped: passed.reason };
  const { step, failure } = passed;
  const where = failure.kind === 'surprising' ? ` at ${failure.path}` : '';
  return { failed: `${step}: ${failure.kind}${where}` };
}
