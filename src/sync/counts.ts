/** What was done to the records looked at on one side, in one step of a run. */
export interface SideCounts {
  seen: number;
  created: number;
  updated: number;
  unchanged: number;
  /** reason -> how many */
  skipped: Record<string, number>;
  /** reason -> how many */
  failed: Record<string, number>;
}

/**
 * One step of a run, on both sides. A record is counted as seen in the step that comes upon it, and
 * once more by how it ended, in the step in which that is stored.
 */
export interface Counts {
  theirs: SideCounts;
  ours: SideCounts;
}

/** How a record ended on one side. */
export type End = 'created' | 'updated' | 'unchanged' | { skipped: string } | { failed: string };

const noSide = (): SideCounts => ({
  seen: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: {},
  failed: {},
});

export const noCounts = (): Counts => ({ theirs: noSide(), ours: noSide() });

/** Counts how records ended on one side. */
export function countEnd(side: SideCounts, end: End, times = 1): void {
  if (typeof end === 'string') side[end] += times;
  else if ('skipped' in end) add(side.skipped, end.skipped, times);
  else add(side.failed, end.failed, times);
}

/** The same end on both sides. */
export function countBoth(counts: Counts, end: End): void {
  countEnd(counts.theirs, end);
  countEnd(counts.ours, end);
}

export const totalOf = (reasons: Readonly<Record<string, number>>) =>
  Object.values(reasons).reduce((sum, count) => sum + count, 0);

function add(reasons: Record<string, number>, reason: string, times: number): void {
  if (times > 0) reasons[reason] = (reasons[reason] ?? 0) + times;
}
