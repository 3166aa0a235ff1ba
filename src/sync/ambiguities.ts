import { and, desc, eq } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { type Door, record } from './activity.ts';
import { placeOf } from './createTheirs.ts';
import { closeIssues, openIssue } from './issues.ts';
import type { Parts, Workplace } from './parts.ts';
import { issues } from './trailTables.ts';

type Place = Pick<Workplace, 'connection' | 'resource'>;
const kind = 'ambiguity';

/** Which record a person should look at: one of ours that several fit, or one of theirs left outside. */
export type Unclear = { ourId: string } | { theirId: string };

const keyOf = (place: Place, about: Unclear) =>
  'ourId' in about
    ? `${place.resource.name} our:${about.ourId}`
    : `${place.resource.name} their:${about.theirId}`;

/**
 * Reports that it is not clear which records belong together: an issue, and a line of history when
 * it is new. Saying the same again writes nothing, also after a person closed it. [I5] [M6]
 *
 * detail  in words, with ids only. [P3]
 */
export async function noteAmbiguity(
  db: Queryable,
  parts: Parts,
  place: Place,
  found: { about: Unclear; detail: string; door: Door },
): Promise<void> {
  const { about, detail, door } = found;
  const { connectionId, resource } = placeOf(place);
  const of = { connectionId, kind, key: keyOf(place, about) };
  const [known] = await db
    .select()
    .from(issues)
    .where(
      and(eq(issues.connectionId, connectionId), eq(issues.kind, kind), eq(issues.key, of.key)),
    )
    .orderBy(desc(issues.openedAt))
    .limit(1);
  if (known?.detail === detail && (known.closedAt === null || known.closedBy)) return;
  const tools = { newId: parts.newId, now: parts.clock.now() };
  await openIssue(db, { ...of, resource, ...about, detail }, tools);
  const line = { connectionId, resource, ...about, door, detail } as const;
  await record(db, [{ ...line, direction: 'none', action: 'ambiguous', ok: false }], tools);
  await parts.live.publish('issues');
}

/** It is clear by now. Writes nothing where nothing was unclear. */
export async function closeAmbiguities(
  db: Queryable,
  parts: Parts,
  place: Place,
  about: readonly Unclear[],
): Promise<void> {
  const keys = about.map((one) => keyOf(place, one));
  const of = { connectionId: place.connection.id, kind, keys };
  const closing = { reason: 'Only one fits now.', now: parts.clock.now() };
  if ((await closeIssues(db, of, closing)) > 0) await parts.live.publish('issues');
}
