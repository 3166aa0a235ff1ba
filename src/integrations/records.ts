import { and, count, countDistinct, eq, sql } from 'drizzle-orm';
import type { Db } from '#src/platform/database.ts';
import type { Parts } from '#src/sync/parts.ts';
import { history } from '#src/sync/trailTables.ts';
import { type Refusal, type Undoable, type Undone, undoable, undoRun } from '#src/sync/undo.ts';
import { type RecordStory, readStory } from './recordStory.ts';

/** What staff may see of single records, and take back of what runs wrote to them. */
export interface Records {
  /** Everything known of one record; null when the engine never met it. Values of people are in it. [P3] */
  story(of: { resource: string; ourId: string }): Promise<RecordStory | null>;
  /** How many records a run wrote here, and of how many all of that was taken back. */
  wroteHere(runId: string): Promise<WroteHere>;
  /** What taking back a run would do; writes nothing. */
  undoable(runId: string): Promise<Undoable | Refusal>;
  /** Takes back what a run wrote here, a bounded number of records at a time. */
  undo(runId: string, by: string): Promise<Undone | Refusal>;
}

export interface WroteHere {
  writes: number;
  records: number;
  takenBack: number;
}

/** So many take seconds; whoever waits for the answer may ask for the rest. */
const recordsMax = 2_000;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const unknown: Refusal = { refused: 'There is no such run.' };

/** All that pages and the command line ask about single records. */
export function createRecords(parts: Parts): Records {
  return {
    story: (of) => readStory(parts, of),
    wroteHere: (runId) => wroteHere(parts.db, runId),
    undoable: async (runId) => (uuid.test(runId) ? undoable(parts, runId) : unknown),
    undo: async (runId, by) =>
      uuid.test(runId) ? undoRun(parts, runId, { by, recordsMax }) : unknown,
  };
}

async function wroteHere(db: Db, runId: string): Promise<WroteHere> {
  const [row] = await db
    .select({
      writes: count(),
      records: countDistinct(history.ourId),
      // Null is not counted: a record is named here only where its write was taken back.
      takenBack: countDistinct(
        sql`case when ${history.undoneAt} is not null then ${history.ourId} end`,
      ),
    })
    .from(history)
    .where(and(eq(history.runId, runId), eq(history.direction, 'in')));
  return row!;
}
