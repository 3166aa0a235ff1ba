import {
  accountOf,
  instantOf,
  keyUserOf,
  type LinkRow,
  type OurRow,
  rowsOf,
  type Scene,
  theirRowOf,
  theirRows,
  tiesOf,
} from './scene.ts';
import { type Violation, violation } from './violation.ts';

/** What a student took back is Withdrawn here, and told at the provider exactly once. */
export const judgeWithdrawals = (scene: Scene): Violation[] => [
  ...forgotten(scene),
  ...tiesOf(scene).flatMap((link) =>
    link.resource === 'applications' && theirRowOf(scene, link) ? toldOnce(scene, link) : [],
  ),
];

/** What the student did last is what stands; where an answer was lost, either may. */
function forgotten(scene: Scene): Violation[] {
  return rowsOf(scene, 'applications').flatMap((row) => {
    const taken = scene.ledger.withdrawals.filter((one) => one.applicationId === row.id);
    const sent = scene.ledger.applied.filter(
      (one) => one.studentId === row.student_id && one.jobId === row.job_id,
    );
    const isCertain =
      taken.every(({ at }) => at !== null) && sent.every((one) => one.applicationId !== null);
    const lastTaken = Math.max(0, ...taken.map(({ from }) => from));
    const lastSent = Math.max(0, ...sent.map(({ at }) => at));
    if (!isCertain || lastTaken === 0 || lastTaken <= lastSent) return [];
    // Pressed when it had ended: refused, and it stands as it ended.
    const ended = rowsOf(scene, 'application_events').some(
      (event) => event.application_id === row.id && event.by === 'employer' && isEnd(event.status),
    );
    if (row.withdrawn_at !== null || ended) return [];
    return [violation('F6', 'a withdrawal was acknowledged and is lost', String(row.id))];
  });
}

const isEnd = (status: unknown) => status === 'not_selected' || status === 'hired';

/** The drop and the note of each withdrawal that stands, on a match that is there. */
function toldOnce(scene: Scene, link: LinkRow): Violation[] {
  const row = rowsOf(scene, 'applications').find(({ id }) => id === link.our_id);
  const events = rowsOf(scene, 'application_events').filter(
    (event) => event.application_id === link.our_id && event.status === 'withdrawn',
  );
  return events.flatMap((event) => {
    const stands = instantOf(row?.withdrawn_at) === instantOf(event.at);
    return [...dropped(scene, link, { event, stands }), ...noted(scene, link, { event, stands })];
  });
}

interface Taken {
  event: OurRow;
  /** The student has not sent it again since. */
  stands: boolean;
}

function dropped(scene: Scene, link: LinkRow, { event, stands }: Taken): Violation[] {
  const ids = [link.our_id, link.their_id ?? ''];
  const path = `/open/v3/matches/${link.their_id}/`;
  const accountId = accountOf(scene, link.connection_id);
  const asked = scene.calls.filter(
    (call) =>
      call.accountId === accountId &&
      call.method === 'PATCH' &&
      call.path === path &&
      instantOf(JSON.parse(call.body).dropped_at) === instantOf(event.at),
  );
  // Whoever looks again finds it dropped, unless a recruiter undid that or the look was an old one.
  const heard = asked.filter(({ status, fault }) => status === 200 && fault === null);
  const undone = recruiters(scene, link).filter(({ value }) => value === null).length;
  const stale = scene.calls.filter((call) => call.path === path && call.fault === 'stale').length;
  if (event.way !== 'drop') {
    return asked.length > 0 ? [violation('P2', 'a match was dropped unasked', ...ids)] : [];
  }
  if (heard.length > 1 + undone + stale)
    return [violation('I3', 'a withdrawal was sent more than once', ...ids)];
  // A recruiter may have dropped it first, or taken the drop back since.
  const isTouched = recruiters(scene, link).length > 0;
  const match = theirRowOf(scene, link)!;
  if (!stands || isTouched || match.is_active === false) return [];
  return [violation('M1', 'a withdrawal never reached the match', ...ids)];
}

/** What recruiters did to the drop of this match. */
const recruiters = (scene: Scene, link: LinkRow) =>
  scene.ledger.edits.filter(
    (edit) =>
      edit.side === 'theirs' &&
      edit.resource === 'applications' &&
      edit.connectionId === link.connection_id &&
      edit.id === link.their_id &&
      edit.field === 'droppedAt',
  );

function noted(scene: Scene, link: LinkRow, { event, stands }: Taken): Violation[] {
  const accountId = accountOf(scene, link.connection_id)!;
  const mark = `(${String(event.id).slice(-8)})`;
  const notes = theirRows(scene, accountId, 'notes').filter(
    (note) =>
      note.creator === keyUserOf(scene, accountId) &&
      note.parent === `matches/${link.their_id}` &&
      String(note.info).includes(mark),
  );
  const ids = [link.our_id, link.their_id ?? ''];
  if (notes.length > 1) return [violation('I3', 'a withdrawal was noted twice', ...ids)];
  const isDue = stands && (event.way === 'drop' || event.way === 'note');
  if (isDue && notes.length === 0) return [violation('M1', 'a withdrawal was never noted', ...ids)];
  return event.way === 'nothing' && notes.length > 0
    ? [violation('P2', 'a withdrawal was noted unasked', ...ids)]
    : [];
}
