import type { Tx } from '#src/platform/database.ts';
import { recordBell, ring, ringRecords } from './bells.ts';
import { chosenToCarry } from './conflicts.ts';
import { type Connection, connectionById, isWorking, workingConnections } from './connections.ts';
import { countHeld, heldByFailure } from './deadLetters.ts';
import { linksByOurs } from './links.ts';
import type { Parts } from './parts.ts';

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
  const { resource, ourId, through } = change;
  for (const connection of await workingConnections(tx)) {
    const of = { connectionId: connection.id, resource: through.resource };
    const links = await linksByOurs(tx, of, [through.ourId]);
    if (!links.has(through.ourId)) continue;
    const task = { connectionId: connection.id, resource, ourId, door: 'push' } as const;
    await ring(parts, recordBell(parts, task), { tx });
  }
}

/** The same for a record that is to be made at one account and is tied to nothing yet. [D6] */
export async function announceTo(
  parts: Parts,
  tx: Tx,
  task: { connectionId: string; resource: string; ourId: string },
): Promise<void> {
  const connection = await connectionById(tx, task.connectionId);
  if (!connection || !isWorking(connection)) return;
  await ring(parts, recordBell(parts, { ...task, door: 'push' }), { tx });
}

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
  const chosen = await chosenToCarry(parts.db, connection.id);
  for (const resource of resources) {
    const of = { connectionId: connection.id, resource };
    const ourIds = await dueOf(parts, of, chosen.get(resource) ?? []);
    rung += await ringRecords(
      parts,
      ourIds.map((ourId) => ({ connectionId: connection.id, resource, ourId, door: 'push' })),
    );
  }
  return rung;
}

/** chosen  our ids that are due whatever their version is. */
async function dueOf(
  parts: Parts,
  of: { connectionId: string; resource: string },
  chosen: readonly string[],
): Promise<string[]> {
  const { connectionId, resource } = of;
  const room = parts.synced.get(resource);
  if (!room || (!room.due && chosen.length === 0)) return [];
  let ourIds = (await room.due?.(parts.db, connectionId, dueMax)) ?? [];
  if (ourIds.length === dueMax) {
    // Records that a failure holds stay due: however many stand in front, others are seen. [F3]
    const limit = dueMax + (await countHeld(parts.db, of));
    ourIds = (await room.due?.(parts.db, connectionId, limit)) ?? [];
  }
  ourIds = [...new Set([...chosen, ...ourIds])];
  const held = await heldByFailure(parts.db, { ...of, ourIds });
  return ourIds.filter((ourId) => !held.has(ourId)).slice(0, dueMax);
}
