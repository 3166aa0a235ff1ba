import { type FieldErrors, plainLine } from '#src/accounts/credentials.ts';
import { folded } from '#src/sync/canonical.ts';
import { kindWords, type PartField, type PartKind, type PartValues } from './partKinds.ts';
import { characterCount, plainText } from './profile.ts';

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
  const different = [...Map.groupBy(names, folded).values()].map(([first]) => first!);
  if (different.length === 0) return { ok: false, errors: { name: 'Write a skill.' } };
  return { ok: true, rows: different.map((name) => ({ name })) };
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
