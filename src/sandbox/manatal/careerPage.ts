import type { Context, Hono } from 'hono';
import { pendingFile } from './children.ts';
import type { Core } from './core.ts';
import type { Files } from './files.ts';
import { readAnswers } from './formAnswers.ts';
import { questionsOf, showForm } from './formQuestions.ts';
import { answerPage, detail, idIn, readBody } from './guard.ts';
import { createRecord } from './records.ts';
import type { AccountRow, JobRow } from './rows.ts';

const BASE = '/open/v3/career-page/:slug';

/**
 * The legacy career page: what the public sees of an account, and the form to apply with. No key is
 * asked for, and none is looked at. Source: reference/manatal.md 11.1, 11.2, 17.19
 */
export function addCareerPage(app: Hono, core: Core, files: Files): void {
  const isCutOff = createCutOff(core);
  const on = (
    path: string,
    handlers: Record<
      string,
      (context: Context, account: AccountRow) => Response | Promise<Response>
    >,
  ) => {
    for (const [method, handler] of Object.entries(handlers)) {
      app.on(method, `${BASE}${path}`, (context) => {
        if (isCutOff()) return detail(context, 429, 'Request was throttled.');
        const slug = context.req.param('slug');
        const account = core.accounts().find(({ careerSlug }) => careerSlug === slug);
        // The name of their model leaks. [S]
        return account ? handler(context, account) : unknown(context, 'ClientPortalSettings');
      });
    }
    app.all(`${BASE}${path}`, (context) => {
      context.header('Allow', Object.keys(handlers).join(', '));
      return detail(context, 405, `Method "${context.req.method}" not allowed.`);
    });
  };

  on('/jobs/', { GET: (context, account) => listJobs(core, context, account) });
  on('/jobs/:id{[0-9]+}/', {
    GET(context, account) {
      const job = onShow(core, account).find(({ id }) => id === idIn(context));
      return job ? context.json(showRow(core, account, job)) : detail(context, 404, 'Not found.');
    },
  });
  on('/jobs/:id{[0-9]+}/application-form/', {
    GET(context, account) {
      const job = onShow(core, account).find(({ id }) => id === idIn(context));
      return job ? context.json(showForm(core, account)) : unknown(context, 'Job');
    },
    async POST(context, account) {
      const job = onShow(core, account).find(({ id }) => id === idIn(context));
      if (!job) return unknown(context, 'Job');
      const read = await readBody(context);
      if (read instanceof Response) return read;
      return apply(context, { core, files, account, job, body: read.body });
    },
  });
}

const unknown = (context: Context, model: string) =>
  detail(context, 404, `No ${model} matches the given query.`);

/** Only what is published and active is there at all. [I] */
const onShow = (core: Core, account: AccountRow): readonly JobRow[] =>
  core.store
    .table(account.id, 'jobs')
    .rows.filter((job) => job.is_published && job.status === 'active');

function listJobs(core: Core, context: Context, account: AccountRow): Response {
  const query = new URL(context.req.url).searchParams;
  const holds = (text: string | null, part: string) =>
    (text ?? '').toLowerCase().includes(part.toLowerCase());
  const search = query.get('search') ?? '';
  const city = query.get('city__icontains') ?? '';
  const rows = onShow(core, account)
    .filter((job) => holds(job.position_name, search) || holds(job.description, search))
    .filter((job) => holds(job.city, city));
  const ordered = inOrder(rows, query.get('ordering') ?? SITES_ORDER);
  return answerPage(core, context, ordered, (job) => showRow(core, account, job));
}

/** What the public site itself asks for. [S1] */
const SITES_ORDER = '-is_pinned_in_career_page,-last_published_at';

/** The columns that order the list; any other, such as `id`, has no effect. [S1] */
const ORDER_KEYS: Record<string, (job: JobRow) => string | number> = {
  is_pinned_in_career_page: (job) => Number(job.is_pinned_in_career_page),
  // When a job was last published is not kept; when it was made stands in.
  last_published_at: (job) => job.created_at,
  position_name: (job) => job.position_name,
};

function inOrder(rows: readonly JobRow[], ordering: string): readonly JobRow[] {
  const columns = ordering.split(',').flatMap((name) => {
    const key = ORDER_KEYS[name.replace(/^-/, '')];
    return key ? [{ key, sign: name.startsWith('-') ? -1 : 1 }] : [];
  });
  return [...rows].sort((one, other) => {
    for (const { key, sign } of columns) {
      const [a, b] = [key(one), key(other)];
      if (a !== b) return a < b ? -sign : sign;
    }
    return 0;
  });
}

/** A row of the career page: no dates, no period of the pay, no status, no organization. [S] */
function showRow(core: Core, account: AccountRow, job: JobRow) {
  const { careerNamesEmployer, moneyAsNumbers } = core.switches();
  const employer = core.store.table(account.id, 'organizations').get(job.organization);
  const money = (text: string | null) => (text !== null && moneyAsNumbers ? Number(text) : text);
  const place = [job.city, job.state, job.country].filter(Boolean).join(', ');
  return {
    id: job.id,
    hash: job.hash,
    position_name: job.position_name,
    description: job.description,
    organization_name: careerNamesEmployer ? (employer?.name ?? null) : null,
    country: job.country,
    state: job.state,
    city: job.city,
    address: job.address,
    zipcode: job.zipcode,
    location_display: place,
    is_remote: job.is_remote,
    contract_details: job.contract_details,
    salary_min: money(job.salary_min),
    salary_max: money(job.salary_max),
    currency_code: job.currency,
    is_salary_visible: job.is_salary_visible,
    is_pinned_in_career_page: job.is_pinned_in_career_page,
  };
}

/** Someone applies: a candidate and a match with `creator: null`, and an answer without ids. [D] [S1] */
function apply(
  context: Context,
  sent: { core: Core; files: Files; account: AccountRow; job: JobRow; body: unknown },
): Response {
  const { core, files, account, job } = sent;
  const given = (sent.body as { application_data?: unknown } | null)?.application_data;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return context.json({ application_data: ['This field is required.'] }, 400);
  }
  const questions = questionsOf(core, account);
  const { values, messages } = readAnswers(questions, given as Record<string, unknown>);
  if (messages.length > 0) return context.json({ application_data: messages }, 400);
  const actor = { by: 'public' } as const;
  const body = candidateOf(values);
  const candidate = createRecord(core, account, { name: 'candidates', body, actor });
  if (!candidate.ok) return context.json(candidate.body, candidate.status);
  if (typeof values.resume === 'string') {
    const child = {
      id: core.store.nextId(account.id, 'resumes'),
      parent: `candidates/${candidate.row.id}`,
      creator: null,
      created_at: core.stamp(),
    };
    const row = pendingFile(core, child, values.resume);
    core.store.put(account.id, 'resumes', row);
    files.order(account, 'resumes', row);
  }
  const match = { candidate: candidate.row.id, job: job.id };
  createRecord(core, account, { name: 'matches', body: match, actor });
  return context.json({}, 201);
}

const OWN_FIELDS = new Set(['full_name', 'email', 'phone_number', 'address', 'birth_date']);

/** What a candidate has a field for goes there; the rest becomes custom fields. [I] */
function candidateOf({ resume: _resume, ...values }: Record<string, unknown>) {
  const own = Object.entries(values).filter(([slug]) => OWN_FIELDS.has(slug));
  const custom = Object.entries(values).filter(([slug]) => !OWN_FIELDS.has(slug));
  return {
    full_name: 'Applicant without a name',
    ...Object.fromEntries(own),
    custom_fields: Object.fromEntries(custom),
    consent: true,
  };
}

/** So many calls pass at any pace; beyond them only as many as flow in again. [S1] */
const CALLS_AT_ONCE = 1_200;
const CALLS_PER_SECOND = 2;

/** Whoever calls fast for long is cut off, whatever page is asked for; 2 a second always pass. [S1] */
function createCutOff(core: Core): () => boolean {
  let left = CALLS_AT_ONCE;
  let countedAt = core.clock.now().getTime();
  return () => {
    const now = core.clock.now().getTime();
    left = Math.min(CALLS_AT_ONCE, left + ((now - countedAt) / 1_000) * CALLS_PER_SECOND);
    countedAt = now;
    if (!core.switches().careerCutOff || left >= 1) {
      left = Math.max(0, left - 1);
      return false;
    }
    return true;
  };
}
