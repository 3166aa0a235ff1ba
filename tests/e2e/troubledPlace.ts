import { and, eq, isNotNull } from 'drizzle-orm';
import { systemClock } from '#src/platform/clock.ts';
import type { Db } from '#src/platform/database.ts';
import { createIds, systemRandom } from '#src/platform/random.ts';
import { connections, links } from '#src/sync/tables.ts';

export interface Place {
  db: Db;
  connectionId: string;
  quotaKey: string;
  jobs: { ourId: string; theirId: string }[];
  candidate: { ourId: string; theirId: string };
}

export const newId = createIds(systemClock, systemRandom);
export const minutesAgo = (minutes: number) =>
  new Date(systemClock.now().getTime() - minutes * 60_000);

/** The connection in trouble, and some of what is linked over it. */
export async function placeOf(db: Db, label: string): Promise<Place> {
  const [connection] = await db.select().from(connections).where(eq(connections.label, label));
  const connectionId = connection!.id;
  const linked = (resource: string) =>
    db
      .select({ ourId: links.ourId, theirId: links.theirId })
      .from(links)
      .where(
        and(
          eq(links.connectionId, connectionId),
          eq(links.resource, resource),
          isNotNull(links.theirId),
        ),
      )
      .orderBy(links.theirId);
  const pairs = (rows: { ourId: string; theirId: string | null }[]) =>
    rows.map(({ ourId, theirId }) => ({ ourId, theirId: theirId! }));
  const [candidate] = pairs(await linked('candidates'));
  const { quotaKey } = connection!;
  return { db, connectionId, quotaKey, jobs: pairs(await linked('jobs')), candidate: candidate! };
}
