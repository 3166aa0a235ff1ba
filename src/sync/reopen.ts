import { and, asc, eq, gt, inArray, isNotNull, ne } from 'drizzle-orm';
import { record } from './activity.ts';
import type { Connection } from './connections.ts';
import type { RecordFailure } from './deadLetters.ts';
import type { Parts } from './parts.ts';
import type { OurRecord } from './synced.ts';
import { failures } from './tables.ts';

/** So many are looked at in one go, and the next ones in the next. */
const lookedAtMax = 200;
const everySeconds = 2;

/** How far each connection's dead letters were looked through, and when. */
interface Reading {
  after: string | null;
  at: number;
}
const readings = new WeakMap<Parts, Map<string, Reading>>();

/**
 * Work that a person would have to mend is tried again by itself once our record has changed since the
 * try that failed; and what failed because it needed another record, once nothing stands open for that
 * one. What a person dismissed comes back with a change of its own record only. Their changes need
 * nothing here: a poll or a webhook passes their record whatever stands open for it. [F5]
 */
export async function reopenChanged(parts: Parts, { id }: Connection): Promise<void> {
  const now = parts.clock.now();
  const known = readings.get(parts) ?? new Map<string, Reading>();
  readings.set(parts, known);
  const last = known.get(id);
  if (last && now.getTime() - last.at < everySeconds * 1_000) return;
  const closed = await parts.db
    .select()
    .from(failures)
    .where(
      and(
        eq(failures.connectionId, id),
        inArray(failures.state, ['dead', 'dismissed']),
        isNotNull(failures.ourId),
        // It may have arrived: only a person may have it sent again.
        ne(failures.step, 'unanswered'),
        last?.after ? gt(failures.id, last.after) : undefined,
      ),
    )
    .orderBy(asc(failures.id))
    .limit(lookedAtMax);
  const after = closed.length === lookedAtMax ? closed.at(-1)!.id : null;
  known.set(id, { after, at: now.getTime() });
  const changed: RecordFailure[] = [];
  for (const [resource, some] of Map.groupBy(closed, (failure) => failure.resource)) {
    changed.push(...(await changedOf(parts, resource, some)));
  }
  if (changed.length > 0) await reopen(parts, changed, now);
}

async function changedOf(
  parts: Parts,
  resource: string,
  closed: RecordFailure[],
): Promise<RecordFailure[]> {
  const { connectionId } = closed[0]!;
  const room = parts.synced.get(resource);
  const ourIds = closed.map((failure) => failure.ourId!);
  const records = (await room?.read(parts.db, { connectionId }, ourIds)) ?? new Map();
  const found: RecordFailure[] = [];
  for (const failure of closed) {
    const ours: OurRecord | undefined = records.get(failure.ourId!);
    if (!ours || failure.ourVersion === null) continue;
    const waited = failure.step === 'needs' && failure.state === 'dead';
    if (ours.version > failure.ourVersion) found.push(failure);
    else if (waited && !(await anyStandsOpen(parts, connectionId, ours))) found.push(failure);
  }
  return found;
}

/** Does a failure stand open for any record that this one refers to? */
async function anyStandsOpen(
  parts: Parts,
  connectionId: string,
  { refs }: OurRecord,
): Promise<boolean> {
  for (const [resource, ourId] of Object.entries(refs)) {
    const open = await parts.db
      .select({ id: failures.id })
      .from(failures)
      .where(
        and(
          eq(failures.connectionId, connectionId),
          eq(failures.resource, resource),
          eq(failures.recordKey, `our:${ourId}`),
          inArray(failures.state, ['retrying', 'dead', 'dismissed']),
        ),
      );
    if (open.length > 0) return true;
  }
  return false;
}

async function reopen(parts: Parts, changed: RecordFailure[], now: Date): Promise<void> {
  const ids = changed.map((failure) => failure.id);
  await parts.db.transaction(async (tx) => {
    const reopened = await tx
      .update(failures)
      .set({ state: 'retrying', nextTryAt: now, closedAt: null, closedReason: null })
      .where(and(inArray(failures.id, ids), inArray(failures.state, ['dead', 'dismissed'])))
      .returning();
    const lines = reopened.map(({ connectionId, resource, ourId, theirId, step }) => ({
      connectionId,
      resource,
      ourId,
      theirId,
      door: 'schedule' as const,
      direction: 'none' as const,
      action: 'tried again',
      ok: true,
      detail:
        step === 'needs'
          ? 'What it needed is there, or it changed, since the try that failed.'
          : 'It changed here since the try that failed.',
    }));
    if (lines.length > 0) await record(tx, lines, { newId: parts.newId, now });
    await parts.live.publish('failures', tx);
  });
}
