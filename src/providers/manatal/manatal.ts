import { publicOption } from '#src/applications/publicOption.ts';
import { stageMapOf } from '#src/applications/stageMap.ts';
import { suggestionOption } from '#src/applications/suggestionOption.ts';
import { withdrawalOption } from '#src/applications/withdrawalOption.ts';
import { done } from '#src/platform/failure.ts';
import type { CallContext, Connector, Probe } from '#src/sync/connector.ts';
import { manatalCandidates } from './candidates.ts';
import {
  createManatalClient,
  type ManatalClient,
  type ManatalParts,
  manatalQuotaKey,
} from './client.ts';
import { manatalResumes, type PublishFile } from './files.ts';
import { jobOptions } from './jobOptions.ts';
import { manatalJobs } from './jobs.ts';
import { manatalMatches } from './matches.ts';
import { manatalNotes } from './notes.ts';
import { manatalOrganizations } from './organizations.ts';
import { manatalProfileRows, rowKinds } from './profileRows.ts';
import { manatalPublicMatches } from './publicMatches.ts';
import { asList, isRow } from './reading.ts';
import { mapStages } from './stages.ts';
import { manatalWebhooks } from './webhooks.ts';
import { manatalWithdrawals } from './withdrawals.ts';

export interface ManatalSettings {
  /** What stands as the source of candidates that KiEX makes. */
  source: string;
  publish: PublishFile;
  verifyAfterSeconds: number;
}

/** Manatal as a connector. Never PUT, never DELETE on a customer's records. reference/manatal.md */
export function createManatal(parts: ManatalParts, settings: ManatalSettings): Connector {
  const client = createManatalClient(parts);
  return {
    provider: 'manatal',
    label: 'Manatal',
    callsPerMinute: parts.callsPerMinute,
    resources: [
      manatalOrganizations(client),
      manatalJobs(client),
      manatalCandidates(client, settings.source),
      manatalMatches(client),
      manatalPublicMatches(client),
      manatalResumes(client, settings),
      manatalNotes(client),
      manatalWithdrawals(client),
      ...rowKinds.map((kind) => manatalProfileRows(client, kind)),
    ],
    options: [...jobOptions, withdrawalOption, suggestionOption, publicOption],
    probes: probes(client),
    quotaKeyOf: manatalQuotaKey,
    async refreshSettings(context) {
      const answer = await client.call(context, {
        method: 'GET',
        path: '/job-pipelines/',
        query: { page_size: 100 },
      });
      if (!answer.ok) return answer;
      const pipelines = asList(answer.value);
      return done((settings) => ({ stageMap: mapStages(pipelines, stageMapOf(settings)) }));
    },
    webhooks: manatalWebhooks(client),
  };
}

/** What Test Connection tries: harmless reads, one per capability. reference/manatal.md 3 */
function probes(client: ManatalClient): Probe[] {
  const read = (
    capability: string,
    path: string,
    words: (count: number | null) => string,
  ): Probe => ({
    capability,
    async run(context: CallContext) {
      const query = { page: 1, page_size: 1 };
      const answer = await client.call(context, { method: 'GET', path, query });
      if (!answer.ok) return answer;
      const count = isRow(answer.value) ? answer.value.count : asList(answer.value).length;
      return done(words(typeof count === 'number' ? count : null));
    },
  });
  const counted = (what: string) => (count: number | null) =>
    count === null ? 'Works.' : `Works: ${count.toLocaleString('en-US')} ${what}.`;
  return [
    read('Sign in', '/users/', () => 'The key is accepted.'),
    read('Read jobs', '/jobs/', counted('jobs')),
    read('Read organisations', '/organizations/', counted('organisations')),
    read('Read candidates', '/candidates/', counted('candidates')),
    read('Read applications', '/matches/', counted('matches')),
    read('Read stages', '/job-pipelines/', counted('pipelines')),
    {
      capability: 'Webhooks',
      async run(context) {
        const answer = await client.manahook(context, { method: 'GET', path: '/webhooks/' });
        return answer.ok ? done('Works: changes can arrive within seconds.') : answer;
      },
    },
  ];
}
