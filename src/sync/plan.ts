import type { Value, Values } from './canonical.ts';
import type { Hold, Holds } from './flow.ts';

/**
 * Which way a field travels.
 * in    they own it: ours follows.
 * out   we own it: theirs follows when ours changed.
 * both  either side may change it.
 * fill  we give it only where they have nothing; what they have is never overwritten.
 */
export type Flow = 'in' | 'out' | 'both' | 'fill';

/** Who wins when both sides changed a field to different values. [M3] */
export type Policy = 'kiex' | 'provider' | 'newest' | 'ask';

export interface PlannedField {
  name: string;
  flow: Flow;
  policy: Policy;
}

/** One side of a record: its canonical values, and when it last changed if that is known. */
export interface Side {
  values: Values;
  changedAt: string | null;
}

export interface Conflict {
  field: string;
  ours: Value;
  theirs: Value;
  winner: 'ours' | 'theirs' | null;
}

export interface Plan {
  toUs: Values;
  toThem: Values;
  /** What both sides will have agreed on once the plan is carried out. */
  base: Values;
  /** The holds that stand once it is carried out. */
  held: Holds;
  conflicts: Conflict[];
}

type Move = 'toUs' | 'toThem' | 'stay';

/**
 * The three-way merge: what must be written on each side so that both agree, given what they last
 * agreed on. Pure; the same for webhook, poll, button and our own change. [M1] [M2] [M4] [M6] [M8]
 *
 * base  null before the first agreement, when there is no telling who changed what.
 * held  void for a field as soon as either value is another.
 */
export function plan(
  ours: Side,
  theirs: Side,
  base: Values | null,
  fields: readonly PlannedField[],
  held: Holds = {},
): Plan {
  const result = { toUs: {}, toThem: {}, base: {}, held: {}, conflicts: [] as Conflict[] };
  const holds: Record<string, Hold> = result.held;
  const toUs: Record<string, Value> = result.toUs;
  const toThem: Record<string, Value> = result.toThem;
  const agreed: Record<string, Value> = result.base;
  for (const field of fields) {
    const mine = ours.values[field.name] ?? null;
    const other = theirs.values[field.name] ?? null;
    const before = base?.[field.name];
    const hold = held[field.name];
    const stays = mine !== other && hold?.ours === mine && hold.theirs === other;
    const { move, conflict } = stays
      ? holding
      : decide(field, { mine, other, before }, { ours, theirs });
    if (stays) holds[field.name] = hold;
    if (conflict)
      result.conflicts.push({ field: field.name, ours: mine, theirs: other, ...conflict });
    if (move === 'toUs') {
      toUs[field.name] = other;
      agreed[field.name] = other;
    } else if (move === 'toThem') {
      toThem[field.name] = mine;
      agreed[field.name] = mine;
    } else if (mine === other) agreed[field.name] = mine;
    else if (before !== undefined) agreed[field.name] = before;
  }
  return result;
}

/** The three values of one field; `before` is undefined when nothing was ever agreed. */
interface Three {
  mine: Value;
  other: Value;
  before: Value | undefined;
}

interface Decision {
  move: Move;
  conflict?: { winner: Conflict['winner'] };
}

const holding: Decision = { move: 'stay' };

function decide(
  field: PlannedField,
  { mine, other, before }: Three,
  sides: { ours: Side; theirs: Side },
): Decision {
  if (mine === other) return { move: 'stay' };
  if (field.flow === 'in') return { move: 'toUs' };
  const mineChanged = mine !== (before ?? null);
  if (field.flow === 'out') return { move: mineChanged ? 'toThem' : 'stay' };
  if (field.flow === 'fill') {
    return { move: mineChanged && other === null ? 'toThem' : 'stay' };
  }
  const otherChanged = other !== (before ?? null);
  if (mineChanged && !otherChanged) return { move: 'toThem' };
  if (otherChanged && !mineChanged) return { move: 'toUs' };
  return settle(field.policy, sides);
}

/** Both sides changed the field, to different values. [M3] */
function settle(policy: Policy, { ours, theirs }: { ours: Side; theirs: Side }): Decision {
  const winner = winnerOf(policy, ours.changedAt, theirs.changedAt);
  if (winner === null) return { move: 'stay', conflict: { winner } };
  return { move: winner === 'ours' ? 'toThem' : 'toUs', conflict: { winner } };
}

function winnerOf(policy: Policy, ours: string | null, theirs: string | null): Conflict['winner'] {
  if (policy === 'kiex') return 'ours';
  if (policy === 'provider') return 'theirs';
  if (policy === 'ask') return null;
  // The newest wins; where a time is missing or equal, the provider does, so that it is always the same.
  return ours !== null && theirs !== null && ours > theirs ? 'ours' : 'theirs';
}
