import { isUuid } from '#src/platform/random.ts';
import {
  doubled,
  isRecord,
  keyUserOf,
  linksOf,
  rowsOf,
  type Scene,
  type TheirRow,
  theirRows,
} from './scene.ts';
import { statusOfMatch } from './values.ts';
import { type Violation, violation } from './violation.ts';

/** Who came without KiEX: shown where staff chose so, each once, as far as they are, and nameless. */
export const judgeStrangers = (scene: Scene): Violation[] => [
  ...scene.accounts.flatMap((account) => judgeAccount(scene, account)),
  ...keptNames(scene),
];

function judgeAccount(
  scene: Scene,
  { connectionId, accountId }: Scene['accounts'][number],
): Violation[] {
  const rows = rowsOf(scene, 'public_applicants').filter(
    (row) => row.connection_id === connectionId,
  );
  const stray = rows
    .filter(({ id }) => isMadeByKiex(scene, { connectionId, accountId }, String(id)))
    .map(({ id }) => violation('I1', 'an applicant of KiEX is kept as a stranger', String(id)));
  if (!isChosen(scene, connectionId)) {
    const words = 'somebody is kept who came without KiEX, though nobody chose so';
    return [...stray, ...rows.map(({ id }) => violation('P1', words, String(id)))];
  }
  const shown = scene.strangers
    .filter((one) => one.connectionId === connectionId)
    .map((one) => ({ ...one, theirId: theirIdOf(scene, connectionId, one.id) }));
  const twice = doubled(shown, ({ theirId }) => theirId).map((some) =>
    violation('I3', 'a stranger is shown twice', ...some.map(({ id }) => id)),
  );
  const matches = theirRows(scene, accountId, 'matches');
  const wrong = shown.flatMap(({ id, theirId, candidateId, status }) => {
    const match = matches.find((row) => String(row.id) === theirId);
    if (!match) return [violation('A1', 'a stranger is shown who is not there', id)];
    if (isOurs(scene, connectionId, match))
      return [violation('I1', 'an applicant of KiEX is shown as a stranger', id, match.id)];
    const expected = statusOfMatch(scene, match, connectionId);
    const words = `a stranger is shown as ${status}, and is ${expected}`;
    const isRight = status === expected && candidateId === String(match.candidate);
    return isRight ? [] : [violation('D4', words, id, match.id)];
  });
  const missing = matches
    .filter((match) => isOnJobOfOurs(scene, connectionId, match))
    .filter((match) => !isOurs(scene, connectionId, match))
    .filter((match) => !shown.some(({ theirId }) => theirId === String(match.id)))
    .map((match) => violation('D4', 'a stranger is not shown', match.id));
  return [...stray, ...twice, ...wrong, ...missing];
}

const theirIdOf = (scene: Scene, connectionId: string, ourId: string): string | null =>
  linksOf(scene).find(
    (link) =>
      link.resource === 'publicApplicants' &&
      link.connection_id === connectionId &&
      link.our_id === ourId,
  )?.their_id ?? null;

function isMadeByKiex(
  scene: Scene,
  { connectionId, accountId }: Scene['accounts'][number],
  ourId: string,
): boolean {
  const theirId = theirIdOf(scene, connectionId, ourId);
  const match = theirRows(scene, accountId, 'matches').find((row) => String(row.id) === theirId);
  return match !== undefined && match.creator === keyUserOf(scene, accountId);
}

/** It came through KiEX, or one of our applications took it over. */
const isOurs = (scene: Scene, connectionId: string, match: TheirRow): boolean =>
  (typeof match.external_id === 'string' && isUuid(match.external_id)) ||
  linksOf(scene).some(
    (link) =>
      link.resource === 'applications' &&
      link.connection_id === connectionId &&
      link.their_id === String(match.id),
  );

const isOnJobOfOurs = (scene: Scene, connectionId: string, match: TheirRow): boolean =>
  linksOf(scene).some(
    (link) =>
      link.resource === 'jobs' &&
      link.connection_id === connectionId &&
      link.their_id === String(match.job) &&
      !link.gone_at,
  );

/** No table, nobody's log line and no call knows who a stranger is. [P3] */
function keptNames(scene: Scene): Violation[] {
  const names = scene.ledger.personal.filter(({ category }) => category === 'stranger');
  if (names.length === 0) return [];
  const texts = [
    ...[...scene.tables].flatMap(([table, rows]) =>
      rows.map(({ row }) => ({ where: `table ${table}`, text: JSON.stringify(row) })),
    ),
    ...scene.calls.map(({ path, body }) => ({ where: 'a call', text: path + body })),
  ];
  return texts.flatMap(({ where, text }) =>
    names.some(({ value }) => text.includes(value))
      ? [violation('P3', `who a stranger is stands in ${where}`)]
      : [],
  );
}

function isChosen(scene: Scene, connectionId: string): boolean {
  const settings = rowsOf(scene, 'connections').find(({ id }) => id === connectionId)?.settings;
  const options = isRecord(settings) ? settings.options : null;
  return isRecord(options) && options.publicApplicants === 'show';
}
