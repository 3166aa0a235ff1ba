/** A rule of docs/sync-rules.md that the end of a run breaks. */
export interface Violation {
  /** Such as 'Z1'. */
  rule: string;
  /** A sentence for the person who looks into it. */
  words: string;
  /** Ours, theirs, links, runs: whatever helps to find it. */
  ids: readonly string[];
}

export const violation = (rule: string, words: string, ...ids: (string | number)[]): Violation => ({
  rule,
  words,
  ids: ids.map(String),
});
