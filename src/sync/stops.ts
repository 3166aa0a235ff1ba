import type { Failure } from '#src/platform/failure.ts';

/**
 * Why a run does not go on now.
 *
 * held        its connection is paused or needs a person.
 * busy        another worker has a record in hand that this run needs.
 * asks        it would close too much, and a person must say so. [A3]
 * broken off  its worker was told to stop, or lost its lock.
 */
export type Stop = Failure | 'held' | 'busy' | 'asks' | 'broken off';

/** Rows read or passed at once by one run: enough to hide the way to the provider and back. */
export const rowsAtOnce = 4;

/**
 * What answers to single records say of the whole: these kinds concern every further call, and none
 * of the records. Several that cannot be reached at once are not their fault either.
 */
export function stopAmong(failures: (Failure | null)[]): Failure | null {
  const stopping = failures.find(
    (failure) => failure?.kind === 'unauthorised' || failure?.kind === 'throttled',
  );
  if (stopping) return stopping;
  const unreachable = failures.every((failure) => failure?.kind === 'unreachable');
  return unreachable && failures.length > 1 ? failures[0]! : null;
}
