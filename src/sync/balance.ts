/** What a run has counted. */
export interface RunCounts {
  seen: number;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  failed: number;
  /** reason -> how many */
  skipReasons: Readonly<Record<string, number>>;
}

/**
 * Do the sums agree: was everything seen created, updated, left unchanged, skipped for a reason, or
 * failed? A run whose sums do not agree is never green. Pure; for the engine and for its pages.
 */
export function balances(run: RunCounts): boolean {
  const reasons = Object.values(run.skipReasons).reduce((sum, count) => sum + count, 0);
  const ends = run.created + run.updated + run.unchanged + run.skipped + run.failed;
  return run.seen === ends && run.skipped === reasons;
}
