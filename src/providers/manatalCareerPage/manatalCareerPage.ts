import { done } from '#src/platform/failure.ts';
import type { Connector } from '#src/sync/connector.ts';
import type { PublishFile } from '../manatal/files.ts';
import { asList, isRow } from '../manatal/reading.ts';
import { careerPageApplications } from './applications.ts';
import { type CareerPageParts, careerPageQuotaKey, createCareerPageClient } from './client.ts';
import { careerPageJobs } from './jobs.ts';
import { readPageName } from './pageName.ts';

/** Two calls a second pass for as long as one likes; this leaves half of that. reference/manatal.md 4 */
const callsPerMinuteMax = 60;

/**
 * Manatal without a key: what an employer's public career page shows, and the form on it. For accounts
 * whose plan has no Open API. reference/manatal.md 11, 12
 */
export function createManatalCareerPage(
  parts: CareerPageParts,
  settings: { publish: PublishFile },
): Connector {
  const callsPerMinute = Math.min(callsPerMinuteMax, parts.callsPerMinute);
  const client = createCareerPageClient({ ...parts, callsPerMinute });
  return {
    provider: 'manatalCareerPage',
    label: 'Manatal career page',
    publicName: { label: 'Career page', read: readPageName },
    lacks: {
      missing: [
        'No statuses come back: students see that an application was sent, and nothing after that.',
        'Edits of jobs in KiEX do not reach Manatal.',
        'There are no webhooks: changes of jobs are found by reading the page every few minutes.',
        'Jobs have no dates and no pay period: when they were posted, when they close, an hour or a month.',
        'An application whose answer is lost may be there or not. KiEX never repeats it by itself, since a repeat may make a second applicant; a person decides.',
      ],
      upgrade:
        'All of that works with an API key, which needs Manatal’s Enterprise Plus plan. To change over, disconnect this connection, then add one with the key: connected in both ways, the account’s jobs would stand twice on the board.',
    },
    callsPerMinute,
    resources: [careerPageJobs(client), careerPageApplications(client, settings)],
    probes: [
      {
        capability: 'Read jobs',
        async run(context) {
          const query = { page: 1, page_size: 1 };
          const answer = await client.call(context, { method: 'GET', path: '/jobs/', query });
          if (!answer.ok) return answer;
          const count = isRow(answer.value) ? answer.value.count : asList(answer.value).length;
          return done(
            typeof count === 'number'
              ? `Works: ${count.toLocaleString('en-US')} open ${count === 1 ? 'job' : 'jobs'}.`
              : 'Works.',
          );
        },
      },
    ],
    quotaKeyOf: careerPageQuotaKey,
  };
}
