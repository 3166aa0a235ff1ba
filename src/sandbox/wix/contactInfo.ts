import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Scene } from './core.ts';
import { refuse, sparse } from './refusals.ts';
import type { ContactInfo, EmailItem, PhoneItem } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { emailIn, isObject, listIn, objectIn, oneOf, present, textIn, wrong } from './values.ts';

const TEXT_MAX = 1_000;
const ITEMS_MAX = 50;
const PHONE_MAX = 50;
const LABELS_MAX = 2_000;
const EMAIL_TAGS = ['UNTAGGED', 'MAIN', 'HOME', 'WORK'] as const;
const PHONE_TAGS = [...EMAIL_TAGS, 'MOBILE', 'FAX'] as const;
const ADDRESS_TAGS = ['UNTAGGED', 'HOME', 'WORK', 'BILLING', 'SHIPPING'] as const;

/**
 * Reads the writable part of a contact over what is kept; only what is sent changes. An empty text
 * clears its field. (u) Unknown keys are ignored in silence.
 *
 * Fails  throws a refusal that names the field.
 * Source reference/wix.md 3.2, 3.4
 */
export function readInfo(scene: Scene, sent: unknown, kept: ContactInfo = {}): ContactInfo {
  const given = objectIn(sent, 'info');
  const text = (name: 'company' | 'jobTitle' | 'birthdate' | 'locale') =>
    given[name] === undefined ? kept[name] : textIn(given[name], `info.${name}`, TEXT_MAX);
  const birthdate = text('birthdate');
  if (birthdate && !/^\d{4}-\d{2}-\d{2}$/.test(birthdate)) {
    throw wrong('info.birthdate', 'must be YYYY-MM-DD');
  }
  const locale = text('locale');
  if (locale && !/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(locale)) {
    throw wrong('info.locale', 'must be a BCP-47 tag');
  }
  const merged: Record<keyof ContactInfo, unknown> = {
    name: nameIn(scene, given.name, kept.name),
    emails: listPart(scene, given.emails, kept.emails, (items) => emailsIn(scene, items)),
    phones: listPart(scene, given.phones, kept.phones, (items) => phonesIn(scene, items)),
    addresses: listPart(scene, given.addresses, kept.addresses, (items) =>
      addressesIn(scene, items),
    ),
    company: text('company') || undefined,
    jobTitle: text('jobTitle') || undefined,
    birthdate: birthdate || undefined,
    locale: locale || undefined,
    labelKeys: labelsIn(scene, given.labelKeys, kept.labelKeys),
    extendedFields: extendedIn(scene, given.extendedFields, kept.extendedFields),
  };
  return present(merged) as ContactInfo;
}

/** What counts as something to write: a key of `info` that exists. */
export function namesSomething(info: unknown): boolean {
  return isObject(info) && Object.keys(info).some((name) => INFO_KEYS.has(name));
}
const INFO_KEYS = new Set<string>([
  ...['name', 'emails', 'phones', 'addresses', 'company', 'jobTitle', 'birthdate', 'locale'],
  ...['labelKeys', 'extendedFields', 'picture'],
]);

function nameIn(scene: Scene, sent: unknown, kept: ContactInfo['name']): ContactInfo['name'] {
  if (sent === undefined) return kept;
  const given = objectIn(sent, 'info.name');
  const base = scene.core.switches().contactNamePatch === 'merge' ? kept : {};
  const half = (name: 'first' | 'last') =>
    (given[name] === undefined
      ? base?.[name]
      : textIn(given[name], `info.name.${name}`, TEXT_MAX)) || undefined;
  const name = present({ first: half('first'), last: half('last') }) as { first?: string };
  return Object.keys(name).length > 0 ? name : undefined;
}

type Items<Item> = { items: Item[] } | undefined;

function listPart<Item extends { id: string }>(
  { core }: Scene,
  sent: unknown,
  kept: Items<Item>,
  read: (items: unknown[]) => Item[],
): Items<Item> {
  if (sent === undefined) return kept;
  // A list without its `items` is the shape of v5, which v4 refuses in these words. (v) 3.9
  if (!isObject(sent)) throw sparse(400, 'Expected an object');
  const raw = listIn(sent.items, 'info.items', ITEMS_MAX);
  if (!raw) return kept;
  if (raw.length === 0 && !core.switches().emptyListClears) return kept;
  const items = read(raw);
  const all = core.switches().contactListPatch === 'append' ? joined(kept?.items, items) : items;
  return all.length > 0 ? { items: all } : undefined;
}

function joined<Item extends { id: string }>(kept: Item[] = [], items: Item[]): Item[] {
  const replaced = new Set(items.map(({ id }) => id));
  return [...kept.filter(({ id }) => !replaced.has(id)), ...items];
}

function emailsIn({ core }: Scene, items: unknown[]): EmailItem[] {
  const emails = items.map((item, at) => {
    const given = objectIn(item, `info.emails.items[${at}]`);
    return {
      id: typeof given.id === 'string' ? given.id : core.newGuid(),
      tag: oneOf(given.tag, `info.emails.items[${at}].tag`, EMAIL_TAGS) ?? 'UNTAGGED',
      email: emailIn(given.email, `info.emails.items[${at}].email`),
      primary: given.primary === true,
    };
  });
  return withOnePrimary(emails);
}

function phonesIn({ core }: Scene, items: unknown[]): PhoneItem[] {
  const phones = items.map((item, at) => {
    const field = `info.phones.items[${at}]`;
    const given = objectIn(item, field);
    const phone = textIn(given.phone, `${field}.phone`, PHONE_MAX);
    if (!phone) throw wrong(`${field}.phone`, 'must not be empty', 'OTHER');
    const countryCode = textIn(given.countryCode, `${field}.countryCode`, 2)?.toUpperCase();
    const parsed = parsePhoneNumberFromString(phone, countryCode as CountryCode | undefined);
    return present({
      id: typeof given.id === 'string' ? given.id : core.newGuid(),
      tag: oneOf(given.tag, `${field}.tag`, PHONE_TAGS) ?? 'UNTAGGED',
      countryCode: countryCode || undefined,
      phone,
      e164Phone: parsed?.isPossible() ? parsed.number : undefined,
      primary: given.primary === true,
    }) as PhoneItem;
  });
  return withOnePrimary(phones);
}

/** Two primaries are refused; when none is marked, the first is taken. (s)(u) 3.3 */
function withOnePrimary<Item extends { primary: boolean }>(items: Item[]): Item[] {
  const marked = items.filter(({ primary }) => primary).length;
  if (marked > 1) {
    const text = 'only one primary e-mail and one primary phone are allowed';
    throw refuse(400, 'CANNOT_HAVE_MULTIPLE_PRIMARY_INFO', text);
  }
  if (marked === 1) return items;
  return items.map((item, at) => (at === 0 ? { ...item, primary: true } : item));
}

const ADDRESS_TEXTS = ['addressLine', 'addressLine2', 'city', 'postalCode'];

function addressesIn({ core }: Scene, items: unknown[]) {
  return items.map((item, at) => {
    const field = `info.addresses.items[${at}]`;
    const given = objectIn(item, field);
    const address = objectIn(given.address, `${field}.address`);
    for (const name of ADDRESS_TEXTS) textIn(address[name], `${field}.address.${name}`, TEXT_MAX);
    const country = textIn(address.country, `${field}.address.country`, TEXT_MAX);
    if (country && !/^[A-Z]{2}$/.test(country)) {
      throw wrong(`${field}.address.country`, 'must be an ISO 3166-1 alpha-2 code');
    }
    // A bare state code is refused; the hyphenated form is not. (v) 3.2
    const subdivision = textIn(address.subdivision, `${field}.address.subdivision`, TEXT_MAX);
    if (subdivision && !/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(subdivision)) {
      throw wrong(`${field}.address.subdivision`, 'must be an ISO 3166-2 code');
    }
    return {
      id: typeof given.id === 'string' ? given.id : core.newGuid(),
      tag: oneOf(given.tag, `${field}.tag`, ADDRESS_TAGS) ?? 'UNTAGGED',
      address,
    };
  });
}

function labelsIn({ core, site }: Scene, sent: unknown, kept: ContactInfo['labelKeys']) {
  if (sent === undefined) return kept;
  const keys = listIn(objectIn(sent, 'info.labelKeys').items, 'info.labelKeys.items', LABELS_MAX);
  if (!keys) return kept;
  for (const key of keys) {
    if (!core.store.get(site.id, 'labels', String(key))) {
      throw wrong('info.labelKeys.items', 'names a label that does not exist', 'OTHER');
    }
  }
  return keys.length > 0 ? { items: [...new Set(keys.map(String))] } : undefined;
}

function extendedIn(scene: Scene, sent: unknown, kept: ContactInfo['extendedFields']) {
  if (sent === undefined) return kept;
  const given = objectIn(objectIn(sent, 'info.extendedFields').items, 'info.extendedFields.items');
  const items: Fields = { ...kept?.items };
  for (const [key, value] of Object.entries(given)) {
    if (!isWritable(scene, key, value)) continue;
    if (value === '' || value === null) delete items[key];
    else items[key] = value;
  }
  return Object.keys(items).length > 0 ? { items } : undefined;
}

const FITS: Record<string, (value: unknown) => boolean> = {
  TEXT: (value) => typeof value === 'string',
  URL: (value) => typeof value === 'string' && URL.canParse(value),
  NUMBER: (value) => typeof value === 'number',
  DATE: (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value),
};

/** An unknown key, a wrong type, or a system field fails the whole write. (s)(t)(u) 3.8 */
function isWritable({ core, site }: Scene, key: string, value: unknown): boolean {
  const field = core.store.get(site.id, 'extendedFields', key);
  const { unknownFieldCode, systemFieldsRefused } = core.switches();
  if (!field) throw refuse(400, unknownFieldCode, `the extended field ${key} does not exist`);
  if (field.fieldType === 'SYSTEM') {
    if (!systemFieldsRefused) return false;
    throw refuse(400, 'INVALID_EXTENDED_FIELD_VALUE', `the field ${key} is read only`);
  }
  if (value !== '' && value !== null && !FITS[field.dataType]?.(value)) {
    const text = `the value of ${key} does not fit its type ${field.dataType}`;
    throw refuse(400, 'INVALID_EXTENDED_FIELD_VALUE', text);
  }
  return true;
}
