import { type FieldErrors, plainLine } from '#src/accounts/credentials.ts';
import { folded } from '#src/sync/canonical.ts';
import { characterCount, plainText } from './profile.ts';

/** What a profile may hold many of. The names are those of the resources that carry them. */
export const partKinds = ['educations', 'experiences', 'skills', 'socialLinks'] as const;
export type PartKind = (typeof partKinds)[number];

export const isPartKind = (text: string | undefined): text is PartKind =>
  (partKinds as readonly (string | undefined)[]).includes(text);

export type PartValues = Record<string, string | boolean | null>;

interface PartField {
  name: string;
  label: string;
  type: 'line' | 'text' | 'month' | 'yesNo' | 'address';
  hint?: string;
  needed?: boolean;
}

interface KindWords {
  title: string;
  one: string;
  /** Why it is empty, and what to do. */
  empty: string;
  fields: readonly PartField[];
  /** The fields that tell one from another. */
  key: readonly string[];
  /** Can it be changed there once it is sent? What cannot is taken off and added anew. */
  isEditable: boolean;
  max: number;
}

const monthHint = 'A month like 2024-08, or just the year.';
const from: PartField = { name: 'startedOn', label: 'From', type: 'month', hint: monthHint };
const until: PartField = { name: 'endedOn', label: 'Until', type: 'month' };
const place: PartField = { name: 'location', label: 'Place', type: 'line' };

export const kindWords: Readonly<Record<PartKind, KindWords>> = {
  educations: {
    title: 'Education',
    one: 'school',
    empty: 'None yet. Add a school, a course or a certificate.',
    fields: [
      { name: 'school', label: 'School', type: 'line', needed: true },
      { name: 'degree', label: 'Degree or certificate', type: 'line' },
      { name: 'subject', label: 'Subject', type: 'line' },
      from,
      { ...until, hint: 'Leave it empty while you are there.' },
      place,
      { name: 'description', label: 'What you did there', type: 'text' },
    ],
    key: ['school', 'degree', 'startedOn'],
    isEditable: true,
    max: 20,
  },
  experiences: {
    title: 'Experience',
    one: 'job',
    empty: 'None yet. Add a job, an internship or volunteer work.',
    fields: [
      { name: 'title', label: 'What you did', type: 'line', needed: true, hint: 'Like "Barista".' },
      { name: 'employer', label: 'Employer', type: 'line', needed: true },
      from,
      until,
      { name: 'isCurrent', label: 'I work there now', type: 'yesNo' },
      place,
      { name: 'description', label: 'About it', type: 'text' },
    ],
    key: ['employer', 'title', 'startedOn'],
    isEditable: true,
    max: 20,
  },
  skills: {
    title: 'Skills',
    one: 'skill',
    empty: 'None yet. Add what you can do, in a word or two each.',
    fields: [
      {
        ...{ name: 'name', label: 'Skill', type: 'line', needed: true },
        hint: 'Several at once: put commas between them.',
      },
    ],
    key: ['name'],
    isEditable: false,
    max: 40,
  },
  socialLinks: {
    title: 'Links',
    one: 'link',
    empty: 'None yet. Add your LinkedIn page, or a site with your work.',
    fields: [
      {
        ...{ name: 'url', label: 'Address', type: 'address', needed: true },
        hint: 'The whole address, like https://www.linkedin.com/in/your-name.',
      },
    ],
    key: ['url'],
    isEditable: false,
    max: 10,
  },
};

/** Short text fields at the providers hold 255; what people write is shorter. */
const lineLengthMax = 200;
const textLengthMax = 2_000;

export type PartRead = { ok: true; rows: PartValues[] } | { ok: false; errors: FieldErrors };

/** What was typed, made plain, or a sentence for each field that cannot stand. */
export function readPart(kind: PartKind, typed: Readonly<Record<string, string>>): PartRead {
  const errors: FieldErrors = {};
  const values: PartValues = {};
  for (const field of kindWords[kind].fields) {
    const read = readField(field, typed[field.name] ?? '');
    if ('wrong' in read) errors[field.name] = read.wrong;
    else values[field.name] = read.value;
  }
  const { startedOn, endedOn, isCurrent } = values;
  if (typeof startedOn === 'string' && typeof endedOn === 'string' && endedOn < startedOn) {
    // '2024' stands before '2024-08': a year alone ends with its last month.
    if (!startedOn.startsWith(endedOn)) errors.endedOn = 'It cannot end before it began.';
  }
  if (isCurrent && endedOn) errors.endedOn = 'Leave the end empty while you work there.';
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  if (kind !== 'skills') return { ok: true, rows: [values] };
  const names = String(values.name).split(',').map(plainLine).filter(Boolean);
  const different = new Map(names.map((name) => [folded(name), name]));
  if (different.size === 0) return { ok: false, errors: { name: 'Write a skill.' } };
  return { ok: true, rows: [...different.values()].map((name) => ({ name })) };
}

function readField(
  { type, label, needed }: PartField,
  typed: string,
): { value: string | boolean | null } | { wrong: string } {
  if (type === 'yesNo') return { value: typed === 'yes' };
  const value = type === 'text' ? plainText(typed) : plainLine(typed);
  const max = type === 'text' ? textLengthMax : lineLengthMax;
  if (characterCount(value) > max) return { wrong: `Write at most ${max} characters.` };
  if (value === '') {
    return needed ? { wrong: `Fill in this field: ${label}.` } : { value: null };
  }
  if (type === 'month' && !isMonth(value)) {
    return { wrong: 'Write a month like 2024-08, or a year like 2024.' };
  }
  if (type === 'address') {
    const address = siteAddress(value);
    return address ? { value: address } : { wrong: 'Write the whole address of a page.' };
  }
  return { value };
}

const isMonth = (text: string) => /^(19|20)\d\d(-(0[1-9]|1[0-2]))?$/.test(text);

/** A public address in its usual spelling; null when it is none. What was typed without https gets it. */
function siteAddress(typed: string): string | null {
  const whole = /^[a-z]+:/i.test(typed) ? typed : `https://${typed}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  const isSite = url && /^https?:$/.test(url.protocol) && /\.[a-z]{2,}$/i.test(url.hostname);
  return isSite && !url.username && !url.password ? url.href : null;
}

/** What tells one row from the others of its kind, in every spelling the same. */
export const partKey = (kind: PartKind, values: PartValues): string =>
  kindWords[kind].key.map((name) => folded(String(values[name] ?? ''))).join('|');

/** A row in a line, for lists. */
export function partLine(kind: PartKind, values: PartValues): { words: string; more: string } {
  const said = (...names: string[]) => names.map((name) => values[name]).filter(Boolean);
  if (kind === 'skills') return { words: String(values.name), more: '' };
  if (kind === 'socialLinks') return { words: String(values.url), more: '' };
  const until = kind === 'experiences' && values.isCurrent ? 'now' : (values.endedOn ?? '');
  const years = [values.startedOn, until].filter(Boolean).join(' to ');
  const [first, ...rest] =
    kind === 'educations'
      ? [values.school, ...said('degree', 'subject', 'location')]
      : [values.title, ...said('employer', 'location')];
  return { words: String(first), more: [...rest, ...(years ? [years] : [])].join(', ') };
}
