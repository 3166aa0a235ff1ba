import type { Switches } from './switches.ts';

/** Whatever JSON object came in, or goes out as it came. */
export type Fields = Record<string, unknown>;

/** What a key may be allowed. The dashboard's wording of these sets varies. (u) */
export const PERMISSIONS = [
  'contacts',
  'forms',
  'members',
  'blog',
  'media',
  'siteProperties',
  'installedApps',
  'siteList',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The apps of a site that matter, by the ids that Wix gives them. (c)(v) */
export const SITE_APPS = {
  blog: '14bcded7-0066-7c35-14d7-466cb3f09103',
  forms: '225dd912-7dea-4738-8688-4b8c6955ffc2',
} as const;
export type SiteApp = keyof typeof SITE_APPS;

export interface AccountRow {
  id: string;
  name: string;
  /** The user who owns the account, and made its keys. */
  owner: string;
}

export interface SiteRow {
  id: string;
  account: string;
  name: string;
  /** Empty while the site has no published address. */
  url: string;
  locale: string;
  language: string;
  timeZone: string;
  apps: SiteApp[];
  createdDate: string;
}

export interface KeyRow {
  id: string;
  account: string;
  label: string;
  key: string;
  /** Ids of sites, or all sites that the account owns. */
  sites: string[] | 'all';
  permissions: Permission[];
  revoked: boolean;
}

/** A Wix app of one's own: what it subscribes to, and where it is installed. */
export interface AppRow {
  id: string;
  name: string;
  /** PEM. */
  publicKey: string;
  privateKey: string;
  installs: { site: string; instanceId: string }[];
  /** `*` stands for every event. */
  hooks: { eventType: string; url: string }[];
}

export const AUTOMATION_TRIGGERS = [
  'form_submitted',
  'contact_created',
  'member_signed_up',
  'label_added',
] as const;
export type AutomationTrigger = (typeof AUTOMATION_TRIGGERS)[number];

/** An automation with the action "Send via webhook", made by the owner by hand. */
export interface AutomationRow {
  id: string;
  trigger: AutomationTrigger;
  url: string;
}

export interface ContactRow {
  id: string;
  revision: number;
  source: { sourceType: string };
  createdDate: string;
  updatedDate: string;
  lastActivity: { activityDate: string; activityType: string };
  info: ContactInfo;
}

export interface ContactInfo {
  name?: { first?: string; last?: string };
  emails?: { items: EmailItem[] };
  phones?: { items: PhoneItem[] };
  addresses?: { items: { id: string; tag: string; address: Fields }[] };
  company?: string;
  jobTitle?: string;
  birthdate?: string;
  locale?: string;
  labelKeys?: { items: string[] };
  extendedFields?: { items: Fields };
}
export interface EmailItem {
  id: string;
  tag: string;
  email: string;
  primary: boolean;
}
export interface PhoneItem {
  id: string;
  tag: string;
  countryCode?: string;
  phone: string;
  e164Phone?: string;
  primary: boolean;
}

/** A contact that was merged into another: asking for it gives the other. */
export interface MergedRow {
  id: string;
  target: string;
}

export interface LabelRow {
  /** The key: `custom.kiex`. */
  id: string;
  displayName: string;
  labelType: 'SYSTEM' | 'USER_DEFINED';
  createdDate: string;
  updatedDate: string;
}

export interface ExtendedFieldRow {
  /** The key: `custom.kiex-id`. */
  id: string;
  displayName: string;
  dataType: 'TEXT' | 'NUMBER' | 'DATE' | 'URL';
  fieldType: 'SYSTEM' | 'USER_DEFINED';
  createdDate: string;
  updatedDate: string;
}

export interface FormFieldRow {
  id: string;
  identifier: string;
  fieldType: 'INPUT' | 'DISPLAY';
  inputOptions?: {
    target: string;
    pii: boolean;
    required: boolean;
    inputType: string;
    contactMapping?: Fields;
    stringOptions?: Fields;
    numberOptions?: Fields;
    booleanOptions?: Fields;
    arrayOptions?: Fields;
  };
}

export interface FormRow {
  id: string;
  name: string;
  namespace: string;
  enabled: boolean;
  revision: string;
  createdDate: string;
  updatedDate: string;
  formFields: FormFieldRow[];
}

export interface SubmissionRow {
  id: string;
  formId: string;
  namespace: string;
  status: 'PENDING' | 'CONFIRMED' | 'PAYMENT_WAITING' | 'PAYMENT_CANCELED';
  submissions: Fields;
  createdDate: string;
  updatedDate: string;
  revision: string;
  submitter: Fields;
  seen: boolean;
  contactId?: string;
  /** Whether the contact of the submitter was looked for yet. */
  mapping: 'waiting' | 'done' | 'skipped';
  /** In the trash bin: gone from reads and queries. */
  trashed: boolean;
}

export interface MemberRow {
  id: string;
  loginEmail: string;
  loginEmailVerified: boolean;
  status: 'PENDING' | 'APPROVED' | 'BLOCKED' | 'OFFLINE';
  contactId: string;
  contact: Fields;
  profile: { nickname: string; slug: string; photo?: Fields; title?: string };
  privacyStatus: 'PRIVATE' | 'PUBLIC';
  activityStatus: 'ACTIVE' | 'MUTED';
  createdDate: string;
  updatedDate: string;
  lastLoginDate?: string;
  /** The owner of the site, who cannot be blocked. */
  isOwner: boolean;
}

export type DraftStatus = 'PUBLISHED' | 'UNPUBLISHED' | 'SCHEDULED' | 'DELETED' | 'IN_REVIEW';

/** What an editor writes; the draft and what is published each hold one. */
export interface PostContent {
  title?: string;
  excerpt?: string;
  memberId: string;
  richContent: Fields;
  categoryIds: string[];
  tagIds: string[];
  hashtags: string[];
  relatedPostIds: string[];
  seoSlug: string;
  seoData?: Fields;
  media?: Fields;
  heroImage?: Fields;
  featured: boolean;
  commentingEnabled: boolean;
  language: string;
  firstPublishedDate?: string;
}

export interface DraftRow {
  id: string;
  content: PostContent;
  status: DraftStatus;
  hasUnpublishedChanges: boolean;
  createdDate: string;
  editedDate: string;
  scheduledPublishDate?: string;
  /** Null until it was published; the public version, which edits leave alone. */
  published: PostContent | null;
  firstPublishedDate?: string;
  lastPublishedDate?: string;
}

export interface TagRow {
  id: string;
  label: string;
  slug: string;
  language: string;
}

export interface CategoryRow {
  id: string;
  label: string;
  slug: string;
  description?: string;
}

export interface MediaRow {
  id: string;
  displayName: string;
  mediaType: string;
  sourceUrl: string;
  createdDate: string;
}

/** A password mail that was sent; nobody reads it but the inspector. */
export interface MailRow {
  id: string;
  to: string;
  sentAt: string;
}

export const DELIVERY_FAULTS = [
  'none',
  'lost',
  'late',
  'reordered',
  'doubled',
  'wrongKey',
  'algNone',
  'publicKeyAsSecret',
  'expired',
] as const;
export type DeliveryFault = (typeof DELIVERY_FAULTS)[number];

export interface DeliveryRow {
  id: string;
  /** The app it is signed for; null for an automation, which signs nothing. */
  app: string | null;
  eventType: string;
  entityId: string;
  targetUrl: string;
  /** The nested envelope before it is signed, or the body of an automation. */
  body: Fields;
  fault: DeliveryFault;
  dueAt: string;
  sentAt: string | null;
  attempts: number;
  status: number | null;
  outcome: 'waiting' | 'delivered' | 'failed' | 'lost';
}

export interface SettingsRow {
  id: 'settings';
  switches: Partial<Switches>;
  shiftedMilliseconds: number;
}

/** Every table of the store. The first five belong to no site. */
export interface Tables {
  settings: SettingsRow;
  accounts: AccountRow;
  sites: SiteRow;
  keys: KeyRow;
  apps: AppRow;
  automations: AutomationRow;
  contacts: ContactRow;
  merged: MergedRow;
  labels: LabelRow;
  extendedFields: ExtendedFieldRow;
  forms: FormRow;
  submissions: SubmissionRow;
  members: MemberRow;
  drafts: DraftRow;
  tags: TagRow;
  categories: CategoryRow;
  media: MediaRow;
  mails: MailRow;
  deliveries: DeliveryRow;
}
export type TableName = keyof Tables;
