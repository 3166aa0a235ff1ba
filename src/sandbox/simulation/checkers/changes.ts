import type { Flow } from '#src/sync/flow.ts';
import type { Edit } from '../ledger.ts';
import {
  instantOf,
  isPage,
  isRecord,
  linksOf,
  resourceOf,
  rowsOf,
  type Scene,
  theirRowOf,
  tiesOf,
} from './scene.ts';
import { fieldsFor, ourRowOf, ourValue, theirValue } from './values.ts';
import { type Violation, violation } from './violation.ts';

/**
 * No change that a person made on one side is lost: what stands at the end is the last edit of the
 * side that may make it, or of one of the two where both may. [M1] [M3]
 */
export function judgeChanges(scene: Scene): Violation[] {
  return tiesOf(scene).flatMap((link) => {
    const { connection_id: connectionId, resource, our_id: ourId, their_id: theirId } = link;
    const all = resourceOf(scene, link)?.fields ?? [];
    // What a page does not say, nobody can write there: it is shown, or it is not.
    const fields = isPage(scene, connectionId) ? all.filter(({ theirs }) => theirs !== '') : all;
    if (fields.length === 0) return [];
    const ours = ourRowOf(scene, { connectionId, resource, ourId });
    const theirs = theirRowOf(scene, link);
    if (!ours || !theirs) return [];
    const ties = tiesOf(scene).filter((tie) => tie.resource === resource && tie.our_id === ourId);
    return fieldsFor(fields, ours, theirs).flatMap((field) => {
      const edits = scene.ledger.edits.filter(
        (edit) =>
          edit.resource === resource &&
          edit.field === field.ours &&
          // Several accounts may know an employer: what goes both ways reaches each of them.
          (edit.side === 'ours'
            ? edit.id === ourId
            : (field.flow === 'both' ? ties : [link]).some(
                (tie) => tie.connection_id === edit.connectionId && tie.their_id === edit.id,
              )),
      );
      const read = theirValue(scene, theirs, { field, resource, connectionId });
      if (edits.length === 0 || 'problem' in read) return [];
      if (isOwnDrop(scene, ourId, { field: field.ours, value: read.value })) return [];
      const lost = lostOf(
        { flow: field.flow, edits, lastRest: scene.ledger.rests.at(-1) ?? 0 },
        { mine: ourValue(ours, field), other: read.value },
      );
      if (lost === null || hasConflict(scene, ourId, field.ours)) return [];
      const words = `${resource}.${field.ours}: ${lost}`;
      return [violation('M1', words, link.id, ourId, theirId)];
    });
  });
}

/** A drop that a student's withdrawal made there: nobody at the provider gave that value. */
const isOwnDrop = (
  scene: Scene,
  ourId: string,
  { field, value }: { field: string; value: unknown },
) =>
  field === 'droppedAt' &&
  rowsOf(scene, 'application_events').some(
    (row) =>
      row.application_id === ourId &&
      row.status === 'withdrawn' &&
      instantOf(row.at) === instantOf(value),
  );

interface Told {
  flow: Flow;
  edits: readonly Edit[];
  lastRest: number;
}

/** What was lost, in words; null: nothing. */
function lostOf(
  { flow, edits, lastRest }: Told,
  { mine, other }: { mine: unknown; other: unknown },
): string | null {
  const here = lastOf(edits.filter(({ side }) => side === 'ours'));
  const there = lastOf(edits.filter(({ side }) => side === 'theirs'));
  // What a person emptied at the provider may be filled by us: no loss.
  if (flow !== 'both' && !stands(there, other) && !stands(there, null))
    return 'the last value of the provider’s people is gone there';
  if (flow === 'in' && !stands(there, mine))
    return 'the last value of the provider’s people never came here';
  // Null: the student did not share it with this account.
  if (flow !== 'both' && flow !== 'in' && mine !== null && !stands(here, mine))
    return 'the last value of our people is gone here';
  if (flow !== 'both') return null;
  const fresh = [...here, ...there].filter((edit) => edit.isDoubtful || edit.at > lastRest);
  // One side only since both last agreed: that is the value. Both: either may stand.
  const allowed = fresh.length > 0 ? fresh : [...here, ...there];
  return stands(allowed, mine) && stands(allowed, other)
    ? null
    : 'the last value that anybody gave it is gone';
}

/** Edits of one side that no later one overtook for certain: what stands is one of these. */
export const lastOf = (edits: readonly Edit[]): Edit[] =>
  edits.filter(
    (edit, order) =>
      !edits.some(
        (later, place) =>
          place > order && !later.isDoubtful && !edit.isDoubtful && later.from >= edit.at,
      ),
  );

/** Is this the value of one of them? Also when there is none to go by, or none that is certain. */
const stands = (edits: readonly Edit[], value: unknown) =>
  edits.every(({ isDoubtful }) => isDoubtful) || edits.some((edit) => edit.value === value);

const hasConflict = (scene: Scene, ourId: string, field: string) =>
  rowsOf(scene, 'conflicts').some((row) => row.our_id === ourId && row.field === field);

/** Where both sides changed one field, both values are kept and can be shown. [M3] */
export function judgeConflicts(scene: Scene): Violation[] {
  const known = new Set(linksOf(scene).map(({ our_id }) => our_id));
  return rowsOf(scene, 'conflicts').flatMap((row) => {
    const whole = isRecord(row.ours) && isRecord(row.theirs) && Boolean(row.reason);
    const closed = row.state === 'open' || row.winner !== null || row.chosen !== null;
    if (whole && (closed || row.state === 'past') && known.has(String(row.our_id))) return [];
    return [violation('M3', 'a conflict does not show both values and why', String(row.id))];
  });
}
