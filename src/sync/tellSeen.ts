import type { Queryable } from '#src/platform/database.ts';
import type { Values } from './canonical.ts';
import type { TheirRecord } from './connector.ts';
import { canonicalOurs } from './fields.ts';
import { fieldsOf, takenValues } from './mapping.ts';
import type { Workplace } from './parts.ts';
import { writeContextOf } from './passed.ts';
import type { Plan } from './plan.ts';
import type { OurRecord, Seen } from './synced.ts';

type Read = {
  ours: OurRecord;
  /** As it was read, before anything was sent. */
  theirs: TheirRecord;
  made: Pick<Plan, 'toUs' | 'toThem' | 'base'>;
};

/** Both sides as they stand once what was planned is carried out. */
export function seenOf(place: Workplace, { ours, theirs, made }: Read): Seen {
  return {
    ourId: ours.id,
    ours: { ...canonicalOurs(fieldsOf(place), ours.values), ...made.toUs },
    theirs: takenValues(place, { ...theirs.values, ...made.toThem }),
    base: made.base,
  };
}

/** Nothing is planned where all stands as it was agreed. */
export const asAgreed = (base: Record<string, unknown> | null) => ({
  ...{ toUs: {}, toThem: {} },
  base: (base ?? {}) as Values,
});

/** Tells a room that asks for it what was read of its records, whether or not anything moved. */
export async function tellSeen(
  db: Queryable,
  place: Workplace,
  seen: readonly Seen[],
  now: Date,
): Promise<void> {
  if (seen.length > 0) await place.synced.seen?.(db, writeContextOf(place, now), seen);
}
