import { ring, runBell } from '#src/sync/bells.ts';
import { checkpointOf } from '#src/sync/checkpoints.ts';
import { setConnectionState } from '#src/sync/connections.ts';
import { correct, correctionOf } from '#src/sync/correct.ts';
import {
  dismiss,
  dismissAll,
  type FailureFilter,
  retryAll,
  retryNow,
} from '#src/sync/deadLetters.ts';
import { isLeftOut } from '#src/sync/leftOut.ts';
import type { Parts } from '#src/sync/parts.ts';
import { approveRun, refuseRun, resumeRun } from '#src/sync/runAnswers.ts';
import { requestRun } from '#src/sync/runs.ts';
import type { Integrations } from './commands.ts';
import { disconnect, whatLeaves } from './disconnecting.ts';
import { replaceKey, testConnection, testKey, wakeHeldWork } from './keys.ts';
import { connectionOrThrow, connectorOf } from './known.ts';
import { checkNew, readPasted, store } from './newConnection.ts';
import { formerAccount } from './reconnecting.ts';
import { noteStaff } from './staffNote.ts';
import { changeWebhookAddress, lookAtWebhooks, webhookStanding } from './webhookStanding.ts';

/** What staff, the command line and the pages may ask of connections and the engine. */
export function createIntegrations(parts: Parts): Integrations {
  return {
    async testKey({ provider, ...pasted }) {
      const connector = connectorOf(parts, provider);
      const read = readPasted(connector, pasted);
      if ('errors' in read) return { ok: false, errors: read.errors };
      return { ok: true, value: await testKey(parts, connector, read) };
    },

    testConnection: (connectionId) => testConnection(parts, connectionId),

    async addConnection(input, by) {
      const connector = connectorOf(parts, input.provider);
      const errors = await checkNew(parts.db, input, connector);
      const read = readPasted(connector, input);
      if ('errors' in read || Object.keys(errors).length > 0) return { ok: false, errors };
      const former = await formerAccount(parts, { ...input, key: read.key });
      if (former) return { ok: false, errors: { key: former } };
      const connectionId = await store(parts, input, connector);
      await noteStaff(parts, connectionId, { action: 'connection added', by });
      await this.testConnection(connectionId);
      return { ok: true, value: { connectionId } };
    },

    replaceKey: (given, by) => replaceKey(parts, given, by),

    async pause(connectionId, by) {
      await connectionOrThrow(parts, connectionId);
      const paused = await setConnectionState(parts.db, connectionId, {
        state: 'paused',
        reason: 'Paused by a person; its work is kept.',
        now: parts.clock.now(),
      });
      if (paused) await noteStaff(parts, connectionId, { action: 'connection paused', by });
    },

    async resume(connectionId, by) {
      await connectionOrThrow(parts, connectionId);
      const resumed = await setConnectionState(parts.db, connectionId, {
        state: 'connected',
        reason: null,
        now: parts.clock.now(),
      });
      if (!resumed) return;
      await wakeHeldWork(parts, connectionId);
      await noteStaff(parts, connectionId, { action: 'connection resumed', by });
    },

    disconnect: (connectionId, by) => disconnect(parts, connectionId, by),
    whatLeaves: (connectionId) => whatLeaves(parts, connectionId),
    webhookStanding: (connectionId) => webhookStanding(parts, connectionId),
    lookAtWebhooks: (connectionId) => lookAtWebhooks(parts, connectionId),
    changeWebhookAddress: (connectionId, by) => changeWebhookAddress(parts, connectionId, by),

    async requestRuns({ connectionId, resource, full, trigger, by }) {
      const connection = await connectionOrThrow(parts, connectionId);
      const { resources } = connectorOf(parts, connection.provider);
      const readable = resources.filter(
        (one) =>
          (one.list || (full && one.get)) &&
          !isLeftOut(one, connection) &&
          (!resource || one.name === resource),
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
      if (found) await noteStaff(parts, null, { action: 'retry asked for', by, detail: failureId });
      return found;
    },

    async dismissFailure(failureId, reason, by) {
      const found = await dismiss(parts.db, failureId, { reason, now: parts.clock.now() });
      if (found)
        await noteStaff(parts, null, {
          action: 'dismissed',
          by,
          detail: `${failureId}: ${reason}`,
        });
      return found;
    },

    async retryFailures(filter, by) {
      const count = await retryAll(parts.db, filter, parts.clock.now());
      const detail = `${count}: ${filterWords(filter)}`;
      const connectionId = filter.connectionId ?? null;
      if (count > 0)
        await noteStaff(parts, connectionId, { action: 'retry asked for', by, detail });
      return count;
    },

    async dismissFailures(filter, reason, by) {
      const count = await dismissAll(parts.db, filter, { reason, now: parts.clock.now() });
      const detail = `${count}: ${filterWords(filter)}: ${reason}`;
      const connectionId = filter.connectionId ?? null;
      if (count > 0) await noteStaff(parts, connectionId, { action: 'dismissed', by, detail });
      return count;
    },

    correction: (failureId) => correctionOf(parts, failureId),
    correct: (mended, by) => correct(parts, mended, by),

    offers: () =>
      [...parts.connectors.values()].map((connector) => ({
        provider: connector.provider,
        label: connector.label,
        publicName: connector.publicName?.label ?? null,
        accountFields: (connector.accountFields ?? []).map(({ read: _, ...field }) => ({
          ...field,
          optional: field.optional ?? false,
        })),
        isPlatforms: connector.isPlatforms ?? false,
        keyHelp: connector.keyHelp ?? null,
        lacks: connector.lacks ?? null,
      })),

    resourcesOf: (provider) =>
      connectorOf(parts, provider)
        .resources.filter((resource) => resource.list)
        .map(({ name, label }) => ({ name, label })),
  };
}

const filterWords = ({ resource, kind, step }: FailureFilter) =>
  [resource, kind, step && `step ${step}`].filter(Boolean).join(', ') || 'all that are open';
