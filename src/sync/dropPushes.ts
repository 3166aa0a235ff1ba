import type { Tx } from '#src/platform/database.ts';
import { type ActivityLine, record } from './activity.ts';
import type { Values } from './canonical.ts';
import { allConnections, type Connection } from './connections.ts';
import type { ResourceConnector } from './connector.ts';
import { recordKey, resolveFailures } from './deadLetters.ts';
import { canonicalOurs } from './fields.ts';
import { findLink, linksByOurs } from './links.ts';
import { fieldsOf } from './mapping.ts';
import type { Parts } from './parts.ts';
import type { OurRecord, Synced } from './synced.ts';

/** One of our records, and the one whose link tells which connections it goes to; null: to all. */
export interface Push {
  resource: string;
  ourId: string;
  through: { resource: string; ourId: string } | null;
}

/**
 * Makes a change of ours after which some of what waits to be sent may not leave any more, and writes
 * down what that is, in the same transaction: a line of history for each record, with the fields.
 * What failed and waited for another try waits no longer. [P2]
 *
 * pushes  what the change may concern; what has nothing to send is not mentioned.
 * detail  why, in words without values. [P3]
 */
export async function dropPushes(
  parts: Parts,
  tx: Tx,
  { pushes, detail }: { pushes: readonly Push[]; detail: string },
  change: () => Promise<void>,
): Promise<void> {
  const waiting: Waiting[] = [];
  // Also where the connection is paused: what waits there is dropped as well.
  for (const connection of await allConnections(tx)) {
    for (const push of pushes) {
      const one = await waitingOf(parts, tx, { connection, push });
      if (one) waiting.push(one);
    }
  }
  await change();
  const now = parts.clock.now();
  const lines: ActivityLine[] = [];
  for (const { place, ourId, theirId, fields, before } of waiting) {
    const { connectionId, resource } = place;
    const after = await leaving(tx, place, ourId);
    const mapped = place.fields;
    const left = after && canonicalOurs(mapped, after.values);
    const dropped = fields.filter((name) => !left || left[name] !== before[name]);
    if (after && dropped.length === 0) continue;
    const about = { connectionId, resource, ourId, theirId, fields: dropped };
    lines.push({ ...about, door: 'push', direction: 'out', action: 'dropped', ok: true, detail });
    if (after) continue;
    const keys = [recordKey({ ourId, theirId: null }), ...(theirId ? [`their:${theirId}`] : [])];
    await resolveFailures(tx, { connectionId, resource, keys }, now);
  }
  if (lines.length === 0) return;
  await record(tx, lines, { newId: parts.newId, now });
  for (const topic of ['activity', 'failures']) await parts.live.publish(topic, tx);
}

interface Place {
  connectionId: string;
  resource: string;
  room: Synced;
  fields: ResourceConnector['fields'];
}

/** A record that has something to send, and which fields of it; none: it is not there yet. */
interface Waiting {
  place: Place;
  ourId: string;
  theirId: string | null;
  fields: string[];
  before: Values;
}

async function waitingOf(
  parts: Parts,
  tx: Tx,
  { connection, push }: { connection: Connection; push: Push },
): Promise<Waiting | null> {
  const { resource, ourId, through } = push;
  const of = { connectionId: connection.id, resource };
  const connector = parts.connectors.get(connection.provider);
  const theirs = connector?.resources.find(({ name }) => name === resource);
  const room = parts.synced.get(resource);
  if (!theirs || !room) return null;
  if (through) {
    const reach = { connectionId: connection.id, resource: through.resource };
    if (!(await linksByOurs(tx, reach, [through.ourId])).has(through.ourId)) return null;
  }
  const fields = fieldsOf({ connection, resource: theirs });
  const place = { ...of, room, fields };
  const ours = await leaving(tx, place, ourId);
  const link = await findLink(tx, of, { ourId });
  if (!ours || link?.goneAt) return null;
  const before = canonicalOurs(fields, ours.values);
  const theirId = link?.theirId ?? null;
  if (!theirId) return { place, ourId, theirId, fields: [], before };
  if (link!.agreedVersion >= ours.version) return null;
  const base = link!.base ?? {};
  const newer = fields.filter(({ flow, name }) => flow !== 'in' && before[name] !== base[name]);
  const names = newer.map(({ name }) => name).filter((name) => before[name] !== null);
  return names.length > 0 ? { place, ourId, theirId, fields: names, before } : null;
}

/** Our record as it may leave now; null: it may not. */
async function leaving(
  tx: Tx,
  { connectionId, room }: Place,
  ourId: string,
): Promise<OurRecord | null> {
  const ours = (await room.read(tx, { connectionId }, [ourId])).get(ourId);
  const may = await room.mayLeave?.(tx, [ourId]);
  return ours && (!may || may.has(ourId)) ? ours : null;
}
