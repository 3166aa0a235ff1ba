import { eq } from 'drizzle-orm';
import type { Result } from '#src/platform/failure.ts';
import { patchSettings } from './connections.ts';
import type { Parts, Workplace } from './parts.ts';
import { connections } from './tables.ts';

const settingsAreFreshForSeconds = 24 * 60 * 60;

/** What the provider lets staff translate, read once a day and before the first full read of it. */
export async function keepSettingsFresh(parts: Parts, place: Workplace): Promise<Result<null>> {
  const last = place.connection.settings.refreshedAt;
  const now = parts.clock.now();
  const age =
    typeof last === 'string'
      ? (now.getTime() - Date.parse(last)) / 1_000
      : Number.POSITIVE_INFINITY;
  if (age < settingsAreFreshForSeconds) return { ok: true, value: null };
  const read = await readSettings(parts, place);
  if (!read.ok) return read;
  const { call } = place;
  Object.assign(call, { account: { ...call.account, settings: read.value } });
  return { ok: true, value: null };
}

/**
 * Reads it now, and stores it with the connection's row in hand: what staff choose at the same
 * moment is neither lost nor overwritten.
 * Returns  the settings as they stand then.
 */
export async function readSettings(
  parts: Parts,
  { connector, connection, call }: Pick<Workplace, 'connector' | 'connection' | 'call'>,
): Promise<Result<Readonly<Record<string, unknown>>>> {
  if (!connector.refreshSettings) return { ok: true, value: connection.settings };
  const read = await connector.refreshSettings(call);
  if (!read.ok) return read;
  const now = parts.clock.now();
  const settings = await parts.db.transaction(async (tx) => {
    const [held] = await tx
      .select({ settings: connections.settings })
      .from(connections)
      .where(eq(connections.id, connection.id))
      .for('update');
    const before = held?.settings ?? connection.settings;
    const patch = { ...read.value(before), refreshedAt: now.toISOString() };
    await patchSettings(tx, connection.id, { patch, now });
    return { ...before, ...patch };
  });
  return { ok: true, value: settings };
}
