import { record } from '#src/sync/activity.ts';
import type { Parts } from '#src/sync/parts.ts';

/** Keeps that a person did something to a connection, or to the engine, and tells the pages. */
export async function noteStaff(
  parts: Parts,
  connectionId: string | null,
  { action, by, detail }: { action: string; by: string; detail?: string },
): Promise<void> {
  const words = `by ${by}${detail ? `: ${detail}` : ''}`;
  const line = {
    connectionId,
    door: 'staff',
    direction: 'none',
    action,
    ok: true,
    detail: words,
  } as const;
  await record(parts.db, [line], { newId: parts.newId, now: parts.clock.now() });
  await parts.live.publish('connections');
  await parts.live.publish('activity');
}
