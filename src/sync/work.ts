import type { Values } from './canonical.ts';
import type { Page, TheirRecord } from './connector.ts';
import { type Counts, countEnd, noCounts } from './counts.ts';
import type { Link } from './links.ts';
import type { Plan } from './plan.ts';
import type { Pending } from './standing.ts';
import type { OurRecord, Seen, Write } from './synced.ts';

/** A page as the run goes through it. */
export interface RunPage {
  page: Page;
  /**
   * When its request began. What was written to a link since then is newer than the page, whatever
   * the page says: where they give no revision, or one of whole seconds, nothing else tells.
   */
  readAt: Date;
  /**
   * list   shown by their list.
   * byId   read by id, since the list did not show it: seen for the first time.
   * again  read by id once more, to make sure before closing; counted as seen before.
   */
  source: 'list' | 'byId' | 'again';
  /** Their ids that a read by id did not find any more. [A1] */
  gone?: string[];
  /** Those whose read by id failed or answered under another id: for their own corridor. */
  odd?: string[];
}

/** A record that what stands there would close here. [A3] */
export interface Closer {
  ourId: string;
  theirId: string;
  why: 'gone' | 'closes';
}

/** What is to be done with a page, worked out in memory before anything is written. */
export interface Work {
  /** What was seen, and what ended without a write. */
  counts: Counts;
  news: { theirs: TheirRecord; write: Write }[];
  changed: {
    link: Link;
    theirs: TheirRecord;
    write: Write | null;
    /** Our values as they were read, in canonical form. */
    before: Values;
    /** The same as the room gave them. */
    ours: OurRecord['values'];
    made: Plan;
    version: number;
  }[];
  /** What was read of records that end here, for a room that asks. */
  seen: Seen[];
  /** Rows that need the corridor for one record: to push, to adopt, to read afresh. */
  handOver: Pending[];
  /** Put aside until all that this run would close is known. */
  closers: Closer[];
  /** Ours that a person refused to close, and that theirs no longer closes: the answer is used up. */
  outlived: string[];
}

export const noWork = (): Work => ({
  counts: noCounts(),
  news: [],
  changed: [],
  seen: [],
  handOver: [],
  closers: [],
  outlived: [],
});

/** What is counted once the work is stored: what ended in memory, and what the writes end. */
export function countsOf({ counts, news, changed }: Work): Counts {
  const all = structuredClone(counts);
  const written = changed.filter(({ write }) => write).length;
  countEnd(all.theirs, 'created', news.length);
  countEnd(all.theirs, 'updated', written);
  countEnd(all.theirs, 'unchanged', changed.length - written);
  countEnd(all.ours, 'unchanged', changed.length);
  return all;
}

/** Leaves every record of the page to the single-record corridor. */
export function handOverAll(work: Work): void {
  for (const { theirs } of work.news) {
    work.handOver.push({ theirId: theirs.id, theirs: true, ours: false });
  }
  for (const { theirs } of work.changed) {
    work.handOver.push({ theirId: theirs.id, theirs: true, ours: true });
  }
  work.news = [];
  work.changed = [];
  work.seen = [];
}
