import { contactData, showContact } from './contactShow.ts';
import { contactById, saveContact } from './contacts.ts';
import type { Core, Scene } from './core.ts';
import { automate } from './events.ts';
import { notFound, refuse } from './refusals.ts';
import type { ContactRow, ExtendedFieldRow, LabelRow } from './rows.ts';
import { slugOf } from './slugs.ts';
import { oneOf, textIn, wrong } from './values.ts';

const NAME_MAX = 1_000;
const FIELDS_MAX = 100;
const SYSTEM_LABELS = {
  'contacts.contacted-me': 'Contacted Me',
  'contacts.customers': 'Customers',
};
const SYSTEM_FIELDS = {
  'emailSubscriptions.subscriptionStatus': 'Subscriber status',
  'emailSubscriptions.deliverabilityStatus': 'Deliverability status',
  'members.membershipStatus': 'Membership status',
  'contacts.displayByLastName': 'Name',
} as const;

/** What every site has from the start. */
export function addSystemNames({ core, site }: Scene): void {
  const times = { createdDate: core.now(), updatedDate: core.now() };
  for (const [id, displayName] of Object.entries(SYSTEM_LABELS)) {
    core.store.put(site.id, 'labels', { id, displayName, labelType: 'SYSTEM', ...times });
  }
  for (const [id, displayName] of Object.entries(SYSTEM_FIELDS)) {
    const kind = { dataType: 'TEXT', fieldType: 'SYSTEM' } as const;
    core.store.put(site.id, 'extendedFields', { id, displayName, ...kind, ...times });
  }
}

/** Finds the label of this name, or makes it. (s) 3.1 */
export function findOrCreateLabel(
  { core, site }: Scene,
  displayName: unknown,
): { label: LabelRow; newLabel: boolean } {
  const name = nameOf(displayName);
  const known = core.store.rows(site.id, 'labels').find((row) => isSame(row.displayName, name));
  if (known) return { label: known, newLabel: false };
  const id = freeKey(core, site.id, 'labels', name);
  const times = { createdDate: core.now(), updatedDate: core.now() };
  const label: LabelRow = { id, displayName: name, labelType: 'USER_DEFINED', ...times };
  core.store.put(site.id, 'labels', label);
  return { label, newLabel: true };
}

/** Finds the field of this name, or makes it; at most 100 of one's own. (c)(s) 3.8 */
export function findOrCreateField(
  { core, site }: Scene,
  wanted: { displayName?: unknown; dataType?: unknown },
): { field: ExtendedFieldRow; newField: boolean } {
  const name = nameOf(wanted.displayName);
  const dataType = oneOf(wanted.dataType, 'dataType', ['TEXT', 'NUMBER', 'DATE', 'URL']);
  if (!dataType) throw wrong('dataType', 'must not be empty', 'OTHER');
  const rows = core.store.rows(site.id, 'extendedFields');
  const known = rows.find((row) => isSame(row.displayName, name));
  if (known) return { field: known, newField: false };
  if (rows.filter(({ fieldType }) => fieldType === 'USER_DEFINED').length >= FIELDS_MAX) {
    throw refuse(428, 'FIELDS_QUOTA_EXCEEDED', `a site has at most ${FIELDS_MAX} custom fields`);
  }
  const id = freeKey(core, site.id, 'extendedFields', name);
  const times = { createdDate: core.now(), updatedDate: core.now() };
  const field: ExtendedFieldRow = {
    ...{ id, displayName: name, dataType, fieldType: 'USER_DEFINED', ...times },
  };
  core.store.put(site.id, 'extendedFields', field);
  return { field, newField: true };
}

/** Gives a label or a custom field another name; the key stays. */
export function rename(
  { core, site }: Scene,
  table: 'labels' | 'extendedFields',
  { id, displayName }: { id: string; displayName: unknown },
): LabelRow | ExtendedFieldRow {
  const row = ownRow({ core, site }, table, id);
  const renamed = { ...row, displayName: nameOf(displayName), updatedDate: core.now() };
  core.store.put(site.id, table, renamed as never);
  return renamed;
}

/** Removes a label or a custom field, and takes it off every contact. */
export function removeName(scene: Pick<Scene, 'core' | 'site'>, table: NameTable, id: string) {
  const { core, site } = scene;
  ownRow(scene, table, id);
  core.store.remove(site.id, table, id);
  for (const row of core.store.rows(site.id, 'contacts')) {
    const without = table === 'labels' ? withoutLabel(row, id) : withoutField(row, id);
    if (without) core.store.put(site.id, 'contacts', without);
  }
}
type NameTable = 'labels' | 'extendedFields';

/** Adds or removes labels of a contact. Each must exist. (s) 3.1 */
export function labelContact(
  scene: Scene,
  id: string,
  { labelKeys, adds }: { labelKeys: unknown; adds: boolean },
): ContactRow {
  const { core, site } = scene;
  const row = contactById(scene, id);
  const keys = Array.isArray(labelKeys) ? labelKeys.map(String) : [];
  if (keys.length < 1 || keys.length > 100) {
    throw wrong('labelKeys', 'must have 1 to 100 items', 'OUT_OF_RANGE');
  }
  for (const key of adds ? keys : []) {
    if (!core.store.get(site.id, 'labels', key)) throw notFound(`label ${key}`);
  }
  const kept = row.info.labelKeys?.items ?? [];
  const items = adds ? [...new Set([...kept, ...keys])] : kept.filter((key) => !keys.includes(key));
  const saved = saveContact(scene, withLabels(row, items));
  if (adds) {
    const data = contactData(showContact(core, site, saved));
    automate(scene, { trigger: 'label_added', entityId: saved.id, data });
  }
  return saved;
}

function ownRow({ core, site }: Pick<Scene, 'core' | 'site'>, table: NameTable, id: string) {
  const row = core.store.get(site.id, table, id);
  if (!row) throw notFound(table === 'labels' ? 'label' : 'extended field');
  const kind = 'labelType' in row ? row.labelType : row.fieldType;
  if (kind === 'SYSTEM') throw refuse(428, 'FAILED_PRECONDITION', 'this is kept by Wix itself');
  return row;
}

function withLabels(row: ContactRow, items: string[]): ContactRow {
  const { labelKeys: _, ...info } = row.info;
  return { ...row, info: items.length > 0 ? { ...info, labelKeys: { items } } : info };
}

function withoutLabel(row: ContactRow, key: string): ContactRow | null {
  const items = row.info.labelKeys?.items ?? [];
  if (!items.includes(key)) return null;
  return withLabels(
    row,
    items.filter((one) => one !== key),
  );
}

function withoutField(row: ContactRow, key: string): ContactRow | null {
  const kept = row.info.extendedFields?.items ?? {};
  if (!(key in kept)) return null;
  const { [key]: _, ...items } = kept;
  return { ...row, info: { ...row.info, extendedFields: { items } } };
}

function nameOf(displayName: unknown): string {
  const name = textIn(displayName, 'displayName', NAME_MAX)?.trim();
  if (!name) throw wrong('displayName', 'must not be empty', 'OTHER');
  return name;
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** `KiEX ID` becomes `custom.kiex-id`, or with a number behind it when that is taken. (s) 3.8 */
function freeKey(core: Core, site: string, table: NameTable, name: string): string {
  const stem = slugOf(name);
  let key = `custom.${stem}`;
  for (let number = 1; core.store.get(site, table, key); number += 1) {
    key = `custom.${stem}-${number}`;
  }
  return key;
}
