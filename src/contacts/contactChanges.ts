import { z } from 'zod';
import { emailError } from '#src/accounts/credentials.ts';
import { readPhone } from '#src/students/phone.ts';
import { isTerritory } from '#src/students/territories.ts';
import { email, text, type Values } from '#src/sync/canonical.ts';

/** The fields of a contact that staff may edit. */
export const editableFields = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'company',
  'jobTitle',
  'addressLine',
  'addressLine2',
  'city',
  'postalCode',
  'subdivision',
  'country',
] as const;
export type EditableField = (typeof editableFields)[number];

/** As it stands in the form; a field that is not there is left as it is. */
export type TypedContact = Partial<Record<EditableField, string>>;
export type ContactErrors = Partial<Record<EditableField, string>>;

const lineMax = 255;

/** Reads a value as the engine will compare it, so that what is stored is what travels. [M5] */
const line = z.preprocess(
  (raw) => plain(raw),
  z
    .string()
    .refine((value) => [...value].length <= lineMax, `Write at most ${lineMax} characters.`)
    .nullable(),
);

function plain(raw: unknown): string | null {
  const read = text(raw);
  return 'value' in read && typeof read.value === 'string' ? read.value : null;
}

const code = (pattern: RegExp, words: string) =>
  z.preprocess(
    (raw) => plain(raw)?.toUpperCase() ?? null,
    z.string().regex(pattern, words).nullable(),
  );

const address = z.preprocess(
  (raw) => {
    const read = email(raw);
    return 'value' in read ? read.value : null;
  },
  z
    .string()
    .refine((value) => emailError(value) === null, 'Write an address like lani@example.edu.')
    .nullable(),
);

const changes = z
  .strictObject({
    ...{ firstName: line, lastName: line, email: address, phone: line },
    ...{ company: line, jobTitle: line, addressLine: line, addressLine2: line },
    ...{ city: line, postalCode: line },
    subdivision: code(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'Write it with its country, like FM-PNI.'),
    country: code(/^[A-Z]{2}$/, 'Write the two letters, like GU.'),
  })
  .partial();

/**
 * What was typed, in canonical form, or what is wrong with it at each field.
 *
 * country  of the contact, for a number without its country code.
 */
export function readContact(
  typed: TypedContact,
  { country }: { country: string | null },
): { ok: true; values: Values } | { ok: false; errors: ContactErrors } {
  const checked = changes.safeParse(typed);
  const errors: ContactErrors = {};
  for (const issue of checked.error?.issues ?? []) {
    const name = issue.path[0] as EditableField | undefined;
    if (!name) throw new Error(`not a field of a contact: ${issue.message}`);
    errors[name] ??= issue.message;
  }
  const values: Record<string, string | null> = { ...(checked.data as Record<string, string>) };
  const place = values.country ?? country;
  if (typed.phone) {
    const phone = readPhone(typed.phone, isTerritory(place) ? place : null);
    if (phone.ok) values.phone = phone.value;
    else errors.phone = 'Write a phone number with its country code, like +1 671 555 0123.';
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, values };
}
