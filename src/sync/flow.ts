import type { Value } from './canonical.ts';

/**
 * A field that stays as it is on both sides for as long as both values are exactly these: a person
 * took a change back.
 */
export interface Hold {
  ours: Value;
  theirs: Value;
  because: 'conflict' | 'taken back';
}

export type Holds = Readonly<Record<string, Hold>>;
