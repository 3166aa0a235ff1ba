import type { Failure, Result } from '#src/platform/failure.ts';
import { placeOf } from './createTheirs.ts';
import { resolveFailures } from './deadLetters.ts';
import type { Parts, RecordTask, Workplace } from './parts.ts';
import type { Cause } from './remember.ts';

export type Step =
  | 'read'
  | 'find'
  | 'create'
  /** A create was sent whose end is not known and cannot be looked for. */
  | 'unanswered'
  | 'update'
  | 'verify'
  | 'needs';

/** How one pass over one record ended. */
export type Passed =
  | { kind: 'done'; action: string; ourId: string; linked: boolean }
  | { kind: 'skipped'; reason: string }
  /** Somebody changed the record meanwhile: pass once more. */
  | { kind: 'again' }
  | {
      kind: 'failed';
      step: Step;
      failure: Failure;
      ourId: string | null;
      theirId: string | null;
      tried?: Tried;
    };

/** What a try was made with: a change since is a reason for another. */
export interface Tried {
  ourVersion: number | null;
  theirRevision: string | null;
}

/** Nothing was written: it is not what was agreed to. */
export const notAgreed: Passed = { kind: 'skipped', reason: 'not agreed to' };

/** Sends or brings in another record first, through the whole corridor. */
export type PassOther = (of: {
  resource: string;
  ourId?: string;
  theirId?: string;
  renew?: boolean;
}) => Promise<Result<null>>;

export const failedAt = (
  step: Step,
  failure: Failure,
  ourId: string | null,
  theirId: string | null,
): Passed => ({ kind: 'failed', step, failure, ourId, theirId });

/** What led to this pass. */
export const causeOf = (task: RecordTask): Cause => ({
  door: task.door,
  runId: task.runId ?? null,
  deliveryId: task.deliveryId ?? null,
});

/** What every line of history about this pass has in common. */
export const lineOf = (place: Workplace, task: RecordTask) => ({
  ...placeOf(place),
  ...causeOf(task),
});

export const writeContextOf = (place: Pick<Workplace, 'connection'>, now: Date) => ({
  connectionId: place.connection.id,
  organizationId: place.connection.organizationId,
  now,
});

export async function topicsOf(parts: Parts, place: Workplace, ourId: string): Promise<string[]> {
  return (await place.synced.topics?.(parts.db, [ourId])) ?? [];
}

/** The record passed: what stood open for it is resolved. */
export async function settleFailures(
  parts: Parts,
  place: Workplace,
  ids: { ourId: string; theirId: string | null },
): Promise<void> {
  const keys = [`our:${ids.ourId}`, ...(ids.theirId ? [`their:${ids.theirId}`] : [])];
  await resolveFailures(parts.db, { ...placeOf(place), keys }, parts.clock.now());
}
