import { and, eq, notInArray } from 'drizzle-orm';
import type { Failure } from '#src/platform/failure.ts';
import { secretToken } from '#src/platform/random.ts';
import { ring, subscriptionBell } from './bells.ts';
import { pollSoon } from './checkpoints.ts';
import {
  allConnections,
  type Connection,
  connectionById,
  endedStates,
  hashSecret,
  isWorking,
  patchSettings,
  secretBinding,
} from './connections.ts';
import type { Connector, Subscription } from './connector.ts';
import { unlessBrokenOff, workplaceCall } from './engine.ts';
import { type Parts, subscriptionLock } from './parts.ts';
import { connections } from './tables.ts';

/** Where a connection's webhooks arrive. */
export const webhookAddress = (publicUrl: string, provider: string, secret: string) =>
  `${publicUrl}/api/webhooks/${provider}/${secret}`;

/** How the subscriptions stand; kept in the connection's settings and shown. */
export interface WebhookState {
  at: string;
  /** Under which public address they were registered. */
  publicUrl: string;
  /** Which secret they carry, without giving it away. */
  secretMark: string;
  registered: number;
  problem: string | null;
  /** event -> since when its subscription was found at every look. */
  since: Record<string, string>;
  /** event -> subscriptions of ours that still point at an address we have left. */
  stale: Record<string, number>;
}

/** Tells one secret from the next; of a hash, so that nothing can be guessed from it. */
const markOf = ({ webhookSecretHash }: Pick<Connection, 'webhookSecretHash'>) =>
  webhookSecretHash.slice(0, 8);

/** Subscriptions may vanish at the provider without a word: looked at again this often. */
const freshSeconds = 3_600;
/** After a problem, sooner. */
const problemSeconds = 60;

/** Should the provider's list of this connection's subscriptions be looked at now? */
export function subscriptionsAreDue(parts: Parts, connection: Connection): boolean {
  const { publicUrl, connectors, clock } = parts;
  if (!publicUrl || !connectors.get(connection.provider)?.webhooks) return false;
  const state = connection.settings.webhooks as WebhookState | undefined;
  if (state?.publicUrl !== publicUrl || state.secretMark !== markOf(connection)) return true;
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
    const secretMark = markOf(connection);
    const { made, ...standing } = outcome;
    const state: WebhookState = { at: now.toISOString(), publicUrl, secretMark, ...standing };
    await patchSettings(db, connectionId, { patch: { webhooks: state }, now });
    if (!outcome.problem) await forgetFormerSecret(parts, connection);
    // Of what changed before their subscription stood, no word has come: it is not left to wait.
    const unheard = made.flatMap((event) => webhooks.events[event]!.resource ?? []);
    await pollSoon(db, { connectionId, resources: unheard }, now);
    await live.publish('connections');
  });
}

/** No subscription carries it any more, unless the secret was changed again meanwhile. */
async function forgetFormerSecret({ db }: Parts, connection: Connection): Promise<void> {
  if (connection.formerSecretHash === null) return;
  const { id, webhookSecretHash } = connection;
  await db
    .update(connections)
    .set({ formerSecretHash: null })
    .where(and(eq(connections.id, id), eq(connections.webhookSecretHash, webhookSecretHash)));
}

/**
 * Gives a connection another webhook address. Its subscriptions are moved there one by one; until the
 * last has moved, the address before is heard as well, so that no event falls between.
 * Returns  false when the connection has ended.
 */
export async function changeSecret(parts: Parts, connectionId: string): Promise<boolean> {
  const secret = secretToken(parts.random);
  const changed = await parts.db
    .update(connections)
    .set({
      webhookSecret: parts.vault.seal(secret, secretBinding(connectionId)),
      webhookSecretHash: hashSecret(secret),
      formerSecretHash: connections.webhookSecretHash,
      updatedAt: parts.clock.now(),
    })
    .where(and(eq(connections.id, connectionId), notInArray(connections.state, [...endedStates])))
    .returning({ id: connections.id });
  if (changed.length === 0) return false;
  await ring(parts, subscriptionBell(connectionId));
  return true;
}

/** What could be done about what stands at the provider when a connection ends. */
export type Removed = { removed: number } | { failure: Failure };

/** Removes every subscription of this connection there. What somebody else registered stays. */
export async function removeSubscriptions(
  parts: Parts,
  connection: Connection,
  signal: AbortSignal,
): Promise<Removed> {
  const webhooks = parts.connectors.get(connection.provider)?.webhooks;
  if (!webhooks) return { removed: 0 };
  const call = { ...workplaceCall(parts, connection, 'person'), signal };
  const listed = await webhooks.list(call);
  if (!listed.ok) return { failure: listed.failure };
  const known = await knownSecrets(parts);
  const publicUrl = parts.publicUrl ?? '';
  const ours = listed.value.filter((one) => isOurs(one, { connection, publicUrl, known }));
  for (const { id } of ours) {
    const removed = await webhooks.remove(call, id);
    if (!removed.ok) return { failure: removed.failure };
  }
  return { removed: ours.length };
}

type Reconciled = Pick<WebhookState, 'registered' | 'problem' | 'since' | 'stale'> & {
  /** The events whose subscription had to be made. */
  made: string[];
};

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
  if (!listed.ok) {
    const { since = {}, stale = {} } = before;
    return { registered: 0, problem: listed.failure.detail, since, stale, made: [] };
  }
  const wanted = new Map(Object.keys(webhooks.events).map((event) => [event, `${base}/${event}`]));
  const stale = new Set<Subscription>();
  const kept = new Set<string>();
  const made: string[] = [];
  const known = await knownSecrets(parts);
  const since: Record<string, string> = {};
  const ended = (problem: string | null) => {
    const left = Object.groupBy(stale, ({ event }) => event);
    const counts = Object.entries(left).map(([event, ones]) => [event, ones!.length]);
    return { registered: kept.size, problem, since, stale: Object.fromEntries(counts), made };
  };
  for (const subscription of listed.value) {
    const right = wanted.get(subscription.event) === subscription.address;
    if (right && !kept.has(subscription.event)) {
      kept.add(subscription.event);
      since[subscription.event] = before.since?.[subscription.event] ?? nowWords(parts);
    } else if (isOurs(subscription, { connection, publicUrl, known })) stale.add(subscription);
  }
  for (const [event, address] of wanted) {
    if (kept.has(event)) continue;
    const created = await webhooks.create(call, event, address);
    if (!created.ok) return ended(`${event}: ${created.failure.detail}`);
    kept.add(event);
    made.push(event);
    since[event] = nowWords(parts);
  }
  for (const subscription of stale) {
    const removed = await webhooks.remove(call, subscription.id);
    if (!removed.ok) return ended(removed.failure.detail);
    stale.delete(subscription);
  }
  return ended(null);
}

const nowWords = ({ clock }: Parts) => clock.now().toISOString();

/** Of every connection, the one before included: another's address is not ours to remove. */
async function knownSecrets(parts: Parts): Promise<Set<string>> {
  return new Set(
    (await allConnections(parts.db)).flatMap((connection) => [
      connection.webhookSecretHash,
      ...(connection.formerSecretHash ? [connection.formerSecretHash] : []),
    ]),
  );
}

/**
 * Ours: with a secret of this connection, under whatever public address KiEX had then, or at our
 * address with a secret that no connection has any more.
 */
function isOurs(
  { address }: Subscription,
  of: { connection: Connection; publicUrl: string; known: Set<string> },
): boolean {
  const { provider, webhookSecretHash, formerSecretHash } = of.connection;
  const [before, after] = address.split(`/api/webhooks/${provider}/`);
  if (before === undefined || after === undefined) return false;
  const hash = hashSecret(after.split('/')[0] ?? '');
  if (hash === webhookSecretHash || hash === formerSecretHash) return true;
  return before === of.publicUrl && !of.known.has(hash);
}
