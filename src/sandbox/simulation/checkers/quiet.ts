import type { Scene } from './scene.ts';
import { type Violation, violation } from './violation.ts';

/** Tables in which nothing may be written once both sides agree. */
const still = [
  'users',
  'students',
  'resumes',
  'agreements',
  'organizations',
  'jobs',
  'applications',
  'application_events',
  'history',
  'conflicts',
  'failures',
  'suggestions',
  'public_applicants',
];

/** Of a link, what says how both sides stand. When to look for a file next says nothing of that. */
const ofLink = [
  'our_id',
  'their_id',
  'base',
  'their_revision',
  'agreed_version',
  'gone_at',
  'fence',
];

/**
 * A quiet system makes no writes, however often it looks. [M6] [Z1]
 *
 * before, after  the same world, with further polls and a full reconciliation in between.
 */
export function judgeQuiet(before: Scene, after: Scene): Violation[] {
  const written = after.calls
    .slice(before.calls.length)
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => violation('M6', `${method} ${path} was sent into the quiet`));
  const moved = still.flatMap((table) =>
    changedRows(before, after, table, (kept) => kept.writer + JSON.stringify(kept.row)),
  );
  const links = changedRows(before, after, 'links', ({ row }) =>
    JSON.stringify(ofLink.map((name) => row[name])),
  );
  return [...written, ...moved, ...links];
}

type Kept = NonNullable<ReturnType<Scene['tables']['get']>>[number];

function changedRows(
  before: Scene,
  after: Scene,
  table: string,
  printOf: (kept: Kept) => string,
): Violation[] {
  const prints = (scene: Scene) =>
    new Map((scene.tables.get(table) ?? []).map((kept) => [idOf(kept), printOf(kept)]));
  const then = prints(before);
  const now = prints(after);
  const ids = new Set([...then.keys(), ...now.keys()]);
  return [...ids]
    .filter((id) => then.get(id) !== now.get(id))
    .map((id) => violation('M6', `a row of ${table} was written in the quiet`, id));
}

const idOf = ({ row }: Kept) =>
  String(row.id ?? row.user_id ?? `${row.connection_id} ${row.student_id} ${row.field}`);
