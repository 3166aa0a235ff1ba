import type { Failure } from '#src/platform/failure.ts';
import type { Random } from '#src/platform/random.ts';

const firstWaitSeconds = 2;
/** A quarter of an hour: long enough to be no burden, short enough to be back soon after a mend. */
const longestWaitSeconds = 900;

/**
 * What a failure of one record leads to: another try after a wait, or a person. [F1]
 * attempts  how often it was tried, this one included.
 */
export function afterFailure(
  failure: Failure,
  attempts: number,
  random: Random,
): { retryInSeconds: number } | { dead: true } {
  switch (failure.kind) {
    case 'throttled':
      return { retryInSeconds: failure.retryAfterSeconds };
    case 'unreachable':
      if (failure.mayBeDone) return { dead: true };
      return { retryInSeconds: backOffSeconds(attempts, random) };
    case 'unauthorised':
      // The connection is held; its work is found again when it resumes.
      return { retryInSeconds: longestWaitSeconds };
    case 'refused':
    case 'surprising':
      return { dead: true };
  }
}

/** Does such a failure wait for a person, whatever time passes? */
export const waitsForPerson = (failure: Failure): boolean =>
  failure.kind === 'refused' ||
  failure.kind === 'surprising' ||
  (failure.kind === 'unreachable' && failure.mayBeDone === true);

/** Doubles with each attempt, with jitter so that many failed at once do not come back at once. */
export function backOffSeconds(attempts: number, random: Random): number {
  const full = Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** Math.min(attempts - 1, 12));
  return full * (0.75 + random.fraction() / 2);
}
