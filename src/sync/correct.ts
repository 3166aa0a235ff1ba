import { and, eq, inArray } from 'drizzle-orm';
import { record } from './activity.ts';
import type { Value, Values } from './canonical.ts';
import { type Connection, connectionById } from './connections.ts';
import type { RecordFailure } from './deadLetters.ts';
import { canonicalOurs, type Field } from './fields.ts';
import type { Parts } from './parts.ts';
import type { Synced } from './synced.ts';
import { failures } from './tables.ts';

/** What a person may mend of a record that did not pass; or why nothing. */
export type Correction =
  | { failure: RecordFailure; version: number; fields: { name: string; value: Value }[] }
  | { failure: RecordFailure; barred: 'theirs' | 'gone' | 'nothing sent' | 'not here' };

export type Corrected =
  | { kind: 'saved'; fields: string[] }
  | { kind: 'wrong'; errors: Record<string, string> }
  /** Somebody changed the record meanwhile, or it cannot be mended any more: look again. */
  | { kind: 'moved' };

/** An open dead letter as a form to mend its record: only what is sent, and only what the room lets. */
export async function correctionOf(parts: Parts, failureId: string): Promise<Correction | null> {
  const [failure] = await parts.db
    .select()
    .from(failures)
    .where(and(eq(failures.id, failureId), inArray(failures.state, ['retrying', 'dead'])));
  if (!failure) return null;
  if (!failure.ourId) return { failure, barred: 'theirs' };
  const place = await placeOfFailure(parts, failure);
  if (!place) return { failure, barred: 'not here' };
  const { connectionId, ourId } = failure;
  const ours = (await place.room.read(parts.db, { connectionId }, [ourId])).get(ourId);
  if (!ours) return { failure, barred: 'gone' };
  const sent = place.fields.filter(({ flow }) => flow !== 'in').map(({ ours: name }) => name);
  if (sent.length === 0) return { failure, barred: 'nothing sent' };
  if (!place.room.correct) return { failure, barred: 'not here' };
  const allowed = await place.room.correct.fields(parts.db, { connectionId }, ourId);
  const values = canonicalOurs(place.fields, ours.values);
  const fields = sent
    .filter((name) => allowed.includes(name))
    .map((name) => ({ name, value: values[name] ?? null }));
  return fields.length > 0
    ? { failure, version: ours.version, fields }
    : { failure, barred: 'not here' };
}

/**
 * Saves what a person mended, as an edit of ours through the room, and has the record tried again.
 *
 * version  the one the person saw; a record that has moved on is left alone.
 */
export async function correct(
  parts: Parts,
  mended: { failureId: string; version: number; values: Readonly<Record<string, string>> },
  by: string,
): Promise<Corrected> {
  const correction = await correctionOf(parts, mended.failureId);
  if (!correction || 'barred' in correction) return { kind: 'moved' };
  const { failure, version, fields } = correction;
  const place = await placeOfFailure(parts, failure);
  if (!place || version !== mended.version) return { kind: 'moved' };
  const read = readTyped(place.fields, fields, mended.values);
  if ('errors' in read) return { kind: 'wrong', errors: read.errors };
  const names = Object.keys(read.changed);
  const now = parts.clock.now();
  return parts.db.transaction(async (tx): Promise<Corrected> => {
    if (names.length > 0) {
      const { connection } = place;
      const { organizationId } = connection;
      const context = { connectionId: connection.id, organizationId, now };
      const write = { ourId: failure.ourId!, version, values: read.changed };
      const stored = await place.room.correct!.store(tx, context, write);
      if ('errors' in stored) return { kind: 'wrong', errors: stored.errors };
      if (stored.version === null) return { kind: 'moved' };
    }
    await tx
      .update(failures)
      .set({ state: 'retrying', nextTryAt: now })
      .where(and(eq(failures.id, failure.id), inArray(failures.state, ['retrying', 'dead'])));
    const { connectionId, resource, ourId, theirId } = failure;
    const line = {
      ...{ connectionId, resource, ourId, theirId },
      door: 'staff' as const,
      direction: 'none' as const,
      action: 'edited',
      ok: true,
      fields: names,
      detail: `by ${by}, and tried again`,
    };
    await record(tx, [line], { newId: parts.newId, now });
    await parts.live.publish('failures', tx);
    return { kind: 'saved', fields: names };
  });
}

interface Place {
  connection: Connection;
  room: Synced;
  fields: readonly Field[];
}

async function placeOfFailure(
  parts: Parts,
  { connectionId, resource }: RecordFailure,
): Promise<Place | null> {
  const connection = await connectionById(parts.db, connectionId);
  const connector = connection && parts.connectors.get(connection.provider);
  const fields = connector?.resources.find(({ name }) => name === resource)?.fields;
  const room = parts.synced.get(resource);
  return connection && fields && room ? { connection, room, fields } : null;
}

/** What was typed, in canonical form: only what differs from what the form showed. */
function readTyped(
  mapping: readonly Field[],
  shown: { name: string; value: Value }[],
  typed: Readonly<Record<string, string>>,
): { changed: Values } | { errors: Record<string, string> } {
  const changed: Record<string, Value> = {};
  const errors: Record<string, string> = {};
  for (const { name, value } of shown) {
    if (typed[name] === undefined) continue;
    const { canonical } = mapping.find((field) => field.ours === name)!;
    const read = canonical(typed[name]);
    if ('problem' in read) errors[name] = `This cannot be read: ${read.problem}.`;
    else if (read.value !== value) changed[name] = read.value;
  }
  return Object.keys(errors).length > 0 ? { errors } : { changed };
}
