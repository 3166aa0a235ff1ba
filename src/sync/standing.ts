import type { Lane } from '#src/platform/quota.ts';
import type { Answers } from './closings.ts';
import type { Cursor } from './connector.ts';
import type { Outcome } from './outcome.ts';
import type { Parts, Workplace } from './parts.ts';
import type { Run } from './runs.ts';

/** A record that the run has come upon and that waits for the corridor for one record. */
export interface Pending {
  theirId?: string;
  ourId?: string;
  /** On which sides it was counted as seen. */
  theirs: boolean;
  ours: boolean;
}

/**
 * Where a run stands; stored with every step, so that whoever takes it up goes on from there.
 *
 * pages     reads their list, page by page.
 * listed    has read it to its end.
 * absent    reads by id what is linked and was not shown. [A1]
 * closings  judges what it would close, all together. [A3]
 * end       has nothing left to do.
 */
export interface Standing {
  phase: 'pages' | 'listed' | 'absent' | 'closings' | 'end';
  /** Rises with every step that is stored. */
  step: number;
  cursor: Cursor | null;
  /** Changes at or after this are asked for; null: everything. */
  since: string | null;
  /** The greatest change time seen: where the next poll begins. */
  newest: string | null;
  /** How often the whole list was read, since rows move between pages. */
  sweep: number;
  /** What the provider last said there is. */
  total: number | null;
  /** Rows that could not be read and showed no id: no later sweep can tell them from others. */
  nameless: number;
  /** How many different records the list showed, once it was read to its end. */
  shown: number | null;
  /** Why what the list showed is not believed; null: it is. */
  doubt: Outcome | null;
  /** The last of their ids that was read in the walk over what was not shown. */
  walked: string | null;
  /** Handed over by the last page; settled before anything else goes on. */
  pending: Pending[];
}

/** Where every run begins that reads everything. */
export const startOfRun: Standing = {
  phase: 'pages',
  step: 0,
  cursor: null,
  since: null,
  newest: null,
  sweep: 1,
  total: null,
  nameless: 0,
  shown: null,
  doubt: null,
  walked: null,
  pending: [],
};

/** A run under way: its parts, its workplace and where it stands. */
export interface Walk {
  parts: Parts;
  place: Workplace;
  run: Run;
  at: Standing;
  /** Ours that a person was asked about before, and must not be asked about again. */
  answers: Answers;
}

/** Everything is compared, not only what changed. */
export const readsWhole = ({ run }: Walk) => run.kind !== 'poll';

/** A backfill of any size must not hold up what people wait for, whoever asked for it. [Q2] */
export const laneOfRun = ({ kind }: Pick<Run, 'kind'>): Lane =>
  kind === 'poll' ? 'poll' : 'backfill';

/** Which door a run's changes come through. */
export const doorOfRun = ({ trigger }: Pick<Run, 'trigger'>) =>
  trigger === 'schedule' ? ('poll' as const) : ('manual' as const);
