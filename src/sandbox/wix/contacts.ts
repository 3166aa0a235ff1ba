import { namesSomething, readInfo } from './contactInfo.ts';
import { contactData, primaryOf, showContact, withoutRevision } from './contactShow.ts';
import type { Scene } from './core.ts';
import { announce, automate } from './events.ts';
import { type Refused, refuse } from './refusals.ts';
import type { ContactInfo, ContactRow } from './rows.ts';
import { emailKey, phoneKey } from './store.ts';
import { guidIn } from './values.ts';

const ENTITY = 'wix.contacts.v4.contact';

/** Where a contact comes from is set by the caller's kind; nobody chooses it. (u) 3.3 */
const SOURCES = {
  key: 'OTHER',
  owner: 'ADMIN',
  visitor: 'WIX_FORMS',
  member: 'WIX_SITE_MEMBERS',
} as const;

/** Makes a contact. Throws a refusal when there is too little of it, or it exists. */
export function createContact(
  scene: Scene,
  wanted: { info: unknown; allowDuplicates?: unknown; sourceType?: string },
): ContactRow {
  const { core, actor } = scene;
  const info = readInfo(scene, wanted.info);
  if (!info.name && !info.emails && !info.phones) {
    const text = 'a contact needs a name, an e-mail or a phone';
    throw refuse(400, 'INSUFFICIENT_CONTACT_DATA', text);
  }
  if (wanted.allowDuplicates !== true) refuseDuplicate(scene, info, null);
  const now = core.now();
  const row: ContactRow = {
    id: core.newGuid(),
    revision: core.switches().firstRevision,
    source: { sourceType: wanted.sourceType ?? SOURCES[actor.by] },
    createdDate: now,
    updatedDate: now,
    lastActivity: { activityDate: now, activityType: 'CONTACT_CREATED' },
    info,
  };
  core.store.put(scene.site.id, 'contacts', row);
  const shown = showContact(core, scene.site, row);
  announce(scene, {
    ...{ entity: ENTITY, slug: 'created', entityId: row.id },
    body: { createdEvent: { entity: withoutRevision(shown) } },
  });
  automate(scene, { trigger: 'contact_created', entityId: row.id, data: contactData(shown) });
  return row;
}

/** Changes what `info` names. The revision must be the present one. (c) 3.4 */
export function updateContact(
  scene: Scene,
  id: string,
  wanted: { info: unknown; revision: unknown; allowDuplicates?: unknown },
): ContactRow {
  const { core, site } = scene;
  const row = contactById(scene, id);
  if (Number(wanted.revision ?? Number.NaN) !== row.revision) throw alreadyChanged();
  if (!namesSomething(wanted.info)) {
    throw refuse(400, 'INSUFFICIENT_UPDATE_CONTACT_DATA', 'there is nothing to change');
  }
  const info = readInfo(scene, wanted.info, row.info);
  if (!info.name && !info.emails && !info.phones) {
    throw refuse(400, 'INSUFFICIENT_CONTACT_DATA', 'a contact needs a name, an e-mail or a phone');
  }
  const [member] = core.store.found(site.id, 'members', row.id);
  if (member && emailOf(info) !== emailOf(row.info)) {
    const text = 'the primary e-mail of a member is changed through the member';
    throw refuse(428, 'CANNOT_UPDATE_MEMBER_EMAIL', text);
  }
  if (wanted.allowDuplicates !== true) refuseDuplicate(scene, info, row);
  return saveContact(scene, { ...row, info });
}

/** Keeps a changed contact: one revision more, and the event. */
export function saveContact(scene: Scene, row: ContactRow, originatedFrom?: string): ContactRow {
  const { core, site } = scene;
  const saved = { ...row, revision: row.revision + 1, updatedDate: core.now() };
  core.store.put(site.id, 'contacts', saved);
  announce(scene, {
    ...{ entity: ENTITY, slug: 'updated', entityId: row.id },
    body: { updatedEvent: { currentEntity: showContact(core, site, saved) } },
    ...(originatedFrom ? { originatedFrom } : {}),
  });
  return saved;
}

/** Deletes a contact, unless he is a member. (s) 3.5 */
export function deleteContact(scene: Scene, id: string, originatedFrom?: string): void {
  const { core, site } = scene;
  const row = contactById(scene, id);
  const [member] = core.store.found(site.id, 'members', row.id);
  if (member?.isOwner) {
    throw refuse(428, 'CANNOT_DELETE_MEMBER_OWNER_OR_CONTRIBUTOR', 'the owner cannot be deleted');
  }
  if (member) throw refuse(428, 'CANNOT_DELETE_MEMBER', 'delete the member first');
  core.store.remove(site.id, 'contacts', row.id);
  announce(scene, {
    ...{ entity: ENTITY, slug: 'deleted', entityId: row.id },
    body: { deletedEvent: {} },
    ...(originatedFrom ? { originatedFrom } : {}),
  });
}

/** Moves what the sources have into the target, and removes them. (s) 3.5 */
export function mergeContacts(
  scene: Scene,
  targetId: string,
  wanted: { targetContactRevision: unknown; sourceContactIds: unknown },
): ContactRow {
  const { core, site } = scene;
  const target = contactById(scene, targetId);
  if (Number(wanted.targetContactRevision ?? Number.NaN) !== target.revision) {
    throw alreadyChanged();
  }
  const ids = Array.isArray(wanted.sourceContactIds) ? wanted.sourceContactIds.map(String) : [];
  if (ids.length < 1 || ids.length > 5 || ids.includes(target.id)) {
    throw refuse(400, 'ILLEGAL_MERGE', 'merge 1 to 5 other contacts into the target');
  }
  const sources = ids.map((id) => contactById(scene, id));
  if (sources.some(({ id }) => core.store.found(site.id, 'members', id).length > 0)) {
    throw refuse(428, 'FAILED_PRECONDITION', 'a member can only be the target of a merge');
  }
  const info = sources.reduce((merged, source) => mergeInfo(merged, source.info), target.info);
  const now = core.now();
  const lastActivity = { activityDate: now, activityType: 'CONTACT_MERGED' };
  for (const { id } of sources) {
    deleteContact(scene, id, 'merge');
    core.store.put(site.id, 'merged', { id, target: target.id });
  }
  const saved = saveContact(scene, { ...target, info, lastActivity }, 'merge');
  const body = {
    targetContactId: target.id,
    sourceContactIds: ids,
    targetContact: showContact(core, site, saved),
  };
  announce(scene, {
    ...{ entity: ENTITY, slug: 'merged', entityId: target.id },
    body: { actionEvent: { body } },
  });
  return saved;
}

/** The contact, or a refusal; a merged one leads to what it was merged into. */
export function contactById(scene: Scene, id: string): ContactRow {
  const row = findContact(scene, id);
  if (!row) throw refuse(404, 'CONTACT_NOT_FOUND', 'there is no such contact');
  return row;
}

export function findContact({ core, site }: Scene, given: string): ContactRow | undefined {
  const id = guidIn(given, 'contactId').toLowerCase();
  const merged = core.store.get(site.id, 'merged', id);
  return merged
    ? core.store.get(site.id, 'contacts', merged.target)
    : core.store.get(site.id, 'contacts', id);
}

/** Fills what is empty, and appends to the lists; the target's own values stay. */
export function mergeInfo(target: ContactInfo, source: ContactInfo): ContactInfo {
  const merged: ContactInfo = { ...source, ...target };
  const name = { ...source.name, ...target.name };
  if (target.name || source.name) merged.name = name;
  const emails = appended(target.emails?.items, source.emails?.items, ({ email }) =>
    emailKey(email),
  );
  const phones = appended(target.phones?.items, source.phones?.items, phoneKey);
  if (emails.length > 0) merged.emails = { items: emails };
  if (phones.length > 0) merged.phones = { items: phones };
  if (target.extendedFields || source.extendedFields) {
    const items = { ...source.extendedFields?.items, ...target.extendedFields?.items };
    merged.extendedFields = { items };
  }
  const labels = [...(target.labelKeys?.items ?? []), ...(source.labelKeys?.items ?? [])];
  if (labels.length > 0) merged.labelKeys = { items: [...new Set(labels)] };
  return merged;
}

function appended<Item extends { primary: boolean }>(
  kept: Item[] = [],
  more: Item[] = [],
  keyOf: (item: Item) => string,
): Item[] {
  const known = new Set(kept.map(keyOf));
  const fresh = more.filter((item) => !known.has(keyOf(item)));
  if (kept.length === 0) return fresh;
  return [...kept, ...fresh.map((item) => ({ ...item, primary: false }))];
}

const emailOf = (info: ContactInfo) => primaryOf(info.emails?.items)?.email.toLowerCase();

function alreadyChanged(): Refused {
  const text = 'the contact was updated since the requested revision';
  return refuse(409, 'CONTACT_ALREADY_CHANGED', text);
}

/** The same e-mail, or, when there is none, the same phone. (c) 3.3 Kept values do not count. */
function refuseDuplicate({ core, site }: Scene, info: ContactInfo, kept: ContactRow | null): void {
  const emails = (info.emails?.items ?? []).map(({ email }) => email);
  const phones = emails.length > 0 ? [] : (info.phones?.items ?? []);
  const keptKeys = new Set([
    ...(kept?.info.emails?.items ?? []).map(({ email }) => emailKey(email)),
    ...(kept?.info.phones?.items ?? []).map(phoneKey),
  ]);
  const pairs = [
    ...emails.map((email) => ({ key: emailKey(email), data: { duplicateEmail: email } })),
    ...phones.map((phone) => ({ key: phoneKey(phone), data: { duplicatePhone: phone.phone } })),
  ];
  for (const { key, data } of pairs) {
    if (keptKeys.has(key)) continue;
    const other = core.store.found(site.id, 'contacts', key).find(({ id }) => id !== kept?.id);
    if (!other) continue;
    const which = 'duplicateEmail' in data ? 'email' : 'phone';
    throw refuse(409, 'DUPLICATE_CONTACT_EXISTS', `A contact with this ${which} exists`, {
      duplicateContactId: other.id,
      ...data,
    });
  }
}
