import { eq, sql } from 'drizzle-orm';
import type { Tx } from '#src/platform/database.ts';
import { type ActivityLine, record } from './activity.ts';
import type { StoredConflict } from './conflicts.ts';
import { connectionById } from './connections.ts';
import { placeOf } from './createTheirs.ts';
import { canonicalOurs, spread } from './fields.ts';
import type { Winner } from './flow.ts';
import { findLink, type Link } from './links.ts';
import { fieldsOf } from './mapping.ts';
import {
  type Parts,
  type RecordTask,
  recordQueue,
  recordTaskKey,
  type Workplace,
} from './parts.ts';
import { writeContextOf } from './passed.ts';
import { changesFrom, remember } from './remember.ts';
import type { OurRecord } from './synced.ts';
import { links } from './tables.ts';
import { conflicts } from './trailTables.ts';

/** Whether a choice was taken; if not, why, in words for staff. */
export type Choice = { ok: true } | { ok: false; words: string };

const refuse = (words: string): Choice => ({ ok: false, words });
const movedOn = refuse(
  'The values have moved on since. The next look compares them anew; choose again if it still asks.',
);

/**
 * A person decides a conflict. An open one is noted on the link, and the next pass carries the value
 * over, provided both sides still are what was shown; one that a policy settled is turned round by
 * an edit of our record, which goes out like any other. Safe at the same time as a pass: whoever
 * writes the link first makes the other look again. [M3]
 */
export async function chooseConflict(
  parts: Parts,
  { conflictId, side, by }: { conflictId: string; side: Winner; by: string },
): Promise<Choice> {
  const choice = await parts.db.transaction(async (tx) => {
    const [conflict] = await tx
      .select()
      .from(conflicts)
      .where(eq(conflicts.id, conflictId))
      .for('update');
    if (!conflict) return refuse('There is no such conflict.');
    const stand = await standOf(parts, tx, conflict);
    if ('words' in stand) return stand;
    const chosen = await take(parts, tx, { ...stand, conflict, side });
    if (chosen.ok) await tell(parts, tx, { conflict, side, by });
    return chosen;
  });
  if (choice.ok) await Promise.all(['conflicts', 'activity'].map((one) => parts.live.publish(one)));
  return choice;
}

type Place = Pick<Workplace, 'connection' | 'resource' | 'synced'>;

interface Stand {
  place: Place;
  link: Link;
  ours: OurRecord;
}

/** The record as it is now, its link locked; or why nothing can be chosen. */
async function standOf(
  parts: Parts,
  tx: Tx,
  conflict: StoredConflict,
): Promise<Stand | { ok: false; words: string }> {
  const { connectionId, resource: name, ourId, field } = conflict;
  if (conflict.state === 'past' || conflict.state === 'chosen' || conflict.chosen) {
    return { ok: false, words: 'This conflict is decided already.' };
  }
  const connection = await connectionById(tx, connectionId);
  const connector = parts.connectors.get(connection?.provider ?? '');
  const resource = connector?.resources.find((one) => one.name === name);
  const synced = parts.synced.get(name);
  if (!connection || !resource || !synced)
    return { ok: false, words: 'Its records are not synchronised any more.' };
  const place = { connection, resource, synced };
  if (!spread(fieldsOf(place), [field]).some((one) => one.name === field))
    return { ok: false, words: `${field} is switched off in this connection’s fields.` };
  await tx.execute(sql`select from links where connection_id = ${connectionId}
    and resource = ${name} and our_id = ${ourId} for update`);
  const link = await findLink(tx, placeOf(place), { ourId });
  const ours = (await synced.read(tx, { connectionId }, [ourId])).get(ourId);
  if (!link || link.goneAt || !ours)
    return { ok: false, words: 'The record is not there any more.' };
  return { place, link, ours };
}

type Chosen = Stand & { conflict: StoredConflict; side: Winner };

async function take(parts: Parts, tx: Tx, chosen: Chosen): Promise<Choice> {
  const { place, conflict, side } = chosen;
  const fields = spread(fieldsOf(place), [conflict.field]);
  const mapped = fields.find((one) => one.name === conflict.field)!;
  if (!mapped.sendable && side === 'ours')
    return refuse(`KiEX cannot change ${conflict.field} there, so theirs is the one to choose.`);
  const mine = canonicalOurs([mapped], chosen.ours.values)[conflict.field]!;
  return conflict.state === 'open'
    ? holdChoice(parts, tx, { ...chosen, mine })
    : turnRound(parts, tx, { ...chosen, mine });
}

type Compared = Chosen & { mine: unknown };

/** The link keeps the choice; the plan of the next pass carries it. */
async function holdChoice(parts: Parts, tx: Tx, chosen: Compared): Promise<Choice> {
  const { link, conflict, side, mine } = chosen;
  const { field } = conflict;
  const hold = link.held[field];
  const stands = hold?.ours === conflict.ours.value && hold.theirs === conflict.theirs.value;
  if (!hold || !stands || mine !== conflict.ours.value) return movedOn;
  const held = { ...link.held, [field]: { ...hold, chosen: side } };
  await tx
    .update(links)
    .set({ held, fence: sql`${links.fence} + 1`, updatedAt: parts.clock.now() })
    .where(eq(links.id, link.id));
  await tx.update(conflicts).set({ chosen: side }).where(eq(conflicts.id, conflict.id));
  return { ok: true };
}

/** The policy's winner stands on both sides: the other value is written here as an edit of ours. */
async function turnRound(parts: Parts, tx: Tx, chosen: Compared): Promise<Choice> {
  const { place, link, ours, conflict, side, mine } = chosen;
  const { field, winner } = conflict;
  if (side === winner) return refuse('That value stands already.');
  const standing = conflict[winner!].value;
  if (mine !== standing || link.base?.[field] !== standing) return movedOn;
  if (!place.resource.update)
    return refuse(`KiEX cannot change ${field} there, so the choice could not be carried over.`);
  const now = parts.clock.now();
  const values = { [field]: conflict[side].value };
  const write = { ourId: ours.id, version: ours.version, values, refs: {} };
  const written = await place.synced.write?.(tx, writeContextOf(place, now), [write]);
  const version = written?.get(ours.id);
  if (version === undefined) return movedOn;
  const change = {
    ourId: ours.id,
    theirId: link.theirId!,
    direction: 'in' as const,
    action: 'updated' as const,
    fields: changesFrom({ [field]: standing }, values, { [field]: 'chosen' }),
    version,
  };
  await remember(tx, parts, place, { cause: { door: 'staff' }, changes: [change], now });
  const closing = { state: 'chosen', chosen: side, closedAt: now } as const;
  await tx.update(conflicts).set(closing).where(eq(conflicts.id, conflict.id));
  return { ok: true };
}

/** Who chose what, and the bell that carries it out; both commit with the choice. [D6] */
async function tell(
  parts: Parts,
  tx: Tx,
  { conflict, side, by }: { conflict: StoredConflict; side: Winner; by: string },
): Promise<void> {
  const { connectionId, resource, ourId, theirId, field } = conflict;
  await tx.update(conflicts).set({ chosenBy: by }).where(eq(conflicts.id, conflict.id));
  const line: ActivityLine = {
    ...{ connectionId, resource, ourId, theirId },
    door: 'staff',
    direction: 'none',
    action: 'conflict decided',
    ok: true,
    fields: [field],
    detail: `by ${by}: ${side}`,
  };
  await record(tx, [line], { newId: parts.newId, now: parts.clock.now() });
  const task: RecordTask = { connectionId, resource, ourId, door: 'staff' };
  await parts.queue.send(recordQueue, task, { key: recordTaskKey(task), tx });
}
