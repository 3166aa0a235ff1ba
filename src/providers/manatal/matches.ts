import { done, type Result } from '#src/platform/failure.ts';
import { instant, text, type Values, yesNo } from '#src/sync/canonical.ts';
import type {
  CallContext,
  Found,
  Outgoing,
  ResourceConnector,
  Surprise,
} from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import { byId } from './candidates.ts';
import type { ManatalClient } from './client.ts';
import { readingOf } from './paging.ts';
import { rowKinds } from './profileRows.ts';
import { idOf, listedRows, type Rest, type Row, readOne, refOf, sortableTime } from './reading.ts';
import { isDropped, stageOf } from './stages.ts';

const theirs = { flow: 'in', policy: 'provider' } as const;

/**
 * What a match says. What that means to the student is worked out here from these facts and the
 * connection's stage map. Source: reference/manatal.md 9.5.
 */
export const applicationFields: readonly Field[] = [
  // Both read from the stage, wherever it stands.
  { ours: 'stageId', theirs: '', canonical: text, ...theirs, needed: true },
  { ours: 'stageName', theirs: '', canonical: text, ...theirs },
  { ours: 'active', theirs: 'is_active', canonical: yesNo, ...theirs, needed: true },
  { ours: 'presentedAt', theirs: 'submitted_at', canonical: instant, ...theirs },
  { ours: 'interviewAt', theirs: 'interview_at', canonical: instant, ...theirs },
  { ours: 'offerAt', theirs: 'offer_at', canonical: instant, ...theirs },
  { ours: 'hiredAt', theirs: 'hired_at', canonical: instant, ...theirs },
  { ours: 'droppedAt', theirs: 'dropped_at', canonical: instant, ...theirs },
];

/** What stands in a match beside its plain fields: whose it is, and its stage. */
export function partsOfMatch(row: Row): { refs: MatchRefs; values: Values } | Surprise {
  const candidate = refOf(row.candidate);
  const job = refOf(row.job);
  if (!candidate) return { theirId: null, path: 'candidate', detail: 'an id expected' };
  if (!job) return { theirId: null, path: 'job', detail: 'an id expected' };
  const stage = stageOf(row);
  const name = text(stage?.name);
  return {
    refs: { candidates: candidate, jobs: job },
    values: { stageId: stage && refOf(stage), stageName: 'value' in name ? name.value : null },
  };
}

interface MatchRefs extends Record<string, string> {
  candidates: string;
  jobs: string;
}

function rest(row: Row): Rest | Surprise {
  const parts = partsOfMatch(row);
  if ('path' in parts) return parts;
  return {
    ...parts,
    ourId: typeof row.external_id === 'string' ? row.external_id : null,
    keepOut: keepOut(row),
  };
}

/**
 * Who comes to the employer another way is no applicant of KiEX: they have not agreed to anything
 * with it, and have no account here. publicMatches.ts may show them. reference/manatal.md 9.5
 */
function keepOut({ creator }: Row): string {
  return creator === null ? 'applied there, not through KiEX' : 'made there, not through KiEX';
}

const readMatch = (json: unknown) => readOne(json, applicationFields, rest);

/** Applications as matches: one per candidate and job, made once, then followed. */
export function manatalMatches(client: ManatalClient): ResourceConnector {
  const path = '/matches/';
  const reading = readingOf(client, {
    path,
    fields: applicationFields,
    rest: () => rest,
  });
  return {
    name: 'applications',
    label: 'Applications',
    fields: applicationFields,
    needs: ['candidates', 'jobs'],
    renews: ['candidates'],
    followers: ['resumes', 'notes', 'withdrawals', ...rowKinds.map(({ name }) => name)],
    // They announce a move between stages; whether also a drop is not known, so none is waited for.
    // reference/manatal.md 10.2, 10.4
    eventFor: ({ created, fields }) =>
      !created && fields.includes('stageId') ? 'match/moved' : null,
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
      return answer.ok ? readMatch(answer.value) : answer;
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
  const read = readMatch(row);
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
