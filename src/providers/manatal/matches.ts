import { done, type Result } from '#src/platform/failure.ts';
import { instant, text } from '#src/sync/canonical.ts';
import type {
  CallContext,
  Field,
  Found,
  Outgoing,
  ResourceConnector,
  Surprise,
} from '#src/sync/connector.ts';
import { byId } from './candidates.ts';
import type { ManatalClient } from './client.ts';
import { readingOf } from './paging.ts';
import { rowKinds } from './profileRows.ts';
import {
  idOf,
  isRow,
  listedRows,
  type Rest,
  type Row,
  readOne,
  refOf,
  sortableTime,
} from './reading.ts';
import { isDropped, type StageMap, stageOf, statusOf } from './stages.ts';

const theirs = { flow: 'in', policy: 'provider' } as const;

/** How an application's fields belong together. Source: reference/manatal.md 9.5. */
export const applicationFields: readonly Field[] = [
  // Worked out from stage, dates and the connection's stage map.
  { ours: 'status', theirs: '', canonical: text, ...theirs, needed: true },
  { ours: 'stageName', theirs: '', canonical: text, ...theirs },
  { ours: 'interviewAt', theirs: 'interview_at', canonical: instant, ...theirs },
  { ours: 'offerAt', theirs: 'offer_at', canonical: instant, ...theirs },
  { ours: 'hiredAt', theirs: 'hired_at', canonical: instant, ...theirs },
  { ours: 'droppedAt', theirs: 'dropped_at', canonical: instant, ...theirs },
];

export const stageMapOf = (settings: Readonly<Record<string, unknown>>): StageMap =>
  (isRow(settings.stageMap) ? settings.stageMap : {}) as unknown as StageMap;

/** What stands in a match beside its plain fields, read with the connection's own stage map. */
const restWith =
  (map: StageMap) =>
  (row: Row): Rest | Surprise => {
    const candidate = refOf(row.candidate);
    const job = refOf(row.job);
    if (!candidate) return { theirId: null, path: 'candidate', detail: 'an id expected' };
    if (!job) return { theirId: null, path: 'job', detail: 'an id expected' };
    const name = text(stageOf(row)?.name);
    return {
      values: { status: statusOf(row, map), stageName: 'value' in name ? name.value : null },
      ourId: typeof row.external_id === 'string' ? row.external_id : null,
      refs: { candidates: candidate, jobs: job },
      keepOut: 'not an application of KiEX',
    };
  };

const readMatch = (context: CallContext, json: unknown) =>
  readOne(json, applicationFields, restWith(stageMapOf(context.account.settings)));

/** Applications as matches: one per candidate and job, made once, then followed. */
export function manatalMatches(client: ManatalClient): ResourceConnector {
  const path = '/matches/';
  const reading = readingOf(client, {
    path,
    fields: applicationFields,
    rest: ({ account }) => restWith(stageMapOf(account.settings)),
  });
  return {
    name: 'applications',
    label: 'Applications',
    fields: applicationFields,
    needs: ['candidates', 'jobs'],
    renews: ['candidates'],
    followers: ['resumes', 'notes', ...rowKinds.map(({ name }) => name)],
    // They announce a move between stages; whether also a drop is not known, so none is waited for.
    // reference/manatal.md 10.2, 10.4
    eventFor: ({ created, fields }) =>
      !created && fields.includes('stageName') ? 'match/moved' : null,
    ...reading,
    // Only matches that KiEX made matter, and none is older than the connection by more than a day.
    list: (context, cursor) =>
      reading.changedSince(context, dayBefore(context.account.createdAt), cursor),
    find: (context, outgoing) => findMatch(client, context, outgoing),
    async create(context, { ourId, refs }) {
      const body = {
        candidate: Number(refs.candidates),
        job: Number(refs.jobs),
        external_id: ourId,
      };
      const answer = await client.call(context, { method: 'POST', path, body });
      return answer.ok ? readMatch(context, answer.value) : answer;
    },
  };
}

function dayBefore(date: Date): string {
  return sortableTime(new Date(date.getTime() - 24 * 60 * 60 * 1_000).toISOString())!;
}

/** The candidate's match for the job: the pair is unique there. [I2] [I4] reference/manatal.md 8.3 */
async function findMatch(
  client: ManatalClient,
  context: CallContext,
  { ourId, refs }: Outgoing,
): Promise<Result<Found>> {
  const answer = await client.call(context, {
    method: 'GET',
    path: `/candidates/${refs.candidates}/matches/`,
    query: { page_size: 100 },
  });
  if (!answer.ok) return answer;
  const listed = listedRows(answer.value);
  if (!listed.ok) return listed;
  const fitting = listed.value
    // Below a candidate, the candidate may go without saying.
    .map((match): Row => ({ ...match, candidate: match.candidate ?? refs.candidates }))
    .filter(
      (match) => refOf(match.job) === refs.jobs && refOf(match.candidate) === refs.candidates,
    );
  // The one that names ours is ours; the pair should be unique, and where it is not, the lowest id.
  const own = fitting.filter((match) => match.external_id === ourId);
  const [row, ...others] = byId(own.length > 0 ? own : fitting);
  if (!row) return done({ found: null });
  const read = readMatch(context, row);
  if (!read.ok) return read;
  const foreign = row.external_id !== ourId;
  const dropped = isDropped(row) ? ' It is dropped there and was not re-opened.' : '';
  const note = foreign
    ? `The candidate was on this job already; that match is used.${dropped}`
    : null;
  return done({
    found: read.value,
    ...(note ? { note } : {}),
    others: others.flatMap(({ id }) => idOf(id) ?? []),
  });
}
