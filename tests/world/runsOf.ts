import { eq } from 'drizzle-orm';
import type { Db } from '#src/platform/database.ts';
import type { Run } from '#src/sync/runs.ts';
import { runs } from '#src/sync/tables.ts';

/** The runs of a resource, in the order they were asked for. */
export const runsOf = (db: Db, resource: string): Promise<Run[]> =>
  db.select().from(runs).where(eq(runs.resource, resource)).orderBy(runs.requestedAt, runs.id);
