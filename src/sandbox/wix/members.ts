import { readInfo } from './contactInfo.ts';
import { contactData, showContact } from './contactShow.ts';
import { reconcile, samePerson } from './contactSubmit.ts';
import type { Actor, Core, Scene } from './core.ts';
import { announce, automate } from './events.ts';
import { throttled } from './guard.ts';
import { notFound, refuse } from './refusals.ts';
import type { MemberRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { slugOf } from './slugs.ts';
import { emailKey } from './store.ts';
import { emailIn, guidIn, listIn, objectIn, oneOf, present, textIn } from './values.ts';

const ENTITY = 'wix.members.v1.member';
const TEXT_MAX = 100;

const lastCreates = new WeakMap<Core, Map<string, number>>();

/** New members through the API come at least a second apart. (c) 5.4 What a breach gets: (u) */
function refuseTooSoon({ core, site }: Scene): void {
  const times = lastCreates.get(core) ?? new Map<string, number>();
  lastCreates.set(core, times);
  const now = core.clock.now().getTime();
  const last = times.get(site.id);
  const spacing = core.switches().memberSpacingMilliseconds;
  if (last !== undefined && now - last < spacing) {
    throw throttled(core, Math.ceil(spacing / 1_000));
  }
  times.set(site.id, now);
}

/** A member made through the API: approved at once, told of by no mail or automation. (c) 5.4 */
export function createMember(scene: Scene, wanted: unknown): MemberRow {
  const sent = objectIn(wanted, 'member');
  refuseTooSoon(scene);
  return addMember(scene, { sent, status: 'APPROVED' });
}

/** A visitor signs up: he waits for the owner where the site asks for that. */
export function registerMember(
  scene: Scene,
  person: { email: string; firstName?: string; lastName?: string },
): MemberRow {
  const { email: loginEmail, ...contact } = person;
  const status = scene.core.switches().memberApproval ? 'PENDING' : 'APPROVED';
  const row = addMember(scene, { sent: { loginEmail, contact: present(contact) }, status });
  const { core, site } = scene;
  const kept = core.store.get(site.id, 'contacts', row.contactId);
  const data = kept ? contactData(showContact(core, site, kept)) : {};
  automate(scene, {
    trigger: 'member_signed_up',
    entityId: row.id,
    data: { memberId: row.id, email: row.loginEmail, ...data },
  });
  return row;
}

export function addMember(
  scene: Scene,
  {
    sent,
    status,
    isOwner = false,
  }: {
    sent: Fields;
    status: MemberRow['status'];
    isOwner?: boolean;
  },
): MemberRow {
  const { core, site } = scene;
  const loginEmail = emailIn(sent.loginEmail, 'member.loginEmail');
  if (core.store.found(site.id, 'members', emailKey(loginEmail)).length > 0) {
    const taken = Number(core.switches().duplicateMember);
    throw refuse(taken, 'ALREADY_EXISTS', 'a member with this login e-mail exists');
  }
  const contact = readContact(sent.contact, {});
  const { nickname, photo, title } = readProfile(sent.profile);
  const name = nickname || [contact.firstName, contact.lastName].filter(Boolean).join(' ');
  const shown = String(name || loginEmail.split('@')[0]);
  const now = core.now();
  const id = core.newGuid();
  const row: MemberRow = {
    id,
    loginEmail,
    loginEmailVerified: false,
    status,
    contactId: contactOf(scene, { memberId: id, loginEmail, contact }),
    contact,
    profile: present({
      ...{ nickname: shown, slug: freeSlug(scene, shown), photo, title },
    }) as MemberRow['profile'],
    privacyStatus:
      oneOf(sent.privacyStatus, 'member.privacyStatus', ['PRIVATE', 'PUBLIC']) ?? 'PRIVATE',
    activityStatus: 'ACTIVE',
    createdDate: now,
    updatedDate: now,
    isOwner,
  };
  core.store.put(site.id, 'members', row);
  announce(scene, {
    ...{ entity: ENTITY, slug: 'created', entityId: row.id },
    body: { createdEvent: { entity: showMember(row, ['FULL']) } },
  });
  return row;
}

/** The contact with this e-mail, or a new one. (u) 5.4 */
function contactOf(
  scene: Scene,
  member: { memberId: string; loginEmail: string; contact: Fields },
): string {
  const { firstName, lastName, company, jobTitle } = member.contact;
  const actor: Actor = { by: 'member', memberId: member.memberId };
  const acting = { ...scene, actor: scene.actor.by === 'visitor' ? actor : scene.actor };
  const info = readInfo(
    acting,
    present({
      name: present({ first: firstName, last: lastName }),
      emails: { items: [{ tag: 'MAIN', email: member.loginEmail, primary: true }] },
      ...{ company, jobTitle },
    }),
  );
  const kept = samePerson(acting, info);
  const wanted = { info, kept, activityType: 'MEMBER_REGISTER', sourceType: 'WIX_SITE_MEMBERS' };
  return reconcile(acting, wanted).row.id;
}

/** Sent lists overwrite, an empty list changes nothing, an empty text clears. (c) 5.5 */
function readContact(value: unknown, kept: Fields): Fields {
  const sent = objectIn(value, 'member.contact');
  const contact: Fields = { ...kept };
  for (const name of ['firstName', 'lastName', 'company', 'jobTitle', 'birthdate']) {
    const text = textIn(sent[name], `member.contact.${name}`, TEXT_MAX);
    if (text === '') delete contact[name];
    else if (text !== undefined) contact[name] = text;
  }
  for (const name of ['phones', 'addresses']) {
    const list = listIn(sent[name], `member.contact.${name}`, 50);
    if (list && list.length > 0) contact[name] = list;
  }
  const fields = objectIn(sent.customFields, 'member.contact.customFields');
  if (Object.keys(fields).length > 0) {
    contact.customFields = { ...(kept.customFields as Fields | undefined), ...fields };
  }
  return contact;
}

function readProfile(value: unknown) {
  const sent = objectIn(value, 'member.profile');
  return {
    nickname: textIn(sent.nickname, 'member.profile.nickname', TEXT_MAX),
    title: textIn(sent.title, 'member.profile.title', TEXT_MAX),
    photo: sent.photo === undefined ? undefined : objectIn(sent.photo, 'member.profile.photo'),
  };
}

/** There is no revision: the last write wins. (s) 5.2 */
export function updateMember(scene: Scene, id: string, wanted: unknown): MemberRow {
  const sent = objectIn(wanted, 'member');
  const row = memberById(scene, id);
  const { nickname, photo, title } = readProfile(sent.profile);
  const privacyStatus =
    oneOf(sent.privacyStatus, 'member.privacyStatus', ['PRIVATE', 'PUBLIC']) ?? row.privacyStatus;
  return saveMember(scene, {
    ...row,
    contact: readContact(sent.contact, row.contact),
    profile: {
      ...row.profile,
      ...present({ nickname: nickname || undefined, photo }),
      ...(title === undefined ? {} : { title }),
    } as MemberRow['profile'],
    privacyStatus,
  });
}

export function saveMember(scene: Scene, row: MemberRow): MemberRow {
  const { core, site } = scene;
  const saved = { ...row, updatedDate: core.now() };
  core.store.put(site.id, 'members', saved);
  announce(scene, {
    ...{ entity: ENTITY, slug: 'updated', entityId: row.id },
    body: { updatedEvent: { currentEntity: showMember(saved, ['FULL']) } },
  });
  return saved;
}

/** Removes the member; the contact stays. (s) 5.1 */
export function deleteMember(scene: Scene, id: string): void {
  const { core, site } = scene;
  const row = memberById(scene, id);
  core.store.remove(site.id, 'members', row.id);
  announce(scene, {
    ...{ entity: ENTITY, slug: 'deleted', entityId: row.id },
    body: { deletedEvent: {} },
  });
}

export const MEMBER_VERBS = ['approve', 'block', 'mute', 'unmute', 'disconnect'] as const;
export type MemberVerb = (typeof MEMBER_VERBS)[number];

/** Source: reference/wix.md 5.1, 5.5 (s) */
export function changeMemberState(scene: Scene, id: string, verb: MemberVerb): MemberRow {
  const row = memberById(scene, id);
  if (verb === 'block' && row.isOwner) {
    throw refuse(428, 'OWNER_MEMBER_BLOCK_FORBIDDEN', 'the owner of the site cannot be blocked');
  }
  if (verb === 'approve') return saveMember(scene, { ...row, status: 'APPROVED' });
  if (verb === 'block') return saveMember(scene, { ...row, status: 'BLOCKED' });
  if (verb === 'disconnect') return saveMember(scene, { ...row, status: 'OFFLINE' });
  return saveMember(scene, { ...row, activityStatus: verb === 'mute' ? 'MUTED' : 'ACTIVE' });
}

export function changeMemberSlug(scene: Scene, id: string, slug: unknown): MemberRow {
  const row = memberById(scene, id);
  const wanted = slugOf(textIn(slug, 'slug', TEXT_MAX) ?? '');
  const isTaken = membersOf(scene).some((one) => one.profile.slug === wanted && one.id !== row.id);
  if (wanted === '' || isTaken) throw refuse(409, 'SLUG_ALREADY_EXISTS', 'the slug is taken');
  return saveMember(scene, { ...row, profile: { ...row.profile, slug: wanted } });
}

export function memberById({ core, site }: Scene, id: string): MemberRow {
  const row = core.store.get(site.id, 'members', guidIn(id, 'memberId'));
  if (!row) throw notFound('member');
  return row;
}

const membersOf = ({ core, site }: Scene) => core.store.rows(site.id, 'members');

function freeSlug(scene: Scene, nickname: string): string {
  const taken = new Set(membersOf(scene).map(({ profile }) => profile.slug));
  const stem = slugOf(nickname) || 'member';
  let slug = stem;
  for (let number = 1; taken.has(slug); number += 1) slug = `${stem}-${number}`;
  return slug;
}

/** PUBLIC, the default, leaves out the e-mail and says UNKNOWN: the fieldset trap. (c) 5.2 */
export function showMember(row: MemberRow, fieldsets: readonly string[]): Fields {
  const { id, contactId, createdDate, updatedDate, profile } = row;
  const isFull = fieldsets.includes('FULL');
  if (!isFull && !fieldsets.includes('EXTENDED')) {
    const unknown = { status: 'UNKNOWN', privacyStatus: 'UNKNOWN', activityStatus: 'UNKNOWN' };
    return { id, contactId, ...unknown, createdDate, updatedDate, profile };
  }
  const { isOwner: _, contact, loginEmailVerified, ...shown } = row;
  if (!isFull) return shown;
  const lists = { phones: [], emails: [row.loginEmail], addresses: [], customFields: {} };
  return { ...shown, loginEmailVerified, contact: { ...lists, ...contact } };
}
