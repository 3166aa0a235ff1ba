import { and, eq } from 'drizzle-orm';
import { record } from './activity.ts';
import type { Connection } from './connections.ts';
import type { ResourceConnector } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { doorOfRun, type Walk } from './standing.ts';
import { links } from './tables.ts';

/** A choice of the connection leaves this kind of record out: there is nothing to read. */
export const isLeftOut = (
  resource: ResourceConnector,
  { settings }: Pick<Connection, 'settings'>,
) => resource.isLeftOut?.(settings) ?? false;

/**
 * Removes our copies of what staff chose to leave out, with their links, so that all of it comes in
 * anew if they choose otherwise. Only for rooms that say how: nothing that is ours is ever removed.
 */
export async function letGo({ parts, place, run }: Walk): Promise<void> {
  const of = placeOf(place);
  const now = parts.clock.now();
  await parts.db.transaction(async (tx) => {
    const count = (await place.synced.letGo?.(tx, of)) ?? 0;
    if (count === 0) return;
    await tx
      .delete(links)
      .where(and(eq(links.connectionId, of.connectionId), eq(links.resource, of.resource)));
    const detail = `${count} records, as the choice of the connection says.`;
    const about = {
      ...of,
      door: doorOfRun(run),
      runId: run.id,
      direction: 'none',
      ok: true,
    } as const;
    await record(tx, [{ ...about, action: 'let go', detail }], { newId: parts.newId, now });
  });
}
