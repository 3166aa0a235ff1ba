import type { Queryable } from '#src/platform/database.ts';
import { statusWord } from './application.ts';
import { type Delivery, type DeliveryFacts, deliveryOf } from './delivery.ts';
import * as store from './store.ts';
import { type TimelineStep, timelineOf } from './timeline.ts';

/** One application as its student sees it. */
export interface StudentApplication {
  id: string;
  jobSlug: string;
  jobTitle: string;
  employer: string;
  /** Whether the job's page can still be read. */
  jobPublished: boolean;
  status: string;
  statusWord: string;
  /** The employer's own name for where it stands. */
  stageName: string | null;
  interviewAt: Date | null;
  submittedAt: Date;
  updatedAt: Date;
  /** Who moved it last. */
  updatedBy: 'student' | 'employer';
  /** Without what the employer never tells: of an application through its own form, nothing is heard. */
  steps: TimelineStep[];
  /** Whether the employer's system tells how it goes on. */
  isFollowed: boolean;
  events: StudentEvent[];
  delivery: Delivery;
}

export interface StudentEvent {
  at: Date;
  word: string;
  stageName: string | null;
  by: 'student' | 'employer';
}

/** A student's applications, the last sent first. */
export async function studentApplications(
  db: Queryable,
  studentId: string,
): Promise<StudentApplication[]> {
  const found = await store.listOfStudent(db, studentId);
  const ids = found.map(({ application }) => application.id);
  const [events, deliveries] = await Promise.all([
    store.listEvents(db, ids),
    store.listDeliveries(db, studentId),
  ]);
  const eventsOf = Map.groupBy(events, (event) => event.applicationId);
  return found.map((row) =>
    asSeen(row, eventsOf.get(row.application.id) ?? [], deliveries.get(row.application.id)),
  );
}

type Found = Awaited<ReturnType<typeof store.listOfStudent>>[number];

const NOTHING_KNOWN: DeliveryFacts = {
  linked: false,
  gone: false,
  failure: null,
  unanswered: false,
  byForm: false,
  connection: null,
};

function asSeen(
  { application, job }: Found,
  events: store.EventRow[],
  delivery: DeliveryFacts = NOTHING_KNOWN,
): StudentApplication {
  const employer = store.employerWords(job.employer);
  const { id, status, stageName, interviewAt, submittedAt, updatedAt } = application;
  return {
    id,
    jobSlug: job.slug,
    jobTitle: job.title,
    employer,
    jobPublished: job.published,
    status,
    statusWord: statusWord(status),
    stageName,
    interviewAt,
    submittedAt,
    updatedAt,
    updatedBy: movedBy(events.at(-1)?.by),
    steps: timelineOf(status, events).filter(({ state }) => !delivery.byForm || state !== 'ahead'),
    isFollowed: !delivery.byForm,
    events: events.map((event) => ({
      at: event.at,
      word: statusWord(event.status),
      stageName: event.stageName,
      by: movedBy(event.by),
    })),
    delivery: deliveryOf(delivery),
  };
}

const movedBy = (by: string | undefined) => (by === 'employer' ? 'employer' : 'student');
