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
