import type { Values } from './canonical.ts';
import type { TheirRecord } from './connector.ts';
import { canonicalOurs } from './fields.ts';
import type { Link } from './links.ts';
import { fieldsOf, type Mapped } from './mapping.ts';
import type { Plan } from './plan.ts';
import type { OurRecord } from './synced.ts';
import type { FieldChanges, PreviewRecord } from './trailTables.ts';

/** What the corridor is about to do to one record on each side, before it does any of it. */
export type Intended = Pick<
  PreviewRecord,
  'ourId' | 'theirId' | 'here' | 'there' | 'toUs' | 'toThem' | 'conflicts'
> & {
  /** What must be on the other side first and is not: 'organizations 12'. */
  first: string[];
};

/**
 * Asked before anything is written to a record on either side; on false nothing is. A preview notes
 * what it is asked and says no; carrying a preview out says yes to what was previewed. May be asked
 * more than once for one record.
 */
export type Consent = (intended: Intended) => boolean;

const nothing: Omit<Intended, 'ourId' | 'theirId'> = {
  here: 'none',
  there: 'none',
  toUs: {},
  toThem: {},
  conflicts: {},
  first: [],
};

/** Both sides are there, and are to be merged by this plan. */
export function mergeIntended(
  place: Mapped,
  { ours, theirs, made }: { ours: OurRecord; theirs: TheirRecord; made: Plan },
  tied: 'tied' | 'not tied yet' = 'tied',
): Intended {
  const mine = canonicalOurs(fieldsOf(place), ours.values);
  const writes = Object.keys(made.toUs).length > 0;
  const sends = Object.keys(made.toThem).length > 0;
  return {
    ...nothing,
    ourId: ours.id,
    theirId: theirs.id,
    here: tied === 'not tied yet' ? 'link' : writes ? 'update' : 'none',
    there: sends ? 'update' : 'none',
    toUs: changes(mine, made.toUs),
    toThem: changes(theirs.values, made.toThem),
    conflicts: Object.fromEntries(
      made.conflicts.map(({ field, ours: one, theirs: other }) => [
        field,
        { ours: one, theirs: other },
      ]),
    ),
  };
}

/** Theirs is new to us. */
export const createHereIntended = (theirId: string, values: Values, first: string[]): Intended => ({
  ...nothing,
  ourId: null,
  theirId,
  here: 'create',
  toUs: filled(changes({}, values)),
  first,
});

/** Ours is not there: it is looked for, and created where nothing is found. */
export const createThereIntended = (ourId: string, values: Values, first: string[]): Intended => ({
  ...nothing,
  ourId,
  theirId: null,
  there: 'create',
  toThem: filled(changes({}, values)),
  first,
});

export const closeIntended = ({ ourId, theirId }: Link): Intended => ({
  ...nothing,
  ourId,
  theirId,
  here: 'close',
});

export const nothingIntended = (of: { ourId: string; theirId: string | null }): Intended => ({
  ...nothing,
  ...of,
});

/** Is anything to be done to the record, or shown to a person? */
export const hasIntent = ({ here, there, conflicts }: Intended) =>
  here !== 'none' || there !== 'none' || Object.keys(conflicts).length > 0;

/**
 * Would the same be done as was previewed: the same values written over the same ones on each side,
 * the same created and closed? Whether a tie is made or was made meanwhile is no difference.
 */
export function isSameIntent(
  one: Omit<Intended, 'first'>,
  other: Omit<Intended, 'first'>,
): boolean {
  const steps = (of: typeof one) => [
    of.here === 'create',
    of.here === 'close',
    of.there === 'create',
    sorted(of.toUs),
    sorted(of.toThem),
    sorted(of.conflicts),
  ];
  return JSON.stringify(steps(one)) === JSON.stringify(steps(other));
}

/** Names of the fields in which two intents differ, for words. */
export function differingFields(
  one: Pick<Intended, 'toUs' | 'toThem'>,
  other: Pick<Intended, 'toUs' | 'toThem'>,
): string[] {
  const names = new Set<string>();
  for (const side of ['toUs', 'toThem'] as const) {
    for (const name of [...Object.keys(one[side]), ...Object.keys(other[side])]) {
      const [mine, theirs] = [one[side][name], other[side][name]];
      if (mine?.before !== theirs?.before || mine?.after !== theirs?.after) names.add(name);
    }
  }
  return [...names].sort();
}

function changes(before: Values, written: Values): FieldChanges {
  return Object.fromEntries(
    Object.entries(written).map(([name, after]) => [name, { before: before[name] ?? null, after }]),
  );
}

/** What a new record does not say is not worth a line. */
const filled = (of: FieldChanges): FieldChanges =>
  Object.fromEntries(Object.entries(of).filter(([, { after }]) => after !== null));

/** In an order of its own, since the database keeps keys in another. */
const sorted = (of: Record<string, object>) =>
  Object.keys(of)
    .sort()
    .map((name) => [name, Object.entries(of[name]!).sort(([a], [b]) => (a < b ? -1 : 1))]);
