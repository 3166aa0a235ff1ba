import type { Queryable } from '#src/platform/database.ts';
import type { Failure } from '#src/platform/failure.ts';
import { failed, type Result } from '#src/platform/failure.ts';
import type { Door } from './activity.ts';
import { closeAmbiguities, noteAmbiguity } from './ambiguities.ts';
import { notedWhenSent, noteSettling } from './beforeSending.ts';
import type { Found, Outgoing, TheirRecord } from './connector.ts';
import { findLink, type Link, linksByOurs, rememberTheirs } from './links.ts';
import { tendedIn } from './mapping.ts';
import type { Parts, Workplace } from './parts.ts';
import type { PassOther } from './passed.ts';
import type { OurRecord } from './synced.ts';

/**
 * A create of which nobody saw the end may still be carried out, and a list may still be without it,
 * for so long after it was sent. To make a student's record minutes later is better than twice. [I3]
 */
const settleSecondsMin = 120;

export type Created =
  | {
      kind: 'linked';
      link: Link;
      theirs: TheirRecord;
      made: boolean;
      note: string | null;
    }
  | { kind: 'failed'; step: 'find' | 'create' | 'unanswered' | 'needs'; failure: Failure };

/** Brings our record to the provider exactly once: look, adopt or create, link. [I2] [I3] [I4] */
export async function createTheirs(
  parts: Parts,
  place: Workplace,
  outgoing: Outgoing,
  { pending, door }: { pending: Link | null; door: Door },
): Promise<Created> {
  const { resource, call } = place;
  const look = await resource.find!(call, outgoing);
  if (!look.ok) return { kind: 'failed', step: 'find', failure: look.failure };
  const early = stillOnItsWay(parts, pending);
  const known = await oursAmong(parts.db, place, outgoing, { look: look.value, early });
  if (known) return keep(parts, place, outgoing, { ...adopted(known), door });
  if (early) return { kind: 'failed', step: 'find', failure: early };
  const noted = 'intent' in look.value ? look.value.intent : null;
  const intent = noted ?? outgoing.intent ?? {};
  const settleSeconds = Math.max(resource.settleSeconds ?? 0, settleSecondsMin);
  const of = { ...placeOf(place), ourId: outgoing.ourId };
  const writes = tendedIn(place, outgoing.values);
  const create = { ...of, intent, settleSeconds, writes, pending };
  const sending = notedWhenSent(parts, call, create);
  const made = await resource.create!(sending.call, { ...outgoing, intent });
  if (made.ok) {
    if (!sending.sentAt()) throw new Error(`${resource.name} was sent before it was asked for`);
    const answer = { theirs: made.value, made: true, byUs: true, note: null, others: [] };
    return keep(parts, place, outgoing, { ...answer, door });
  }
  if (sending.sentAt() && saysNo(made.failure)) {
    await noteSettling(parts.db, of, null);
  }
  if (made.failure.kind !== 'refused') {
    return { kind: 'failed', step: 'create', failure: made.failure };
  }
  // "Already exists" has many spellings: whatever the words, what is there now is adopted. [I4]
  const { existing } = made.failure;
  const again = await resource.find!(call, {
    ...{ ...outgoing, intent },
    ...(existing ? { existing } : {}),
  });
  const there = again.ok ? { look: again.value, early: null } : null;
  const standing = there && (await oursAmong(parts.db, place, outgoing, there));
  if (standing) return keep(parts, place, outgoing, { ...adopted(standing), door });
  return { kind: 'failed', step: 'create', failure: made.failure };
}

/**
 * What was found, if it is to be taken for ours. What is known by a likeness only (a name) is not
 * while a create of ours may still arrive, nor once it is tied to another of ours. [I3] [I5]
 */
async function oursAmong(
  db: Queryable,
  place: Workplace,
  { ourId }: Outgoing,
  { look, early }: { look: Found; early: Failure | null },
): Promise<Known | null> {
  if (!look.found) return null;
  if (!look.isAlike) return look;
  if (early) return null;
  const link = await findLink(db, placeOf(place), { theirId: look.found.id });
  return link === null || link.ourId === ourId ? look : null;
}

/** Surely nothing was made: it was refused, or never left. */
export function saysNo(failure: Failure): boolean {
  if (failure.kind === 'surprising') return false;
  return failure.kind !== 'unreachable' || failure.notSent === true;
}

/**
 * A create that was cut off, by a crash or by a time-out, may still be about to be carried out: that
 * nothing was found proves nothing until it has settled. Looks meanwhile find it soon. [I3]
 */
function stillOnItsWay(parts: Parts, pending: Link | null): Failure | null {
  if (!pending?.createSettlesAt || (pending.theirId && !pending.goneAt)) return null;
  const now = parts.clock.now().getTime();
  const leftSeconds = (pending.createSettlesAt.getTime() - now) / 1_000;
  if (leftSeconds <= 0) return null;
  const sentSecondsAgo = (now - (pending.createSentAt?.getTime() ?? now)) / 1_000;
  return {
    kind: 'throttled',
    retryAfterSeconds: Math.min(leftSeconds, Math.max(1, sentSecondsAgo)),
    detail: 'An earlier try was cut off; looking for a while whether it arrives after all.',
  };
}

type Known = Extract<Found, { found: TheirRecord }>;

interface Answer {
  theirs: TheirRecord;
  made: boolean;
  /** Made by this try or by an earlier one: what stands there we wrote. */
  byUs: boolean;
  note: string | null;
  /** Their ids that fit as well. */
  others: readonly string[];
}

const adopted = ({ found, note, others, ours }: Known): Answer => ({
  theirs: found,
  made: false,
  byUs: ours ?? false,
  note: note ?? null,
  others: others ?? [],
});

/** Stores the link with what was found or made, before anything else. [I2] */
export async function keep(
  parts: Parts,
  place: Workplace,
  outgoing: Outgoing,
  { theirs, made, byUs, note, others, door }: Answer & { door: Door },
): Promise<Created> {
  const { ourId } = outgoing;
  // Alone: if we stop here, the next pass finds this id and creates nothing. [I2]
  const link = await rememberTheirs(
    parts.db,
    {
      ...{ ...placeOf(place), ourId, theirId: theirs.id },
      wrote: byUs ? tendedIn(place, theirs.values) : null,
      isOlder: byUs && !made,
    },
    { newId: parts.newId, now: parts.clock.now() },
  );
  return parts.db.transaction(async (tx): Promise<Created> => {
    if (link && others.length === 0) {
      await closeAmbiguities(tx, parts, place, [{ ourId }]);
      return { kind: 'linked', link, theirs, made, note };
    }
    const detail = link
      ? `Their records ${[theirs.id, ...others].join(', ')} all fit it; ${theirs.id} is used.`
      : await takenWords(tx, place, theirs.id);
    await noteAmbiguity(tx, parts, place, { about: { ourId }, detail, door });
    if (link) return { kind: 'linked', link, theirs, made, note };
    return { kind: 'failed', step: 'find', failure: { kind: 'refused', status: 409, detail } };
  });
}

/** Their record fits one of ours and is tied to another: for a person to sort out. [I5] */
export async function takenWords(
  db: Queryable,
  place: Workplace,
  theirId: string,
): Promise<string> {
  const other = await findLink(db, placeOf(place), { theirId });
  return `Their record ${theirId} already belongs to another record of KiEX, ${other?.ourId}.`;
}

export const placeOf = (place: Pick<Workplace, 'connection' | 'resource'>) => ({
  connectionId: place.connection.id,
  resource: place.resource.name,
});

/**
 * They refused ours: because somebody it refers to is gone there? Then a further pass renews the tie.
 * A look that could not be made now is no answer: ours is tried again, and not given up as refused.
 */
export async function findsGone(
  parts: Parts,
  place: Workplace,
  ours: OurRecord,
  look: PassOther,
): Promise<Result<boolean>> {
  let gone = false;
  for (const resource of place.resource.renews ?? []) {
    const ourId = ours.refs[resource];
    if (!ourId) continue;
    const looked = await look({ resource, ourId });
    const of = { connectionId: place.connection.id, resource };
    if ((await findLink(parts.db, of, { ourId }))?.goneAt) gone = true;
    else if (!looked.ok && passes.has(looked.failure.kind)) return failed(looked.failure);
  }
  return { ok: true, value: gone };
}

/** What ends by itself. */
const passes: ReadonlySet<Failure['kind']> = new Set(['throttled', 'unreachable', 'unauthorised']);

/**
 * Their ids of the records ours refers to. A needed record that is not there yet is sent first.
 * send  brings one of our records to the provider; the corridor itself.
 */
export async function resolveRefs(
  parts: Parts,
  place: Workplace,
  ours: OurRecord,
  send: PassOther,
): Promise<Result<Record<string, string>>> {
  const resolved: Record<string, string> = {};
  for (const [resource, ourId] of Object.entries(ours.refs)) {
    const of = { connectionId: place.connection.id, resource };
    let link = (await linksByOurs(parts.db, of, [ourId])).get(ourId);
    const renew = Boolean(link?.goneAt && place.resource.renews?.includes(resource));
    if (renew || (!link?.theirId && place.resource.needs?.includes(resource))) {
      const sent = await send({ resource, ourId, ...(renew ? { renew } : {}) });
      if (!sent.ok) return failed(sent.failure);
      link = (await findLink(parts.db, of, { ourId })) ?? undefined;
      if (!link?.theirId || (renew && link.goneAt)) {
        return failed({ kind: 'unreachable', detail: `Waits for ${resource} ${ourId}.` });
      }
    }
    if (link?.theirId) resolved[resource] = link.theirId;
  }
  return { ok: true, value: resolved };
}
