import type { Result } from '#src/platform/failure.ts';
import { record } from './activity.ts';
import { closeAmbiguities, noteAmbiguity } from './ambiguities.ts';
import { agreesToTie } from './askConsent.ts';
import type { TheirRecord } from './connector.ts';
import { placeOf, takenWords } from './createTheirs.ts';
import { findLink, type Link, rememberTheirs } from './links.ts';
import type { Parts, RecordTask, Workplace } from './parts.ts';
import { failedAt, lineOf, notAgreed, type Passed } from './passed.ts';

/** The link their record has now; or how the pass ends, because a person must look first. */
export type Tied<Found = Link> = { link: Found } | { passed: Passed };

export async function readTheirs(
  place: Workplace,
  theirId: string,
): Promise<Result<TheirRecord | 'gone' | null>> {
  // Where they offer no read (a note, a file), what we sent is all there is to compare.
  if (!place.resource.get) return { ok: true, value: null };
  return place.resource.get(place.call, theirId);
}

/**
 * Their record was read, and no link says that it is the one: it answered under another id than
 * asked (a merge), or it names one of ours. [I3] [I4] [I5]
 *
 * link   the one that led to the read; null when their id did.
 * Returns  a null link: it is new to us.
 */
export async function tieRead(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  { theirs, link }: { theirs: TheirRecord; link: Link | null },
): Promise<Tied<Link | null>> {
  const of = placeOf(place);
  const known = await findLink(parts.db, of, { theirId: theirs.id });
  if (link) {
    if (!known) return repoint(parts, place, task, { theirs, from: link });
    if (place.consent) return { passed: { kind: 'skipped', reason: 'a person must look first' } };
    const { ourId } = link;
    const detail = `Their record ${link.theirId} was merged. ${await takenWords(parts.db, place, theirs.id)}`;
    await noteAmbiguity(parts.db, parts, place, { about: { ourId }, detail, door: task.door });
    // A dead letter too: until a person has looked, asking again finds the same.
    const failure = { kind: 'refused', status: 409, detail } as const;
    return { passed: failedAt('read', failure, ourId, link.theirId) };
  }
  if (known) return { link: known };
  const { ourId } = theirs;
  if (!ourId || !(await place.synced.read(parts.db, of, [ourId])).has(ourId)) return { link: null };
  return tieToOurs(parts, place, task, { theirs, ourId });
}

/**
 * Their record fits one of ours. Unless that one is tied to another of theirs that is there still,
 * they belong together from now on; if it is, this one stays outside until a person decides. [I5]
 */
export async function tieToOurs(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  { theirs, ourId }: { theirs: TheirRecord; ourId: string },
): Promise<Tied> {
  const from = await findLink(parts.db, placeOf(place), { ourId });
  if (from?.theirId && !from.goneAt && from.theirId !== theirs.id) {
    const other = await readTheirs(place, from.theirId);
    if (!other.ok) return { passed: failedAt('read', other.failure, ourId, theirs.id) };
    const isReplaced = other.value === 'gone' || other.value?.id === theirs.id;
    if (!isReplaced) {
      const about = { theirId: theirs.id };
      const detail = `Their record ${theirs.id} fits our record ${ourId}, which is tied to ${from.theirId}; it stays outside.`;
      if (!place.consent) {
        await noteAmbiguity(parts.db, parts, place, { about, detail, door: task.door });
      }
      return { passed: { kind: 'skipped', reason: 'fits a record that is tied to another' } };
    }
  }
  return repoint(parts, place, task, { theirs, from: from ?? { ourId, theirId: null } });
}

/** Ties our record to the one that is there now, and says so. [I4] */
async function repoint(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  { theirs, from }: { theirs: TheirRecord; from: Pick<Link, 'ourId' | 'theirId'> },
): Promise<Tied> {
  const { ourId } = from;
  if (!(await agreesToTie(parts, place, { ourId, theirs }))) return { passed: notAgreed };
  const tools = { newId: parts.newId, now: parts.clock.now() };
  const link = await parts.db.transaction(async (tx) => {
    const tied = { ...placeOf(place), ourId, theirId: theirs.id };
    const made = await rememberTheirs(tx, tied, tools);
    if (!made) return null;
    await closeAmbiguities(tx, parts, place, [{ ourId }, { theirId: theirs.id }]);
    const detail = from.theirId
      ? `Re-pointed from their record ${from.theirId} to ${theirs.id}.`
      : 'Their record names ours.';
    const line = { ...lineOf(place, task), ourId, theirId: theirs.id, detail };
    await record(tx, [{ ...line, direction: 'none', action: 'linked', ok: true }], tools);
    return made;
  });
  // Somebody tied it elsewhere meanwhile: look again.
  return link ? { link } : { passed: { kind: 'again' } };
}
