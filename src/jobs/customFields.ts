import { jsonOf, type Values } from '#src/sync/canonical.ts';

/** Fields that an account made for itself, as they stand in its system: key -> whatever JSON holds. */
export type CustomFields = Readonly<Record<string, unknown>>;

/** What a custom field is called where fields are named: 'customFields.shift'. */
export const customName = (key: string) => `customFields.${key}`;

/** Each key as a field of its own, so that two people may change two of them at once. [M1] */
export const keyedValues = (fields: CustomFields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [customName(key), value]));

/** The keys that are among these values, written over; the others as they are. None is ever lost. */
export function withKeys(before: CustomFields, values: Values): Record<string, unknown> {
  const start = customName('');
  const written = Object.entries(values).flatMap(([name, value]) =>
    name.startsWith(start) ? [[name.slice(start.length), jsonOf(value)] as const] : [],
  );
  return { ...before, ...Object.fromEntries(written) };
}

/** A custom field as the text of a form; null where it is no plain value (a list, an object). */
export function customTextOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? null : String(value);
}

/** What a form says of custom fields: what was altered, and what was altered elsewhere meanwhile. */
export interface CustomTyped {
  typed: Record<string, string>;
  changes: Record<string, unknown>;
  moved: string[];
}

export function customTyped(form: FormData, fields: CustomFields): CustomTyped {
  const result: CustomTyped = { typed: {}, changes: {}, moved: [] };
  for (const [key, before] of Object.entries(fields)) {
    const now = customTextOf(before);
    const text = form.get(`custom.${key}`);
    if (now === null || typeof text !== 'string') continue;
    const shown = form.get(`shown.${key}`) ?? now;
    if (text === shown) continue;
    result.typed[key] = text;
    result.changes[key] = likeBefore(text, before);
    if (shown !== now && text !== now) result.moved.push(key);
  }
  return result;
}

/** A number stays a number and a yes a yes, where what was typed can be one; emptied is nothing. */
function likeBefore(text: string, before: unknown): unknown {
  if (text.trim() === '') return null;
  const number = Number(text);
  if (typeof before === 'number' && Number.isFinite(number)) return number;
  if (typeof before === 'boolean' && /^(true|false)$/i.test(text.trim())) {
    return text.trim().toLowerCase() === 'true';
  }
  return text;
}
