import type { Value } from './canonical.ts';

/**
 * Which way a field travels.
 * in    they own it: ours follows.
 * out   we own it: theirs follows when ours changed.
 * both  either side may change it.
 * fill  we give it only where they have nothing; what they have is never overwritten.
 * tend  fill, and what we gave is kept up to date for as long as it stands there as we wrote it.
 * keep  the same without filling: only what we wrote there ourselves is kept up to date.
 *
 * With `tend` and `keep` the base is what we wrote there last: equal words of theirs are not ours.
 */
export type Flow = 'in' | 'out' | 'both' | 'fill' | 'tend' | 'keep';

/** Who wins when both sides changed a field to different values. [M3] */
export const policies = ['kiex', 'provider', 'newest', 'ask'] as const;
export type Policy = (typeof policies)[number];

/** How a policy reads to people. */
export const policyWords: Readonly<Record<Policy, string>> = {
  kiex: 'KiEX wins',
  provider: 'the provider wins',
  newest: 'the newest wins',
  ask: 'a person is asked',
};

export interface PlannedField {
  name: string;
  flow: Flow;
  policy: Policy;
  /** Can it be changed there? Where it cannot, nothing is planned to them. */
  sendable: boolean;
  /** Values of ours that never leave: theirs is followed instead. */
  oursOnly?: readonly Value[];
}

/**
 * A field that stays as it is on both sides for as long as both values are exactly these: it waits
 * for a person's choice, or a person took a change back. Once a choice is made, it is carried.
 */
export interface Hold {
  ours: Value;
  theirs: Value;
  because: 'conflict' | 'taken back';
  chosen?: Winner;
}

export type Winner = 'ours' | 'theirs';
export type Holds = Readonly<Record<string, Hold>>;

/** What let a value move: kept with it, so that a person can ask later. */
export type Rule =
  | 'their change'
  | 'our change'
  | 'first agreement'
  | 'theirs to give'
  | 'filled'
  | 'kiex'
  | 'provider'
  | 'newest'
  | 'chosen';
