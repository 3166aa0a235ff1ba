import { eq } from 'drizzle-orm';
import type { OwnReach } from '#src/organizations/reach.ts';
import type { Db } from '#src/platform/database.ts';
import { failures, runs } from '#src/sync/tables.ts';
import type { Integrations } from './commands.ts';
import { labelCharactersMax } from './newConnection.ts';

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Answers that there is nothing, whether or not there is: who may not see a thing is not told that it
 * exists. A Response, which every page draws as its 404.
 */
export function refuse(): never {
  throw new Response('There is nothing here for you.', { status: 404 });
}

/** Which connection a person may touch: the one question that every page of an employer asks. */
export function touching(db: Db, reach: OwnReach) {
  const connection = (id: string | null | undefined): void => {
    if (!id || !reach.connectionIds.includes(id)) refuse();
  };
  return {
    connection,
    async run(id: string): Promise<void> {
      if (!uuid.test(id)) refuse();
      const [row] = await db.select({ of: runs.connectionId }).from(runs).where(eq(runs.id, id));
      connection(row?.of);
    },
    async failure(id: string): Promise<void> {
      if (!uuid.test(id)) refuse();
      const of = { of: failures.connectionId };
      const [row] = await db.select(of).from(failures).where(eq(failures.id, id));
      connection(row?.of);
    },
  };
}

/** What an employer's person may ask of their own connections; of all others, nothing. */
export function ownIntegrations(db: Db, integrations: Integrations, reach: OwnReach): Integrations {
  const may = touching(db, reach);
  const offers = () => integrations.offers().filter(({ isPlatforms }) => !isPlatforms);
  const mayOffer = (wanted: string) => offers().some(({ provider }) => provider === wanted);
  return {
    // Stores nothing and asks the provider only with the key that was typed.
    testKey: (input) => (mayOffer(input.provider) ? integrations.testKey(input) : refuse()),
    offers,
    resourcesOf: (provider) => integrations.resourcesOf(provider),

    async addConnection(input, by) {
      const employer = reach.organizations.find(({ id }) => id === input.organizationId);
      if (!employer || !mayOffer(input.provider)) return refuse();
      // Under the employer's name, so that names others gave tell nothing by being taken.
      const label = `${employer.name} · ${input.label.trim() || 'Manatal'}`;
      const named = { ...input, label: label.slice(0, labelCharactersMax) };
      return integrations.addConnection({ ...named, organizationName: employer.name }, by);
    },

    async testConnection(connectionId) {
      may.connection(connectionId);
      return integrations.testConnection(connectionId);
    },
    async replaceKey(input, by) {
      may.connection(input.connectionId);
      return integrations.replaceKey(input, by);
    },
    async disconnect(connectionId, by) {
      may.connection(connectionId);
      return integrations.disconnect(connectionId, by);
    },
    async whatLeaves(connectionId) {
      may.connection(connectionId);
      return integrations.whatLeaves(connectionId);
    },
    async webhookStanding(connectionId) {
      may.connection(connectionId);
      return integrations.webhookStanding(connectionId);
    },
    async lookAtWebhooks(connectionId) {
      may.connection(connectionId);
      return integrations.lookAtWebhooks(connectionId);
    },
    async changeWebhookAddress(connectionId, by) {
      may.connection(connectionId);
      return integrations.changeWebhookAddress(connectionId, by);
    },
    async pause(connectionId, by) {
      may.connection(connectionId);
      return integrations.pause(connectionId, by);
    },
    async resume(connectionId, by) {
      may.connection(connectionId);
      return integrations.resume(connectionId, by);
    },
    async requestRuns(ask) {
      may.connection(ask.connectionId);
      return integrations.requestRuns(ask);
    },
    async approveRun(runId, by) {
      await may.run(runId);
      return integrations.approveRun(runId, by);
    },
    async refuseRun(runId, by) {
      await may.run(runId);
      return integrations.refuseRun(runId, by);
    },
    async resumeRun(runId, by) {
      await may.run(runId);
      return integrations.resumeRun(runId, by);
    },
    async retryFailure(failureId, by) {
      await may.failure(failureId);
      return integrations.retryFailure(failureId, by);
    },
    async dismissFailure(failureId, reason, by) {
      await may.failure(failureId);
      return integrations.dismissFailure(failureId, reason, by);
    },
    async retryFailures(filter, by) {
      let count = 0;
      for (const connectionId of named(filter.connectionId)) {
        count += await integrations.retryFailures({ ...filter, connectionId }, by);
      }
      return count;
    },
    async dismissFailures(filter, reason, by) {
      let count = 0;
      for (const connectionId of named(filter.connectionId)) {
        count += await integrations.dismissFailures({ ...filter, connectionId }, reason, by);
      }
      return count;
    },

    // What is mended may be a student's own words: that is for staff.
    correction: async () => refuse(),
    correct: async () => refuse(),
  };

  /** "All connections" are all of their own. */
  function named(connectionId: string | null | undefined): readonly string[] {
    if (!connectionId) return reach.connectionIds;
    may.connection(connectionId);
    return [connectionId];
  }
}
