import type { Field, Fields } from './fields.ts';
import { isRealDate, readInstant } from './instants.ts';
import type { TableName } from './rows.ts';

/** Messages per field; a nested object for a nested field. */
export type FieldErrors = Record<string, string[] | Record<string, string[]>>;
export type Checked =
  | { ok: true; values: Record<string, unknown> }
  | { ok: false; errors: FieldErrors };

const SHORT_TEXT_MAX = 255;
const DATE_FORMAT = 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.';
const INSTANT_FORMAT =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';

/**
 * Checks what a client sent, with the framework's messages. [I]
 *
 * creating  true asks for the required fields; false checks only what was sent.
 * exists    whether a key points at a record of this account.
 * Returns   only the fields that may be written, in the form they are kept; unknown keys are gone.
 */
export function validate(
  fields: Fields,
  body: unknown,
  options: { creating: boolean; exists: (table: TableName, id: number) => boolean },
): Checked {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const sent = `Invalid data. Expected a dictionary, but got ${pythonName(body)}.`;
    return { ok: false, errors: { non_field_errors: [sent] } };
  }
  const given = body as Record<string, unknown>;
  const values: Record<string, unknown> = {};
  const errors: FieldErrors = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!options.creating && field.createOnly) continue;
    if (!Object.hasOwn(given, name)) {
      if (options.creating && field.required) errors[name] = ['This field is required.'];
      continue;
    }
    const read = readValue(field, given[name], options.exists);
    if ('value' in read) values[name] = read.value;
    else errors[name] = read.refused;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, values };
}

type Read = { value: unknown } | { refused: string[] | Record<string, string[]> };
type Exists = (table: TableName, id: number) => boolean;

function readValue(field: Field, given: unknown, exists: Exists): Read {
  if (given === null) {
    return field.nullable ? { value: null } : { refused: ['This field may not be null.'] };
  }
  switch (field.kind) {
    case 'text':
    case 'longText':
      return readText(field, given);
    case 'integer':
      return readInteger(given);
    case 'decimal':
      return readDecimal(given);
    case 'boolean':
      return readBoolean(given);
    case 'choice':
      return field.choices?.includes(String(given))
        ? { value: String(given) }
        : { refused: [`"${given}" is not a valid choice.`] };
    case 'date':
      return typeof given === 'string' && isRealDate(given)
        ? { value: given }
        : { refused: [DATE_FORMAT] };
    case 'instant':
    case 'dateOrInstant':
      return readTime(field, given);
    case 'key':
      return readKey(field, given, exists);
    case 'object':
      return typeof given === 'object' && !Array.isArray(given)
        ? { value: given }
        : { refused: [`Expected a dictionary of items but got type "${pythonName(given)}".`] };
    case 'url':
      return typeof given === 'string' && isWebAddress(given)
        ? { value: given }
        : { refused: ['Enter a valid URL.'] };
    case 'stage':
      return readStage(given);
  }
}

function readText(field: Field, given: unknown): Read {
  if (typeof given !== 'string' && typeof given !== 'number') {
    return { refused: ['Not a valid string.'] };
  }
  const text = String(given).trim();
  if (text === '' && field.filled) return { refused: ['This field may not be blank.'] };
  if (field.kind === 'text' && [...text].length > SHORT_TEXT_MAX) {
    return { refused: [`Ensure this field has no more than ${SHORT_TEXT_MAX} characters.`] };
  }
  return { value: text };
}

function readInteger(given: unknown): Read {
  const number = integerOf(given);
  return number === null ? { refused: ['A valid integer is required.'] } : { value: number };
}

function integerOf(given: unknown): number | null {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : null;
  if (typeof given === 'string' && /^-?\d{1,15}$/.test(given.trim())) return Number(given);
  return null;
}

/** Money is kept as text with two decimals. [D] */
function readDecimal(given: unknown): Read {
  const text = typeof given === 'number' ? String(given) : given;
  if (typeof text !== 'string' || !/^-?\d{1,15}(\.\d+)?$/.test(text.trim())) {
    return { refused: ['A valid number is required.'] };
  }
  return { value: Number(text).toFixed(2) };
}

function readBoolean(given: unknown): Read {
  if (given === true || given === 'true' || given === 1) return { value: true };
  if (given === false || given === 'false' || given === 0) return { value: false };
  return { refused: ['Must be a valid boolean.'] };
}

function readTime(field: Field, given: unknown): Read {
  // A bare date stays one where the service shows both; elsewhere it becomes its midnight.
  if (field.kind === 'dateOrInstant' && typeof given === 'string' && isRealDate(given)) {
    return { value: given };
  }
  const instant = typeof given === 'string' ? readInstant(given) : null;
  return instant ? { value: instant } : { refused: [INSTANT_FORMAT] };
}

function readKey(field: Field, given: unknown, exists: Exists): Read {
  const id = integerOf(given);
  if (id === null) return { refused: ['A valid integer is required.'] };
  if (field.to && !exists(field.to, id)) {
    return { refused: [`Invalid pk "${id}" - object does not exist.`] };
  }
  return { value: id };
}

/** A stage is written as `{"id": N}`, not as a number. [D] Whether it fits the job is checked later. */
function readStage(given: unknown): Read {
  if (typeof given !== 'object' || Array.isArray(given)) {
    const sent = `Invalid data. Expected a dictionary, but got ${pythonName(given)}.`;
    return { refused: { non_field_errors: [sent] } };
  }
  const { id } = given as { id?: unknown };
  if (id === undefined) return { refused: { id: ['This field is required.'] } };
  const number = integerOf(id);
  return number === null
    ? { refused: { id: ['A valid integer is required.'] } }
    : { value: number };
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function pythonName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool' }[typeof value as string] ?? 'dict';
}
