import { done, failed, type Result } from '#src/platform/failure.ts';
import { email as canonicalEmail, folded, type Value, type Values } from '#src/sync/canonical.ts';
import type { CallContext, Found, Outgoing, TheirRecord } from '#src/sync/connector.ts';
import type { WixClient } from './client.ts';
import { numberOf } from './contactFields.ts';
import { contactById, contactsPath, type ReadContact } from './contactReading.ts';
import { isRow, itemsOf, listIn, type Row } from './reading.ts';
import type { SiteNamesOf } from './siteNames.ts';

/** A filter that is heeded gives a handful. */
const rowsMax = 100;

interface Look {
  field: string;
  value: string;
  /** Filters may be ignored or fold case, so each row is looked at again. */
  fits(contact: Row, record: TheirRecord): boolean;
  /** Nobody else writes our id: an earlier try of ours made it. */
  isOurs?: boolean;
  isAlike?: boolean;
}

/**
 * Looks for the contact that would be ours: the one they say is there, by our id, by e-mail, by
 * phone. [I2] [I4] reference/wix.md 13
 */
export async function findContact(
  { client, names }: { client: WixClient; names: SiteNamesOf },
  context: CallContext,
  { outgoing, read }: { outgoing: Outgoing; read(raw: unknown): ReadContact },
): Promise<Result<Found>> {
  const { ourId, values, existing } = outgoing;
  const own = await names.make(context);
  if (!own.ok) return own;
  if (existing) {
    const there = await contactById(client, context, existing);
    if (!there.ok) return there;
    const row = there.value === 'gone' ? null : read(there.value);
    // The index may not show it for a while yet; read by its id it is there. Without an e-mail they
    // refuse for a phone alone, which says little.
    if (row && 'record' in row && isSame(there.value as Row, row.record, values)) {
      return done({ found: row.record, ...(row.record.ourId === ourId && { ours: true }) });
    }
  }
  for (const look of looksFor(ourId, values, `info.extendedFields.${own.value.idField}`)) {
    const found = await search(client, context, { look, read });
    // Where that field cannot be filtered by, the e-mail tells.
    if (!found.ok && look.isOurs && found.failure.kind === 'refused') continue;
    if (!found.ok) return found;
    const [first, ...others] = found.value;
    if (!first) continue;
    return done({
      found: first,
      others: others.map(({ id }) => id),
      ...(look.isOurs && { ours: true }),
      ...(look.isAlike && { isAlike: true }),
    });
  }
  return done({ found: null });
}

function looksFor(ourId: string, values: Values, idField: string): Look[] {
  const looks: Look[] = [
    {
      ...{ field: idField, value: ourId, isOurs: true },
      fits: (_contact, record) => record.ourId === ourId,
    },
  ];
  const { email, phone } = values;
  if (typeof email === 'string') {
    const fits = (contact: Row) => hasEmail(contact, email);
    looks.push({ field: 'info.emails.email', value: email, fits });
  }
  if (typeof phone === 'string' && phone.startsWith('+')) {
    looks.push({
      ...{ field: 'info.phones.e164Phone', value: phone, isAlike: true },
      fits: (contact, record) =>
        itemsIn(contact, 'phones').some((item) => numberOf(item) === phone) &&
        mayBeOne(values, record.values),
    });
  }
  return looks;
}

const itemsIn = ({ info }: Row, name: 'emails' | 'phones') =>
  itemsOf(isRow(info) ? info[name] : null);

const hasEmail = (contact: Row, email: Value | undefined) =>
  typeof email === 'string' && itemsIn(contact, 'emails').some((item) => says(item) === email);

const isSame = (contact: Row, record: TheirRecord, values: Values) =>
  hasEmail(contact, values.email) || mayBeOne(values, record.values);

function says({ email }: Row) {
  const read = canonicalEmail(email);
  return 'value' in read ? read.value : null;
}

/** Families share a phone: a number is somebody's only where no e-mail and no name says otherwise. */
function mayBeOne(mine: Values, theirs: Values): boolean {
  if (mine.email !== null && theirs.email !== null && mine.email !== theirs.email) return false;
  const [name, other] = [nameIn(mine), nameIn(theirs)];
  return name === other && name !== '';
}

const nameIn = ({ firstName, lastName }: Values) => folded(`${firstName ?? ''} ${lastName ?? ''}`);

/** The lowest id first: the same look always chooses the same. [I5] */
async function search(
  client: WixClient,
  context: CallContext,
  { look, read }: { look: Look; read(raw: unknown): ReadContact },
): Promise<Result<TheirRecord[]>> {
  const query = {
    filter: { [look.field]: { $eq: look.value } },
    sort: [{ fieldName: 'createdDate', order: 'ASC' }],
    paging: { limit: rowsMax, offset: 0 },
    fieldsets: ['FULL'],
  };
  const path = `${contactsPath}/query`;
  const answer = await client.call(context, { method: 'POST', path, body: { query } });
  if (!answer.ok) return failed(answer.failure);
  const rows = listIn(answer.value, 'contacts');
  if (!rows.ok) return rows;
  const fitting = rows.value.flatMap((raw) => {
    const row = read(raw);
    return 'record' in row && isRow(raw) && look.fits(raw, row.record) ? [row.record] : [];
  });
  if (fitting.length === 0 && rows.value.length >= rowsMax) {
    const detail = 'the filter was not heeded, so nothing is known about what exists';
    return failed({ kind: 'surprising', path: look.field, detail });
  }
  return done(fitting.sort((a, b) => (a.id < b.id ? -1 : 1)));
}
