import type { Context } from 'hono';
import { existsIn, withParent } from './childRoutes.ts';
import { isVisible, pendingFile } from './children.ts';
import type { Core } from './core.ts';
import {
  CANDIDATE_NATIONALITY_FIELDS,
  CANDIDATE_SKILL_FIELDS,
  CANDIDATE_TAG_FIELDS,
  type Fields,
  RESUME_FIELDS,
} from './fields.ts';
import type { Files } from './files.ts';
import { answerList, detail, type Handler, idIn, type Routes, readBody } from './guard.ts';
import { signedLink } from './links.ts';
import { nationalityNamed } from './lookups.ts';
import type { AccountRow, ChildRow, FileRow, NamedRow } from './rows.ts';
import { validate } from './validate.ts';

const OF = '/candidates/:id{[0-9]+}';

/** What only candidates have, each in its own way: resume, tags, skills, nationalities. Source: 9.4 */
export function addCandidateRoutes(routes: Routes, core: Core, files: Files): void {
  addResume(routes, core, files);
  addTags(routes, core);
  addSkills(routes, core);
  addNationalities(routes, core);
}

const parentOf = (context: Context) => `candidates/${idIn(context)}`;

function addResume(routes: Routes, core: Core, files: Files): void {
  const show = (account: AccountRow) => (row: FileRow) => ({
    id: row.id,
    resume_file: signedLink(core, account.id, 'resumes', row),
    created_at: row.created_at,
  });
  const all = (context: Context, account: AccountRow) =>
    core.store.table(account.id, 'resumes').where('parent', parentOf(context));

  const list: Handler = (context, account) => {
    const rows = all(context, account).filter(isVisible);
    const { resumeShape, noResume } = core.switches();
    const newest = rows.at(-1);
    if (!newest && (noResume === 'not_found' || resumeShape === 'object')) {
      return detail(context, 404, 'Not found.');
    }
    if (resumeShape === 'object' && newest) return context.json(show(account)(newest));
    return answerList(core, context, { rows, show: show(account), shape: 'resumeShape' });
  };

  routes.on(`${OF}/resume/`, {
    GET: withParent(core, 'candidates', list),
    POST: withParent(core, 'candidates', (context, account) =>
      withValues(core, context, account, RESUME_FIELDS, ({ resume_file: address }) => {
        const present = [...all(context, account)];
        const { secondResume } = core.switches();
        // One that still waits for its download counts: its row exists. [U→choice]
        if (present.length > 0 && secondResume === 'refuse') {
          const text = 'This candidate already has a resume.';
          return context.json({ non_field_errors: [text] }, 400);
        }
        if (secondResume === 'replace') {
          for (const row of present) forgetResume(core, files, account, row.id);
        }
        const row = pendingFile(core, newChild(core, account, 'resumes', context), String(address));
        core.store.put(account.id, 'resumes', row);
        files.order(account, 'resumes', row);
        return context.json(show(account)(row), 201);
      }),
    ),
  });
  routes.on(`${OF}/resume/:child{[0-9]+}/`, {
    DELETE: withParent(core, 'candidates', (context, account) => {
      const row = all(context, account).find(({ id }) => id === idIn(context, 'child'));
      if (!row) return detail(context, 404, 'Not found.');
      forgetResume(core, files, account, row.id);
      return context.body(null, 204);
    }),
  });
}

function forgetResume(core: Core, files: Files, account: AccountRow, id: number): void {
  core.store.remove(account.id, 'resumes', id);
  files.forget(account.id, 'resumes', id);
}

function addTags(routes: Routes, core: Core): void {
  const show = (account: AccountRow) => (link: ChildRow) => ({
    id: link.id,
    tag: core.store.table(account.id, 'tags').get(Number(link.tagId))?.name ?? null,
  });
  const all = (context: Context, account: AccountRow) =>
    core.store.table(account.id, 'candidateTags').where('parent', parentOf(context));

  routes.on(`${OF}/tags/`, {
    GET: withParent(core, 'candidates', (context, account) => {
      const rows = all(context, account);
      return answerList(core, context, { rows, show: show(account), shape: 'tagsShape' });
    }),
    POST: withParent(core, 'candidates', (context, account) =>
      withValues(core, context, account, CANDIDATE_TAG_FIELDS, ({ tag }) => {
        const known = findOrMake(core, account, 'tags', String(tag));
        const link = { ...newChild(core, account, 'candidateTags', context), tagId: known.id };
        core.store.put(account.id, 'candidateTags', link);
        return context.json(show(account)(link), 201);
      }),
    ),
  });
  // Removed by the id of the link, not of the tag. [S1]
  routes.on(`${OF}/tags/:child{[0-9]+}/`, {
    DELETE: withParent(core, 'candidates', (context, account) => {
      const link = all(context, account).find(({ id }) => id === idIn(context, 'child'));
      if (!link) return detail(context, 404, 'Not found.');
      core.store.remove(account.id, 'candidateTags', link.id);
      return context.body(null, 204);
    }),
  });
}

function addSkills(routes: Routes, core: Core): void {
  const show = ({ parent: _parent, creator: _creator, ...skill }: ChildRow) => skill;
  const add = (context: Context, account: AccountRow, values: Record<string, unknown>) => {
    const skill = findOrMake(core, account, 'skills', String(values.skill_name));
    const child = newChild(core, account, 'candidateSkills', context);
    const row = {
      ...child,
      skill: skill.id,
      skill_name: skill.name,
      score: values.score ?? null,
      source: 'api',
      updated_at: child.created_at,
    };
    core.store.put(account.id, 'candidateSkills', row);
    return show(row);
  };

  routes.on(`${OF}/skills/`, {
    GET: withParent(core, 'candidates', (context, account) => {
      const table = core.store.table(account.id, 'candidateSkills');
      const rows = table.where('parent', parentOf(context));
      return answerList(core, context, { rows, show, shape: 'skillsShape' });
    }),
    POST: withParent(core, 'candidates', (context, account) =>
      withValues(core, context, account, CANDIDATE_SKILL_FIELDS, (values) =>
        context.json(add(context, account, values), 201),
      ),
    ),
  });
  routes.on(`${OF}/skills/bulk/`, {
    POST: withParent(core, 'candidates', async (context, account) => {
      const read = await readBody(context);
      if (read instanceof Response) return read;
      const skills = (read.body as { skills?: unknown } | null)?.skills;
      if (!Array.isArray(skills)) return context.json({ skills: ['This field is required.'] }, 400);
      const options = { creating: true, exists: existsIn(core)(account) };
      const checked = skills.map((skill) => validate(CANDIDATE_SKILL_FIELDS, skill, options));
      if (checked.some((one) => !one.ok)) {
        return context.json({ skills: checked.map((one) => (one.ok ? {} : one.errors)) }, 400);
      }
      const made = checked.map((one) => (one.ok ? add(context, account, one.values) : null));
      return context.json(made, 201);
    }),
  });
}

function addNationalities(routes: Routes, core: Core): void {
  const all = (context: Context, account: AccountRow) =>
    core.store.table(account.id, 'candidateNationalities').where('parent', parentOf(context));
  const show = (account: AccountRow) => (row: ChildRow) => ({
    id: row.id,
    country: row.country,
    candidate: Number(row.parent.split('/')[1]),
    creator_name: core.store.table(account.id, 'users').get(row.creator ?? 0)?.full_name ?? null,
    nationality: row.nationality,
  });
  routes.on(`${OF}/nationalities/`, {
    GET: withParent(core, 'candidates', (context, account) => {
      const list = { rows: all(context, account), show: show(account) };
      return answerList(core, context, { ...list, shape: 'nationalitiesShape' });
    }),
    POST: withParent(core, 'candidates', (context, account) =>
      withValues(core, context, account, CANDIDATE_NATIONALITY_FIELDS, ({ country }) => {
        const child = newChild(core, account, 'candidateNationalities', context);
        const nationality = nationalityNamed(String(country))?.id ?? null;
        const row = { ...child, country, nationality };
        core.store.put(account.id, 'candidateNationalities', row);
        return context.json(show(account)(row), 201);
      }),
    ),
  });
  routes.on(`${OF}/nationalities/:child{[0-9]+}/`, {
    GET: withParent(core, 'candidates', (context, account) => {
      const row = all(context, account).find(({ id }) => id === idIn(context, 'child'));
      return row ? context.json(show(account)(row)) : detail(context, 404, 'Not found.');
    }),
  });
}

type CandidateChild = 'resumes' | 'candidateTags' | 'candidateSkills' | 'candidateNationalities';

function newChild(
  core: Core,
  account: AccountRow,
  table: CandidateChild,
  context: Context,
): ChildRow {
  return {
    id: core.store.nextId(account.id, table),
    parent: parentOf(context),
    creator: account.keyUser,
    created_at: core.stamp(),
  };
}

function findOrMake(
  core: Core,
  account: AccountRow,
  table: 'tags' | 'skills',
  name: string,
): NamedRow {
  const known = core.store.table(account.id, table).rows.find((row) => row.name === name);
  if (known) return known;
  const row = { id: core.store.nextId(account.id, table), name };
  core.store.put(account.id, table, row);
  return row;
}

/** Reads and checks the body, then answers with what `use` makes of it. */
async function withValues(
  core: Core,
  context: Context,
  account: AccountRow,
  fields: Fields,
  use: (values: Record<string, unknown>) => Response,
): Promise<Response> {
  const read = await readBody(context);
  if (read instanceof Response) return read;
  const checked = validate(fields, read.body, { creating: true, exists: existsIn(core)(account) });
  return checked.ok ? use(checked.values) : context.json(checked.errors, 400);
}
