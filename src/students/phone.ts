import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Territory } from '#src/platform/places.ts';

export type PhoneRead =
  | { ok: true /** E.164, or null when nothing was typed. */; value: string | null }
  | { ok: false; reason: 'needs_territory' | 'not_a_number' };

/**
 * A phone number as people write it, read with the student's territory as the country of a
 * seven-digit number. A number with its country code needs no territory.
 */
export function readPhone(typed: string, territory: Territory | null): PhoneRead {
  const text = typed.trim();
  if (text === '') return { ok: true, value: null };
  const number = parsePhoneNumberFromString(text, territory ?? undefined);
  if (number?.isValid()) return { ok: true, value: number.number };
  const readsAsLocal = /^[\d\s().-]+$/.test(text);
  return {
    ok: false,
    reason: territory === null && readsAsLocal ? 'needs_territory' : 'not_a_number',
  };
}

/** E.164 spaced for reading, e.g. '+1 671 649 1234'. What cannot be read is shown as it is. */
export function phoneWords(stored: string | null): string {
  if (stored === null) return '';
  return parsePhoneNumberFromString(stored)?.formatInternational() ?? stored;
}
