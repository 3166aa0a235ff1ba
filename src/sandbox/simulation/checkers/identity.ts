import { email } from '#src/sync/canonical.ts';
import {
  accountOf,
  connectionOfJob,
  doubled,
  isPage,
  keyUserOf,
  linksOf,
  rowsOf,
  type Scene,
  type TheirRow,
  theirRowOf,
  theirRows,
  tiesOf,
} from './scene.ts';
import { type Violation, violation } from './violation.ts';

/** One record of ours never becomes two of theirs, and none that was acknowledged is missing. */
export const judgeIdentity = (scene: Scene): Violation[] => [
  ...doubledLinks(scene),
  ...scene.accounts.flatMap(({ accountId }) => [
    ...doubledCandidates(scene, accountId),
    ...doubledMatches(scene, accountId),
    ...doubledFiles(scene, accountId),
    ...doubledNotes(scene, accountId),
    ...doubledNames(scene, accountId),
  ]),
  ...judgeArrivals(scene),
];

/** What a student sent is there, with all that belongs to it. */
export const judgeArrivals = (scene: Scene): Violation[] => [
  ...missingApplications(scene),
  ...missingJobs(scene),
  ...missingNotes(scene),
];

function doubledLinks(scene: Scene): Violation[] {
  const sideKey = (side: 'our_id' | 'their_id') => (link: ReturnType<typeof linksOf>[number]) =>
    link[side] === null ? null : `${link.connection_id} ${link.resource} ${link[side]}`;
  return [sideKey('our_id'), sideKey('their_id')].flatMap((keyOf) =>
    doubled(linksOf(scene), keyOf).map((links) =>
      violation('I1', 'a record is linked twice', ...links.map(({ id }) => id)),
    ),
  );
}

const byKey = (scene: Scene, accountId: number) => {
  const keyUser = keyUserOf(scene, accountId);
  return (row: TheirRow) => row.creator === keyUser;
};

const words = (raw: unknown) => (typeof raw === 'string' && raw !== '' ? raw : null);

function emailOf(row: TheirRow): string | null {
  const read = email(row.email);
  return 'value' in read && typeof read.value === 'string' ? read.value : null;
}

/** A student is one candidate: by our id, and by e-mail among those that KiEX made. */
function doubledCandidates(scene: Scene, accountId: number): Violation[] {
  const candidates = theirRows(scene, accountId, 'candidates');
  const named = doubled(candidates, (row) => words(row.external_id));
  const made = doubled(candidates.filter(byKey(scene, accountId)), emailOf);
  return [...named, ...made].map((rows) =>
    violation('I3', 'a student is several candidates', ...rows.map(({ id }) => id)),
  );
}

function doubledMatches(scene: Scene, accountId: number): Violation[] {
  const matches = theirRows(scene, accountId, 'matches');
  const named = doubled(matches, (row) => words(row.external_id));
  const paired = doubled(matches, (row) => `${row.candidate} ${row.job}`);
  return [...named, ...paired].map((rows) =>
    violation('I3', 'an application is several matches', ...rows.map(({ id }) => id)),
  );
}

/** A file of a student goes once to an account, as the resume or as an attachment. */
function doubledFiles(scene: Scene, accountId: number): Violation[] {
  const isMade = byKey(scene, accountId);
  const files = [
    ...theirRows(scene, accountId, 'resumes'),
    ...theirRows(scene, accountId, 'attachments'),
  ].filter(isMade);
  const named = doubled(files, (row) => {
    const name = words(row.name);
    return name && `${row.parent} ${name}`;
  }).map((rows) => violation('I3', 'a file was sent twice', ...rows.map(({ id }) => id)));
  const sent = Map.groupBy(files, (row) => String(row.parent));
  const tooMany = [...sent].flatMap(([parent, rows]) => {
    const wanted = resumesBehind(scene, accountId, parent);
    if (wanted === null || rows.length <= wanted) return [];
    const said = `${rows.length} files of ${parent} were sent for ${wanted} resumes`;
    return [violation('I3', said, ...rows.map(({ id }) => id))];
  });
  return [...named, ...tooMany];
}

/** How many resumes the student behind a candidate applied with; null: nobody of ours. */
function resumesBehind(scene: Scene, accountId: number, parent: string): number | null {
  const link = linksOf(scene).find(
    (one) =>
      one.resource === 'candidates' &&
      accountOf(scene, one.connection_id) === accountId &&
      `candidates/${one.their_id}` === parent,
  );
  if (!link) return null;
  // Sent again with another file, both went: no more than the student ever added.
  return rowsOf(scene, 'resumes').filter((row) => row.student_id === link.our_id).length;
}

function doubledNotes(scene: Scene, accountId: number): Violation[] {
  const made = theirRows(scene, accountId, 'notes').filter(byKey(scene, accountId));
  return doubled(made, (row) => `${row.parent} ${row.info}`).map((rows) =>
    violation('I3', 'a note was sent twice', ...rows.map(({ id }) => id)),
  );
}

/** A job or an employer of ours is there once: nobody else writes our ids. */
const doubledNames = (scene: Scene, accountId: number): Violation[] =>
  (['jobs', 'organizations'] as const).flatMap((table) =>
    doubled(theirRows(scene, accountId, table), (row) => words(row.external_id)).map((rows) =>
      violation('I3', `one of our ${table} is several there`, ...rows.map(({ id }) => id)),
    ),
  );

/** A job that staff made stands here, and at its account under our id. [F6] [I3] */
function missingJobs(scene: Scene): Violation[] {
  return scene.ledger.born.flatMap(({ jobId, connectionId }) => {
    if (!rowsOf(scene, 'jobs').some(({ id }) => id === jobId))
      return [violation('F6', 'a job that was acknowledged is lost', jobId)];
    const link = linksOf(scene).find(
      (one) =>
        one.connection_id === connectionId && one.resource === 'jobs' && one.our_id === jobId,
    );
    const accountId = accountOf(scene, connectionId)!;
    const removed = scene.ledger.removals.some(
      (one) => one.accountId === accountId && one.table === 'jobs' && one.id === link?.their_id,
    );
    const there = link && theirRowOf(scene, link);
    if (removed || there?.external_id === jobId) return [];
    return [violation('I3', 'a job that was made here is not at its account', jobId)];
  });
}

/** What a student was told is sent stands here, and exactly once at the provider. [I3] [F6] */
function missingApplications(scene: Scene): Violation[] {
  const links = linksOf(scene);
  return scene.ledger.applied.flatMap(({ applicationId, jobId, withdrawnAt }) => {
    if (applicationId === null) return [];
    const connectionId = connectionOfJob(scene, jobId);
    const here = rowsOf(scene, 'applications').some((row) => row.id === applicationId);
    // What went by a form bears no name of ours there: another judge follows it.
    if (here && connectionId && isPage(scene, connectionId)) return [];
    if (!here)
      return [violation('F6', 'an application that was acknowledged is lost', applicationId)];
    const on = (resource: string, ourId: string) =>
      links.find(
        (one) =>
          one.connection_id === connectionId && one.resource === resource && one.our_id === ourId,
      );
    const link = on('applications', applicationId);
    if (link && theirRowOf(scene, link)) return [];
    const accountId = accountOf(scene, connectionId ?? '');
    const removed = scene.ledger.removals.some(
      ({ table, id, ...of }) =>
        of.accountId === accountId &&
        ((table === 'matches' && id === link?.their_id) ||
          (table === 'jobs' && id === on('jobs', jobId)?.their_id)),
    );
    if (removed || withdrawnAt !== null) return [];
    return [violation('I3', 'an acknowledged application is not at its provider', applicationId)];
  });
}

/** The note of an application stands on its match. */
function missingNotes(scene: Scene): Violation[] {
  return tiesOf(scene).flatMap((link) => {
    if (link.resource !== 'applications' || !theirRowOf(scene, link)) return [];
    const row = rowsOf(scene, 'applications').find(({ id }) => id === link.our_id);
    const pressed = scene.ledger.applied.find(({ applicationId }) => applicationId === link.our_id);
    if (!row?.note || !pressed || pressed.withdrawnAt !== null) return [];
    const accountId = accountOf(scene, link.connection_id)!;
    const notes = theirRows(scene, accountId, 'notes').filter(byKey(scene, accountId));
    if (notes.some(({ parent }) => parent === `matches/${link.their_id}`)) return [];
    return [
      violation('M1', 'the note of an application never arrived', link.our_id, link.their_id),
    ];
  });
}
