import type { Queryable } from '#src/platform/database.ts';
import { canWithdraw, decideApply, shownStatus, statusWord } from './application.ts';
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
  /** Where the student sees it; what the employer's side says may be another. */
  status: string;
  statusWord: string;
  canWithdraw: boolean;
  /** It ended, and its job is open: it may be sent again. */
  canApplyAgain: boolean;
  /** The employer's own name for where it stands. */
  stageName: string | null;
  /** Dates that the employer has given; a day without a time is its midnight in UTC. */
  interviewAt: Date | null;
  offerAt: Date | null;
  submittedAt: Date;
  updatedAt: Date;
  /** Who moved it last. */
  updatedBy: Mover;
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
  interviewAt: Date | null;
  offerAt: Date | null;
  /** kiex: staff said anew what the employer's stage means. */
  by: Mover;
}

export type Mover = 'student' | 'employer' | 'kiex';

/** A student's applications, the last sent first. */
export async function studentApplications(
  db: Queryable,
  { studentId, now }: { studentId: string; now: Date },
): Promise<StudentApplication[]> {
  const found = await store.listOfStudent(db, studentId);
  const ids = found.map(({ application }) => application.id);
  const [events, deliveries] = await Promise.all([
    store.listEvents(db, ids),
    store.listDeliveries(db, studentId),
  ]);
  const eventsOf = Map.groupBy(events, (event) => event.applicationId);
  return found.map((row) =>
    asSeen(
      row,
      { events: eventsOf.get(row.application.id) ?? [], now },
      deliveries.get(row.application.id),
    ),
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
  withdrawal: null,
};

function asSeen(
  { application, job }: Found,
  { events, now }: { events: store.EventRow[]; now: Date },
  delivery: DeliveryFacts = NOTHING_KNOWN,
): StudentApplication {
  const employer = store.employerWords(job.employer);
  const { id, stageName, interviewAt, offerAt, submittedAt, updatedAt } = application;
  const status = shownStatus(application);
  return {
    id,
    jobSlug: job.slug,
    jobTitle: job.title,
    employer,
    jobPublished: job.published,
    status,
    statusWord: statusWord(status),
    canWithdraw: canWithdraw(status),
    canApplyAgain: decideApply(job, application, now).ok,
    stageName,
    interviewAt,
    offerAt,
    submittedAt,
    updatedAt,
    updatedBy: movedBy(events.at(-1)?.by),
    steps: timelineOf(status, events).filter(({ state }) => !delivery.byForm || state !== 'ahead'),
    isFollowed: !delivery.byForm,
    events: events.map((event) => ({
      at: event.at,
      word: statusWord(event.status),
      stageName: event.stageName,
      interviewAt: event.interviewAt,
      offerAt: event.offerAt,
      by: movedBy(event.by),
    })),
    delivery: deliveryOf(delivery),
  };
}

const movedBy = (by: string | undefined): Mover =>
  by === 'employer' || by === 'kiex' ? by : 'student';
