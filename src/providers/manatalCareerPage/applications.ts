import { done, failed, type Result } from '#src/platform/failure.ts';
import {
  type CallContext,
  type Outgoing,
  type ResourceConnector,
  surprising,
  type TheirRecord,
} from '#src/sync/connector.ts';
import { isNotFound } from '../caller.ts';
import type { PublishFile } from '../manatal/files.ts';
import { idOf, isRow, type Row } from '../manatal/reading.ts';
import type { CareerPageClient } from './client.ts';
import { readForm } from './form.ts';

/**
 * Their reply names nothing, and nothing can be read back: the id says that it went by the form, and
 * whose it is. reference/manatal.md 11.2
 */
const sentByForm = (ourId: string): TheirRecord => ({
  id: `form:${ourId}`,
  revision: null,
  changedAt: null,
  values: {},
  ourId,
  refs: {},
  keepOut: null,
});

const pathOf = (refs: Readonly<Record<string, string>>) => `/jobs/${refs.jobs}/application-form/`;

/**
 * Applications as the public sends them: through the form that the page describes. There is no looking
 * for one afterwards, so each is sent at most once. reference/manatal.md 12
 */
export function careerPageApplications(
  client: CareerPageClient,
  { publish }: { publish: PublishFile },
): ResourceConnector {
  return {
    name: 'applications',
    label: 'Applications',
    fields: [],
    needs: ['jobs'],
    async questions(context, refs) {
      const answer = await client.call(context, { method: 'GET', path: pathOf(refs) });
      if (answer.ok) return readForm(answer.value);
      const isGone = isNotFound(answer.failure) && answer.failure.detail !== 'status 404';
      return isGone ? done('gone') : answer;
    },
    create: (context, outgoing) => send(client, context, { outgoing, publish }),
  };
}

async function send(
  client: CareerPageClient,
  context: CallContext,
  { outgoing, publish }: { outgoing: Outgoing; publish: PublishFile },
): Promise<Result<TheirRecord>> {
  const data = await dataOf(outgoing, publish);
  if (!data.ok) return data;
  const body = { application_data: data.value };
  const path = pathOf(outgoing.refs);
  const request = { method: 'POST', path, body, mayBeEmpty: true } as const;
  const answer = await client.call(context, request);
  if (!answer.ok) return answer;
  // Any other page that answers with 200 is not the form: nobody knows what became of it.
  const isReply = answer.value === null || typeof answer.value === 'object';
  if (!isReply) return failed(surprising('(answer)', 'an object expected'));
  return done(sentByForm(outgoing.ourId));
}

/** The answers under the ids of their questions; a file is given by an address that dies. */
async function dataOf(
  { record }: Outgoing,
  publish: PublishFile,
): Promise<Result<Record<string, unknown>>> {
  const answers = Array.isArray(record.answers) ? record.answers.filter(isRow) : [];
  if (answers.length === 0) {
    const detail =
      'This application was written without the questions of the career page, so it cannot be sent there.';
    return failed({ kind: 'refused', status: 0, detail });
  }
  const data: Record<string, unknown> = {};
  for (const answer of answers) {
    const id = idOf(answer.id);
    if (!id) continue;
    if (answer.file !== 'resume') {
      data[id] = answer.value;
      continue;
    }
    const address = isRow(record.resume) ? await publish(fileOf(record.resume)) : null;
    if (address) data[id] = address;
    else if (record.resume) return failed(noAddress);
  }
  return done(data);
}

const fileOf = (resume: Row) =>
  ({
    storageKey: resume.storageKey,
    fileName: resume.fileName,
    contentType: resume.contentType,
  }) as Parameters<PublishFile>[0];

const noAddress = {
  kind: 'refused',
  status: 0,
  detail: 'Manatal fetches files from KiEX, and KiEX has no public address. Set KIEX_PUBLIC_URL.',
} as const;
