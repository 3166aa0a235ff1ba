import { and, count, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { connectionById } from '#src/sync/connections.ts';
import { beginDisconnect } from '#src/sync/disconnect.ts';
import type { Parts } from '#src/sync/parts.ts';
import { failures, links, runs } from '#src/sync/tables.ts';
import type { Leaving } from './commands.ts';
import { connectionOrThrow } from './known.ts';
import { noteStaff } from './staffNote.ts';

/** Begins the end; the worker carries it out. */
export async function disconnect(parts: Parts, connectionId: string, by: string): Promise<boolean> {
  await connectionOrThrow(parts, connectionId);
  const begun = await beginDisconnect(parts, connectionId, by);
  if (begun) await noteStaff(parts, connectionId, { action: 'disconnecting', by });
  return begun;
}

/** What the page says before anybody presses the button. */
export async function whatLeaves({ db }: Parts, connectionId: string): Promise<Leaving | null> {
  const connection = await connectionById(db, connectionId);
  if (!connection) return null;
  const { label, provider, state } = connection;
  const [tied, [open], [failing]] = await Promise.all([
    db
      .select({ resource: links.resource, total: count() })
      .from(links)
      .where(
        and(eq(links.connectionId, connectionId), isNotNull(links.theirId), isNull(links.goneAt)),
      )
      .groupBy(links.resource)
      .orderBy(links.resource),
    db
      .select({ total: count() })
      .from(runs)
      .where(
        and(
          eq(runs.connectionId, connectionId),
          inArray(runs.state, ['waiting', 'running', 'held', 'asks']),
        ),
      ),
    db
      .select({ total: count() })
      .from(failures)
      .where(
        and(eq(failures.connectionId, connectionId), inArray(failures.state, ['retrying', 'dead'])),
      ),
  ]);
  return {
    ...{ label, provider, state },
    linked: Object.fromEntries(tied.map(({ resource, total }) => [resource, total])),
    openRuns: open?.total ?? 0,
    openFailures: failing?.total ?? 0,
  };
}
