import { type Violation, violation } from './refusals.ts';
import type { Fields } from './siteRows.ts';

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a dotted path; undefined as soon as a step is missing. */
export function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path.split('.')) here = isObject(here) ? here[step] : undefined;
  return here;
}

/** What is not undefined: the service leaves unset fields out. (c) */
export function present<Object extends object>(fields: Object): Object {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as Object;
}

/** `value` as an object, `{}` when it is not there; anything else is a violation. */
export function objectIn(value: unknown, field: string): Fields {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw wrong(field, 'Expected an object');
  return value;
}

/** A text of at most so many characters; undefined when it is not there. */
export function textIn(value: unknown, field: string, max: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrong(field, 'Expected a string');
  if (value.length > max) {
    throw wrong(field, `has length ${value.length}, expected ${max} or less`, 'MAX_LENGTH', {
      threshold: max,
    });
  }
  return value;
}

/** A list of at most so many; undefined when it is not there. */
export function listIn(value: unknown, field: string, max: number): unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrong(field, 'Expected an array');
  if (value.length > max) throw wrong(field, `has more than ${max} items`, 'MAX_LENGTH');
  return value;
}

export function booleanIn(value: unknown, field: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrong(field, 'Expected a boolean');
  return value;
}

export function oneOf<const Choice extends string>(
  value: unknown,
  field: string,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined || value === null) return undefined;
  if (!choices.includes(value as Choice)) {
    throw wrong(field, `must be one of ${choices.join(', ')}`, 'OTHER');
  }
  return value as Choice;
}

const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const EMAIL_LENGTH_MAX = 320;

export const isEmail = (text: string) => text.length <= EMAIL_LENGTH_MAX && EMAIL.test(text);

/** An e-mail address, as it was written. */
export function emailIn(value: unknown, field: string): string {
  const email = textIn(value, field, EMAIL_LENGTH_MAX);
  if (!email || !isEmail(email)) {
    throw wrong(field, 'is not a valid email', 'FORMAT', { type: 'EMAIL' });
  }
  return email;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function guidIn(value: unknown, field: string): string {
  if (typeof value !== 'string' || !GUID.test(value)) {
    throw wrong(field, 'is not a valid GUID', 'FORMAT', { type: 'GUID' });
  }
  return value;
}

export function wrong(
  field: string,
  description: string,
  violatedRule: Violation['violatedRule'] = 'FORMAT',
  data?: Fields,
): Error {
  return violation(present({ field, description, violatedRule, data }) as Violation);
}
