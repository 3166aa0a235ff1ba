import { done, failed, type Result } from '#src/platform/failure.ts';
import { day, folded, text, type Value, type Values, yesNo } from '#src/sync/canonical.ts';
import type {
  CallContext,
  Found,
  Outgoing,
  ResourceConnector,
  TheirRecord,
} from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import { search, shortText } from './candidates.ts';
import type { ManatalClient } from './client.ts';
import { getOne } from './paging.ts';
import { asList, isRow, type Row, readOne } from './reading.ts';

/** A kind of row below a candidate that has no external id. */
export interface RowKind {
  name: string;
  label: string;
  /** The last part of its address. */
  path: string;
  /** Where it is created, when that is not the list. */
  createPath?: string;
  fields: readonly Field[];
  /** What tells one from another, from their row; a row without it is nothing of ours. [I2] */
  keyOf(row: Row): string;
  /** The same from our values. */
  key(values: Readonly<Record<string, unknown>>): string;
  bodyOf(values: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** Rows that we made may be changed. Where not, nothing is read again either. */
  isChangeable: boolean;
}

const keep = { flow: 'keep', policy: 'kiex' } as const;
const said = (raw: unknown) => folded(typeof raw === 'string' ? raw : '');
/** People remember months: a day more or less is the same school. */
const monthOf = (raw: unknown) => {
  const read = day(raw);
  return 'value' in read && typeof read.value === 'string' ? read.value.slice(0, 7) : '';
};

// The names of educations and experiences are not documented for this API; these are the ones of the
// application form. [U] reference/manatal.md 9.4, 11.2, 19.14
const educationFields: readonly Field[] = [
  { needed: true, ours: 'school', theirs: 'school', canonical: shortText, ...keep },
  { ours: 'degree', theirs: 'degree_name', canonical: shortText, ...keep },
  { ours: 'subject', theirs: 'specialization', canonical: shortText, ...keep },
  { ours: 'startedOn', theirs: 'started_at', canonical: day, ...keep },
  { ours: 'endedOn', theirs: 'ended_at', canonical: day, ...keep },
  { ours: 'location', theirs: 'location', canonical: shortText, ...keep },
  { ours: 'description', theirs: 'description', canonical: text, ...keep },
];
const experienceFields: readonly Field[] = [
  { needed: true, ours: 'title', theirs: 'title', canonical: shortText, ...keep },
  { needed: true, ours: 'employer', theirs: 'employer', canonical: shortText, ...keep },
  { ours: 'startedOn', theirs: 'started_at', canonical: day, ...keep },
  { ours: 'endedOn', theirs: 'ended_at', canonical: day, ...keep },
  { ours: 'isCurrent', theirs: 'is_current_employer', canonical: yesNo, ...keep },
  { ours: 'location', theirs: 'location', canonical: shortText, ...keep },
  { ours: 'description', theirs: 'description', canonical: text, ...keep },
];

/** Their names for canonical values. */
const bodyBy = (fields: readonly Field[]) => (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    fields.flatMap(({ ours, theirs }) => (ours in values ? [[theirs, values[ours]]] : [])),
  );

/** What their page is called there. Which names they know is not documented. [U] */
const siteNames: readonly (readonly [host: RegExp, name: string])[] = [
  [/(^|\.)linkedin\.com$/, 'linkedin'],
  [/(^|\.)github\.com$/, 'github'],
  [/(^|\.)facebook\.com$/, 'facebook'],
  [/(^|\.)instagram\.com$/, 'instagram'],
  [/(^|\.)(twitter|x)\.com$/, 'twitter'],
];
export const siteName = (url: unknown): string => {
  const host = typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : '';
  return siteNames.find(([pattern]) => pattern.test(host))?.[1] ?? 'website';
};

/** Recruiters leave out the scheme, "www." and the last slash. */
const addressKey = (raw: unknown) =>
  said(raw)
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/\/$/, '');

/** Education, experience, skills and links. Source: reference/manatal.md 9.1, 9.4 */
export const rowKinds: readonly RowKind[] = [
  {
    ...{ name: 'educations', label: 'Education', path: 'educations', fields: educationFields },
    keyOf: (row) => [said(row.school), said(row.degree_name), monthOf(row.started_at)].join('|'),
    key: (one) => [said(one.school), said(one.degree), monthOf(one.startedOn)].join('|'),
    bodyOf: bodyBy(educationFields),
    isChangeable: true,
  },
  {
    ...{ name: 'experiences', label: 'Experience', path: 'experiences', fields: experienceFields },
    keyOf: (row) => [said(row.employer), said(row.title), monthOf(row.started_at)].join('|'),
    key: (one) => [said(one.employer), said(one.title), monthOf(one.startedOn)].join('|'),
    bodyOf: bodyBy(experienceFields),
    isChangeable: true,
  },
  {
    ...{ name: 'skills', label: 'Skills', path: 'skills', createPath: 'skills/bulk', fields: [] },
    keyOf: (row) => said(row.skill_name),
    key: ({ name }) => said(name),
    // The body of a single skill is not known; that of several is seen. [S1]
    bodyOf: ({ name }) => ({ skills: [{ skill_name: name }] }),
    isChangeable: false,
  },
  {
    ...{ name: 'socialLinks', label: 'Links', path: 'social-media', fields: [] },
    keyOf: (row) => addressKey(row.social_media_url),
    key: ({ url }) => addressKey(url),
    // Not to be scraped: nobody agreed to that.
    bodyOf: ({ url }) => ({
      ...{ social_media: siteName(url), social_media_url: url, to_be_scraped: false },
    }),
    isChangeable: false,
  },
];

/** Their address of a row: the candidate is part of it. */
const theirIdOf = (candidate: string, row: string) => `${candidate}/${row}`;

/**
 * Rows below a candidate: looked for by what they say, made once, and changed only where we made
 * them. What a recruiter wrote, or a resume gave, is left as it is. reference/manatal.md 8.4, 9.1
 */
export function manatalProfileRows(client: ManatalClient, kind: RowKind): ResourceConnector {
  const listPath = (candidate: string) => `/candidates/${candidate}/${kind.path}/`;
  const itemPath = (theirId: string) => {
    const [candidate = '', row = ''] = theirId.split('/');
    return { candidate, path: `${listPath(candidate)}${row}/` };
  };
  const read = (candidate: string, json: unknown): Result<TheirRecord> => {
    const rest = () => ({
      ...{ ourId: null, refs: { candidates: candidate }, keepOut: 'not a row of KiEX' },
    });
    const one = readOne(json, kind.fields, rest);
    return one.ok ? done({ ...one.value, id: theirIdOf(candidate, one.value.id) }) : one;
  };

  const changing: Pick<ResourceConnector, 'get' | 'update'> = {
    get(context, theirId) {
      const { candidate, path } = itemPath(theirId);
      return getOne(client, context, { path, read: (json) => read(candidate, json) });
    },
    // Seen in one client only [S1]; the flow of the fields keeps it to rows that we made.
    async update(context, theirId, changes) {
      const { candidate, path } = itemPath(theirId);
      const body = withoutNullChoices(kind.bodyOf(changes));
      const answer = await client.call(context, { method: 'PATCH', path, body });
      if (answer.ok) return read(candidate, answer.value);
      const { failure } = answer;
      if (failure.kind !== 'refused' || ![404, 405].includes(failure.status)) return answer;
      const detail = `Manatal does not let KiEX change this line (${failure.status}): it stays there as it was. The recruiter can change it by hand.`;
      return failed({ ...failure, detail });
    },
  };
  return {
    name: kind.name,
    label: kind.label,
    fields: kind.fields,
    needs: ['candidates'],
    ...(kind.isChangeable ? changing : {}),
    find: (context, outgoing) =>
      findRow(client, context, { kind, outgoing, path: listPath(outgoing.refs.candidates!), read }),
    async create(context, outgoing) {
      const candidate = outgoing.refs.candidates!;
      const path = kind.createPath
        ? `/candidates/${candidate}/${kind.createPath}/`
        : listPath(candidate);
      const body = withoutNulls(kind.bodyOf(valuesOf(outgoing)));
      const answer = await client.call(context, { method: 'POST', path, body });
      if (!answer.ok) return answer;
      const rows = asList(answer.value).filter(isRow);
      const made = rows.find((row) => kind.keyOf(row) === keyOfOurs(kind, outgoing)) ?? rows[0];
      if (made) return read(candidate, made);
      return failed({ kind: 'surprising', path: 'id', detail: 'the answer names no row' });
    },
  };
}

const valuesOf = ({ values, record }: Outgoing): Values | Outgoing['record'] =>
  Object.keys(values).length > 0 ? values : record;
const keyOfOurs = (kind: RowKind, outgoing: Outgoing) => kind.key(valuesOf(outgoing));

const withoutNulls = (body: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
/** Yes or no is never cleared; texts and dates are, on purpose. reference/manatal.md 8.2 */
const withoutNullChoices = (body: Record<string, Value | unknown>) =>
  Object.fromEntries(
    Object.entries(body).filter(([name, value]) => value !== null || !name.startsWith('is_')),
  );

/** What earlier tries looked for; more than a few edits do not fit between two of them. */
const keysMax = 5;

/**
 * The row that says the same, the lowest id first: two that do are nothing for a person to decide. What an earlier try looked for under other words
 * counts as well: its answer may have been lost, and the student changed the words since. [I2] [I3]
 */
async function findRow(
  client: ManatalClient,
  context: CallContext,
  wanted: {
    kind: RowKind;
    outgoing: Outgoing;
    path: string;
    read(candidate: string, json: unknown): Result<TheirRecord>;
  },
): Promise<Result<Found>> {
  const { kind, outgoing, path, read } = wanted;
  const noted = outgoing.intent?.keys;
  const tried = Array.isArray(noted) ? noted.map(String) : [];
  const key = keyOfOurs(kind, outgoing);
  const fits = (row: Row) => [...tried, key].includes(kind.keyOf(row));
  const listed = await search(client, context, { path, query: {}, fits });
  if (!listed.ok) return listed;
  const ours = listed.value.filter((row) => tried.includes(kind.keyOf(row)));
  const [row] = ours.length > 0 ? ours : listed.value;
  if (!row) {
    const keys = [...new Set([...tried, key])].slice(-keysMax);
    return done({ found: null, intent: { keys } });
  }
  const candidate = outgoing.refs.candidates!;
  const found = read(candidate, row);
  if (!found.ok) return found;
  const note = ours.length > 0 ? null : 'It stood there already; it is left as it is.';
  return done({ found: found.value, ours: ours.length > 0, ...(note ? { note } : {}) });
}
