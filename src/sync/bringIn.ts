import type { Tx } from '#src/platform/database.ts';
import { closeAmbiguities } from './ambiguities.ts';
import { agreesToBringIn, agreesToClose } from './askConsent.ts';
import type { Values } from './canonical.ts';
import { allPast } from './conflicts.ts';
import type { TheirRecord } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { canonicalOurs } from './fields.ts';
import { addLinks, findLink, type Link, markGone } from './links.ts';
import { takenValues } from './mapping.ts';
import type { Parts, RecordTask, Workplace } from './parts.ts';
import {
  causeOf,
  failedAt,
  notAgreed,
  type Passed,
  type PassOther,
  settleFailures,
  topicsOf,
  writeContextOf,
} from './passed.ts';
import { changesFrom, remember } from './remember.ts';
import { tieToOurs } from './tie.ts';

/** Theirs is new to us: bring it in, unless it should stay outside. */
export async function bringIn(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  { theirs, passOther }: { theirs: TheirRecord; passOther: PassOther },
): Promise<Passed> {
  if (theirs.keepOut) return { kind: 'skipped', reason: theirs.keepOut };
  if (!place.synced.write) return { kind: 'skipped', reason: 'not brought in' };
  const outside = await whyOutside(parts, place, theirs);
  if (outside) return { kind: 'skipped', reason: outside };
  if (!(await agreesToBringIn(parts, place, theirs))) return notAgreed;
  const refs: Record<string, string> = {};
  for (const [resource, theirId] of Object.entries(theirs.refs)) {
    const of = { connectionId: place.connection.id, resource };
    const known = await findLink(parts.db, of, { theirId });
    if (!known) {
      const brought = await passOther({ resource, theirId });
      if (!brought.ok) return failedAt('needs', brought.failure, null, theirs.id);
    }
    const link = known ?? (await findLink(parts.db, of, { theirId }));
    if (link) refs[resource] = link.ourId;
  }
  const now = parts.clock.now();
  const context = writeContextOf(place, now);
  const fits = await place.synced.match?.(parts.db, context, theirs.values);
  if (fits && (await findLink(parts.db, placeOf(place), { ourId: fits }))) {
    // Ours was tied before: to one that is there still, or to one that this one takes over from.
    const tied = await tieToOurs(parts, place, task, { theirs, ourId: fits });
    return 'passed' in tied ? tied.passed : { kind: 'again' };
  }
  const values = takenValues(place, theirs.values);
  const ourId = await parts.db.transaction(async (tx) => {
    const matched = (await place.synced.match?.(tx, context, theirs.values)) ?? null;
    const id = matched ?? parts.newId();
    const agreement = {
      ourId: id,
      theirId: theirs.id,
      base: matched ? {} : values,
      held: {},
      theirRevision: theirs.revision,
      agreedVersion: matched ? 0 : 1,
    };
    const added = await addLinks(tx, placeOf(place), [agreement], { newId: parts.newId, now });
    if (!added.has(id)) return null;
    if (!matched) {
      await place.synced.write!(tx, context, [{ ourId: id, version: null, values, refs }]);
    }
    const change = {
      ourId: id,
      theirId: theirs.id,
      direction: 'in' as const,
      action: matched ? ('linked' as const) : ('created' as const),
      fields: matched ? {} : changesFrom(null, values),
      version: agreement.agreedVersion,
    };
    await remember(tx, parts, place, { cause: causeOf(task), changes: [change], now });
    return id;
  });
  if (!ourId) return { kind: 'again' };
  await settleFailures(parts, place, { ourId, theirId: theirs.id });
  for (const topic of await topicsOf(parts, place, ourId)) await parts.live.publish(topic);
  return { kind: 'done', action: 'created', ourId, linked: true };
}

/** What it has to stand below is not here. */
async function whyOutside(
  parts: Parts,
  { connection, synced: { below } }: Workplace,
  { refs }: TheirRecord,
): Promise<string | null> {
  if (!below) return null;
  const theirId = refs[below.resource];
  const of = { connectionId: connection.id, resource: below.resource };
  return theirId && (await findLink(parts.db, of, { theirId })) ? null : below.otherwise;
}

/** A read by id says that it no longer exists: closed or unlinked here, never erased. [A1] */
export async function closeGone(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  link: Link | null,
): Promise<Passed> {
  if (!link) {
    const { theirId } = task;
    if (theirId && !place.consent) await closeAmbiguities(parts.db, parts, place, [{ theirId }]);
    return { kind: 'skipped', reason: 'gone before it came in' };
  }
  if (!agreesToClose(place, link)) return notAgreed;
  const now = parts.clock.now();
  const context = writeContextOf(place, now);
  await parts.db.transaction(async (tx) => {
    const before = await ourValues(tx, place, link.ourId);
    const closed = await place.synced.closeGone?.(tx, context, [link.ourId]);
    const after = closed?.size ? await ourValues(tx, place, link.ourId) : before;
    await markGone(tx, [link.id], now);
    const change = {
      ourId: link.ourId,
      theirId: link.theirId!,
      direction: 'in' as const,
      action: 'closed' as const,
      fields: changesFrom(before, changedIn(before, after)),
      version: closed?.get(link.ourId) ?? link.agreedVersion,
      detail: 'No longer at the provider.',
    };
    const found = [allPast(link)];
    await remember(tx, parts, place, { cause: causeOf(task), changes: [change], found, now });
  });
  await settleFailures(parts, place, { ourId: link.ourId, theirId: link.theirId });
  for (const topic of await topicsOf(parts, place, link.ourId)) await parts.live.publish(topic);
  return { kind: 'done', action: 'closed', ourId: link.ourId, linked: false };
}

async function ourValues(tx: Tx, place: Workplace, ourId: string): Promise<Values> {
  const ours = (await place.synced.read(tx, placeOf(place), [ourId])).get(ourId);
  return ours ? canonicalOurs(place.resource.fields, ours.values) : {};
}

const changedIn = (before: Values, after: Values): Values =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value));
