import { done, failed, type Result } from '#src/platform/failure.ts';
import type { Question } from '#src/sync/connector.ts';
import { surprising } from '#src/sync/connector.ts';
import { asList, idOf, isRow, type Row } from '../manatal/reading.ts';

/** What is shown as a choice, by how they draw it. */
const choices: Readonly<Record<string, Question['kind']>> = {
  select: 'one',
  radio: 'one',
  dropdown: 'one',
  multiselect: 'several',
  checkbox: 'several',
};
/** Their value types; a type that is not here is a line of text. [M7] reference/manatal.md 11.2 */
const kinds: Readonly<Record<string, Question['kind']>> = {
  text: 'text',
  email: 'email',
  phone: 'phone',
  url: 'url',
  date: 'date',
  number: 'number',
  file: 'file',
};
/** What everybody is asked first, in the order of a form; the rest follows by id. */
const firstSlugs = ['full_name', 'email', 'phone_number', 'resume'];
/** Questions whose answer is the id of one of a catalogue. reference/manatal.md 11.2 */
const catalogued = new Set(['nationality', 'expected_currency']);

/** The questions of a form, in an order of our own: theirs is not guaranteed. */
export function readForm(json: unknown): Result<Question[]> {
  if (!Array.isArray(json) && !(isRow(json) && Array.isArray(json.results))) {
    return failed(surprising('(form)', 'a list of questions expected'));
  }
  const questions: Question[] = [];
  for (const raw of asList(json)) {
    const question = readQuestion(raw);
    if (!question.ok) return question;
    questions.push(question.value);
  }
  return done(questions.sort((one, other) => rank(one) - rank(other)));
}

const rank = ({ slug, id }: Question) => {
  const first = firstSlugs.indexOf(slug);
  return first >= 0 ? first - firstSlugs.length : Number(id);
};

/** One that cannot be read spoils the form: an application without it might be refused, or be wrong. */
function readQuestion(raw: unknown): Result<Question> {
  if (!isRow(raw)) return failed(surprising('(question)', 'an object expected'));
  const id = idOf(raw.id);
  if (!id) return failed(surprising('id', 'a whole number expected'));
  const slug = typeof raw.slug === 'string' ? raw.slug : '';
  const label = typeof raw.label === 'string' && raw.label.trim() ? raw.label.trim() : slug;
  const options = readOptions(raw.options);
  return done({
    ...{ id, slug, label: label || `Question ${id}` },
    required: raw.is_required === true,
    kind: kindOf(raw, slug, options.length > 0),
    options,
  });
}

function kindOf(raw: Row, slug: string, hasOptions: boolean): Question['kind'] {
  const drawn = String(raw.display_type ?? '');
  if (drawn === 'file' || slug === 'resume') return 'file';
  const choice = Object.hasOwn(choices, drawn) ? choices[drawn]! : null;
  if (choice || hasOptions || catalogued.has(slug)) return choice ?? 'one';
  const type = String(raw.type ?? '');
  if (drawn === 'textarea') return 'text';
  return Object.hasOwn(kinds, type) ? kinds[type]! : 'line';
}

/** Texts, or objects with a value and a label, whichever they are named by. [U] */
function readOptions(raw: unknown): Question['options'] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((option) => {
    const value = isRow(option) ? (option.value ?? option.id) : option;
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const label = isRow(option) ? (option.label ?? option.name ?? value) : value;
    return [{ value, label: String(label) }];
  });
}
