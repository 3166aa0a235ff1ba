import parsePhoneNumber from 'libphonenumber-js';
import { sanitisedHtml } from '#src/platform/html.ts';

/** What a mapped value may be once it is canonical: plain JSON without nesting. */
export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

/**
 * Brings a value, ours or theirs, into the one form in which both are compared, so that a round
 * trip through a provider is not a change. [M5]
 * Returns  the canonical value, or a problem in words when the value has no business there.
 */
export type Canonical = (raw: unknown) => { value: Value } | { problem: string };

const kindOf = (raw: unknown) => (Array.isArray(raw) ? 'a list' : `a ${typeof raw}`);
const nothing = (raw: unknown) => raw === null || raw === undefined;

/** Text: NFC, trimmed, empty is null. Numbers are taken as text, since providers mix them. */
export const text: Canonical = (raw) => {
  if (nothing(raw)) return { value: null };
  if (typeof raw === 'number') return { value: String(raw) };
  if (typeof raw !== 'string') return { problem: `text expected, ${kindOf(raw)} found` };
  return { value: storable(raw).normalize('NFC').trim() || null };
};

/**
 * PostgreSQL stores neither NUL nor half of a surrogate pair (an emoji cut in two), and one such letter
 * would hold up the whole page.
 */
const storable = (raw: string) => raw.replaceAll('\0', '').toWellFormed();

/** E-mail: trimmed and lower-cased. Not checked: what stands at a provider is what stands there. */
export const email: Canonical = (raw) => {
  const plain = text(raw);
  if ('problem' in plain) return plain;
  return { value: typeof plain.value === 'string' ? plain.value.toLowerCase() : null };
};

/** Phone: E.164 where it can be read as one, else the text as it is. */
export const phone: Canonical = (raw) => {
  const plain = text(raw);
  if ('problem' in plain || typeof plain.value !== 'string') return plain;
  const parsed = parsePhoneNumber(plain.value);
  return { value: parsed?.isPossible() ? parsed.number : plain.value };
};

/** Gaps around what breaks the line anyway: editors add and drop them as they please. */
const gaps = /[ \t\n\f]*(<\/?(?:p|h[234]|ul|ol|li|blockquote|hr|br)(?: \/)?>)[ \t\n\f]*/g;

/** HTML: sanitised, without the gaps that no reader sees; empty is null. */
export const html: Canonical = (raw) => {
  const plain = text(raw);
  if ('problem' in plain || typeof plain.value !== 'string') return plain;
  return { value: sanitisedHtml(plain.value).replace(gaps, '$1').trim() || null };
};

/** Money: a decimal as text without a tail of noughts ("12.50" and 12.5 are "12.5"). Never a float. */
export const decimal: Canonical = (raw) => {
  if (nothing(raw) || raw === '') return { value: null };
  if (typeof raw !== 'string' && typeof raw !== 'number') {
    return { problem: `an amount expected, ${kindOf(raw)} found` };
  }
  const match = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(String(raw).trim());
  if (!match) return { problem: 'an amount expected, other text found' };
  const [, sign, whole, fraction] = match;
  const digits = fraction ? `${whole}.${fraction}` : whole!;
  return { value: digits === '0' ? '0' : sign + digits };
};

/** A decimal of which nought means "not set". */
export const amount: Canonical = (raw) => {
  const plain = decimal(raw);
  return 'value' in plain && plain.value === '0' ? { value: null } : plain;
};

/** What a column of whole numbers holds; one row beyond it would hold up its page. [F3] */
const integerMax = 2 ** 31 - 1;

export const integer: Canonical = (raw) => {
  if (nothing(raw) || raw === '') return { value: null };
  const number = typeof raw === 'string' ? Number(raw) : raw;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
    return { problem: `a whole number expected, ${kindOf(raw)} found` };
  }
  if (Math.abs(number) > integerMax) {
    return { problem: 'a whole number below 2,147,483,648 expected, a greater one found' };
  }
  return { value: number === 0 ? 0 : number };
};

export const yesNo: Canonical = (raw) => {
  if (nothing(raw)) return { value: null };
  if (typeof raw !== 'boolean') return { problem: `yes or no expected, ${kindOf(raw)} found` };
  return { value: raw };
};

/** An instant, as UTC with milliseconds. Without a zone it is read as UTC; a bare date is its midnight. */
export const instant: Canonical = (raw) => {
  if (nothing(raw) || raw === '') return { value: null };
  if (raw instanceof Date) return { value: raw.toISOString() };
  if (typeof raw !== 'string') return { problem: `a time expected, ${kindOf(raw)} found` };
  const pattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/;
  const match = pattern.exec(raw.trim());
  const parsed = match && new Date(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`);
  if (!parsed || Number.isNaN(parsed.getTime())) {
    return { problem: 'a time expected, other text found' };
  }
  return { value: parsed.toISOString() };
};

/**
 * A day, as YYYY-MM-DD. People remember a year or a month: it is that one's first day. What stands
 * behind the day is cut off.
 */
export const day: Canonical = (raw) => {
  const plain = text(raw);
  if ('problem' in plain || typeof plain.value !== 'string') return plain;
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?$/.exec(plain.value);
  if (!match) return { problem: 'a date expected, other text found' };
  const [, year, month = '01', ofMonth = '01'] = match;
  return { value: `${year}-${month}-${ofMonth}` };
};

/** Lower case and single spaces: what people write in many ways and mean as one. */
export const folded = (words: string): string =>
  words.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/**
 * A word out of a known list, translated; a word we do not know is kept as it is, marked. [M7]
 * words  their word -> ours
 * own    words of ours that none of theirs means
 */
export function choice(
  words: Readonly<Record<string, string>>,
  own: readonly string[] = [],
): Canonical {
  const ours = new Set([...Object.values(words), ...own]);
  return (raw) => {
    const plain = text(raw);
    if ('problem' in plain || typeof plain.value !== 'string') return plain;
    if (Object.hasOwn(words, plain.value)) return { value: words[plain.value]! };
    const known = ours.has(plain.value) || plain.value.startsWith('other:');
    return { value: known ? plain.value : `other:${plain.value}` };
  };
}

const asJson = 'json:';

/**
 * Whatever JSON holds, where nobody says what it should be: plain values as they are, the rest as
 * its text with the keys in order, so that equal things are equal text.
 */
export const anything: Canonical = (raw) => {
  if (nothing(raw)) return { value: null };
  if (typeof raw === 'number' || typeof raw === 'boolean') return { value: raw };
  if (typeof raw === 'string' && !raw.startsWith(asJson)) return { value: storable(raw) };
  return { value: asJson + storable(JSON.stringify(raw, inOrder)) };
};

/** The JSON that such a value stands for. */
export const jsonOf = (value: Value): unknown =>
  typeof value === 'string' && value.startsWith(asJson)
    ? JSON.parse(value.slice(asJson.length))
    : value;

const inOrder = (_key: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
