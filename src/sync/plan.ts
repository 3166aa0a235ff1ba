import type { Value, Values } from './canonical.ts';
import type { Hold, Holds, PlannedField, Policy, Rule, Winner } from './flow.ts';

/** One side of a record: its canonical values, and when it last changed if that is known. */
export interface Side {
  values: Values;
  changedAt: string | null;
}

/** Both sides changed a field to different values. `winner` null: a person is asked. [M3] */
export interface Conflict {
  field: string;
  ours: Value;
  theirs: Value;
  before: Value | undefined;
  winner: Winner | null;
  /** The policy; or that ours should win, and cannot be sent. */
  reason: Policy | 'cannot be sent';
}

export interface Plan {
  toUs: Values;
  toThem: Values;
  /** What both sides will have agreed on once the plan is carried out; fields not planned keep theirs. */
  base: Values;
  /** The holds that stand once it is carried out. */
  held: Holds;
  /** New ones only: a conflict that is held already is not found again. */
  conflicts: Conflict[];
  why: Readonly<Record<string, Rule>>;
}

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
  const planned = new Set(fields.map(({ name }) => name));
  const kept = Object.entries(held).filter(([name, hold]) => outlives(hold, planned.has(name)));
  const toUs: Record<string, Value> = {};
  const toThem: Record<string, Value> = {};
  const agreed: Record<string, Value> = { ...base };
  const holds: Record<string, Hold> = Object.fromEntries(kept);
  const why: Record<string, Rule> = {};
  const conflicts: Conflict[] = [];
  for (const field of fields) {
    const { name } = field;
    const mine = ours.values[name] ?? null;
    const other = theirs.values[name] ?? null;
    const three = { mine, other, before: base?.[name] };
    const decision = decide(field, { ...three, hold: held[name] }, { ours, theirs });
    // What they wrote themselves stays theirs, also when it is what we would have written.
    if (mine === other && !isTended(field)) agreed[name] = mine;
    if (decision.move === 'toUs') toUs[name] = agreed[name] = other;
    if (decision.move === 'toThem') toThem[name] = agreed[name] = mine;
    if (decision.rule) why[name] = decision.rule;
    if (decision.hold) holds[name] = decision.hold;
    if (decision.conflict) {
      const values = { ours: mine, theirs: other, before: three.before };
      conflicts.push({ field: name, ...values, ...decision.conflict });
      if (!decision.conflict.winner)
        holds[name] = { ours: mine, theirs: other, because: 'conflict' };
    }
  }
  return { toUs, toThem, base: agreed, held: holds, conflicts, why };
}

/** What a person took back stays so while its field is switched off; a conflict is found again. */
const outlives = (hold: Hold, isPlanned: boolean) => !isPlanned && hold.because === 'taken back';

/** The values of one field; `before` is undefined when nothing was ever agreed. */
interface Stand {
  mine: Value;
  other: Value;
  before: Value | undefined;
  hold: Hold | undefined;
}

interface Decision {
  move?: 'toUs' | 'toThem';
  rule?: Rule;
  hold?: Hold;
  conflict?: Pick<Conflict, 'winner' | 'reason'>;
}

const stay: Decision = {};

function decide(
  field: PlannedField,
  { mine, other, before, hold }: Stand,
  sides: { ours: Side; theirs: Side },
): Decision {
  if (mine === other) return stay;
  if (hold && hold.ours === mine && hold.theirs === other) return carryChoice(field, hold);
  const mineChanged = mine !== (before ?? null);
  const otherChanged = other !== (before ?? null);
  const first = before === undefined ? ('first agreement' as const) : null;
  const toUs = (rule: Rule): Decision => ({ move: 'toUs', rule: first ?? rule });
  const toThem = (rule: Rule): Decision =>
    field.sendable ? { move: 'toThem', rule: first ?? rule } : stay;
  const isTheirs = field.flow === 'in' || field.oursOnly?.includes(mine);
  if (isTheirs) return toUs(otherChanged ? 'their change' : 'theirs to give');
  if (isTended(field)) {
    const isOurs = before !== undefined && other === before;
    if (isOurs && mineChanged && maySay(field, mine)) return toThem('our change');
    const isGap = field.flow === 'tend' && other === null;
    return isGap && mineChanged && mine !== null ? toThem('filled') : stay;
  }
  if (field.flow === 'out') return mineChanged ? toThem('our change') : stay;
  if (field.flow === 'fill') return mineChanged && other === null ? toThem('filled') : stay;
  // What was put back here is no change of ours: theirs is followed once it is another.
  if (hold?.because === 'taken back' && hold.ours === mine) return toUs('their change');
  if (mineChanged && !otherChanged) return toThem('our change');
  if (otherChanged && !mineChanged) return toUs('their change');
  return settle(field, sides);
}

const isTended = ({ flow }: PlannedField) => flow === 'tend' || flow === 'keep';

/** Nothing is taken out of a record that is theirs as well; a row that is all ours may be put right. [A2] */
const maySay = ({ flow }: PlannedField, mine: Value) => flow === 'keep' || mine !== null;

function carryChoice({ sendable }: PlannedField, hold: Hold): Decision {
  if (hold.chosen === 'theirs') return { move: 'toUs', rule: 'chosen' };
  if (hold.chosen === 'ours' && sendable) return { move: 'toThem', rule: 'chosen' };
  return { hold };
}

/** Both sides changed the field, to different values. [M3] */
function settle(
  { policy, sendable }: PlannedField,
  { ours, theirs }: { ours: Side; theirs: Side },
): Decision {
  const winner = winnerOf(policy, ours.changedAt, theirs.changedAt);
  if (policy === 'ask' || winner === null) return { conflict: { winner: null, reason: policy } };
  if (winner === 'theirs')
    return { move: 'toUs', rule: policy, conflict: { winner, reason: policy } };
  if (!sendable) return { conflict: { winner: null, reason: 'cannot be sent' } };
  return { move: 'toThem', rule: policy, conflict: { winner, reason: policy } };
}

function winnerOf(policy: Policy, ours: string | null, theirs: string | null): Winner | null {
  if (policy === 'kiex') return 'ours';
  if (policy === 'provider') return 'theirs';
  if (policy === 'ask') return null;
  // The newest wins; where a time is missing or equal, the provider does, so that it is always the same.
  return ours !== null && theirs !== null && ours > theirs ? 'ours' : 'theirs';
}
