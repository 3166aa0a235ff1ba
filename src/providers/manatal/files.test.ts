import { expect, test } from 'vitest';
import { done, failed } from '#src/platform/failure.ts';
import type { CallContext, Outgoing } from '#src/sync/connector.ts';
import type { ManatalClient } from './client.ts';
import { manatalResumes } from './files.ts';

const context = {} as CallContext;
const outgoing: Outgoing = {
  ourId: '01a204e6-87b7-73f9-92df-378a838c1d54',
  values: {},
  record: { storageKey: 'k', fileName: 'resume.pdf', contentType: 'application/pdf' },
  refs: { candidates: '7' },
  intent: { slot: 'resume' },
};

/** A Manatal that shows no resume and takes none, in these words. */
function refusing(words: string) {
  const call: ManatalClient['call'] = async (_, { method }) => {
    if (method === 'GET') return failed({ kind: 'refused', status: 404, detail: 'Not found.' });
    return failed({ kind: 'refused', status: 400, detail: words });
  };
  const publish = async () => 'https://kiex.example/files/t/resume.pdf';
  const client: ManatalClient = { call, manahook: call };
  return manatalResumes(client, { publish, verifyAfterSeconds: 60 });
}

test('[I3] a resume that Manatal has but does not show yet is looked for again, not given up', async () => {
  const resumes = refusing('Candidate already has a resume.');
  expect(await resumes.find!(context, outgoing)).toEqual(
    done({ found: null, intent: { slot: 'resume' } }),
  );
  expect(await resumes.create!(context, outgoing)).toMatchObject({
    ok: false,
    failure: { kind: 'unreachable' },
  });
});

test('a resume that Manatal refuses for another reason waits for a person', async () => {
  expect(await refusing('Enter a valid URL.').create!(context, outgoing)).toMatchObject({
    ok: false,
    failure: { kind: 'refused', status: 400 },
  });
});
