/** What became of the records that a run looked at on one side, as its row says. */
export interface SideOfRun {
  seen: number;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  failed: number;
  /** reason -> how many */
  skipReasons: Readonly<Record<string, number>>;
  failReasons: Readonly<Record<string, number>>;
}

/** Both sides of a run: what was seen there, and which records of ours were looked at. */
export interface RunCounts extends SideOfRun {
  oursSeen: number;
  oursCreated: number;
  oursUpdated: number;
  oursUnchanged: number;
  oursSkipped: number;
  oursFailed: number;
  oursSkipReasons: Readonly<Record<string, number>>;
  oursFailReasons: Readonly<Record<string, number>>;
}

/**
 * theirs  their records that were seen, by what became of them here.
 * ours    our records that were looked at, by what became of them there.
 */
export const sidesOf = (run: RunCounts): { theirs: SideOfRun; ours: SideOfRun } => ({
  theirs: run,
  ours: {
    seen: run.oursSeen,
    created: run.oursCreated,
    updated: run.oursUpdated,
    unchanged: run.oursUnchanged,
    skipped: run.oursSkipped,
    failed: run.oursFailed,
    skipReasons: run.oursSkipReasons,
    failReasons: run.oursFailReasons,
  },
});

/**
 * Do the sums agree on both sides: was everything seen created, updated, left unchanged, skipped for
 * a reason, or failed for one? What is seen is counted when it is seen, and how it ended when it
 * ended, so a record that got lost in between shows here. Such a run is never green. Pure.
 */
export function balances(run: RunCounts): boolean {
  const { theirs, ours } = sidesOf(run);
  return sideBalances(theirs) && sideBalances(ours);
}

function sideBalances(side: SideOfRun): boolean {
  const { created, updated, unchanged, skipped, failed } = side;
  return (
    side.seen === created + updated + unchanged + skipped + failed &&
    skipped === sum(side.skipReasons) &&
    failed === sum(side.failReasons)
  );
}

const sum = (reasons: Readonly<Record<string, number>>) =>
  Object.values(reasons).reduce((total, count) => total + count, 0);
