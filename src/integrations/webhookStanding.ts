import { and, eq, max } from 'drizzle-orm';
import { ring, subscriptionBell } from '#src/sync/bells.ts';
import { isEnded } from '#src/sync/connections.ts';
import type { Parts } from '#src/sync/parts.ts';
import { changeSecret, type WebhookState } from '#src/sync/subscriptions.ts';
import { deliveries } from '#src/sync/tables.ts';
import type { WebhookStanding } from './commands.ts';
import { connectionOrThrow, connectorOf } from './known.ts';
import { noteStaff } from './staffNote.ts';

/** How the webhooks of a connection stand, as the last look at the provider's list found them. */
export async function webhookStanding(
  parts: Parts,
  connectionId: string,
): Promise<WebhookStanding | null> {
  const connection = await connectionOrThrow(parts, connectionId);
  const { webhooks } = connectorOf(parts, connection.provider);
  if (!webhooks || isEnded(connection)) return null;
  const state = (connection.settings.webhooks ?? {}) as Partial<WebhookState>;
  const heard = await lastHeard(parts, connectionId, Object.keys(webhooks.events));
  return {
    cannot: parts.publicUrl ? null : 'KiEX has no public address, so nothing can be sent to it.',
    lookedAt: state.at ?? null,
    problem: state.problem ?? null,
    moving: connection.formerSecretHash !== null,
    events: Object.entries(webhooks.events).map(([event, { words, ignored }]) => ({
      event,
      words,
      ignored: ignored ?? null,
      since: state.since?.[event] ?? null,
      stale: state.stale?.[event] ?? 0,
      lastHeardAt: heard.get(event) ?? null,
    })),
    silent: webhooks.silent,
    pollSeconds: parts.pollSeconds,
    reconcileHours: parts.reconcileHours,
  };
}

/** One look into the index per event, however many deliveries there were. */
async function lastHeard(
  { db }: Parts,
  connectionId: string,
  events: readonly string[],
): Promise<Map<string, Date | null>> {
  const found = await Promise.all(
    events.map(async (event): Promise<[string, Date | null]> => {
      const [row] = await db
        .select({ at: max(deliveries.receivedAt) })
        .from(deliveries)
        .where(and(eq(deliveries.connectionId, connectionId), eq(deliveries.event, event)));
      return [event, row?.at ?? null];
    }),
  );
  return new Map(found);
}

/** Beside everything else: it takes a few seconds, for which nobody need wait. */
export async function lookAtWebhooks(parts: Parts, connectionId: string): Promise<void> {
  await connectionOrThrow(parts, connectionId);
  await ring(parts, subscriptionBell(connectionId));
}

/** For an address that somebody has seen who should not have. */
export async function changeWebhookAddress(
  parts: Parts,
  connectionId: string,
  by: string,
): Promise<boolean> {
  const changed = await changeSecret(parts, connectionId);
  if (changed) await noteStaff(parts, connectionId, { action: 'webhook address changed', by });
  return changed;
}
