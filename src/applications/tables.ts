import { bigint, index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { jobs } from '#src/jobs/tables.ts';
import { instant } from '#src/platform/columns.ts';
import { resumes } from '#src/students/tables.ts';
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
    /** The cover note, plain text. */
    note: text(),
    /**
     * What the employer's own form asked and the student answered, as it is sent; null where the
     * profile, the resume and the note are all that is sent.
     */
    answers: jsonb().$type<FormAnswer[]>(),
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
