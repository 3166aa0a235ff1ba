import { readInfo } from './contactInfo.ts';
import { contactById, createContact, mergeInfo, saveContact } from './contacts.ts';
import type { Scene } from './core.ts';
import { refuse } from './refusals.ts';
import type { ContactInfo, ContactRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { emailKey, phoneKey } from './store.ts';

/**
 * Makes or completes the contact of a person by e-mail or phone: fills what is empty, appends to
 * lists, never overwrites. (c) 3.1
 */
export function submitContact(scene: Scene, body: Fields): Fields {
  const info = readInfo(scene, body.info);
  const kept =
    typeof body.contactId === 'string'
      ? contactById(scene, body.contactId)
      : samePerson(scene, info);
  const members = kept ? scene.core.store.found(scene.site.id, 'members', kept.id) : [];
  if (members.length > 0) {
    throw refuse(403, 'PERMISSION_DENIED', 'only the member may change the contact of a member');
  }
  const { row, isNew } = reconcile(scene, { info, kept, activityType: 'GENERAL' });
  return { contactId: row.id, identityType: 'CONTACT', newContact: isNew };
}

/** The contact with one of these e-mails, or else one of these phones. */
export function samePerson({ core, site }: Scene, info: ContactInfo): ContactRow | undefined {
  const keys = [
    ...(info.emails?.items ?? []).map(({ email }) => emailKey(email)),
    ...(info.phones?.items ?? []).map(phoneKey),
  ];
  return keys.flatMap((key) => core.store.found(site.id, 'contacts', key))[0];
}

/** What a form, a registration or a submit does to the contact of a person. */
export function reconcile(
  scene: Scene,
  wanted: {
    info: ContactInfo;
    kept: ContactRow | undefined;
    activityType: string;
    sourceType?: string;
  },
): { row: ContactRow; isNew: boolean } {
  const { info, kept, activityType, sourceType } = wanted;
  if (!kept) {
    const row = createContact(scene, {
      info,
      allowDuplicates: true,
      ...(sourceType ? { sourceType } : {}),
    });
    return { row, isNew: true };
  }
  const lastActivity = { activityDate: scene.core.now(), activityType };
  const completed = { ...kept, info: mergeInfo(kept.info, info), lastActivity };
  return { row: saveContact(scene, completed), isNew: false };
}
