import { done, type Failure, failed, type Result } from '#src/platform/failure.ts';
import type { Values } from '#src/sync/canonical.ts';
import type { CallContext, Outgoing, ResourceConnector, TheirRecord } from '#src/sync/connector.ts';
import { optionOf } from '#src/sync/options.ts';
import type { WixClient } from './client.ts';
import { contactFields } from './contactFields.ts';
import { infoOf } from './contactInfo.ts';
import { listContacts } from './contactPages.ts';
import { asResult, contactById, contactsPath, readContact } from './contactReading.ts';
import { findContact } from './contactSearch.ts';
import { islandOption } from './islandOption.ts';
import { guidOf, isRow, objectIn, type Row } from './reading.ts';
import { createSiteNames, type SiteNamesOf } from './siteNames.ts';

/** The people of a website. Source: reference/wix.md 3 */
export function wixContacts(client: WixClient): ResourceConnector {
  const names = createSiteNames(client);
  const read = (context: CallContext, raw: unknown) =>
    readContact(raw, names.known(context)?.idField ?? null);
  const call = { client, names };
  return {
    name: 'contacts',
    label: 'Contacts',
    fields: contactFields,
    list: (context, cursor) =>
      listContacts(client, context, { since: null, cursor, read: (raw) => read(context, raw) }),
    changedSince: (context, since, cursor) =>
      listContacts(client, context, { since, cursor, read: (raw) => read(context, raw) }),
    async get(context, theirId) {
      const found = await contactById(client, context, theirId);
      if (!found.ok || found.value === 'gone') return found as Result<'gone'>;
      return asResult(read(context, found.value));
    },
    find: (context, outgoing) =>
      findContact(call, context, { outgoing, read: (raw) => read(context, raw) }),
    create: (context, outgoing) => createContact(call, context, outgoing),
    update: (context, theirId, changes, outgoing) =>
      updateContact(call, context, { theirId, changes, outgoing }),
  };
}

interface Hands {
  client: WixClient;
  names: SiteNamesOf;
}

/** Nothing of theirs is written on without consent: no subscription, no allowed duplicates. [P1] */
function createContact(
  { client, names }: Hands,
  context: CallContext,
  { values }: Outgoing,
): Promise<Result<TheirRecord>> {
  const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  return writing({ client, names }, context, { changes: said, kept: {} }, (info) => ({
    ...{ method: 'POST', path: contactsPath, body: { info, allowDuplicates: false } },
  }));
}

/**
 * Writes onto what the plan was made with, or not at all: a contact that has another revision is read
 * and merged once more. [M1] reference/wix.md 3.4
 */
async function updateContact(
  hands: Hands,
  context: CallContext,
  { theirId, changes, outgoing }: { theirId: string; changes: Values; outgoing: Outgoing },
): Promise<Result<TheirRecord | 'moved on'>> {
  const found = await contactById(hands.client, context, theirId);
  if (!found.ok) return found;
  const contact = found.value;
  if (contact === 'gone' || guidOf(contact.id) !== theirId) return done('moved on');
  const fresh = readContact(contact, hands.names.known(context)?.idField ?? null);
  if (outgoing.revision !== undefined && 'record' in fresh) {
    if (fresh.record.revision !== outgoing.revision) return done('moved on');
  }
  const { email, ...others } = changes;
  const isLogin = email !== undefined && isRow(contact.memberInfo);
  const sent = isLogin ? others : changes;
  if (Object.keys(sent).length === 0) return failed(loginEmail);
  const kept = isRow(contact.info) ? contact.info : {};
  const written = await writing(hands, context, { changes: sent, kept }, (info) => ({
    method: 'PATCH',
    path: `${contactsPath}/${theirId}`,
    // The e-mail that is there already makes no new duplicate.
    body: { info, revision: contact.revision ?? 0, allowDuplicates: !('email' in sent) },
  }));
  if (!written.ok && isAlreadyChanged(written.failure)) return done('moved on');
  return written.ok && isLogin ? failed(loginEmail) : written;
}

/** Reported, not forced: the rest of the change is written. reference/wix.md 3.4 */
const loginEmail: Failure = {
  kind: 'refused',
  status: 428,
  code: 'CANNOT_UPDATE_MEMBER_EMAIL',
  detail:
    'This contact signs in to the website with that e-mail address. It is changed there, under the member.',
  fields: { email: 'It is the one this member signs in with; only the member’s own can change.' },
};

const isAlreadyChanged = (failure: Failure) =>
  failure.kind === 'refused' && failure.code === 'CONTACT_ALREADY_CHANGED';

/** They refuse a whole write for one field that somebody removed. reference/wix.md 3.8 */
const namesAreGone = (failure: Failure) =>
  failure.kind === 'refused' &&
  (['INVALID_EXTENDED_FIELD_VALUE', 'EXTENDED_FIELD_NOT_FOUND'].includes(failure.code ?? '') ||
    Object.keys(failure.fields ?? {}).some((field) => field.startsWith('info.labelKeys')));

/** Sends a write; a second time when what KiEX calls its own there had been removed. */
async function writing(
  { client, names }: Hands,
  context: CallContext,
  { changes, kept }: { changes: Values; kept: Row },
  requestOf: (info: Record<string, unknown>) => Parameters<WixClient['call']>[1],
): Promise<Result<TheirRecord>> {
  const namesOurs = Boolean(changes.kiexId ?? changes.kiexLabel);
  const asState = optionOf(context.account.settings, islandOption) === 'state';
  for (let attempt = 1; ; attempt++) {
    const own = namesOurs ? await names.make(context) : done(null);
    if (!own.ok) return own;
    const info = infoOf(changes, kept, { names: own.value, asState });
    const answer = await client.call(context, requestOf(info));
    if (!answer.ok && namesOurs && attempt === 1 && namesAreGone(answer.failure)) {
      names.forget(context);
      continue;
    }
    if (!answer.ok) return failed(answer.failure);
    const contact = objectIn(answer.value, 'contact');
    return contact.ok ? asResult(readContact(contact.value, own.value?.idField ?? null)) : contact;
  }
}
