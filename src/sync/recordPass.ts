import { done } from '#src/platform/failure.ts';
import { asItStands } from './asItStands.ts';
import { agreesToLeave, agreesToSend } from './askConsent.ts';
import { bringIn, closeGone } from './bringIn.ts';
import type { Values } from './canonical.ts';
import type { TheirRecord } from './connector.ts';
import { createOnce } from './createOnce.ts';
import { createTheirs, findsGone, placeOf, resolveRefs } from './createTheirs.ts';
import { agreeLinks, findLink, type Link, setVerify } from './links.ts';
import { mergeRecord, outgoingOf } from './mergeRecord.ts';
import type { Parts, RecordTask, Workplace } from './parts.ts';
import { failedAt, notAgreed, type Passed, type PassOther, settleFailures } from './passed.ts';
import type { OurRecord } from './synced.ts';
import { readTheirs, tieRead } from './tie.ts';

/**
 * The corridor for one record: read theirs, compare ours and theirs with base, write what differs,
 * remember the agreement. The same for every door. The caller holds the record's lock. [D2] [D7]
 *
 * given  theirs, when it was read just now with a page of others.
 */
export async function passRecord(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  passOther: PassOther,
  given?: TheirRecord,
): Promise<Passed> {
  const of = placeOf(place);
  const by = task.ourId ? { ourId: task.ourId } : { theirId: task.theirId! };
  let link = await findLink(parts.db, of, by);
  const isGone = Boolean(link?.goneAt && !place.resource.comesBack);
  if (isGone && !task.renew) return removed;
  // Somebody else's record that could never come in: not worth a call.
  if (!link && !task.ourId && !place.synced.write)
    return { kind: 'skipped', reason: 'not one of ours' };
  const theirId = isGone ? null : (link?.theirId ?? task.theirId ?? null);
  const read = given ? done(given) : theirId ? await readTheirs(place, theirId) : done(null);
  const readOurs = async (id: string | null) =>
    id ? ((await place.synced.read(parts.db, of, [id])).get(id) ?? null) : null;
  if (!read.ok) {
    const id = link?.ourId ?? task.ourId ?? null;
    return triedWith(failedAt('read', read.failure, id, theirId), await readOurs(id), null);
  }
  const theirs = read.value;
  if (theirs === 'gone') {
    return link?.goneAt ? removed : closeGone(parts, place, task, link);
  }
  if (theirs && (!link || theirs.id !== link.theirId)) {
    const tied = await tieRead(parts, place, task, { theirs, link });
    if ('passed' in tied) return tied.passed;
    link = tied.link;
  }
  const ourId = link?.ourId ?? task.ourId ?? null;
  const ours = await readOurs(ourId);
  const pass = async (): Promise<Passed> => {
    if (ours && theirs && link) return mergeRecord(parts, place, task, { ours, theirs, link });
    if (ours && !theirs) return sendOurs(parts, place, task, { ours, link, passOther });
    // It is tied to one of ours that is not here, or may not move: never a second one beside it.
    if (theirs && !ours && !link) return bringIn(parts, place, task, { theirs, passOther });
    return { kind: 'skipped', reason: 'not here any more' };
  };
  return triedWith(await pass(), ours, theirs);
}

const removed: Passed = { kind: 'skipped', reason: 'removed at the provider' };

/** A failure says what it was tried with. */
function triedWith(passed: Passed, ours: OurRecord | null, theirs: TheirRecord | null): Passed {
  if (passed.kind !== 'failed') return passed;
  const tried = { ourVersion: ours?.version ?? null, theirRevision: theirs?.revision ?? null };
  return { ...passed, tried };
}

/** They offer no read and take no change: what is there is what was sent, however ours goes on. */
async function leaveAsSent(parts: Parts, { ours, link }: { ours: OurRecord; link: Link }) {
  if (ours.version <= link.agreedVersion) return;
  const { ourId, held, theirRevision } = link;
  const agreement = {
    ourId,
    held,
    theirRevision,
    theirId: link.theirId!,
    base: (link.base ?? {}) as Values,
  };
  await parts.db.transaction((tx) =>
    agreeLinks(
      tx,
      [{ link, agreement: { ...agreement, agreedVersion: ours.version } }],
      parts.clock.now(),
    ),
  );
}

/** Ours is not there yet: send it. */
async function sendOurs(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  state: { ours: OurRecord; link: Link | null; passOther: PassOther },
): Promise<Passed> {
  const { ours, link, passOther } = state;
  if (link?.theirId && !link.goneAt) {
    if (!agreesToLeave(place, { ourId: ours.id, theirId: link.theirId })) return notAgreed;
    await leaveAsSent(parts, { ours, link });
    await settleFailures(parts, place, { ourId: ours.id, theirId: link.theirId });
    return { kind: 'done', action: 'unchanged', ourId: ours.id, linked: false };
  }
  if (!place.resource.create) {
    return { kind: 'skipped', reason: 'cannot be created at the provider' };
  }
  const leaving = await place.synced.mayLeave?.(parts.db, [ours.id]);
  if (leaving && !leaving.has(ours.id)) return { kind: 'skipped', reason: 'not agreed to' };
  if (!(await agreesToSend(parts, place, ours))) return notAgreed;
  const refs = await resolveRefs(parts, place, ours, passOther);
  if (!refs.ok) return failedAt('needs', refs.failure, ours.id, null);
  const outgoing = outgoingOf(place, ours, { refs: refs.value, link });
  const now = asItStands(parts, place, ours);
  const from = { pending: link, door: task.door };
  const bring = place.resource.find ? createTheirs : createOnce;
  const created = await bring(parts, now.place, outgoing, from);
  if (created.kind === 'failed') {
    if (now.hasMoved()) return { kind: 'again' };
    if (created.failure.kind === 'refused') {
      const gone = await findsGone(parts, place, ours, passOther);
      if (!gone.ok) return failedAt('needs', gone.failure, ours.id, null);
      if (gone.value) return { kind: 'again' };
    }
    return failedAt(created.step, created.failure, ours.id, null);
  }
  const { verify } = place.resource;
  if (verify && created.made) {
    const at = new Date(parts.clock.now().getTime() + verify.afterSeconds * 1_000);
    await setVerify(parts.db, created.link.id, { at, attempts: 0 });
  }
  return mergeRecord(parts, place, task, {
    ours,
    theirs: created.theirs,
    link: created.link,
    sent: created,
  });
}
