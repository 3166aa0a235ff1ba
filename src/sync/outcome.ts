import { balances, type RunCounts } from './balance.ts';

/** How a run ended, and in words why it is not green. */
export interface Outcome {
  state: 'done' | 'problems' | 'unbalanced' | 'partial' | 'empty' | 'implausible';
  reason: string | null;
}

/** What a full read of their list showed, and what is known of the resource to hold against it. */
export interface Showing {
  /** How many different records the list showed. */
  shown: number;
  /** How many the provider counts; null when it does not say. */
  expected: number | null;
  /** Links that stood before this read, and that no read by id found gone. */
  linked: number;
  /** What the last full reads showed that were believed, newest first. */
  believed: readonly number[];
  /** What the read just before showed, when that one was not believed; else null. */
  doubted: number | null;
  /** A person asked for it, after the doubt was shown. */
  askedByPerson: boolean;
}

/** Up to here nothing is "plenty": a handful of records may well come and go in one day. */
const fewMax = 10;
/** Shrinking by more than a fifth is as much as a run may close without asking. [A3] */
const shrinkShareMax = 0.2;
/**
 * A resource may double when an employer imports a branch. Three times and a hundred more is rather
 * a filter that stopped being heeded, or another account's key.
 */
const growthTimesMax = 3;
const growthMax = 100;

/**
 * Is what the list showed to be believed? Null: yes. Else nothing may be concluded from what it did
 * not show: such a read closes nothing and is no full reconciliation. Pure.
 *
 * A person who asks again, and is shown about the same again, is believed: they have looked.
 */
export function doubtOf(showing: Showing): Outcome | null {
  const { shown, linked, believed, doubted, askedByPerson } = showing;
  if (askedByPerson && doubted !== null && isAlike(shown, doubted)) return null;
  const usual = median(believed);
  const last = believed[0];
  if (shown === 0) {
    // An empty list that was believed before is what this account looks like.
    if (last === 0 || Math.max(linked, last ?? 0) <= fewMax) return null;
    const plenty = last !== undefined && last > fewMax ? `${last} last time` : `${linked} linked`;
    return { state: 'empty', reason: `The list is empty, where there were plenty (${plenty}).` };
  }
  if (usual === null) return null;
  const fewer = usual - shown;
  const shrank = fewer > fewMax && fewer > usual * shrinkShareMax;
  // What polls brought in since is known already; and who begins with a handful may well grow.
  const known = Math.max(usual, linked);
  const grew = known > fewMax && shown - known > growthMax && shown > known * growthTimesMax;
  if (!shrank && !grew) return null;
  const reason = `The list shows ${shown} records, where full reads usually show ${usual}.`;
  return { state: 'implausible', reason };
}

/** Did the provider count more than it showed? Everything else may still be true. */
export function partialOf({
  shown,
  expected,
}: Pick<Showing, 'shown' | 'expected'>): Outcome | null {
  if (expected === null || shown >= expected) return null;
  const reason = `The provider counts ${expected} records and showed ${shown}.`;
  return { state: 'partial', reason };
}

/** The state in which a run ends: green only when nothing at all speaks against it. [F6] */
export function outcomeOf(run: RunCounts, doubt: Outcome | null): Outcome {
  if (!balances(run)) return { state: 'unbalanced', reason: 'The counts do not add up.' };
  if (doubt) return doubt;
  return { state: run.failed + run.oursFailed > 0 ? 'problems' : 'done', reason: null };
}

const isAlike = (one: number, other: number) =>
  Math.abs(one - other) <= Math.max(fewMax, other * shrinkShareMax);

function median(counts: readonly number[]): number | null {
  if (counts.length === 0) return null;
  const sorted = [...counts].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}
