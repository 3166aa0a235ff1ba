import { instantOf, isRecord, type OurRow, rowsOf, type Scene } from './scene.ts';
import { type Violation, violation } from './violation.ts';

/** A run that made no step for this long, at rest, has been forgotten. */
const silentMilliseconds = 15 * 60 * 1_000;

/** Runs and failures tell the truth and do not lie about. [F1] [F5] [F6] */
export const judgeRuns = (scene: Scene): Violation[] => [
  ...rowsOf(scene, 'runs').flatMap((run) => judgeRun(scene, run)),
  ...rowsOf(scene, 'failures').flatMap(judgeFailure),
  ...rowsOf(scene, 'connections').flatMap(judgeConnection),
];

function judgeRun(scene: Scene, run: OurRow): Violation[] {
  const id = String(run.id);
  if (run.state === 'done' && !sumsUp(run))
    return [violation('F6', 'a run is green and its counts do not add up', id)];
  if (run.state === 'unbalanced') return [violation('F6', 'a run lost count of what it saw', id)];
  const moved = instantOf(run.progress_at) ?? instantOf(run.requested_at) ?? 0;
  const open = run.state === 'waiting' || run.state === 'running';
  if (open && scene.at - moved > silentMilliseconds)
    return [violation('F4', `a run is still ${String(run.state)} and nobody is at it`, id)];
  if (run.state === 'held') return [violation('F2', 'a run is held though nothing bars it', id)];
  const failed = run.state === 'interrupted' || run.state === 'failed';
  if (failed && !run.reason) return [violation('F5', 'a run failed without a word', id)];
  return [];
}

/** Everything seen, there and here, was made, changed, left, skipped or failed, for a reason. */
const sumsUp = (run: OurRow): boolean => ['', 'ours_'].every((side) => sideSumsUp(run, side));

function sideSumsUp(run: OurRow, side: string): boolean {
  const count = (name: string) => Number(run[side + name]);
  const reasons = (name: string) => {
    const said = run[side + name];
    const counts = isRecord(said) ? Object.values(said) : [];
    return counts.reduce<number>((sum, one) => sum + Number(one), 0);
  };
  const ends = ['created', 'updated', 'unchanged', 'skipped', 'failed'];
  const ended = ends.reduce((sum, name) => sum + count(name), 0);
  return (
    count('seen') === ended &&
    count('skipped') === reasons('skip_reasons') &&
    count('failed') === reasons('fail_reasons')
  );
}

/** Kinds that pass by themselves once the provider is well again. */
const healing = ['throttled', 'unreachable', 'unauthorised'];

function judgeFailure(failure: OurRow): Violation[] {
  const id = String(failure.id);
  const about = `${String(failure.resource)} ${String(failure.record_key)}`;
  if (failure.state === 'retrying' && healing.includes(String(failure.kind)))
    return [violation('F1', `${about} is still being retried though all is well`, id)];
  if (failure.state === 'retrying')
    return [violation('F1', `${about} was refused and is tried for ever`, id)];
  // Nobody can tell whether it arrived: that waits for a person, however well all is. [I3]
  const isDoubt = failure.step === 'unanswered';
  if (failure.state === 'dead' && !isDoubt && healing.includes(String(failure.kind)))
    return [violation('F1', `${about} was given up for a reason that passes`, id)];
  if (failure.state === 'dead' && !String(failure.detail ?? '').trim())
    return [violation('F5', `${about} is a dead letter without a word`, id)];
  return [];
}

function judgeConnection(connection: OurRow): Violation[] {
  if (connection.state === 'connected' || connection.state === 'degraded') return [];
  const words = `a connection is ${String(connection.state)} though nothing bars it`;
  return [violation('F2', words, String(connection.id))];
}
