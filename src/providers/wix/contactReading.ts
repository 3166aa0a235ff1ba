import { done, failed, type Result } from '#src/platform/failure.ts';
import type { CallContext, Surprise, TheirRecord } from '#src/sync/connector.ts';
import { readFields } from '#src/sync/fields.ts';
import type { WixClient } from './client.ts';
import { contactFields, flatContact } from './contactFields.ts';
import { guidOf, isRow, objectIn, type Row, sortableTime } from './reading.ts';

export const contactsPath = '/contacts/v4/contacts';

export type ReadContact = { record: TheirRecord } | { surprise: Surprise };

/** Reads one contact through its mapping table; one that does not parse is a surprise. [F3] [F1] */
export function readContact(raw: unknown, idField: string | null): ReadContact {
  if (!isRow(raw))
    return { surprise: { theirId: null, path: '(row)', detail: 'an object expected' } };
  const id = guidOf(raw.id);
  if (!id) return { surprise: { theirId: null, path: 'id', detail: 'a GUID expected' } };
  const flat = flatContact(raw, idField);
  const fields = readFields(contactFields, flat);
  if ('surprise' in fields) return { surprise: { theirId: id, ...fields.surprise } };
  const { values } = fields;
  const changedAt = sortableTime(raw.updatedDate);
  const { kiexId } = values;
  return {
    record: {
      id,
      revision: changedAt && `${changedAt}#${String(revisionOf(raw)).padStart(12, '0')}`,
      changedAt,
      values,
      ourId: typeof kiexId === 'string' ? kiexId : null,
      refs: {},
      keepOut: null,
    },
  };
}

/** A number; documented events leave the first one out. reference/wix.md 3.2 */
const revisionOf = ({ revision }: Row): number => {
  const number = Number(revision ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
};

export const asResult = (read: ReadContact): Result<TheirRecord> =>
  'record' in read
    ? done(read.record)
    : failed({ kind: 'surprising', path: read.surprise.path, detail: read.surprise.detail });

/** A contact as it stands; 'gone' only in their own words. One that was merged answers as another. [A1] */
export async function contactById(
  client: WixClient,
  context: CallContext,
  theirId: string,
): Promise<Result<Row | 'gone'>> {
  const path = `${contactsPath}/${encodeURIComponent(theirId)}`;
  const answer = await client.call(context, { method: 'GET', path, query: { fieldsets: 'FULL' } });
  if (answer.ok) return objectIn(answer.value, 'contact');
  const { failure } = answer;
  if (failure.kind !== 'refused' || failure.status !== 404) return failed(failure);
  if (failure.code?.endsWith('NOT_FOUND')) return done('gone');
  // A page, or a body without a code, says nothing about the contact.
  return failed({ kind: 'unreachable', detail: 'a 404 that is not in their words', status: 404 });
}
