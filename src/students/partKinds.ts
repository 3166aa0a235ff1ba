/** What a profile may hold many of. The names are those of the resources that carry them. */
export const partKinds = ['educations', 'experiences', 'skills', 'socialLinks'] as const;
export type PartKind = (typeof partKinds)[number];

export const isPartKind = (text: string | undefined): text is PartKind =>
  (partKinds as readonly (string | undefined)[]).includes(text);

export type PartValues = Record<string, string | boolean | null>;

export interface PartField {
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
