import { type SQL, sql } from 'drizzle-orm';
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
  for (const [resource, found] of await dueOfAll(parts, connection.id, resources)) {
    const of = { connectionId: connection.id, resource };
    const ourIds = await unheld(parts, of, found);
    rung += await ringRecords(
      parts,
      ourIds.map((ourId) => ({ connectionId: connection.id, resource, ourId, door: 'push' })),
    );
  }
  return rung;
}

/** Our ids of one kind that have something to push over a connection. */
export async function dueOf(
  { db, synced }: Pick<Parts, 'db' | 'synced'>,
  { connectionId, resource }: { connectionId: string; resource: string },
  limit = dueMax,
): Promise<string[]> {
  const due = synced.get(resource)?.due?.(connectionId);
  if (!due) return [];
  const { rows } = await db.execute<DueRow>(dueRows(resource, due, limit));
  return rows.map(({ id }) => id);
}

type DueRow = { resource: string; id: string };

const dueRows = (resource: string, due: SQL, limit: number): SQL =>
  sql`(select ${resource}::text as resource, due.id::text as id from (${due}) as due limit ${limit})`;

/** resource -> our ids that are due, of all kinds in one statement; kinds of which none is are left out. */
async function dueOfAll(
  { db, synced }: Parts,
  connectionId: string,
  resources: readonly string[],
): Promise<Map<string, string[]>> {
  const asked = resources.flatMap((resource) => {
    const due = synced.get(resource)?.due?.(connectionId);
    return due ? [dueRows(resource, due, dueMax)] : [];
  });
  const all = [chosenToCarry(connectionId), ...asked];
  const { rows } = await db.execute<DueRow>(sql.join(all, sql` union all `));
  const found = new Map<string, string[]>();
  for (const { resource, id } of rows) {
    if (resources.includes(resource)) found.set(resource, [...(found.get(resource) ?? []), id]);
  }
  return found;
}

async function unheld(
  parts: Parts,
  of: { connectionId: string; resource: string },
  found: readonly string[],
): Promise<string[]> {
  let ourIds = found;
  if (found.length >= dueMax) {
    // Records that a failure holds stay due: however many stand in front, others are seen. [F3]
    const limit = dueMax + (await countHeld(parts.db, of));
    ourIds = [...found, ...(await dueOf(parts, of, limit))];
  }
  ourIds = [...new Set(ourIds)];
  const held = await heldByFailure(parts.db, { ...of, ourIds: [...ourIds] });
  return ourIds.filter((ourId) => !held.has(ourId)).slice(0, dueMax);
}
