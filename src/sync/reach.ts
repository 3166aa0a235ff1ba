import type { Queryable } from '#src/platform/database.ts';
import { allConnections, endedStates } from './connections.ts';
import { linksByOurs } from './links.ts';
import { fieldsOf } from './mapping.ts';
import type { Parts } from './parts.ts';

/**
 * Does a change of this field of ours travel to an account, by the rules in force there? False for a
 * record that is in none, and for a field that is theirs to give.
 *
 * to  the connection that the record is still on its way to; null: none.
 */
export async function reaches(
  parts: Pick<Parts, 'connectors'>,
  db: Queryable,
  { resource: name, ourId, field, to }: Reach,
): Promise<boolean> {
  for (const connection of await allConnections(db)) {
    if (endedStates.includes(connection.state)) continue;
    const resource = parts.connectors
      .get(connection.provider)
      ?.resources.find((one) => one.name === name);
    const mapped = resource && fieldsOf({ connection, resource }).find((one) => one.name === field);
    if (!mapped?.sendable || (mapped.flow !== 'both' && mapped.flow !== 'out')) continue;
    const of = { connectionId: connection.id, resource: name };
    const link = (await linksByOurs(db, of, [ourId])).get(ourId);
    if (link?.goneAt) continue;
    if (link?.theirId || connection.id === to) return true;
  }
  return false;
}

interface Reach {
  resource: string;
  ourId: string;
  field: string;
  to: string | null;
}
