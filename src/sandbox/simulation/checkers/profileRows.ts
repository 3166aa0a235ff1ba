import { kindWords, type PartKind, partKinds } from '#src/students/partKinds.ts';
import type { TableName } from '../../manatal/rows.ts';
import {
  accountOf,
  keyUserOf,
  linksOf,
  rowsOf,
  type Scene,
  theirRowOf,
  theirRows,
  tiesOf,
} from './scene.ts';
import { agreedCategories } from './values.ts';
import { type Violation, violation } from './violation.ts';

/** Education, experience, skills and links of students: each there once, and none left out. */
export const judgeProfileRows = (scene: Scene): Violation[] =>
  partKinds.flatMap((kind) => [...strayRows(scene, kind), ...missingRows(scene, kind)]);

/** Where the provider keeps each kind. */
const theirTable: Readonly<Record<PartKind, TableName>> = {
  educations: 'educations',
  experiences: 'experiences',
  skills: 'candidateSkills',
  socialLinks: 'socialMedia',
};

/**
 * Every row that KiEX made is the one of a line of a profile. One more is a second of something, or
 * belongs to a line that was taken off, or is shared no longer, before its answer came. [I3] [P2]
 */
function strayRows(scene: Scene, kind: PartKind): Violation[] {
  return scene.accounts.flatMap(({ accountId, connectionId }) => {
    const links = linksOf(scene).filter((link) => link.connection_id === connectionId);
    const tied = new Set(
      links.filter(({ resource }) => resource === kind).map(({ their_id }) => their_id),
    );
    const candidates = new Set(theirRows(scene, accountId, 'candidates').map(({ id }) => id));
    const stray = theirRows(scene, accountId, theirTable[kind]).filter((row) => {
      const candidate = Number(String(row.parent).split('/')[1]);
      const isMade = row.creator === keyUserOf(scene, accountId) && candidates.has(candidate);
      return isMade && !tied.has(`${candidate}/${row.id}`);
    });
    const cutShort = rowsOf(scene, 'profile_parts').filter(
      (part) =>
        part.kind === kind &&
        (part.removed_at !== null ||
          !mayStandThere(scene, { connectionId, studentId: String(part.student_id) })) &&
        !links.some(({ our_id, their_id }) => our_id === part.id && their_id !== null),
    );
    if (stray.length <= cutShort.length) return [];
    const words = `${stray.length} rows of ${kind} belong to no line of a profile`;
    return [violation('I3', words, ...stray.map(({ id }) => id))];
  });
}

/** A line that its student shares with an employer stands with the candidate there. [Z1] */
function missingRows(scene: Scene, kind: PartKind): Violation[] {
  const parts = rowsOf(scene, 'profile_parts').filter(
    (part) => part.kind === kind && part.removed_at === null,
  );
  return parts.flatMap((part) =>
    scene.accounts.flatMap(({ connectionId }) => {
      const studentId = String(part.student_id);
      if (!mayStandThere(scene, { connectionId, studentId })) return [];
      const isOf = (our: unknown) => our === part.id;
      const link = linksOf(scene).find(
        (one) => one.connection_id === connectionId && one.resource === kind && isOf(one.our_id),
      );
      const isShown = rowsOf(scene, 'failures').some(
        (row) => row.connection_id === connectionId && row.resource === kind && isOf(row.our_id),
      );
      if (link?.their_id || isShown) return [];
      const words = `one ${kindWords[kind].one} of a profile never arrived`;
      return [violation('Z1', words, String(part.id), connectionId)];
    }),
  );
}

/** The profile is shared, and candidate and application are there for it to stand with. */
function mayStandThere(
  scene: Scene,
  { connectionId, studentId }: { connectionId: string; studentId: string },
): boolean {
  if (!agreedCategories(scene, { connectionId, studentId }).has('profile')) return false;
  const ties = tiesOf(scene).filter((link) => link.connection_id === connectionId);
  const candidate = ties.find(
    (link) => link.resource === 'candidates' && link.our_id === studentId,
  );
  if (!candidate || !theirRowOf(scene, candidate) || accountOf(scene, connectionId) === null)
    return false;
  const shared = rowsOf(scene, 'agreements').filter(
    (row) =>
      row.student_id === studentId &&
      row.withdrawn_at === null &&
      (row.categories as string[]).includes('profile'),
  );
  return ties.some(
    (link) =>
      link.resource === 'applications' &&
      theirRowOf(scene, link) !== undefined &&
      shared.some((row) => row.application_id === link.our_id),
  );
}
