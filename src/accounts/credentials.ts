import { z } from 'zod';

export const PASSWORD_LENGTH_MIN = 10;
/** A longer one only makes hashing slow. */
export const PASSWORD_LENGTH_MAX = 128;
export const NAME_LENGTH_MAX = 100;
const EMAIL_LENGTH_MAX = 254;

/** Field name to one sentence that says what to do. */
export type FieldErrors = Record<string, string>;

export interface Credentials {
  name: string;
  email: string;
  password: string;
}

export type CredentialsRead = { ok: true; value: Credentials } | { ok: false; errors: FieldErrors };

const email = z.email();

/** E-mail addresses are kept and compared in small letters, without the spaces phones add. */
export const plainEmail = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/** One line of text: trimmed, inner white space made single, no control characters. */
export const plainLine = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** What a person typed to sign up, made plain, or a sentence for each field that cannot stand. */
export function readCredentials(typed: Credentials): CredentialsRead {
  const { name, email, errors } = readPerson(typed);
  const wrongPassword = passwordError(typed.password);
  if (wrongPassword) errors.password = wrongPassword;
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { name, email, password: typed.password } };
}

/** A name and an e-mail address made plain, with a sentence for each that cannot stand. */
export function readPerson(typed: Pick<Credentials, 'name' | 'email'>) {
  const name = plainLine(typed.name);
  const email = plainEmail(typed.email);
  const errors: FieldErrors = {};
  const wrongName = nameError(name);
  if (wrongName) errors.name = wrongName;
  const wrongEmail = emailError(email);
  if (wrongEmail) errors.email = wrongEmail;
  return { name, email, errors };
}

/** Why `name`, already a plain line, cannot stand; null when it can. */
export function nameError(name: string): string | null {
  if (name === '') return 'Write your name.';
  if ([...name].length > NAME_LENGTH_MAX) {
    return `Write a name of at most ${NAME_LENGTH_MAX} characters.`;
  }
  return null;
}

/** Why `address`, already plain, cannot stand; null when it can. */
export function emailError(address: string): string | null {
  if (address === '') return 'Write your e-mail address.';
  if (address.length > EMAIL_LENGTH_MAX || !email.safeParse(address).success) {
    return 'Write an e-mail address like name@school.example.';
  }
  return null;
}

/** Why a password cannot be chosen; null when it can. */
export function passwordError(password: string): string | null {
  if (password === '') return 'Choose a password.';
  if (password.length < PASSWORD_LENGTH_MIN) {
    return `Choose a password of at least ${PASSWORD_LENGTH_MIN} characters.`;
  }
  if (password.length > PASSWORD_LENGTH_MAX) {
    return `Choose a password of at most ${PASSWORD_LENGTH_MAX} characters.`;
  }
  return null;
}
