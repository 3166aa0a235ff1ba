import { placeOf } from './createTheirs.ts';
import type { Parts, Workplace } from './parts.ts';
import type { OurRecord } from './synced.ts';

/**
 * The place, with calls that are not made once our record has moved on or may not leave any more. A
 * push that waits in line for the quota is a pending one: it may wait for a minute, and what its
 * student withdrew meanwhile stays here. [P2]
 *
 * hasMoved  was a call left out for that reason? Then another pass looks afresh.
 */
export function asItStands(
  parts: Parts,
  place: Workplace,
  ours: OurRecord,
): { place: Workplace; hasMoved(): boolean } {
  let moved = false;
  const { synced, call } = place;
  const stillWanted = async () => {
    if (call.stillWanted && !(await call.stillWanted())) return false;
    const now = (await synced.read(parts.db, placeOf(place), [ours.id])).get(ours.id);
    const may = await synced.mayLeave?.(parts.db, [ours.id]);
    moved = now?.version !== ours.version || (may !== undefined && !may.has(ours.id));
    return !moved;
  };
  return { place: { ...place, call: { ...call, stillWanted } }, hasMoved: () => moved };
}
