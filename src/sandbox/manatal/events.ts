import type { Actor, Core } from './core.ts';
import type { AccountRow, DeliveryRow, WebhookRow } from './rows.ts';

/** The only seven events that exist. [D] Nothing tells of new jobs, edited jobs, or deletions. */
export const EVENTS = [
  { model: 'candidate', action: 'create' },
  { model: 'candidate', action: 'update' },
  { model: 'contact', action: 'create' },
  { model: 'contact', action: 'update' },
  { model: 'match', action: 'create' },
  { model: 'match', action: 'moved' },
  { model: 'job', action: 'status_update' },
] as const;
export type EventPair = (typeof EVENTS)[number];

/** The record an event is about, as the API would show it (one payload shape sends it whole). */
export interface Happening {
  pair: EventPair;
  objectId: number;
  shown: Record<string, unknown>;
  actor: Actor;
}

/** Rows kept of the delivery log, per account. Older ones are forgotten. */
export const DELIVERIES_KEPT = 500;

/**
 * Orders one delivery per subscription of this pair. Faults are drawn here, from the switches, so
 * that the log shows what was done to each.
 */
export function announce(core: Core, account: AccountRow, happening: Happening): void {
  if (happening.actor.by === 'api' && !core.switches().selfCausedEvents) return;
  for (const subscription of core.store.table(account.id, 'webhooks').rows) {
    const { model, action } = happening.pair;
    if (subscription.model !== model || subscription.action !== action) continue;
    for (const fault of drawFaults(core)) order(core, account, { subscription, happening, fault });
  }
}

/** Starts again what an earlier process had promised but not sent. */
export function resumeDeliveries(core: Core): void {
  for (const account of core.accounts())
    for (const row of core.store.table(account.id, 'deliveries').rows)
      if (row.outcome === 'waiting') schedule(core, account, row.id, row.dueAt);
}

function drawFaults(core: Core): DeliveryRow['fault'][] {
  const switches = core.switches();
  const happens = (chance: number) => chance > 0 && core.random.fraction() < chance;
  const main = happens(switches.webhookLost)
    ? 'lost'
    : happens(switches.webhookLate)
      ? 'late'
      : happens(switches.webhookReordered)
        ? 'reordered'
        : 'none';
  const faults: DeliveryRow['fault'][] = [main];
  if (happens(switches.webhookDoubled)) faults.push('doubled');
  if (happens(switches.webhookForged)) faults.push('forged');
  return faults;
}

/** A reordered delivery waits this long on top, so that events of the next seconds overtake it. */
const REORDER_SECONDS = 5;

function order(
  core: Core,
  account: AccountRow,
  wanted: { subscription: WebhookRow; happening: Happening; fault: DeliveryRow['fault'] },
): void {
  const { subscription, happening, fault } = wanted;
  const switches = core.switches();
  const extraSeconds =
    fault === 'late'
      ? switches.webhookLateSeconds
      : fault === 'reordered' || fault === 'doubled'
        ? REORDER_SECONDS
        : 0;
  const delay = (switches.deliveryDelaySeconds + extraSeconds) * 1000;
  const dueAt = new Date(core.clock.now().getTime() + delay).toISOString();
  // A forged body names a record that was never made; the receiver's re-read must find out.
  const objectId =
    fault === 'forged' ? 900_000_000 + core.random.integer(1_000_000) : happening.objectId;
  const shown = fault === 'forged' ? { id: objectId } : happening.shown;
  const row: DeliveryRow = {
    id: core.store.nextId(account.id, 'deliveries'),
    subscription: subscription.id,
    model: subscription.model,
    action: subscription.action,
    objectId,
    targetUrl: subscription.target_url,
    body: payload(core, { pair: happening.pair, objectId, shown }),
    fault,
    dueAt,
    sentAt: null,
    attempts: 0,
    status: null,
    outcome: fault === 'lost' ? 'lost' : 'waiting',
  };
  core.store.put(account.id, 'deliveries', row);
  forgetOldDeliveries(core, account);
  if (row.outcome === 'waiting') schedule(core, account, row.id, dueAt);
}

function forgetOldDeliveries(core: Core, account: AccountRow): void {
  const log = core.store.table(account.id, 'deliveries');
  const oldest = log.rows[0];
  const tooMany = log.rows.length > DELIVERIES_KEPT;
  if (oldest && tooMany && oldest.outcome !== 'waiting') {
    core.store.remove(account.id, 'deliveries', oldest.id);
  }
}

type Named = Pick<Happening, 'pair' | 'objectId' | 'shown'>;

/** The four bodies a receiver must all understand; the real one is unknown. [U→choice] */
const PAYLOADS: Record<string, (named: Named) => unknown> = {
  object_id: ({ objectId }) => ({ object_id: objectId }),
  object: ({ shown }) => shown,
  envelope: ({ pair, objectId }) => ({ ...pair, data: { id: String(objectId) } }),
  nested: ({ pair, objectId, shown }) => ({
    [pair.model]: { id: objectId },
    ...(pair.model === 'match' && shown.job ? { job_id: String(shown.job) } : {}),
  }),
};

function payload(core: Core, named: Named): unknown {
  const wanted = core.switches().payloadShape;
  const shapes = Object.keys(PAYLOADS);
  const shape = wanted === 'mixed' ? shapes[core.random.integer(shapes.length)] : wanted;
  return PAYLOADS[shape ?? 'object_id']?.(named);
}

function schedule(core: Core, account: AccountRow, id: number, dueAt: string): void {
  const wait = Math.max(0, new Date(dueAt).getTime() - core.clock.now().getTime());
  core.background.after(wait, () => deliver(core, account, id));
}

/** A receiver that has not answered by then has not received. [U→choice] */
const ANSWER_SECONDS = 10;

async function deliver(core: Core, account: AccountRow, id: number): Promise<void> {
  const row = core.store.table(account.id, 'deliveries').get(id);
  if (row?.outcome !== 'waiting') return;
  const status = await post(core, row);
  const attempts = row.attempts + 1;
  const arrived = status !== null && status >= 200 && status < 300;
  const givesUp = attempts >= core.switches().deliveryAttempts;
  const now = core.clock.now().getTime();
  const dueAt = new Date(now + core.switches().deliveryRetrySeconds * 1000).toISOString();
  const outcome = arrived ? 'delivered' : givesUp ? 'failed' : 'waiting';
  const sentAt = new Date(now).toISOString();
  core.store.put(account.id, 'deliveries', {
    ...row,
    attempts,
    status,
    outcome,
    sentAt,
    dueAt: outcome === 'waiting' ? dueAt : row.dueAt,
  });
  if (outcome === 'waiting') schedule(core, account, id, dueAt);
}

async function post(core: Core, row: DeliveryRow): Promise<number | null> {
  const giveUp = new AbortController();
  const answered = new AbortController();
  void core.clock.sleep(ANSWER_SECONDS * 1000, answered.signal).then(() => giveUp.abort());
  try {
    const response = await core.outgoing(row.targetUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Manahook-simulator' },
      body: JSON.stringify(row.body),
      redirect: 'manual',
      signal: giveUp.signal,
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    // The receiver is down or slow: that is an outcome of the delivery, shown in the log.
    return null;
  } finally {
    answered.abort();
  }
}
