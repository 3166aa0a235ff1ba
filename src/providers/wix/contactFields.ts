import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import {
  anything,
  type Canonical,
  choice,
  day,
  email,
  phone,
  text,
  yesNo,
} from '#src/sync/canonical.ts';
import type { Field } from '#src/sync/fields.ts';
import { canonicalPlace } from './islands.ts';
import { isRow, itemsOf, type Row } from './reading.ts';

/** A code of two letters, or one with a hyphen: written in capitals. */
const placeCode: Canonical = (raw) => {
  const plain = text(raw);
  if ('problem' in plain || typeof plain.value !== 'string') return plain;
  return { value: plain.value.toUpperCase() };
};

/** A list, or nothing where it is empty. */
const list: Canonical = (raw) =>
  Array.isArray(raw) && raw.length === 0 ? { value: null } : anything(raw);

/** Whether they may be sent newsletters. Read and never written: that is theirs to agree to. [P1] */
const subscription = choice({
  NO_SUBSCRIPTION_STATUS: 'not_set',
  NOT_SET: 'not_set',
  PENDING: 'pending',
  SUBSCRIBED: 'subscribed',
  UNSUBSCRIBED: 'unsubscribed',
});

// The website's people are edited on both sides: whoever did so last is right.
const both = { flow: 'both', policy: 'newest' } as const;
const inward = { flow: 'in', policy: 'provider' } as const;
// What tells KiEX's people from others there; never taken away, nor put back where staff removed it.
const fill = { flow: 'fill', policy: 'provider' } as const;

/** How a contact's fields belong together. Source: reference/wix.md 3.2, 3.8 */
export const contactFields: readonly Field[] = [
  { ours: 'firstName', theirs: 'info.name.first', canonical: text, ...both },
  { ours: 'lastName', theirs: 'info.name.last', canonical: text, ...both },
  { needed: true, ours: 'email', theirs: 'info.emails', canonical: email, ...both },
  { needed: true, ours: 'phone', theirs: 'info.phones', canonical: phone, ...both },
  { ours: 'company', theirs: 'info.company', canonical: text, ...both },
  { ours: 'jobTitle', theirs: 'info.jobTitle', canonical: text, ...both },
  { ours: 'birthdate', theirs: 'info.birthdate', canonical: day, ...both },
  { ours: 'locale', theirs: 'info.locale', canonical: text, ...both },
  { ours: 'addressLine', theirs: 'info.addresses.addressLine', canonical: text, ...both },
  { ours: 'addressLine2', theirs: 'info.addresses.addressLine2', canonical: text, ...both },
  { ours: 'city', theirs: 'info.addresses.city', canonical: text, ...both },
  { ours: 'subdivision', theirs: 'info.addresses.subdivision', canonical: placeCode, ...both },
  { ours: 'country', theirs: 'info.addresses.country', canonical: placeCode, ...both },
  { ours: 'postalCode', theirs: 'info.addresses.postalCode', canonical: text, ...both },
  { ours: 'otherEmails', theirs: 'others.emails', canonical: list, ...inward },
  { ours: 'otherPhones', theirs: 'others.phones', canonical: list, ...inward },
  { ours: 'otherAddresses', theirs: 'others.addresses', canonical: list, ...inward },
  { ours: 'labels', theirs: 'info.labelKeys', canonical: list, ...inward },
  {
    ours: 'subscription',
    theirs: 'primaryEmail.subscriptionStatus',
    canonical: subscription,
    ...inward,
  },
  { needed: true, ours: 'kiexId', theirs: 'info.extendedFields.kiex-id', canonical: text, ...fill },
  { ours: 'kiexLabel', theirs: 'info.labelKeys.kiex', canonical: yesNo, ...fill },
];

/** The key that Wix makes of the field's name, with a number behind it where that was taken. 3.8 */
const kiexIdKey = /^custom\.kiex[-_]id(?:[-_]\d+)?$/i;
const kiexLabelKey = /^custom\.kiex(?:[-_]\d+)?$/i;

export const isKiexLabel = (key: string) => kiexLabelKey.test(key);

/**
 * A contact of theirs, laid flat under the names of the mapping table.
 *
 * idField  the key of the field with our ids, where it is known.
 */
export function flatContact(contact: Row, idField: string | null): Row {
  const info = isRow(contact.info) ? contact.info : {};
  const name = isRow(info.name) ? info.name : {};
  const emails = itemsOf(info.emails);
  const phones = itemsOf(info.phones);
  const [address, ...addresses] = addressesOf(info);
  const mainEmail = mainOf(emails);
  const mainPhone = mainOf(phones);
  const labels = labelsOf(info);
  const primary = isRow(contact.primaryEmail) ? contact.primaryEmail : {};
  return {
    'info.name.first': name.first,
    'info.name.last': name.last,
    'info.emails': mainEmail?.email,
    'info.phones': mainPhone && numberOf(mainPhone),
    'info.company': info.company,
    'info.jobTitle': info.jobTitle,
    'info.birthdate': info.birthdate,
    'info.locale': info.locale,
    ...flatAddress(address),
    'others.emails': othersOf(emails, mainEmail).map(({ tag, email }) => ({ tag, email })),
    'others.phones': othersOf(phones, mainPhone).map((item) => ({
      ...{ tag: item.tag, phone: numberOf(item) },
    })),
    'others.addresses': addresses.map(({ tag, address: other }) => ({ tag, address: other })),
    'info.labelKeys': labels.filter((key) => !isKiexLabel(key)).sort(),
    'primaryEmail.subscriptionStatus': primary.subscriptionStatus,
    'info.extendedFields.kiex-id': kiexIdIn(info, idField),
    'info.labelKeys.kiex': labels.some(isKiexLabel) || null,
  };
}

/** The one that is marked, else the first; which one is otherwise not said. 3.3 */
export const mainOf = (items: readonly Row[]): Row | undefined =>
  items.find(({ primary }) => primary === true) ?? items[0];

const othersOf = (items: readonly Row[], main: Row | undefined) =>
  items.filter((item) => item !== main);

/** Addresses, the one that KiEX shows first: where somebody lives, else the first. No mark says which. */
export function addressesOf(info: Row): Row[] {
  const items = itemsOf(info.addresses);
  const home = items.find(({ tag }) => tag === 'HOME');
  return home ? [home, ...items.filter((item) => item !== home)] : items;
}

function flatAddress(item: Row | undefined): Row {
  const address = item && isRow(item.address) ? item.address : {};
  const { country, subdivision } = canonicalPlace({
    country: address.country,
    subdivision: address.subdivision,
  });
  return {
    'info.addresses.addressLine': address.addressLine ?? streetOf(address.streetAddress),
    'info.addresses.addressLine2': address.addressLine2,
    'info.addresses.city': address.city,
    'info.addresses.subdivision': subdivision,
    'info.addresses.country': country,
    'info.addresses.postalCode': address.postalCode,
  };
}

const streetOf = (street: unknown) =>
  isRow(street) ? [street.number, street.name].filter(Boolean).join(' ') : street;

/** E.164 as they worked it out, else as it can be read with its country, else as it stands. */
export function numberOf({ e164Phone, phone: written, countryCode }: Row): unknown {
  if (typeof e164Phone === 'string' && e164Phone) return e164Phone;
  if (typeof written !== 'string') return written;
  const country = typeof countryCode === 'string' ? (countryCode as CountryCode) : undefined;
  const parsed = parsePhoneNumberFromString(written, country);
  return parsed?.isPossible() ? parsed.number : written;
}

export function labelsOf(info: Row): string[] {
  const keys = isRow(info.labelKeys) ? info.labelKeys.items : info.labelKeys;
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}

export function extendedOf(info: Row): Row {
  const { extendedFields } = info;
  if (!isRow(extendedFields)) return {};
  return isRow(extendedFields.items) ? extendedFields.items : extendedFields;
}

/** Our id, in the field that KiEX made for it. */
function kiexIdIn(info: Row, idField: string | null): unknown {
  const fields = extendedOf(info);
  if (idField && fields[idField]) return fields[idField];
  const entries = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.find(([key, value]) => kiexIdKey.test(key) && Boolean(value))?.[1];
}
