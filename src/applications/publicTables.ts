import { bigint, boolean, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { jobs } from '#src/jobs/tables.ts';
import { instant } from '#src/platform/columns.ts';
import { connections } from '#src/sync/tables.ts';

/**
 * A copy of how far somebody is who came to a job without KiEX: no student, no account, no name. Its
 * status is worked out when it is shown.
 */
export const publicApplicants = pgTable(
  'public_applicants',
  {
    id: uuid().primaryKey(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    jobId: uuid()
      .notNull()
      .references(() => jobs.id),
    /** The number that they have in the employer's system. */
    candidateId: text(),
    /** The employer's own people put them on the job; they did not apply themselves. */
    addedByStaff: boolean(),
    appliedAt: instant(),
    /** False: dropped there. Null: they do not say. */
    active: boolean(),
    stageId: text(),
    stageName: text(),
    presentedAt: instant(),
    interviewAt: instant(),
    offerAt: instant(),
    hiredAt: instant(),
    droppedAt: instant(),
    /** It is not there any more, so it is not shown here. */
    goneAt: instant(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    updatedAt: instant().notNull(),
  },
  (table) => [
    index('public_applicants_job').on(table.jobId),
    index('public_applicants_connection').on(table.connectionId),
  ],
);
