import { done, type Failure, failed, type Result } from '#src/platform/failure.ts';
import type {
  CallContext,
  Found,
  Outgoing,
  ResourceConnector,
  TheirRecord,
} from '#src/sync/connector.ts';
import { isNotFound } from '../caller.ts';
import type { ManatalClient } from './client.ts';
import { asList, idOf, isRow, listedRows, type Row } from './reading.ts';

/**
 * Publishes a file under a secret address for some hours, and gives the address; null when KiEX has
 * no address that the outside can reach. Manatal takes files by address only. reference/manatal.md 9.11
 */
export type PublishFile = (file: {
  storageKey: string;
  fileName: string;
  contentType: string;
}) => Promise<string | null>;

/** What we look for and make: the resume itself, or an attachment when there is a resume already. */
type Slot = 'resume' | 'attachment';

const recordOf = (slot: Slot, id: string): TheirRecord => ({
  id: `${slot}:${id}`,
  revision: null,
  changedAt: null,
  values: {},
  ourId: null,
  refs: {},
  keepOut: 'not a file of KiEX',
});

/**
 * Resume files. The first goes into the candidate's resume, when that is empty; what a recruiter
 * put there is never replaced: another file becomes an attachment. reference/manatal.md 12
 */
export function manatalResumes(
  client: ManatalClient,
  { publish, verifyAfterSeconds }: { publish: PublishFile; verifyAfterSeconds: number },
): ResourceConnector {
  return {
    name: 'resumes',
    label: 'Resumes',
    fields: [],
    // After the match, on purpose: trouble with a file must not lose the application.
    needs: ['candidates'],
    find: (context, outgoing) => findFile(client, context, outgoing),
    create: (context, outgoing) => sendFile(client, context, { outgoing, publish }),
    // Not shown until it was fetched, while nothing refuses a second one. reference/manatal.md 9.11
    settleSeconds: verifyAfterSeconds,
    verify: {
      afterSeconds: verifyAfterSeconds,
      async arrived(context, theirId, outgoing) {
        const slot = slotOf(theirId);
        const listed = await listFiles(client, context, outgoing, slot);
        if (!listed.ok) return listed;
        const file = (row: Row) => (slot === 'resume' ? row.resume_file : row.file);
        const there = listed.value.filter((row) => typeof file(row) === 'string' && file(row));
        if (slot === 'resume') return done(there.length > 0);
        // By its name: sent once more, it stands under another id.
        return done(there.some((row) => isMine(row, outgoing)));
      },
    },
  };
}

const slotOf = (theirId: string): Slot => (theirId.startsWith('resume:') ? 'resume' : 'attachment');

/** Was the candidate's resume empty when we first looked? Then what is there now is what we sent. [I3] */
const slotWas = (intent: Outgoing['intent']) => intent?.slot as Slot | undefined;

async function findFile(
  client: ManatalClient,
  context: CallContext,
  outgoing: Outgoing,
): Promise<Result<Found>> {
  const planned = slotWas(outgoing.intent);
  if (planned !== 'attachment') {
    const resumes = await listFiles(client, context, outgoing, 'resume');
    if (!resumes.ok) return resumes;
    const id = resumes.value.map((row) => idOf(row.id)).find(Boolean);
    if (!id) return done({ found: null, intent: { slot: 'resume' } });
    if (planned === 'resume') return done({ found: recordOf('resume', id) });
  }
  const attachments = await listFiles(client, context, outgoing, 'attachment');
  if (!attachments.ok) return attachments;
  const mine = attachments.value.find((row) => isMine(row, outgoing));
  const id = mine && idOf(mine.id);
  if (id) return done({ found: recordOf('attachment', id) });
  return done({ found: null, intent: { slot: 'attachment' } });
}

async function listFiles(
  client: ManatalClient,
  context: CallContext,
  { refs }: Outgoing,
  slot: Slot,
): Promise<Result<Row[]>> {
  const path = `/candidates/${refs.candidates}/${slot === 'resume' ? 'resume' : 'attachments'}/`;
  const answer = await client.call(context, { method: 'GET', path, query: { page_size: 100 } });
  if (answer.ok) return listedRows(answer.value);
  // No resume at all may be a 404. reference/manatal.md 5.2
  if (slot === 'resume' && isNotFound(answer.failure)) return done([]);
  return failed(answer.failure);
}

/** Named by the job, the day and the file itself, so that a second look recognises it. */
function attachmentName({ ourId, record }: Outgoing): string {
  const day = record.uploadedAt instanceof Date ? record.uploadedAt.toISOString().slice(0, 10) : '';
  const title = typeof record.jobTitle === 'string' ? record.jobTitle.slice(0, 120) : 'application';
  return `Resume for ${title}, ${day} ${markOf(ourId)}`;
}

/** The end of its name, which stays when the job gets another title. */
const markOf = (ourId: string) => `(KiEX ${ourId.slice(-8)})`;
const isMine = (row: Row, { ourId }: Outgoing) =>
  typeof row.name === 'string' && row.name.endsWith(markOf(ourId));

async function sendFile(
  client: ManatalClient,
  context: CallContext,
  { outgoing, publish }: { outgoing: Outgoing; publish: PublishFile },
): Promise<Result<TheirRecord>> {
  const { storageKey, fileName, contentType } = outgoing.record as Record<string, string>;
  const address = await publish({
    storageKey: storageKey!,
    fileName: fileName!,
    contentType: contentType!,
  });
  if (!address) {
    const detail =
      'Manatal fetches files from KiEX, and KiEX has no public address. Set KIEX_PUBLIC_URL.';
    return failed({ kind: 'refused', status: 0, detail });
  }
  const slot = outgoing.sentAs ? slotOf(outgoing.sentAs) : (slotWas(outgoing.intent) ?? 'resume');
  const base = `/candidates/${outgoing.refs.candidates}`;
  const request =
    slot === 'resume'
      ? { path: `${base}/resume/`, body: { resume_file: address } }
      : { path: `${base}/attachments/`, body: { name: attachmentName(outgoing), file: address } };
  const answer = await client.call(context, { method: 'POST', ...request });
  if (!answer.ok) {
    return slot === 'resume' && saysAlready(answer.failure) ? stillFetching() : answer;
  }
  const [row] = asList(answer.value).filter(isRow);
  const id = row && idOf(row.id);
  if (id) return done(recordOf(slot, id));
  return failed({ kind: 'surprising', path: 'id', detail: 'the answer names no file' });
}

/** Weak evidence for the words, so only the surest of them is read. reference/manatal.md 8.3 */
const saysAlready = (failure: Failure) =>
  failure.kind === 'refused' && failure.status === 400 && /already/i.test(failure.detail);

/**
 * The place was empty when we looked, and taken when we sent: an earlier try arrived though its answer
 * did not, and Manatal shows a file only once it has fetched it. A later look finds it. [I3]
 */
const stillFetching = () =>
  failed({
    kind: 'unreachable',
    detail: 'Manatal has the address of the file and fetches it yet.',
  });
