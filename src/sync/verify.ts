import type { Failure } from '#src/platform/failure.ts';
import { record } from './activity.ts';
import { placeOf } from './createTheirs.ts';
import { findLink, type Link, linksByOurs, setVerify } from './links.ts';
import { outgoingOf } from './mergeRecord.ts';
import type { Parts, RecordTask, Workplace } from './parts.ts';
import { failedAt, lineOf, type Passed, settleFailures } from './passed.ts';

/** A file that did not arrive is sent once more, then a person is told. */
const sendsMax = 2;

/**
 * Some things are fetched by the provider later, and fail there without a word. Looks whether what
 * we sent has arrived; sends it once more if not; then says so. [F6]
 */
export async function verifyArrival(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
): Promise<Passed> {
  const { verify } = place.resource;
  const link = await findLink(parts.db, placeOf(place), { ourId: task.ourId! });
  // Also when no look is due any more: a person may ask for one after all.
  if (!verify || !link?.theirId || link.goneAt) {
    return { kind: 'skipped', reason: 'nothing to verify' };
  }
  const ours = (await place.synced.read(parts.db, placeOf(place), [link.ourId])).get(link.ourId);
  if (!ours) return { kind: 'skipped', reason: 'not here any more' };
  const refs: Record<string, string> = {};
  for (const [resource, ourId] of Object.entries(ours.refs)) {
    const of = { connectionId: place.connection.id, resource };
    const theirId = (await linksByOurs(parts.db, of, [ourId])).get(ourId)?.theirId;
    if (theirId) refs[resource] = theirId;
  }
  const outgoing = outgoingOf(place, ours, { refs, link });
  const arrived = await verify.arrived(place.call, link.theirId, outgoing);
  if (!arrived.ok) return failedAt('verify', arrived.failure, link.ourId, link.theirId);
  if (arrived.value) return settle(parts, place, task, link);
  const sends = link.verifyAttempts + 1;
  if (sends >= sendsMax) return giveUp(parts, link);
  const at = new Date(parts.clock.now().getTime() + verify.afterSeconds * 1_000);
  // Before it is sent: if we stop here, or its answer is lost, it is looked for before another try.
  await setVerify(parts.db, link.id, { at, attempts: link.verifyAttempts });
  const made = await place.resource.create!(place.call, { ...outgoing, sentAs: link.theirId });
  if (!made.ok) {
    const failure = mayHaveArrived(made.failure, verify.afterSeconds);
    return failedAt('verify', failure, link.ourId, link.theirId);
  }
  await setVerify(parts.db, link.id, { at, attempts: sends });
  await settleFailures(parts, place, link);
  return { kind: 'done', action: 'sent again', ourId: link.ourId, linked: false };
}

/** No answer proves nothing: the next look waits until what was sent would show. [I3] */
function mayHaveArrived(failure: Failure, afterSeconds: number): Failure {
  if (failure.kind !== 'unreachable') return failure;
  return { ...failure, kind: 'throttled', retryAfterSeconds: afterSeconds };
}

async function settle(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  link: Link,
): Promise<Passed> {
  const now = parts.clock.now();
  await setVerify(parts.db, link.id, { at: null, attempts: link.verifyAttempts });
  const ids = { ourId: link.ourId, theirId: link.theirId };
  const line = {
    ...lineOf(place, task),
    ...ids,
    direction: 'out' as const,
    action: 'arrived',
    ok: true,
  };
  await record(parts.db, [line], { newId: parts.newId, now });
  // A look that failed earlier has nothing left to try.
  await settleFailures(parts, place, ids);
  return { kind: 'done', action: 'arrived', ourId: link.ourId, linked: false };
}

async function giveUp(parts: Parts, link: Link): Promise<Passed> {
  // A person who asks for another try has it sent again.
  await setVerify(parts.db, link.id, { at: null, attempts: 0 });
  const detail = `The provider took the address of the file ${sendsMax} times and never kept the file.`;
  return failedAt('verify', { kind: 'refused', status: 200, detail }, link.ourId, link.theirId);
}
