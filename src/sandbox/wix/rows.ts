import type {
  AccountRow,
  AppRow,
  AutomationRow,
  DeliveryRow,
  Fields,
  KeyRow,
  SettingsRow,
  SiteRow,
} from './siteRows.ts';

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

/** The tables of a site, which scripts may look at. */
export const TABLES: readonly TableName[] = [
  ...(['automations', 'contacts', 'merged', 'labels', 'extendedFields', 'forms'] as const),
  ...(['submissions', 'members', 'drafts', 'tags', 'categories'] as const),
  ...(['media', 'mails', 'deliveries'] as const),
];
