import { bigint, index, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { jobs } from '#src/jobs/tables.ts';
import { instant } from '#src/platform/columns.ts';
import { resumes } from '#src/students/tables.ts';

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
    /** The cover note, plain text. */
    note: text(),
    /** sent | in_review | interview | offer | hired | not_selected | withdrawn */
    status: text().notNull(),
    /** The employer's own name for where it stands, shown beside our word. */
    stageName: text(),
    interviewAt: instant(),
    offerAt: instant(),
    hiredAt: instant(),
    droppedAt: instant(),
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
    /** student | employer */
    by: text().notNull(),
  },
  (table) => [index('application_events_of').on(table.applicationId, table.at)],
);
