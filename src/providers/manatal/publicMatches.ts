import { showsPublic } from '#src/applications/publicOption.ts';
import { isUuid } from '#src/platform/random.ts';
import { instant, text, yesNo } from '#src/sync/canonical.ts';
import type { ResourceConnector, Surprise } from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import type { ManatalClient } from './client.ts';
import { applicationFields, partsOfMatch } from './matches.ts';
import { readingOf } from './paging.ts';
import type { Rest, Row } from './reading.ts';

const theirs = { flow: 'in', policy: 'provider' } as const;

/** How far a match is, and the number of its candidate: who that is, is not asked. */
const fields: readonly Field[] = [
  { ours: 'candidateId', theirs: '', canonical: text, ...theirs, needed: true },
  { ours: 'addedByStaff', theirs: '', canonical: yesNo, ...theirs },
  { ours: 'appliedAt', theirs: 'created_at', canonical: instant, ...theirs },
  ...applicationFields,
];

/** `creator` null: somebody applied on a public page. reference/manatal.md 9.5 */
function rest(row: Row, isShown: boolean): Rest | Surprise {
  const parts = partsOfMatch(row);
  if ('path' in parts) return parts;
  const { refs, values } = parts;
  const addedByStaff = typeof row.creator === 'number';
  return {
    values: { ...values, candidateId: refs.candidates, addedByStaff },
    ourId: null,
    refs: { jobs: refs.jobs },
    keepOut: keepOut(row, isShown),
  };
}

/** Our own have an id of ours from the moment they are made, also before their link is known. */
function keepOut({ external_id: externalId }: Row, isShown: boolean): string | null {
  if (typeof externalId === 'string' && isUuid(externalId)) return 'made by KiEX';
  return isShown ? null : 'applicants from elsewhere are ignored';
}

/**
 * Matches that KiEX did not make, as copies to look at: read only where the connection's option shows
 * them. A reading of its own, since a match is either a student's application or one of these, and
 * the two are stored, linked and let go of apart: one more call for each hundred, where it is chosen.
 */
export function manatalPublicMatches(client: ManatalClient): ResourceConnector {
  const reading = readingOf(client, {
    path: '/matches/',
    fields,
    rest: ({ account }) => {
      const isShown = showsPublic(account.settings);
      return (row) => rest(row, isShown);
    },
  });
  return {
    name: 'publicApplicants',
    label: 'Other applicants',
    fields,
    isLeftOut: (settings) => !showsPublic(settings),
    ...reading,
  };
}
