import { and, eq } from 'drizzle-orm';
import { record } from '#src/sync/activity.ts';
import { ring, runBell, subscriptionBell } from '#src/sync/bells.ts';
import { checkpointOf } from '#src/sync/checkpoints.ts';
import {
  type Connection,
  connectionById,
  isWorking,
  keyBinding,
  setConnectionState,
} from '#src/sync/connections.ts';
import type { Connector } from '#src/sync/connector.ts';
import { correct, correctionOf } from '#src/sync/correct.ts';
import {
  dismiss,
  dismissAll,
  type FailureFilter,
  hurryFailures,
  retryAll,
  retryNow,
} from '#src/sync/deadLetters.ts';
import { workplaceCall } from '#src/sync/engine.ts';
import type { Parts } from '#src/sync/parts.ts';
import { approveRun, refuseRun, resumeRun } from '#src/sync/runAnswers.ts';
import { requestRun } from '#src/sync/runs.ts';
import { connections, runs } from '#src/sync/tables.ts';
import type { Integrations, ProbeLine } from './commands.ts';
import { checkNew, readKey, shownOf, store } from './newConnection.ts';
import { probe } from './probing.ts';

/** What staff, the command line and the pages may ask of connections and the engine. */
export function createIntegrations(parts: Parts): Integrations {
  const connectorOf = (provider: string): Connector => {
    const connector = parts.connectors.get(provider);
    if (!connector) throw new Error(`no connector for ${provider}`);
    return connector;
  };
  const must = async (id: string): Promise<Connection> => {
    const connection = await connectionById(parts.db, id);
    if (!connection) throw new Error(`no connection ${id}`);
    return connection;
  };
  return {
    async testKey({ provider, key: pasted }) {
      const connector = connectorOf(provider);
      const read = readKey(connector, pasted);
      if ('problem' in read) return { ok: false, errors: { key: read.problem } };
      return { ok: true, value: await testKey(parts, connector, read.key) };
    },

    async testConnection(connectionId) {
      const connection = await must(connectionId);
      const call = workplaceCall(parts, connection, 'person');
      const lines = await probe(connectorOf(connection.provider), call);
      await storeTest(parts, connection, lines);
      // Beside everything else: registering takes a few seconds, for which nobody need wait.
      await ring(parts, subscriptionBell(connectionId));
      return lines;
    },

    async addConnection(input, by) {
      const errors = await checkNew(parts.db, input, connectorOf(input.provider));
      if (Object.keys(errors).length > 0) return { ok: false, errors };
      const connectionId = await store(parts, input, connectorOf(input.provider));
      await note(parts, connectionId, { action: 'connection added', by });
      await this.testConnection(connectionId);
      return { ok: true, value: { connectionId } };
    },

    async replaceKey({ connectionId, key: pasted }, by) {
      const connection = await must(connectionId);
      const connector = connectorOf(connection.provider);
      const read = readKey(connector, pasted);
      if ('problem' in read) return { ok: false, errors: { key: read.problem } };
      const { key } = read;
      const tested = await testKey(parts, connector, key);
      const barred = tested.find(({ failure }) => failure?.kind === 'unauthorised');
      const refusal = barred ?? (tested.some(({ ok }) => ok) ? null : tested[0]);
      if (refusal) return { ok: false, errors: { key: `${refusal.words} The old key is kept.` } };
      await parts.db
        .update(connections)
        .set({
          credentials: parts.vault.seal(key, keyBinding(connectionId)),
          keyLastFour: shownOf(connector, key),
          quotaKey: connector.quotaKeyOf(key),
          updatedAt: parts.clock.now(),
        })
        .where(eq(connections.id, connectionId));
      await note(parts, connectionId, { action: 'key replaced', by });
      await storeTest(parts, await must(connectionId), tested);
      return { ok: true, value: { lines: tested } };
    },

    async pause(connectionId, by) {
      await must(connectionId);
      await setConnectionState(parts.db, connectionId, {
        state: 'paused',
        reason: 'Paused by staff; its work is kept.',
        now: parts.clock.now(),
      });
      await note(parts, connectionId, { action: 'connection paused', by });
    },

    async resume(connectionId, by) {
      await must(connectionId);
      await setConnectionState(parts.db, connectionId, {
        state: 'connected',
        reason: null,
        now: parts.clock.now(),
      });
      await wakeHeldWork(parts, connectionId);
      await note(parts, connectionId, { action: 'connection resumed', by });
    },

    async requestRuns({ connectionId, resource, full, trigger, by }) {
      const connection = await must(connectionId);
      const { resources } = connectorOf(connection.provider);
      const readable = resources.filter(
        (one) => (one.list || (full && one.get)) && (!resource || one.name === resource),
      );
      const ids: string[] = [];
      for (const one of readable) {
        const of = { connectionId, resource: one.name };
        const known = await checkpointOf(parts.db, of);
        const first = one.list && !(one.changedSince ? known?.cursor : known?.lastFullAt);
        const kind = first ? 'backfill' : full || !one.changedSince ? 'full' : 'poll';
        const ask = { ...of, kind, trigger, requestedBy: by } as const;
        const run = await requestRun(parts.db, ask, { newId: parts.newId, now: parts.clock.now() });
        await ring(parts, runBell(run));
        ids.push(run.id);
      }
      await parts.live.publish('runs');
      return ids;
    },

    approveRun: (runId, by) => approveRun(parts, runId, by),
    refuseRun: (runId, by) => refuseRun(parts, runId, by),
    resumeRun: (runId, by) => resumeRun(parts, runId, by),

    async retryFailure(failureId, by) {
      const found = await retryNow(parts.db, failureId, parts.clock.now());
      if (found) await note(parts, null, { action: 'retry asked for', by, detail: failureId });
      return found;
    },

    async dismissFailure(failureId, reason, by) {
      const found = await dismiss(parts.db, failureId, { reason, now: parts.clock.now() });
      if (found)
        await note(parts, null, { action: 'dismissed', by, detail: `${failureId}: ${reason}` });
      return found;
    },

    async retryFailures(filter, by) {
      const count = await retryAll(parts.db, filter, parts.clock.now());
      const detail = `${count}: ${filterWords(filter)}`;
      const connectionId = filter.connectionId ?? null;
      if (count > 0) await note(parts, connectionId, { action: 'retry asked for', by, detail });
      return count;
    },

    async dismissFailures(filter, reason, by) {
      const count = await dismissAll(parts.db, filter, { reason, now: parts.clock.now() });
      const detail = `${count}: ${filterWords(filter)}: ${reason}`;
      const connectionId = filter.connectionId ?? null;
      if (count > 0) await note(parts, connectionId, { action: 'dismissed', by, detail });
      return count;
    },

    correction: (failureId) => correctionOf(parts, failureId),
    correct: (mended, by) => correct(parts, mended, by),

    offers: () =>
      [...parts.connectors.values()].map(({ provider, label, publicName, lacks }) => ({
        provider,
        label,
        publicName: publicName?.label ?? null,
        lacks: lacks ?? null,
      })),

    resourcesOf: (provider) =>
      connectorOf(provider)
        .resources.filter((resource) => resource.list)
        .map(({ name, label }) => ({ name, label })),
  };
}

const filterWords = ({ resource, kind, step }: FailureFilter) =>
  [resource, kind, step && `step ${step}`].filter(Boolean).join(', ') || 'all that are open';

async function testKey(parts: Parts, connector: Connector, key: string): Promise<ProbeLine[]> {
  const account = {
    connectionId: 'not saved',
    label: 'not saved',
    organizationId: null,
    key,
    quotaKey: connector.quotaKeyOf(key),
    settings: {},
    createdAt: parts.clock.now(),
  };
  return probe(connector, { account, lane: 'person' });
}

/** What a test found becomes the connection's state; a paused connection stays paused. */
async function storeTest(parts: Parts, connection: Connection, lines: ProbeLine[]): Promise<void> {
  const now = parts.clock.now();
  await parts.db
    .update(connections)
    .set({ testedAt: now })
    .where(eq(connections.id, connection.id));
  if (connection.state === 'paused') return;
  const bad = lines.filter((line) => !line.ok);
  const barred = bad.find((line) => line.failure?.kind === 'unauthorised');
  const state = barred ? 'needs_attention' : bad.length > 0 ? 'degraded' : 'connected';
  const reason = (barred ?? bad[0])?.words ?? null;
  await setConnectionState(parts.db, connection.id, { state, reason, now });
  if (!isWorking(connection) && state !== 'needs_attention')
    await wakeHeldWork(parts, connection.id);
  await parts.live.publish('connections');
}

/** Runs that were held go on from their checkpoints, and failed records are tried at once. */
async function wakeHeldWork(parts: Parts, connectionId: string): Promise<void> {
  const woken = await parts.db
    .update(runs)
    .set({ state: 'waiting', reason: null, nextTryAt: null })
    .where(and(eq(runs.connectionId, connectionId), eq(runs.state, 'held')))
    .returning();
  for (const run of woken) await ring(parts, runBell(run));
  await hurryFailures(parts.db, connectionId, parts.clock.now());
}

async function note(
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
