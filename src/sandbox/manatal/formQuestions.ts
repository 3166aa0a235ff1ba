import type { Core } from './core.ts';
import { CURRENCIES, NATIONALITIES } from './lookups.ts';
import type { AccountRow, QuestionRow } from './rows.ts';

/** A question to put on an account's application form. */
export type NewQuestion = Omit<QuestionRow, 'id'>;

const question = (slug: string, label: string, more: Partial<NewQuestion> = {}): NewQuestion => ({
  slug,
  label,
  is_required: false,
  type: 'char',
  display_type: 'text',
  options: null,
  ...more,
});
const required = { is_required: true };

/** What every form asks for, until an account asks for more. */
export const PLAIN_QUESTIONS: readonly NewQuestion[] = [
  question('full_name', 'Full name', required),
  question('email', 'E-mail', { ...required, type: 'email' }),
  question('phone_number', 'Phone number', { type: 'phone' }),
  question('resume', 'Resume', { ...required, type: 'url', display_type: 'file' }),
];

/** One question of every kind there is. */
export const RICH_QUESTIONS: readonly NewQuestion[] = [
  ...PLAIN_QUESTIONS,
  question('cover_letter', 'Why this job?', { type: 'text', display_type: 'textarea' }),
  question('linkedin', 'Your page on the web', { type: 'url' }),
  question('birth_date', 'Date of birth', { type: 'date', display_type: 'date' }),
  question('years_of_experience', 'Years of experience', { type: 'number' }),
  question('shift', 'Which shift suits you?', {
    ...required,
    display_type: 'select',
    options: ['Day', 'Night'],
  }),
  question('drivinglicence', 'Which licences do you hold?', {
    display_type: 'multiselect',
    options: ['B', 'C', 'None'],
  }),
  question('nationality', 'Nationality', { type: 'number', display_type: 'select' }),
  question('expected_currency', 'Currency of the pay you expect', {
    type: 'number',
    display_type: 'select',
  }),
  question('certificate', 'Certificate', { type: 'file', display_type: 'file' }),
];

/** Stands in for the form of an account that was made without one. */
const PLAIN_ROWS = PLAIN_QUESTIONS.map((row, index): QuestionRow => ({ id: 811 + index, ...row }));

/** The questions of an account's form, as they are kept. */
export function questionsOf(core: Core, account: AccountRow): readonly QuestionRow[] {
  const kept = core.store.table(account.id, 'questions').rows;
  return kept.length > 0 ? kept : PLAIN_ROWS;
}

/** Puts other questions in the place of those an account asked before. Their ids are new. */
export function askInstead(
  core: Core,
  account: number,
  questions: readonly NewQuestion[],
): readonly QuestionRow[] {
  for (const { id } of [...core.store.table(account, 'questions').rows]) {
    core.store.remove(account, 'questions', id);
  }
  return questions.map((wanted) => {
    const row = { id: core.store.nextId(account, 'questions'), ...wanted };
    core.store.put(account, 'questions', row);
    return row;
  });
}

export interface Option {
  value: string | number;
  label: string;
}

/** What may be chosen: its own options, or a catalogue whose ids are the answers. [S1] */
export function optionsOf({ slug, options }: QuestionRow): Option[] | null {
  if (slug === 'nationality') {
    return NATIONALITIES.map(({ id, common_name }) => ({ value: id, label: common_name }));
  }
  if (slug === 'expected_currency') {
    return CURRENCIES.map(({ id, code }) => ({ value: id, label: code }));
  }
  return options?.map((option) => ({ value: option, label: option })) ?? null;
}

/** The form as it is shown: its order is drawn anew each time, since nobody may count on it. [S1] */
export function showForm(core: Core, account: AccountRow) {
  const shown = questionsOf(core, account).map((row) => ({
    id: row.id,
    label: row.label,
    slug: row.slug,
    is_required: row.is_required,
    type: row.type,
    display_type: row.display_type,
    options: showOptions(core, row),
    field_category: null,
  }));
  for (let last = shown.length - 1; last > 0; last--) {
    const other = core.random.integer(last + 1);
    const [one, two] = [shown[last]!, shown[other]!];
    shown[last] = two;
    shown[other] = one;
  }
  return shown;
}

function showOptions(core: Core, row: QuestionRow) {
  const options = optionsOf(row);
  if (!options) return null;
  const { formOptions, formCatalogues } = core.switches();
  // Ids cannot stand as bare strings, so a catalogue comes as objects or not at all.
  if (row.options === null) return formCatalogues === 'given' ? options : null;
  return formOptions === 'objects' ? options : options.map(({ label }) => label);
}
