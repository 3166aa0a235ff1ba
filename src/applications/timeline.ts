import { isStatus, type Status, statusWord } from './application.ts';

/** The way of an application that goes well. */
const WAY = ['sent', 'in_review', 'interview', 'offer', 'hired'] as const satisfies Status[];

export interface TimelineEvent {
  at: Date;
  status: string;
  stageName: string | null;
  by: string;
}

export interface TimelineStep {
  status: string;
  word: string;
  state: 'done' | 'now' | 'ahead' | 'ended';
  /** When it came to this; null when it was passed over, or is still ahead. */
  at: Date | null;
}

/**
 * The steps a student sees: the five of the way, or the ones it came to and how it ended.
 *
 * events  oldest first; an employer may go back a step or skip some.
 */
export function timelineOf(status: string, events: readonly TimelineEvent[]): TimelineStep[] {
  const lastAt = (wanted: string) =>
    events.findLast((event) => event.status === wanted)?.at ?? null;
  const reached = furthest(status, events);
  const onTheWay = placeOf(status) >= 0;
  const steps = WAY.map((step, index): TimelineStep => {
    const state = step === status ? 'now' : index <= reached ? 'done' : 'ahead';
    return {
      status: step,
      word: statusWord(step),
      state,
      at: state === 'ahead' ? null : lastAt(step),
    };
  });
  if (onTheWay) return steps;
  const word = statusWord(status);
  const here: TimelineStep = {
    status,
    word,
    state: isStatus(status) ? 'ended' : 'now',
    at: lastAt(status),
  };
  const passed = steps.slice(0, reached + 1);
  // A stage that we cannot place stands after what was reached; the way on is still open.
  return isStatus(status) ? [...passed, here] : [...passed, here, ...steps.slice(reached + 1)];
}

/** How far along the way it is now, or was before it ended. */
function furthest(status: string, events: readonly TimelineEvent[]): number {
  const now = placeOf(status);
  if (now >= 0) return now;
  const before = events.map((event) => placeOf(event.status)).findLast((place) => place >= 0);
  return before ?? 0;
}

const placeOf = (status: string): number => (WAY as readonly string[]).indexOf(status);
