import type { Core } from './core.ts';
import {
  ATTACHMENT_FIELDS,
  EDUCATION_FIELDS,
  EXPERIENCE_FIELDS,
  type Fields,
  NOTE_FIELDS,
  SOCIAL_MEDIA_FIELDS,
} from './fields.ts';
import type { Files } from './files.ts';
import type { Method, ShapeSwitch } from './guard.ts';
import { signedLink } from './links.ts';
import type { RecordName } from './records.ts';
import type { AccountRow, ChildRow, FileRow } from './rows.ts';

/** What hangs below a candidate, job, match and so on. */
export interface ChildKind {
  table: 'notes' | 'attachments' | 'activities' | 'educations' | 'experiences' | 'socialMedia';
  /** The last part of the address. */
  path: string;
  parents: readonly RecordName[];
  fields: Fields;
  shape: ShapeSwitch;
  listMethods: readonly Method[];
  itemMethods: readonly Method[];
  /** The keys shown, in order, after `id`. */
  shows: readonly string[];
}

const ALL: readonly RecordName[] = ['candidates', 'contacts', 'jobs', 'organizations', 'matches'];
const CANDIDATES: readonly RecordName[] = ['candidates'];
const EDITED = {
  listMethods: ['GET', 'POST'],
  itemMethods: ['GET', 'PATCH', 'DELETE'],
} as const;

/** The sub-resources of 9.1 and 9.4 that behave alike. */
export const CHILD_KINDS: readonly ChildKind[] = [
  {
    table: 'notes',
    path: 'notes',
    parents: ALL,
    fields: NOTE_FIELDS,
    shape: 'notesShape',
    ...EDITED,
    shows: ['info', 'creator', 'created_at'],
  },
  {
    table: 'attachments',
    path: 'attachments',
    parents: ALL,
    fields: ATTACHMENT_FIELDS,
    shape: 'attachmentsShape',
    ...EDITED,
    shows: ['name', 'description', 'file', 'creator', 'created_at'],
  },
  {
    table: 'activities',
    path: 'activities',
    parents: ALL,
    fields: {},
    shape: 'activitiesShape',
    listMethods: ['GET'],
    itemMethods: ['GET'],
    shows: ['name', 'description', 'activity_type', 'due_date', 'creator', 'created_at'],
  },
  {
    table: 'educations',
    path: 'educations',
    parents: CANDIDATES,
    fields: EDUCATION_FIELDS,
    shape: 'educationsShape',
    ...EDITED,
    shows: Object.keys(EDUCATION_FIELDS),
  },
  {
    table: 'experiences',
    path: 'experiences',
    parents: CANDIDATES,
    fields: EXPERIENCE_FIELDS,
    shape: 'experiencesShape',
    ...EDITED,
    shows: Object.keys(EXPERIENCE_FIELDS),
  },
  {
    table: 'socialMedia',
    path: 'social-media',
    parents: CANDIDATES,
    fields: SOCIAL_MEDIA_FIELDS,
    shape: 'socialMediaShape',
    listMethods: ['GET', 'POST'],
    itemMethods: ['GET'],
    shows: Object.keys(SOCIAL_MEDIA_FIELDS),
  },
];

/** Puts a new row below `parent` (`candidates/91002301`), starting the download of a file. */
export function addChild(
  core: Core,
  files: Files,
  wanted: {
    account: AccountRow;
    table: ChildKind['table'];
    parent: string;
    values: Record<string, unknown>;
    user: number | null;
  },
): ChildRow {
  const { account, table, parent, user } = wanted;
  const { file, ...values } = wanted.values;
  const row: ChildRow = {
    id: core.store.nextId(account.id, table),
    parent,
    creator: user,
    ...values,
    created_at: core.stamp(),
  };
  if (table === 'attachments') {
    const made = pendingFile(core, row, String(file));
    core.store.put(account.id, 'attachments', made);
    files.order(account, 'attachments', made);
  } else core.store.put(account.id, table, row);
  if (core.switches().childTouchesParent) touchParent(core, account, parent);
  return core.store.table(account.id, table).get(row.id) ?? row;
}

/** Changes a row; a new file address is fetched later and only then takes the place of the old. */
export function changeChild(
  core: Core,
  files: Files,
  wanted: {
    account: AccountRow;
    table: ChildKind['table'];
    row: ChildRow;
    values: Record<string, unknown>;
  },
): ChildRow {
  const { account, table, row } = wanted;
  const { file, ...values } = wanted.values;
  const changed = { ...row, ...values };
  if (file === undefined) core.store.put(account.id, table, changed as FileRow);
  else {
    const { sourceUrl, downloadAt } = pendingFile(core, row, String(file));
    const pending = { ...changed, sourceUrl, downloadAt } as FileRow;
    core.store.put(account.id, 'attachments', pending);
    files.order(account, 'attachments', pending);
  }
  return changed;
}

/** A row that waits for its download. */
export function pendingFile(core: Core, row: ChildRow, sourceUrl: string): FileRow {
  const dueAt = core.clock.now().getTime() + core.switches().downloadSeconds * 1000;
  return {
    name: null,
    description: null,
    ...row,
    sourceUrl,
    downloadAt: new Date(dueAt).toISOString(),
    downloadedAt: null,
    contentType: null,
    extension: endingOf(sourceUrl),
  };
}

function endingOf(url: string): string {
  const ending = /\.([a-z]{3,4})$/i.exec(new URL(url).pathname)?.[1];
  return ending?.toLowerCase() ?? 'pdf';
}

/** A file is in no list before it was fetched. [I] */
export function isVisible(row: ChildRow): boolean {
  return !('downloadedAt' in row) || row.downloadedAt !== null;
}

/** A sub-resource as the API shows it. */
export function showChild(
  core: Core,
  account: AccountRow,
  kind: ChildKind,
  row: ChildRow,
): Record<string, unknown> {
  const shown: Record<string, unknown> = { id: row.id };
  for (const name of kind.shows) shown[name] = row[name] ?? null;
  if (kind.table === 'attachments') {
    shown.file = signedLink(core, account.id, 'attachments', row as FileRow);
  }
  return shown;
}

function touchParent(core: Core, account: AccountRow, parent: string): void {
  const [name, id] = parent.split('/') as [RecordName, string];
  const row = core.store.table(account.id, name).get(Number(id));
  if (row) core.store.put(account.id, name, { ...row, updated_at: core.stamp() });
}
