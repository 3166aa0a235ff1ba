import type { TheirRecord } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { canonicalOurs } from './fields.ts';
import {
  closeIntended,
  createHereIntended,
  createThereIntended,
  mergeIntended,
  nothingIntended,
} from './intended.ts';
import { findLink, type Link } from './links.ts';
import { fieldsOf, planFor, takenValues } from './mapping.ts';
import type { Parts, Workplace } from './parts.ts';
import { writeContextOf } from './passed.ts';
import type { OurRecord } from './synced.ts';

/** Theirs, which is new to us, is about to be brought in, or tied to one of ours that stands for it. */
export async function agreesToBringIn(
  parts: Parts,
  place: Workplace,
  theirs: TheirRecord,
): Promise<boolean> {
  if (!place.consent) return true;
  const context = writeContextOf(place, parts.clock.now());
  const matched = await place.synced.match?.(parts.db, context, theirs.values);
  if (matched) {
    const known = await findLink(parts.db, placeOf(place), { ourId: matched });
    // One that was tied before is asked about once it is clear whether that tie still holds.
    return known ? true : agreesToTie(parts, place, { ourId: matched, theirs });
  }
  const first = await missing(theirs.refs, ([resource, theirId]) =>
    findLink(parts.db, { connectionId: place.connection.id, resource }, { theirId }),
  );
  return place.consent(createHereIntended(theirs.id, takenValues(place, theirs.values), first));
}

/** One of ours and one of theirs are about to be tied, and then merged. */
export async function agreesToTie(
  parts: Parts,
  place: Workplace,
  { ourId, theirs }: { ourId: string; theirs: TheirRecord },
): Promise<boolean> {
  if (!place.consent) return true;
  const context = { connectionId: place.connection.id };
  const ours = (await place.synced.read(parts.db, context, [ourId])).get(ourId);
  if (!ours) return place.consent(nothingIntended({ ourId, theirId: theirs.id }));
  const link = await findLink(parts.db, placeOf(place), { ourId });
  const made = planFor(place, { ours, theirs, link });
  return place.consent(mergeIntended(place, { ours, theirs, made }, 'not tied yet'));
}

/** Ours is about to be looked for there, and sent. */
export async function agreesToSend(
  parts: Parts,
  place: Workplace,
  ours: OurRecord,
): Promise<boolean> {
  if (!place.consent) return true;
  const needed = Object.entries(ours.refs).filter(([name]) => place.resource.needs?.includes(name));
  const first = await missing(Object.fromEntries(needed), async ([resource, ourId]) => {
    const of = { connectionId: place.connection.id, resource };
    const link = await findLink(parts.db, of, { ourId });
    return link?.theirId && !link.goneAt ? link : null;
  });
  const values = canonicalOurs(fieldsOf(place), ours.values);
  return place.consent(createThereIntended(ours.id, values, first));
}

/** Ours is there, and they offer no read to compare it with. */
export const agreesToLeave = (place: Workplace, of: { ourId: string; theirId: string }) =>
  !place.consent || place.consent(nothingIntended(of));

export const agreesToClose = (place: Workplace, link: Link) =>
  !place.consent || place.consent(closeIntended(link));

/** 'resource id' of what is referred to and not tied yet. */
async function missing(
  refs: Readonly<Record<string, string>>,
  find: (ref: [string, string]) => Promise<Link | null>,
): Promise<string[]> {
  const names: string[] = [];
  for (const ref of Object.entries(refs)) if (!(await find(ref))) names.push(ref.join(' '));
  return names;
}
