import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Call, json } from './answers.ts';
import { envelope, filtered, matchesOf, rewritten, shown, time } from './wire.ts';
import { edit, put, type Row, stages, type World } from './world.ts';

interface Tools {
  dice: () => number;
  otherHost: string;
  emit: (model: string, action: string, id: number) => void;
}

/** Manatal fetches a file this much later, and until then shows no resume at all. */
const fetchMilliseconds = 3_500;

const models = {
  organizations: 'Organization',
  jobs: 'Job',
  candidates: 'Candidate',
  matches: 'CandidateJobMatch',
} as const;
type Collection = keyof typeof models;

const missing = (model: string) => json(404, { detail: `No ${model} matches the given query.` });

/** /open/v3/…: every answer of the API, before anything goes wrong with it. */
export function answerApi(world: World, call: Call, tools: Tools): Answer {
  const [name = '', id, nested] = call.path.replace('/open/v3/', '').split('/').filter(Boolean);
  if (call.method === 'PUT' || call.method === 'DELETE')
    return json(405, { detail: `Method "${call.method}" not allowed.` });
  if (name === 'users') return json(200, { count: 1, next: null, results: [{ id: '880001' }] });
  if (name === 'job-pipelines') {
    return json(200, [{ id: '41200', name: 'Flow', job_pipeline_stages: stages }]);
  }
  if (!(name in models)) return json(404, { detail: 'Not found.' });
  const collection = name as Collection;
  if (!id)
    return call.method === 'GET'
      ? list(world, collection, call, tools)
      : make(world, collection, call, tools);
  const row = world[collection].get(Number(id));
  if (collection === 'organizations' && world.brokenOrganizations.has(Number(id)))
    return { status: 500, text: '<h1>Server Error (500)</h1>', headers: {} };
  if (!row) return missing(models[collection]);
  if (nested) return below(world, { collection, row, nested }, call, tools);
  if (call.method === 'PATCH') {
    edit(row, call.body);
    return json(200, { ...shown(row, 'echo'), ...call.body });
  }
  return json(200, shown(row, 'one'));
}

function list(world: World, collection: Collection, { query, path }: Call, tools: Tools): Answer {
  const all = [...world[collection].values()];
  const readable = all.filter(
    ({ id }) => collection !== 'organizations' || !world.brokenOrganizations.has(id),
  );
  const rows = filtered(readable, query);
  const page = envelope(rows, query, { ...tools, path });
  return page ? json(200, page) : json(404, { detail: 'Invalid page.' });
}

/** Answers 200 where 201 is meant. */
function make(world: World, collection: Collection, { body }: Call, { emit }: Tools): Answer {
  if (collection === 'candidates') {
    if (!body.full_name) return json(400, { full_name: ['This field is required.'] });
    const made = put(world, world.candidates, { creator: 880001, owner: 880001, ...body });
    emit('candidate', 'create', made.id);
    return json(200, shown(made, 'echo'));
  }
  if (collection !== 'matches') return json(400, { detail: 'Not in this world.' });
  const [candidate, job] = [Number(body.candidate), Number(body.job)];
  for (const [name, rows, id] of [
    ['candidate', world.candidates, candidate],
    ['job', world.jobs, job],
  ] as const) {
    if (!rows.has(id))
      return json(400, { [name]: [`Invalid pk "${id}" - object does not exist.`] });
  }
  // An account without the duplicate's text; only the undocumented field of the error page.
  if (matchesOf(world, candidate).some((match) => match.job === job))
    return json(409, { details: 'The object already exists.' });
  const made = put(world, world.matches, {
    candidate,
    job,
    external_id: body.external_id ?? null,
    creator: 880001,
    is_active: true,
    stage: 515001,
    submitted_at: null,
    interview_at: null,
    offer_at: null,
    hired_at: null,
    dropped_at: null,
  });
  emit('match', 'create', made.id);
  return json(200, shown(made, 'echo'));
}

interface Under {
  collection: Collection;
  row: Row;
  nested: string;
}

function below(world: World, { collection, row, nested }: Under, call: Call, tools: Tools): Answer {
  const isPost = call.method === 'POST';
  const at = `${collection}/${row.id}`;
  const under = (rows: Map<number, Row>) => [...rows.values()].filter((one) => one.at === at);
  if (collection === 'candidates' && nested === 'matches') {
    const page = envelope(matchesOf(world, row.id), call.query, { ...tools, path: call.path })!;
    // The candidate goes without saying.
    const results = (page.results as Record<string, unknown>[]).map(
      ({ candidate: _, ...rest }) => rest,
    );
    return json(200, { ...page, results });
  }
  if (collection === 'candidates' && nested === 'resume')
    return isPost ? takeResume(world, at, call) : showResume(under(world.resumes));
  if (collection === 'candidates' && nested === 'attachments')
    return isPost
      ? takeAttachment(world, at, call)
      : json(200, { count: 0, results: under(world.attachments).map((one) => shown(one, 'list')) });
  if (nested !== 'notes') return json(404, { detail: 'Not found.' });
  if (!isPost) {
    const results = under(world.notes).map((one) => shown(one, 'list'));
    return json(200, { count: results.length, next: null, previous: null, results });
  }
  if (typeof call.body.info !== 'string') return json(400, { info: ['This field is required.'] });
  const made = put(world, world.notes, { at, info: rewritten(call.body.info), creator: 880001 });
  return json(200, { id: made.id });
}

/** One object, not a list; nothing at all until the file has been fetched. */
function showResume([resume]: Row[]): Answer {
  if (!resume?.resume_file) return missing('Resume');
  const { id, resume_file } = resume;
  const signed = `${resume_file}?Signature=${resume.updatedAt}`;
  return json(200, { id, resume_file: signed, created_at: time(resume.createdAt, 'one', id) });
}

function takeResume(world: World, at: string, { body }: Call): Answer {
  const has = [...world.resumes.values()].some((one) => one.at === at);
  if (has) return json(400, ['Candidate already has a resume.']);
  const made = put(world, world.resumes, { at, resume_file: null });
  void fetchFile(made, 'resume_file', String(body.resume_file));
  return json(200, { id: made.id, created_at: time(made.createdAt, 'echo', made.id) });
}

function takeAttachment(world: World, at: string, { body }: Call): Answer {
  const made = put(world, world.attachments, { at, name: body.name, file: null });
  void fetchFile(made, 'file', String(body.file));
  return json(200, { id: made.id, name: body.name });
}

/** Takes the file from its address later; when that fails, nobody hears of it. */
async function fetchFile(row: Row, field: string, address: string): Promise<void> {
  await pause(fetchMilliseconds);
  const response = await fetch(address, { redirect: 'manual' }).catch(() => null);
  if (response?.status !== 200) return;
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length > 5 * 1024 * 1024 || !bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) return;
  row.bytes = bytes.toString('latin1');
  row[field] = `https://files.example-cdn.net/${row.id}.pdf`;
}
