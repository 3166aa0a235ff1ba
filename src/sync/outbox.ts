import type { Tx } from '#src/platform/database.ts';
import { chosenToCarry } from './conflicts.ts';
import { type Connection, workingConnections } from './connections.ts';
import { heldByFailure } from './deadLetters.ts';
import { linksByOurs } from './links.ts';
import { type Parts, type RecordTask, recordQueue, recordTaskKey } from './parts.ts';

/** A bell that was rung for a due record is not rung again for this long. */
const quietSeconds = 10;
const dueMax = 200;

/**
 * Our own change as a door: the order to push commits with the change itself. If the bell is lost
 * all the same, the record stays due, and the next look at what is due rings again. [D6]
 */
export async function announce(
  parts: Parts,
  tx: Tx,
  change: { resource: string; ourId: string; through: { resource: string; ourId: string } },
): Promise<void> {
  for (const connection of await workingConnections(tx)) {
    const of = { connectionId: connection.id, resource: change.through.resource };
    const links = await linksByOurs(tx, of, [change.through.ourId]);
    if (!links.has(change.through.ourId)) continue;
    const task: RecordTask = {
      connectionId: connection.id,
      resource: change.resource,
      ourId: change.ourId,
      door: 'push',
    };
    await parts.queue.send(recordQueue, task, { key: recordTaskKey(task), tx });
  }
}

/** Bells rung lately by this process, so that a look every second does not ring every second. */
const rungAt = new WeakMap<Parts, Map<string, number>>();

/**
 * Rings for every record of ours that is newer than what was agreed or has a person's choice to
 * carry, and is not waiting for its next try or for a person. [D6]
 */
export async function ringDue(
  parts: Parts,
  connection: Connection,
  resources: readonly string[],
): Promise<number> {
  let rung = 0;
  for (const resource of resources) {
    const of = { connectionId: connection.id, resource };
    const newer = await parts.synced.get(resource)?.due?.(parts.db, connection.id, dueMax);
    const due = [...new Set([...(newer ?? []), ...(await chosenToCarry(parts.db, of))])];
    const held = await heldByFailure(parts.db, { ...of, ourIds: due });
    for (const ourId of due) {
      const task: RecordTask = { connectionId: connection.id, resource, ourId, door: 'push' };
      if (held.has(ourId) || !isQuiet(parts, recordTaskKey(task))) continue;
      await parts.queue.send(recordQueue, task, { key: recordTaskKey(task) });
      rung++;
    }
  }
  return rung;
}

/** Was this bell not rung lately by this process? Asking counts as ringing. */
export function isQuiet(parts: Parts, key: string): boolean {
  const bells = rungAt.get(parts) ?? new Map<string, number>();
  rungAt.set(parts, bells);
  const now = parts.clock.now().getTime();
  const last = bells.get(key);
  if (last !== undefined && now - last < quietSeconds * 1_000) return false;
  if (bells.size > 10_000) bells.clear();
  bells.set(key, now);
  return true;
}
