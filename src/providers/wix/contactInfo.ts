import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { email as canonicalEmail, type Value, type Values } from '#src/sync/canonical.ts';
import { addressesOf, extendedOf, labelsOf, mainOf, numberOf } from './contactFields.ts';
import { canonicalPlace, writtenPlace } from './islands.ts';
import { isRow, itemsOf, type Row } from './reading.ts';
import type { SiteNames } from './siteNames.ts';

/** How a site is written to. */
export interface Writing {
  /** The keys of KiEX's field and label there; null where nothing of them is written. */
  names: SiteNames | null;
  /** Guam and the Northern Marianas as states of the US; else as countries. reference/wix.md 3.2 */
  asState: boolean;
}

/**
 * What a write of these values sends. Their lists replace what is kept, so each is sent whole, every
 * item with its id; what is not among the changes is not sent. reference/wix.md 3.4
 *
 * changes  by our names; null clears.
 * kept     their `info` as it stands; empty for a new contact.
 */
export function infoOf(changes: Values, kept: Row, writing: Writing): Record<string, unknown> {
  const info: Record<string, unknown> = {};
  if ('firstName' in changes || 'lastName' in changes) info.name = nameWith(changes, kept);
  for (const name of ['company', 'jobTitle', 'birthdate', 'locale'] as const) {
    // An empty text clears; a null is not known to.
    if (name in changes) info[name] = changes[name] ?? '';
  }
  if ('email' in changes) info.emails = { items: emailsWith(itemsOf(kept.emails), changes.email!) };
  if ('phone' in changes) info.phones = { items: phonesWith(itemsOf(kept.phones), changes.phone!) };
  if (addressParts.some((part) => part in changes)) {
    info.addresses = { items: addressesWith(kept, changes, writing) };
  }
  const { names } = writing;
  if (names && changes.kiexId) {
    const own = Object.entries(extendedOf(kept)).filter(([key]) => key.startsWith('custom.'));
    // The site's own fields go along as they are, should the map replace what is kept as lists do.
    const items = { ...Object.fromEntries(own), [names.idField]: changes.kiexId };
    info.extendedFields = { items };
  }
  if (names && changes.kiexLabel === true) {
    info.labelKeys = { items: [...new Set([...labelsOf(kept), names.label])] };
  }
  return info;
}

/** Both halves: a half that is missing may be dropped there. */
function nameWith(changes: Values, kept: Row): Row {
  const name = isRow(kept.name) ? kept.name : {};
  const half = (ours: 'firstName' | 'lastName', theirs: 'first' | 'last') =>
    (ours in changes ? changes[ours] : name[theirs]) ?? '';
  return { first: half('firstName', 'first'), last: half('lastName', 'last') };
}

const bareEmail = ({ id, tag, email, primary }: Row): Row =>
  present({ id, tag, email, primary: primary === true });
const barePhone = ({ id, tag, countryCode, phone, primary }: Row): Row =>
  present({ id, tag, countryCode, phone, primary: primary === true });

const present = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));

function emailsWith(items: readonly Row[], value: Value): Row[] {
  const says = ({ email }: Row) => {
    const read = canonicalEmail(email);
    return 'value' in read ? read.value : null;
  };
  return mainReplaced(items, value, {
    ...{ says, bare: bareEmail },
    put: (item) => ({ tag: 'MAIN', ...item, email: value }),
  });
}

function phonesWith(items: readonly Row[], value: Value): Row[] {
  return mainReplaced(items, value, {
    ...{ says: numberOf, bare: barePhone },
    put({ countryCode: _, ...item }) {
      const country = parsePhoneNumberFromString(String(value))?.country;
      return { tag: 'MOBILE', ...item, phone: value, ...(country && { countryCode: country }) };
    },
  });
}

/**
 * A list with another main item. One that is there already becomes the main one and nothing else is
 * touched; otherwise the main one is written over and keeps its id.
 */
function mainReplaced(
  items: readonly Row[],
  value: Value,
  { says, bare, put }: { says(item: Row): unknown; bare(item: Row): Row; put(item: Row): Row },
): Row[] {
  const main = mainOf(items);
  if (value === null) return items.filter((item) => item !== main).map(bare);
  const there = items.find((item) => says(item) === value);
  if (there) return items.map((item) => ({ ...bare(item), primary: item === there }));
  if (!main) return [{ ...put({}), primary: true }];
  return items.map((item) =>
    item === main ? { ...put(bare(item)), primary: true } : { ...bare(item), primary: false },
  );
}

const addressParts = [
  'addressLine',
  'addressLine2',
  'city',
  'subdivision',
  'country',
  'postalCode',
] as const;

function addressesWith(kept: Row, changes: Values, writing: Writing): Row[] {
  const items = itemsOf(kept.addresses);
  const [main] = addressesOf(kept);
  const before = main && isRow(main.address) ? main.address : {};
  const address = addressWith(before, changes, writing);
  const isEmpty = !addressParts.some((part) => address[part]) && !address.streetAddress;
  const bare = ({ id, tag, address: own }: Row) => present({ id, tag, address: own });
  if (!main) return isEmpty ? [] : [{ tag: 'HOME', address }];
  return items.flatMap((item) => {
    if (item !== main) return [bare(item)];
    return isEmpty ? [] : [bare({ ...item, address })];
  });
}

function addressWith(before: Row, changes: Values, { asState }: Writing): Row {
  const address: Record<string, unknown> = { ...before };
  if ('addressLine' in changes) delete address.streetAddress;
  for (const part of ['addressLine', 'addressLine2', 'city', 'postalCode'] as const) {
    if (part in changes) address[part] = changes[part] ?? undefined;
  }
  if ('country' in changes || 'subdivision' in changes) {
    const { country, subdivision } = before;
    const now = canonicalPlace({ country, subdivision });
    // A place that is not another one stays as they spell it.
    const wanted = {
      country: 'country' in changes ? changes.country : now.country,
      subdivision: 'subdivision' in changes ? changes.subdivision : now.subdivision,
    };
    const place = writtenPlace(wanted, { asState });
    address.country = place.country ?? undefined;
    address.subdivision = place.subdivision ?? undefined;
  }
  return present(address);
}
