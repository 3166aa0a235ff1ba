import type { Core, Scene } from './core.ts';
import { createSigningKey } from './signingKey.ts';
import type { DeliveryFault, DeliveryRow, Fields } from './siteRows.ts';
import { SHARED } from './store.ts';
import { type Envelope, webhookToken } from './token.ts';

/** Rows kept of the delivery log, per site. Older ones are forgotten. */
export const DELIVERIES_KEPT = 500;

/** Seconds from each failure to the next try; after the last the event is given up. (c) 8.4 */
export const RETRY_SECONDS = [
  ...[60, 600, 3_600, 7_200, 7_200, 7_200],
  ...[14_400, 14_400, 14_400, 28_800, 28_800, 43_200],
];

type Wanted = Pick<DeliveryRow, 'app' | 'eventType' | 'entityId' | 'targetUrl' | 'body'>;

/** Orders one delivery. Faults are drawn here, so that the log shows what was done to each. */
export function orderDelivery({ core, site }: Scene, wanted: Wanted): void {
  for (const fault of drawFaults(core, wanted.app !== null)) {
    const isForged = FORGED.includes(fault);
    const dueAt = new Date(core.clock.now().getTime() + delayOf(core, fault)).toISOString();
    const row: DeliveryRow = {
      ...wanted,
      ...(isForged ? forgedBody(core, wanted) : {}),
      id: core.newGuid(),
      fault,
      dueAt,
      sentAt: null,
      attempts: 0,
      status: null,
      outcome: fault === 'lost' ? 'lost' : 'waiting',
    };
    core.store.put(site.id, 'deliveries', row);
    if (row.outcome === 'waiting') schedule(core, site.id, row);
  }
  forgetOldDeliveries(core, site.id);
}

/** Starts again what an earlier process had promised but not sent. */
export function resumeDeliveries(core: Core): void {
  for (const site of core.store.rows(SHARED, 'sites')) {
    for (const row of core.store.rows(site.id, 'deliveries')) {
      if (row.outcome === 'waiting') schedule(core, site.id, row);
    }
  }
}

const FORGED: readonly DeliveryFault[] = ['wrongKey', 'algNone', 'publicKeyAsSecret', 'expired'];

function drawFaults(core: Core, isSigned: boolean): DeliveryFault[] {
  const switches = core.switches();
  const happens = (chance: number) => chance > 0 && core.random.fraction() < chance;
  const main: DeliveryFault = happens(switches.webhookLost)
    ? 'lost'
    : happens(switches.webhookLate)
      ? 'late'
      : happens(switches.webhookReordered)
        ? 'reordered'
        : 'none';
  const faults: DeliveryFault[] = [main];
  if (happens(switches.webhookDoubled)) faults.push('doubled');
  if (isSigned && happens(switches.webhookForged)) {
    faults.push(FORGED[core.random.integer(FORGED.length)] ?? 'wrongKey');
  }
  return faults;
}

/** A reordered delivery waits this long on top, so that events of the next seconds overtake it. */
const REORDER_SECONDS = 5;

function delayOf(core: Core, fault: DeliveryFault): number {
  const switches = core.switches();
  const extraSeconds =
    fault === 'late'
      ? switches.webhookLateSeconds
      : fault === 'reordered' || fault === 'doubled'
        ? REORDER_SECONDS
        : 0;
  return (switches.deliveryDelaySeconds + extraSeconds) * 1_000;
}

/** A forged event names an entity that was never made. */
function forgedBody(core: Core, { body }: Wanted): Pick<Wanted, 'body' | 'entityId'> {
  const entityId = core.newGuid();
  const event = { ...(body.event as Fields), id: core.newGuid(), entityId };
  return { entityId, body: { ...body, event } };
}

function forgetOldDeliveries(core: Core, site: string): void {
  const rows = core.store.rows(site, 'deliveries');
  for (const row of rows.slice(0, Math.max(0, rows.length - DELIVERIES_KEPT))) {
    if (row.outcome !== 'waiting') core.store.remove(site, 'deliveries', row.id);
  }
}

function schedule(core: Core, site: string, { id, dueAt }: DeliveryRow): void {
  const wait = Math.max(0, new Date(dueAt).getTime() - core.clock.now().getTime());
  core.background.after(wait, () => deliver(core, site, id));
}

async function deliver(core: Core, site: string, id: string): Promise<void> {
  const row = core.store.get(site, 'deliveries', id);
  if (row?.outcome !== 'waiting') return;
  const status = await post(core, row);
  const retrySeconds = RETRY_SECONDS[row.attempts];
  const now = core.clock.now().getTime();
  const wait = (retrySeconds ?? 0) * core.switches().retryScale * 1_000;
  const outcome = status === 200 ? 'delivered' : retrySeconds === undefined ? 'failed' : 'waiting';
  const saved: DeliveryRow = {
    ...row,
    attempts: row.attempts + 1,
    status,
    outcome,
    sentAt: new Date(now).toISOString(),
    dueAt: outcome === 'waiting' ? new Date(now + wait).toISOString() : row.dueAt,
  };
  core.store.put(site, 'deliveries', saved);
  if (outcome === 'waiting') schedule(core, site, saved);
}

/** The status of the answer, or null when none came in time. */
async function post(core: Core, row: DeliveryRow): Promise<number | null> {
  const giveUp = new AbortController();
  const answered = new AbortController();
  void core.clock
    .sleep(core.switches().answerMilliseconds, answered.signal)
    .then(() => giveUp.abort());
  try {
    const response = await core.outgoing(row.targetUrl, {
      method: 'POST',
      headers: { 'content-type': row.app ? 'text/plain' : 'application/json' },
      body: bodyOf(core, row),
      redirect: 'manual',
      signal: giveUp.signal,
    });
    await response.body?.cancel();
    return giveUp.signal.aborted ? null : response.status;
  } catch {
    // The receiver is down or slow: that is an outcome of the delivery, shown in the log.
    return null;
  } finally {
    answered.abort();
  }
}

/** Signed anew for every try; the data stays that of the first. */
function bodyOf(core: Core, row: DeliveryRow): string {
  const app = row.app ? core.store.get(SHARED, 'apps', row.app) : undefined;
  if (!app) return JSON.stringify(row.body);
  return webhookToken(row.body as unknown as Envelope, {
    keys: { ...app, kid: app.id, foreignKey: row.fault === 'wrongKey' ? foreignKey(core) : '' },
    fault: row.fault,
    nowSeconds: Math.floor(core.clock.now().getTime() / 1_000),
    switches: core.switches(),
  });
}

const foreignKeys = new WeakMap<Core, string>();

/** The key of a forger, made when first needed. */
function foreignKey(core: Core): string {
  const known = foreignKeys.get(core) ?? createSigningKey(core.random).privateKey;
  foreignKeys.set(core, known);
  return known;
}
