import type { Core, Scene } from './core.ts';
import { type NewForm, newForm, SIGN_UP_FORM } from './formMaking.ts';
import { addSystemNames } from './labels.ts';
import type { FormRow } from './rows.ts';
import { createSigningKey } from './signingKey.ts';
import {
  type AccountRow,
  type AppRow,
  type AutomationRow,
  type AutomationTrigger,
  type KeyRow,
  PERMISSIONS,
  type Permission,
  type SiteApp,
  type SiteRow,
} from './siteRows.ts';
import { slugOf } from './slugs.ts';
import { SHARED } from './store.ts';

export interface NewSite {
  account: string;
  name: string;
  /** Given by tests that want to know it; drawn otherwise. */
  id?: string;
  url?: string;
  apps?: SiteApp[];
  locale?: string;
  timeZone?: string;
  /** Made with the site; one sign-up form unless told otherwise. */
  forms?: NewForm[];
}

export interface NewKey {
  account: string;
  key: string;
  label?: string;
  sites?: string[] | 'all';
  permissions?: readonly Permission[];
}

export function addAccount(core: Core, wanted: { name: string; id?: string }): AccountRow {
  const row = { id: wanted.id ?? core.newGuid(), name: wanted.name, owner: core.newGuid() };
  core.store.put(SHARED, 'accounts', row);
  return row;
}

/** Makes a site with its system labels and fields, and its forms. */
export function addSite(core: Core, wanted: NewSite): SiteRow {
  if (!core.store.get(SHARED, 'accounts', wanted.account)) throw new Error('no such account');
  const site: SiteRow = {
    id: wanted.id ?? core.newGuid(),
    account: wanted.account,
    name: wanted.name,
    url: wanted.url ?? `https://www.${slugOf(wanted.name)}.example`,
    locale: wanted.locale ?? 'en-us',
    language: (wanted.locale ?? 'en').slice(0, 2),
    timeZone: wanted.timeZone ?? 'Pacific/Guam',
    apps: wanted.apps ?? ['blog', 'forms'],
    createdDate: core.now(),
  };
  core.store.batch(() => {
    core.store.put(SHARED, 'sites', site);
    const scene: Scene = { core, site, actor: { by: 'owner' } };
    addSystemNames(scene);
    for (const form of wanted.forms ?? [SIGN_UP_FORM]) addForm(core, site.id, form);
  });
  return site;
}

/** Throws when the key is taken. */
export function addKey(core: Core, wanted: NewKey): KeyRow {
  if (core.store.found(SHARED, 'keys', wanted.key).length > 0) throw new Error('the key is taken');
  const row: KeyRow = {
    id: core.newGuid(),
    account: wanted.account,
    label: wanted.label ?? 'KiEX',
    key: wanted.key,
    sites: wanted.sites ?? 'all',
    permissions: [...(wanted.permissions ?? PERMISSIONS)],
    revoked: false,
  };
  core.store.put(SHARED, 'keys', row);
  return row;
}

/** Changes what a key may do. */
export function changeKey(
  core: Core,
  id: string,
  changed: Partial<Pick<KeyRow, 'key' | 'sites' | 'permissions' | 'revoked' | 'label'>>,
): KeyRow {
  const row = core.store.get(SHARED, 'keys', id);
  if (!row) throw new Error(`there is no key ${id}`);
  const saved = { ...row, ...changed };
  core.store.put(SHARED, 'keys', saved);
  return saved;
}

/** An app of one's own, with a new key pair, subscribed to what `hooks` say. */
export function addApp(
  core: Core,
  wanted: { name: string; id?: string; hooks?: AppRow['hooks'] },
): AppRow {
  const row: AppRow = {
    id: wanted.id ?? core.newGuid(),
    name: wanted.name,
    ...createSigningKey(core.random),
    installs: [],
    hooks: wanted.hooks ?? [],
  };
  core.store.put(SHARED, 'apps', row);
  return row;
}

/** Installs an app on a site. Returns the id of the instance, the same when it was there already. */
export function installApp(core: Core, app: string, site: string): string {
  const row = appById(core, app);
  const known = row.installs.find((install) => install.site === site);
  if (known) return known.instanceId;
  const instanceId = core.newGuid();
  const installs = [...row.installs, { site, instanceId }];
  core.store.put(SHARED, 'apps', { ...row, installs });
  return instanceId;
}

export function subscribeApp(core: Core, app: string, hooks: AppRow['hooks']): void {
  core.store.put(SHARED, 'apps', { ...appById(core, app), hooks });
}

function appById(core: Core, id: string): AppRow {
  const row = core.store.get(SHARED, 'apps', id);
  if (!row) throw new Error(`there is no app ${id}`);
  return row;
}

/** The owner clicks together "when this happens, send it there". */
export function addAutomation(
  core: Core,
  site: string,
  wanted: { trigger: AutomationTrigger; url: string },
): AutomationRow {
  const row = { id: core.newGuid(), ...wanted };
  core.store.put(site, 'automations', row);
  return row;
}

export function addForm(core: Core, site: string, wanted: NewForm): FormRow {
  const row = newForm(core, wanted);
  core.store.put(site, 'forms', row);
  return row;
}

/** Changes which apps a site has, or its name or address. */
export function changeSite(
  core: Core,
  id: string,
  changed: Partial<Pick<SiteRow, 'apps' | 'name' | 'url'>>,
): SiteRow {
  const site = core.store.get(SHARED, 'sites', id);
  if (!site) throw new Error(`there is no site ${id}`);
  const saved = { ...site, ...changed };
  core.store.put(SHARED, 'sites', saved);
  return saved;
}
