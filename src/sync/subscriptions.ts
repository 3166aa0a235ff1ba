import {
  allConnections,
  type Connection,
  connectionById,
  hashSecret,
  isWorking,
  patchSettings,
  secretBinding,
} from './connections.ts';
import type { Connector, Subscription } from './connector.ts';
import { unlessBrokenOff, workplaceCall } from './engine.ts';
import { type Parts, subscriptionLock } from './parts.ts';

/** Where a connection's webhooks arrive. */
export const webhookAddress = (publicUrl: string, provider: string, secret: string) =>
  `${publicUrl}/api/webhooks/${provider}/${secret}`;

/** How the subscriptions stand; kept in the connection's settings and shown. */
export interface WebhookState {
  at: string;
  /** Under which public address they were registered. */
  publicUrl: string;
  registered: number;
  problem: string | null;
  /** event -> since when its subscription was found at every look. */
  since: Record<string, string>;
}

/** Subscriptions may vanish at the provider without a word: looked at again this often. */
const freshSeconds = 3_600;
/** After a problem, sooner. */
const problemSeconds = 60;

/** Should the provider's list of this connection's subscriptions be looked at now? */
export function subscriptionsAreDue(parts: Parts, connection: Connection): boolean {
  const { publicUrl, connectors, clock } = parts;
  if (!publicUrl || !connectors.get(connection.provider)?.webhooks) return false;
  const state = connection.settings.webhooks as WebhookState | undefined;
  if (!state || state.publicUrl !== publicUrl) return true;
  const age = (clock.now().getTime() - Date.parse(state.at)) / 1_000;
  return age > (state.problem ? problemSeconds : freshSeconds);
}

/**
 * Makes the provider's list of subscriptions what it should be: lists, keeps those that are right,
 * creates missing ones, deletes stale ones of ours. Never touches what somebody else registered.
 */
export async function reconcileSubscriptions(parts: Parts, connectionId: string): Promise<void> {
  const { publicUrl, db, clock, live, locks } = parts;
  const connection = await connectionById(db, connectionId);
  if (!publicUrl || !connection || !isWorking(connection)) return;
  const webhooks = parts.connectors.get(connection.provider)?.webhooks;
  // They have none: whoever asked for a look need not know.
  if (!webhooks) return;
  await locks.tryWith(subscriptionLock(connectionId), async (signal) => {
    const outcome = await unlessBrokenOff(
      signal,
      reconcile(parts, connection, { webhooks, publicUrl, signal }),
    );
    if (!outcome) return;
    const now = clock.now();
    const state: WebhookState = { at: now.toISOString(), publicUrl, ...outcome };
    await patchSettings(db, connectionId, { patch: { webhooks: state }, now });
    await live.publish('connections');
  });
}

type Reconciled = Pick<WebhookState, 'registered' | 'problem' | 'since'>;

async function reconcile(
  parts: Parts,
  connection: Connection,
  {
    webhooks,
    publicUrl,
    signal,
  }: { webhooks: NonNullable<Connector['webhooks']>; publicUrl: string; signal: AbortSignal },
): Promise<Reconciled> {
  // Nobody waits for these: jobs and applications go first.
  const call = { ...workplaceCall(parts, connection, 'backfill'), signal };
  const secret = parts.vault.open(connection.webhookSecret, secretBinding(connection.id));
  const base = webhookAddress(publicUrl, connection.provider, secret);
  const listed = await webhooks.list(call);
  const before = (connection.settings.webhooks ?? {}) as Partial<WebhookState>;
  // Nothing is known against those that were there.
  if (!listed.ok)
    return { registered: 0, problem: listed.failure.detail, since: before.since ?? {} };
  const wanted = new Map(Object.keys(webhooks.events).map((event) => [event, `${base}/${event}`]));
  const stale: Subscription[] = [];
  const kept = new Set<string>();
  const known = await knownSecrets(parts);
  const since: Record<string, string> = {};
  const ended = (problem: string | null) => ({ registered: kept.size, problem, since });
  for (const subscription of listed.value) {
    const right = wanted.get(subscription.event) === subscription.address;
    if (right && !kept.has(subscription.event)) {
      kept.add(subscription.event);
      since[subscription.event] = before.since?.[subscription.event] ?? nowWords(parts);
    } else if (isOurs(subscription, { connection, secret, publicUrl, known }))
      stale.push(subscription);
  }
  for (const [event, address] of wanted) {
    if (kept.has(event)) continue;
    const created = await webhooks.create(call, event, address);
    if (!created.ok) return ended(`${event}: ${created.failure.detail}`);
    kept.add(event);
    since[event] = nowWords(parts);
  }
  for (const subscription of stale) {
    const removed = await webhooks.remove(call, subscription.id);
    if (!removed.ok) return ended(removed.failure.detail);
  }
  return ended(null);
}

const nowWords = ({ clock }: Parts) => clock.now().toISOString();

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
