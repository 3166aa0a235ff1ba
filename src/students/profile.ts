import { type FieldErrors, nameError, plainLine } from '#src/accounts/credentials.ts';
import type { Territory } from '#src/platform/places.ts';
import { type PhoneRead, readPhone } from './phone.ts';
import { isTerritory } from './territories.ts';

export const ADDRESS_LENGTH_MAX = 200;
export const ABOUT_LENGTH_MAX = 1000;

/** What a student says about themselves, ready to be stored. */
export interface StudentProfile {
  name: string;
  /** E.164 */
  phone: string | null;
  address: string | null;
  /** Null for elsewhere. */
  territory: Territory | null;
  about: string | null;
}

/** The same as it stands in a form: text, kept word for word when something is wrong. */
export interface TypedProfile {
  name: string;
  phone: string;
  address: string;
  territory: string;
  about: string;
}

export type ProfileRead = { ok: true; value: StudentProfile } | { ok: false; errors: FieldErrors };

/** What was typed, made plain, or a sentence for each field that cannot stand. */
export function readProfile(typed: TypedProfile): ProfileRead {
  const errors: FieldErrors = {};
  const name = plainLine(typed.name);
  const wrongName = nameError(name);
  if (wrongName) errors.name = wrongName;

  const territory = isTerritory(typed.territory) ? typed.territory : null;
  if (typed.territory !== '' && territory === null) errors.territory = 'Choose one of the list.';

  const phone = readPhone(typed.phone, territory);
  if (!phone.ok) errors.phone = PHONE_WORDS[phone.reason];

  const address = plainLine(typed.address);
  if (characterCount(address) > ADDRESS_LENGTH_MAX) {
    errors.address = `Write at most ${ADDRESS_LENGTH_MAX} characters.`;
  }
  const about = plainText(typed.about);
  if (characterCount(about) > ABOUT_LENGTH_MAX) {
    errors.about = `Write at most ${ABOUT_LENGTH_MAX} characters. These are ${characterCount(about)}.`;
  }
  if (!phone.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  const value = {
    name,
    phone: phone.value,
    address: address || null,
    territory,
    about: about || null,
  };
  return { ok: true, value };
}

const PHONE_WORDS: Record<Extract<PhoneRead, { ok: false }>['reason'], string> = {
  needs_territory: 'Choose where you live, or write the number with its country code, like +1 671.',
  not_a_number: 'Write a phone number like +1 671 555 0123, or leave it empty.',
};

/** Several lines of text: one kind of line end, no other control characters, trimmed. */
export const plainText = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters as a reader counts them: some letters of the region are two code points. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of characters.segment(text)) count += 1;
  return count;
}
