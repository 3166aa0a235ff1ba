import type { Core } from './core.ts';
import type { ContactRow, MemberRow } from './rows.ts';
import type { Fields, SiteRow } from './siteRows.ts';
import { isObject, present } from './values.ts';

/** What each fieldset shows beside id and revision. (s) */
const FIELDSETS: Record<string, readonly string[]> = {
  BASIC: ['name'],
  COMMUNICATION_DETAILS: ['name', 'emails', 'phones', 'addresses'],
  EXTENDED: ['name', 'extendedFields'],
};

const MEMBER_STATUS = {
  PENDING: 'PENDING',
  APPROVED: 'ACTIVE',
  BLOCKED: 'BLOCKED',
  OFFLINE: 'OFFLINE',
} as const;

/** A contact as the API and the events show it. No fieldset means all of it. (s) */
export function showContact(
  core: Core,
  site: SiteRow,
  row: ContactRow,
  fieldsets: readonly string[] = [],
): Fields {
  const info = shownInfo(row);
  const email = primaryOf(row.info.emails?.items)?.email;
  const phone = primaryOf(row.info.phones?.items);
  const primaryInfo =
    email || phone ? present({ email, phone: phone?.phone } as Fields) : undefined;
  const known = fieldsets.filter((name) => Object.hasOwn(FIELDSETS, name));
  if (known.length > 0 && !fieldsets.includes('FULL')) {
    const names = new Set(known.flatMap((name) => FIELDSETS[name]));
    const part = Object.entries(info).filter(([name]) => names.has(name));
    return present({
      id: row.id,
      revision: row.revision,
      primaryInfo,
      info: Object.fromEntries(part),
    });
  }
  const [member] = core.store.found(site.id, 'members', row.id);
  const { info: _, ...rest } = row;
  return present({
    ...rest,
    primaryInfo,
    primaryEmail: email && {
      email,
      subscriptionStatus: 'NOT_SET',
      deliverabilityStatus: 'NOT_SET',
    },
    primaryPhone: phone && {
      phone: phone.phone,
      ...present({ countryCode: phone.countryCode, e164Phone: phone.e164Phone }),
      subscriptionStatus: 'NO_SUBSCRIPTION_STATUS',
    },
    memberInfo: member && memberInfo(member),
    info,
  });
}

/** System fields stand among the extended fields; the phone rules name the rest. */
function shownInfo(row: ContactRow): Fields {
  const kept = row.info.extendedFields?.items;
  const items = row.info.emails
    ? { ...kept, 'emailSubscriptions.subscriptionStatus': 'NOT_SET' }
    : kept;
  return present({ ...row.info, extendedFields: items && { items } });
}

export function primaryOf<Item extends { primary: boolean }>(
  items: readonly Item[] | undefined,
): Item | undefined {
  return items?.find(({ primary }) => primary) ?? items?.[0];
}

function memberInfo(member: MemberRow): Fields {
  return {
    memberId: member.id,
    email: member.loginEmail,
    signupDate: member.createdDate,
    status: MEMBER_STATUS[member.status],
    profileInfo: { nickname: member.profile.nickname },
  };
}

/** The contact without its revision, as documented created-events carry it. (c) 3.2 */
export function withoutRevision(shown: Fields): Fields {
  const { revision: _, ...rest } = shown;
  return isObject(rest) ? rest : {};
}

/** A contact as automations tell of it. (t) 9.1 */
export function contactData(shown: Fields): Fields {
  const { name } = shown.info as { name?: Fields };
  const primary = isObject(shown.primaryInfo) ? shown.primaryInfo : {};
  return { contactId: shown.id, contact: present({ name, ...primary }) };
}
