import {
  bigint,
  boolean,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { jobs } from '#src/jobs/tables.ts';
import { instant } from '#src/platform/columns.ts';
import { resumes } from '#src/students/tables.ts';
import { connections } from '#src/sync/tables.ts';
import type { FormAnswer } from './employerForm.ts';

/** One student's application to one job. */
export const applications = pgTable(
  'applications',
  {
    id: uuid().primaryKey(),
    studentId: text().notNull(),
    jobId: uuid()
      .notNull()
      .references(() => jobs.id),
    resumeId: uuid().references(() => resumes.id),
    /** The cover note it was first sent with, plain text. */
    note: text(),
    /**
     * What the employer's own form asked and the student answered, as it is sent; null where the
     * profile, the resume and the note are all that is sent.
     */
    answers: jsonb().$type<FormAnswer[]>(),
    /**
     * What the employer's side says, worked out from the columns below and the connection's stage
     * map and from nothing else: sent | in_review | interview | offer | hired | not_selected.
     */
    status: text().notNull(),
    /** False: dropped there. Null: it was never read there, or they do not say. */
    active: boolean(),
    /** The employer's stage, by their id. */
    stageId: text(),
    /** The employer's own name for where it stands, shown beside our word. */
    stageName: text(),
    /** When it was put before the one who decides. */
    presentedAt: instant(),
    interviewAt: instant(),
    offerAt: instant(),
    hiredAt: instant(),
    droppedAt: instant(),
    /** The student took it back; the employer's side may move on, and the student sees Withdrawn. */
    withdrawnAt: instant(),
    /** The student sent it again after it had ended, and the employer has not answered since. */
    appliedAgainAt: instant(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    submittedAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    // Pressing twice or losing the answer gives one application.
    unique('applications_once').on(table.studentId, table.jobId),
    index('applications_job').on(table.jobId),
  ],
);

/** A newer resume that a student sent after an application, beside the one it was sent with. */
export const applicationResumes = pgTable(
  'application_resumes',
  {
    applicationId: uuid()
      .notNull()
      .references(() => applications.id, { onDelete: 'cascade' }),
    resumeId: uuid()
      .notNull()
      .references(() => resumes.id),
    addedAt: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.applicationId, table.resumeId] })],
);

/**
 * What an employer's account holds of a student that is neither the student's own nor written by
 * KiEX, for the student to see. Only where the connection's option says so, and while it is shared.
 */
export const suggestions = pgTable(
  'suggestions',
  {
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    studentId: text().notNull(),
    /** name | phone | address */
    field: text().notNull(),
    /** As it would stand on the profile. */
    value: text().notNull(),
    /** Taken and kept are answers to this very value: another one is offered anew. */
    state: text().$type<'offered' | 'taken' | 'kept'>().notNull(),
    at: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.studentId, table.field] }),
    index('suggestions_student').on(table.studentId),
  ],
);

export type Way = 'drop' | 'note' | 'nothing' | 'again' | 'first';

/** The timeline a student sees. */
export const applicationEvents = pgTable(
  'application_events',
  {
    id: uuid().primaryKey(),
    applicationId: uuid()
      .notNull()
      .references(() => applications.id, { onDelete: 'cascade' }),
    at: instant().notNull(),
    status: text().notNull(),
    stageName: text(),
    /** The dates that stood then, where the employer had given any. */
    interviewAt: instant(),
    offerAt: instant(),
    /** student | employer | kiex: staff said anew what a stage means */
    by: text().notNull(),
    /**
     * Of what a student did: how the employer's side is told of it. Decided when it is done.
     * A withdrawal: drop | note | nothing. Sent again: again (with a note) | first (as if new).
     */
    way: text().$type<Way>(),
    /** The cover note that an application was sent again with. */
    note: text(),
  },
  (table) => [index('application_events_of').on(table.applicationId, table.at)],
);
