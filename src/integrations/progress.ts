import { durationWords } from '#src/look/times.ts';
import type { Tone } from '#src/look/tones.ts';
import { presentPace } from '#src/platform/pace.ts';

export interface RunProgress {
  /** Records a minute, once there is enough to reckon from. */
  perMinute: number | null;
  leftMilliseconds: number | null;
}

/** Less than this says nothing about the pace. */
const SECONDS_TO_JUDGE = 5;

/** How fast a run goes and when it may end. What is not known is null, never guessed. */
export function runProgress(run: {
  seen: number;
  expected: number | null;
  startedAt: Date | null;
  progressAt: Date | null;
}): RunProgress {
  const elapsed =
    run.startedAt && run.progressAt ? run.progressAt.getTime() - run.startedAt.getTime() : 0;
  if (elapsed < SECONDS_TO_JUDGE * 1000 || run.seen <= 0) {
    return { perMinute: null, leftMilliseconds: null };
  }
  const perMillisecond = run.seen / elapsed;
  const left = run.expected === null ? null : Math.max(0, run.expected - run.seen);
  return {
    perMinute: Math.round(perMillisecond * 60_000),
    leftMilliseconds: left === null ? null : Math.round(left / perMillisecond),
  };
}

/** '6,120 of 10,400 · 148 a minute · about 29 min left' */
export function progressWords(run: Parameters<typeof runProgress>[0]): string {
  const { perMinute, leftMilliseconds } = runProgress(run);
  const number = (value: number) => value.toLocaleString('en-US');
  const of = run.expected === null ? '' : ` of ${number(run.expected)}`;
  return [
    `${number(run.seen)}${of} seen`,
    perMinute !== null && `${number(perMinute)} a minute`,
    leftMilliseconds !== null && `about ${durationWords(leftMilliseconds)} left`,
  ]
    .filter(Boolean)
    .join(' · ');
}

export interface Freshness {
  tone: Tone;
  words: string;
}

/**
 * How old our knowledge of one resource is, against the time it should be at most.
 *
 * A poll starts when the last one is `targetSeconds` old and takes a moment itself, so a little more
 * than the target is still as promised.
 */
export function freshness(lastDoneAt: Date | null, now: Date, targetSeconds: number): Freshness {
  if (!lastDoneAt) return { tone: 'still', words: 'not read yet' };
  const age = Math.max(1000, now.getTime() - lastDoneAt.getTime());
  const targets = age / 1000 / targetSeconds;
  const tone: Tone = targets <= 1.5 ? 'ok' : targets <= 5 ? 'warn' : 'bad';
  return { tone, words: `${durationWords(age)} old` };
}

export interface QuotaNow {
  callsPerMinute: number;
  /** How far the calls so far are ahead of the even pace. */
  theoreticalArrival: Date;
  blockedUntil: Date | null;
  /** What the last 429 left of the pace, and from when on it comes back. */
  reducedPace: number | null;
  reducedAt: Date | null;
}

/** How hard a connection's budget of calls is used at this moment. */
export function quotaWords(quota: QuotaNow, now: Date): { tone: Tone; words: string } {
  if (quota.blockedUntil && quota.blockedUntil > now) {
    const wait = durationWords(quota.blockedUntil.getTime() - now.getTime());
    return { tone: 'warn', words: `told to wait, ${wait} left` };
  }
  if (quota.callsPerMinute <= 0) return { tone: 'still', words: 'no limit' };
  const ahead = quota.theoreticalArrival.getTime() - now.getTime();
  const pace = presentPace(quota, now);
  const callsAhead = (ahead / 60_000) * pace;
  const slowed = pace < quota.callsPerMinute;
  const budget = slowed
    ? `slowed to ${Math.round(pace)} of ${quota.callsPerMinute} calls a minute after a 429`
    : `${quota.callsPerMinute} calls a minute`;
  if (slowed) return { tone: 'warn', words: budget };
  if (callsAhead <= 0) return { tone: 'ok', words: `${budget}, idle` };
  if (callsAhead < 1.5) return { tone: 'ok', words: `${budget}, in use` };
  return { tone: 'info', words: `${budget}, at full pace` };
}
