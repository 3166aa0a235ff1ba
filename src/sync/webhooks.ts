import { recordBell, ring, runBell } from './bells.ts';
import { checkpointOf } from './checkpoints.ts';
import { type Connection, connectionBySecret, isWorking, noteHeard } from './connections.ts';
import type { Connector } from './connector.ts';
import type { Parts, RecordTask } from './parts.ts';
import { requestRun } from './runs.ts';
import { deliveries } from './tables.ts';

/** One webhook request, as it came. */
export interface Received {
  provider: string;
  secret: string;
  /** What follows the secret in the address: 'match/moved', or ''. */
  event: string;
  body: string;
}

export interface Answer {
  status: 202 | 400 | 404;
  words: string;
}

/** Is this an address that we gave away? */
export async function isWebhookAddress(
  { db, connectors }: Parts,
  { provider, secret }: Pick<Received, 'provider' | 'secret'>,
): Promise<boolean> {
  const connection = await connectionBySecret(db, secret);
  return connection?.provider === provider && Boolean(connectors.get(provider)?.webhooks);
}

/** What a body is bound to when it is sealed. */
const bodyBinding = (deliveryId: string) => `delivery:${deliveryId}:body`;

/**
 * A webhook as a door: stores the delivery and rings, in one transaction, then answers. The body is
 * a hint which record to look at; no value is ever taken from it. [D1] [D2] [D3] [D5]
 */
export async function receiveWebhook(parts: Parts, received: Received): Promise<Answer> {
  const connection = await connectionBySecret(parts.db, received.secret);
  const connector = parts.connectors.get(received.provider);
  if (!connection || connection.provider !== received.provider || !connector?.webhooks) {
    parts.log.warn({ provider: received.provider }, 'webhook refused: unknown address');
    return { status: 404, words: 'This webhook address is not known.' };
  }
  const body = parseJson(received.body);
  if (body === undefined) {
    parts.log.warn({ connectionId: connection.id }, 'webhook refused: the body is not JSON');
    return { status: 400, words: 'The body must be JSON.' };
  }
  const hint = readHint(connector, received.event, body);
  const now = parts.clock.now();
  const id = parts.newId();
  await parts.db.transaction(async (tx) => {
    await tx.insert(deliveries).values({
      id,
      connectionId: connection.id,
      receivedAt: now,
      event: hint.event,
      body: parts.vault.seal(received.body, bodyBinding(id)),
      bytes: Buffer.byteLength(received.body),
      resource: hint.resource,
      theirId: hint.theirId,
      state: hint.ignored || !hint.theirId ? (hint.ignored ? 'ignored' : 'handled') : 'stored',
      reason:
        hint.ignored ?? (hint.theirId ? null : 'no id in the body: what changed is looked up'),
      handledAt: hint.ignored || !hint.theirId ? now : null,
    });
    if (hint.ignored || !hint.resource || !isWorking(connection)) return;
    if (hint.theirId) {
      const task: RecordTask = {
        connectionId: connection.id,
        resource: hint.resource,
        theirId: hint.theirId,
        door: 'webhook',
        deliveryId: id,
      };
      await ring(parts, recordBell(parts, task), { tx });
    } else {
      const of = { connectionId: connection.id, resource: hint.resource };
      const kind = (await checkpointOf(tx, of))?.cursor ? ('poll' as const) : ('backfill' as const);
      const ask = { ...of, kind, trigger: 'webhook', requestedBy: null };
      const run = await requestRun(tx, ask, { newId: parts.newId, now });
      await ring(parts, runBell(run), { tx });
    }
  });
  await hear(parts, connection, now);
  return { status: 202, words: hint.ignored ? `Stored and ignored: ${hint.ignored}` : 'Stored.' };
}

/** Seconds that "last heard" may lag: webhooks that come at once must not wait for one row. */
const heardSeconds = 5;

async function hear(parts: Parts, connection: Connection, now: Date): Promise<void> {
  const last = connection.lastHeardAt?.getTime() ?? 0;
  if (now.getTime() - last > heardSeconds * 1_000) await noteHeard(parts.db, connection.id, now);
}

interface Hint {
  event: string;
  resource: string | null;
  theirId: string | null;
  ignored: string | null;
}

/** Which record does it point at? From the address first, then from the body, tolerantly. */
function readHint(connector: Connector, event: string, body: unknown): Hint {
  const { webhooks } = connector;
  const named = (event || eventInBody(body)).replace(/[^\w/.-]/g, '').slice(0, 60);
  if (!webhooks) {
    const ignored = `${connector.label} sends no webhooks`;
    return { event: named || 'unnamed', resource: null, theirId: null, ignored };
  }
  const [model = ''] = named.split('/');
  const meaning = Object.hasOwn(webhooks.events, named) ? webhooks.events[named] : undefined;
  const theirId = webhooks.idIn(body, model);
  if (meaning) {
    return { event: named, resource: meaning.resource, theirId, ignored: meaning.ignored ?? null };
  }
  const resource = webhooks.resourceOf(model);
  // Without an event of its own, a known model is still a hint to look what changed there.
  if (resource && !named.includes('/')) return { event: named, resource, theirId, ignored: null };
  const words = named ? `the event ${named} is not known` : 'it names no event';
  return { event: named || 'unnamed', resource: null, theirId: null, ignored: words };
}

function eventInBody(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { model, action } = body as Record<string, unknown>;
  if (typeof model !== 'string') return '';
  return typeof action === 'string' ? `${model}/${action}` : model;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
