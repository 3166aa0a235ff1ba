import {
  allConnections,
  type Connection,
  connectionById,
  hashSecret,
  patchSettings,
  secretBinding,
} from './connections.ts';
import type { Subscription } from './connector.ts';
import { workplaceCall } from './engine.ts';
import type { Parts } from './parts.ts';

/** Where a connection's webhooks arrive. */
export const webhookAddress = (publicUrl: string, provider: string, secret: string) =>
  `${publicUrl}/api/webhooks/${provider}/${secret}`;

/** How the subscriptions stand; kept in the connection's settings and shown. */
export interface WebhookState {
  at: string;
  registered: number;
  problem: string | null;
}

/**
 * Makes the provider's list of subscriptions what it should be: lists, keeps those that are right,
 * creates missing ones, deletes stale ones of ours. Never touches what somebody else registered.
 *
 * signal  breaks it off; the next time goes on.
 */
export async function reconcileSubscriptions(
  parts: Parts,
  connectionId: string,
  publicUrl: string,
  signal?: AbortSignal,
): Promise<WebhookState> {
  const connection = (await connectionById(parts.db, connectionId))!;
  const state = await reconcile(parts, connection, { publicUrl, signal });
  signal?.throwIfAborted();
  const now = parts.clock.now();
  await patchSettings(parts.db, connectionId, { patch: { webhooks: state }, now });
  await parts.live.publish('connections');
  return state;
}

async function reconcile(
  parts: Parts,
  connection: Connection,
  { publicUrl, signal }: { publicUrl: string; signal: AbortSignal | undefined },
): Promise<WebhookState> {
  const at = parts.clock.now().toISOString();
  const connector = parts.connectors.get(connection.provider)!;
  const webhooks = connector.webhooks!;
  // Nobody waits for these: jobs and applications go first.
  const call = { ...workplaceCall(parts, connection, 'backfill'), ...(signal && { signal }) };
  const secret = parts.vault.open(connection.webhookSecret, secretBinding(connection.id));
  const base = webhookAddress(publicUrl, connection.provider, secret);
  const listed = await webhooks.list(call);
  if (!listed.ok) return { at, registered: 0, problem: listed.failure.detail };
  const wanted = new Map(Object.keys(webhooks.events).map((event) => [event, `${base}/${event}`]));
  const stale: Subscription[] = [];
  const kept = new Set<string>();
  const known = await knownSecrets(parts);
  for (const subscription of listed.value) {
    const right = wanted.get(subscription.event) === subscription.address;
    if (right && !kept.has(subscription.event)) kept.add(subscription.event);
    else if (isOurs(subscription, { connection, secret, publicUrl, known }))
      stale.push(subscription);
  }
  for (const [event, address] of wanted) {
    if (kept.has(event)) continue;
    const created = await webhooks.create(call, event, address);
    if (!created.ok)
      return { at, registered: kept.size, problem: `${event}: ${created.failure.detail}` };
    kept.add(event);
  }
  for (const subscription of stale) {
    const removed = await webhooks.remove(call, subscription.id);
    if (!removed.ok) return { at, registered: kept.size, problem: removed.failure.detail };
  }
  return { at, registered: kept.size, problem: null };
}

async function knownSecrets(parts: Parts): Promise<Set<string>> {
  return new Set(
    (await allConnections(parts.db)).map((connection) => connection.webhookSecretHash),
  );
}

/** Ours: with this connection's secret, or at our address with a secret that no connection has any more. */
function isOurs(
  subscription: Subscription,
  of: { connection: Connection; secret: string; publicUrl: string; known: Set<string> },
): boolean {
  const path = `/api/webhooks/${of.connection.provider}/`;
  if (subscription.address.includes(`${path}${of.secret}/`)) return true;
  const prefix = of.publicUrl + path;
  if (!subscription.address.startsWith(prefix)) return false;
  const [secret = ''] = subscription.address.slice(prefix.length).split('/');
  return !of.known.has(hashSecret(secret));
}
