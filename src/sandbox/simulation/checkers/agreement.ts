import type { Field } from '#src/sync/fields.ts';
import {
  accountOf,
  isRecord,
  keyUserOf,
  type LinkRow,
  resourceOf,
  rowsOf,
  type Scene,
  type TheirRow,
  theirRowOf,
  tiesOf,
} from './scene.ts';
import { fieldsFor, ourRowOf, ourValue, theirValue } from './values.ts';
import { type Violation, violation } from './violation.ts';

/** Both sides agree on every mapped field of every linked record, or a conflict is on show. [Z1] */
export function judgeAgreement(scene: Scene): Violation[] {
  return tiesOf(scene).flatMap((link) => {
    const fields = resourceOf(scene, link)?.fields ?? [];
    if (fields.length === 0) return [];
    const { connection_id: connectionId, resource, our_id: ourId } = link;
    const ours = ourRowOf(scene, { connectionId, resource, ourId });
    const theirs = theirRowOf(scene, link);
    // Who is missing is for other judges to say.
    if (!ours || !theirs) return [];
    return fieldsFor(fields, ours, theirs).flatMap((field) => {
      const theirRead = theirValue(scene, theirs, { field, resource, connectionId });
      const about = `${resource}.${field.ours}`;
      if ('problem' in theirRead) {
        return [violation('Z1', `${about} cannot be read: ${theirRead.problem}`, ...idsOf(link))];
      }
      const pair = { mine: ourValue(ours, field), other: theirRead.value };
      if (agrees(field, pair) || isOnShow(scene, link, field)) return [];
      if (field.flow !== 'both' && wasEmptied(scene, link, field)) return [];
      if (isTheirs(scene, { link, theirs, field }, pair)) return [];
      const words = `${about} is ${shown(pair.mine)} here and ${shown(pair.other)} there`;
      return [violation('Z1', words, ...idsOf(link))];
    });
  });
}

interface Pair {
  mine: unknown;
  other: unknown;
}

/** What stands at the provider is never overwritten by a field that only fills gaps. */
const agrees = ({ flow }: Field, { mine, other }: Pair) =>
  mine === other || (flow === 'fill' && (mine === null || other !== null));

/**
 * What we wrote there follows ours. Where somebody there wrote it, be it before we came, it is theirs;
 * and nothing is taken out of a person's record because a student emptied it here. [A2]
 */
function isTheirs(
  scene: Scene,
  { link, theirs, field }: { link: LinkRow; theirs: TheirRow; field: Field },
  { mine, other }: Pair,
): boolean {
  if (field.flow !== 'tend' && field.flow !== 'keep') return false;
  if (field.flow === 'tend' && mine === null) return true;
  const accountId = accountOf(scene, link.connection_id);
  const isMade = accountId !== null && theirs.creator === keyUserOf(scene, accountId);
  if (!isMade) return field.flow === 'keep' || other !== null;
  return lastEditThere(scene, link, field) !== undefined;
}

/** Somebody at the provider took it out on purpose: it is not put back. */
const wasEmptied = (scene: Scene, link: LinkRow, field: Field) =>
  lastEditThere(scene, link, field)?.value === null;

export const lastEditThere = ({ ledger }: Scene, link: LinkRow, field: Field) =>
  ledger.edits.findLast(
    (edit) =>
      edit.side === 'theirs' &&
      edit.connectionId === link.connection_id &&
      edit.resource === link.resource &&
      edit.id === link.their_id &&
      edit.field === field.ours,
  );

/** A person was told of it: both values stand in an open conflict, or the provider refused ours. */
function isOnShow(scene: Scene, link: LinkRow, field: Field): boolean {
  const conflicts = rowsOf(scene, 'conflicts').some(
    (row) =>
      row.state === 'open' &&
      row.connection_id === link.connection_id &&
      row.resource === link.resource &&
      row.our_id === link.our_id &&
      row.field === field.ours &&
      isRecord(row.ours) &&
      isRecord(row.theirs),
  );
  const keys = [`our:${link.our_id}`, `their:${link.their_id}`];
  const refused = rowsOf(scene, 'failures').some(
    (row) =>
      row.state === 'dead' &&
      row.kind === 'refused' &&
      row.step === 'update' &&
      row.connection_id === link.connection_id &&
      row.resource === link.resource &&
      keys.includes(String(row.record_key)),
  );
  return conflicts || refused;
}

const idsOf = (link: LinkRow) => [link.id, link.our_id, link.their_id ?? 'none'];
const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
