import { type Journal, openJournal } from '../journal.ts';
import type { TableName, Tables } from './rows.ts';

/** The place of rows that belong to no site: accounts, sites, keys, apps and the settings. */
export const SHARED = 'shared';

type Row = { id: string };
type Entry =
  | { site: string; table: TableName; row: Row }
  | { site: string; table: TableName; removed: string };

/** Look-ups by something else than the id: what a row can be found by. */
const KEYS: { [Name in TableName]?: (row: Tables[Name]) => string[] } = {
  keys: ({ key }) => [key],
  contacts: ({ info }) => [
    ...(info.emails?.items ?? []).map(({ email }) => emailKey(email)),
    ...(info.phones?.items ?? []).map(phoneKey),
  ],
  members: ({ loginEmail, contactId }) => [emailKey(loginEmail), contactId],
  drafts: ({ content, published }) => [
    slugKey(content.seoSlug),
    ...(published ? [slugKey(published.seoSlug)] : []),
  ],
  tags: ({ label }) => [label.toLowerCase()],
};

export const emailKey = (email: string) => `email ${email.trim().toLowerCase()}`;
export const phoneKey = (item: { phone: string; e164Phone?: string }) =>
  `phone ${item.e164Phone ?? item.phone.replaceAll(/\D/g, '')}`;
export const slugKey = (slug: string) => `slug ${slug}`;

/** How long changes are remembered for an index that lags. */
export const LAG_SECONDS_MAX = 120;

/** All state of the simulator. Rows are never changed in place: a change puts a new row. */
export interface Store {
  get<Name extends TableName>(site: string, name: Name, id: string): Tables[Name] | undefined;
  /** In the order in which they were made. */
  rows<Name extends TableName>(site: string, name: Name): Tables[Name][];
  /** The rows that can be found by a key, as KEYS lists them. */
  found<Name extends TableName>(site: string, name: Name, key: string): Tables[Name][];
  /** The rows as they were at an instant, at most LAG_SECONDS_MAX ago. */
  rowsAt<Name extends TableName>(site: string, name: Name, instant: number): Tables[Name][];
  put<Name extends TableName>(site: string, name: Name, row: Tables[Name]): void;
  remove(site: string, name: TableName, id: string): void;
  /** Runs `work` and writes its changes to the journal in one go. */
  batch<Result>(work: () => Result): Result;
  close(): void;
}

interface Table {
  rows: Map<string, Row>;
  found: Map<string, Set<string>>;
  /** The latest changes, oldest first: what was there before each. */
  changes: { at: number; id: string; former: Row | undefined }[];
}

/**
 * Opens the store; with a journal file, everything written before is there again.
 *
 * now  milliseconds; asked for every change.
 */
export function openStore(options: { journalFile?: string; now: () => number }): Store {
  const tables = new Map<string, Table>();
  let journal: Journal<Entry> | null = null;
  let held: Entry[] | null = null;

  const tableOf = (site: string, name: TableName): Table => {
    const key = `${site}/${name}`;
    const known = tables.get(key);
    if (known) return known;
    const made: Table = { rows: new Map(), found: new Map(), changes: [] };
    tables.set(key, made);
    return made;
  };

  function apply(entry: Entry): { table: Table; id: string; former: Row | undefined } {
    const table = tableOf(entry.site, entry.table);
    const id = 'row' in entry ? entry.row.id : entry.removed;
    const former = table.rows.get(id);
    const keysOf = KEYS[entry.table] as ((row: Row) => string[]) | undefined;
    if (former && keysOf) for (const key of keysOf(former)) table.found.get(key)?.delete(id);
    if ('row' in entry) {
      table.rows.set(id, entry.row);
      for (const key of keysOf?.(entry.row) ?? []) {
        const ids = table.found.get(key);
        if (ids) ids.add(id);
        else table.found.set(key, new Set([id]));
      }
    } else table.rows.delete(id);
    return { table, id, former };
  }

  function record(entry: Entry): void {
    const { table, id, former } = apply(entry);
    const at = options.now();
    const isOld = (change: { at: number } | undefined) =>
      change !== undefined && change.at < at - LAG_SECONDS_MAX * 1_000;
    while (isOld(table.changes[0])) table.changes.shift();
    table.changes.push({ at, id, former });
    if (held) held.push(entry);
    else journal?.append([entry]);
  }

  function* snapshot(): Generator<Entry> {
    for (const [key, { rows }] of tables) {
      const [site = '', table] = key.split('/');
      for (const row of rows.values()) yield { site, table: table as TableName, row };
    }
  }

  if (options.journalFile) {
    journal = openJournal<Entry>({ file: options.journalFile, replay: apply, snapshot });
  }

  return {
    get: (site, name, id) => tableOf(site, name).rows.get(id) as never,
    rows: (site, name) => [...tableOf(site, name).rows.values()] as never,
    found(site, name, key) {
      const table = tableOf(site, name);
      return [...(table.found.get(key) ?? [])].map((id) => table.rows.get(id)) as never;
    },
    rowsAt(site, name, instant) {
      const { rows, changes } = tableOf(site, name);
      const newer = changes.filter(({ at }) => at > instant);
      if (newer.length === 0) return [...rows.values()] as never;
      const then = new Map(rows);
      for (const { id, former } of newer.reverse()) {
        if (former) then.set(id, former);
        else then.delete(id);
      }
      return [...then.values()] as never;
    },
    put: (site, name, row) => record({ site, table: name, row }),
    remove: (site, name, id) => record({ site, table: name, removed: id }),
    batch(work) {
      if (held) return work();
      held = [];
      try {
        return work();
      } finally {
        journal?.append(held);
        held = null;
      }
    },
    close() {
      journal?.close();
      // What still ends after this, a delivery under way, must not write into a closed file.
      journal = null;
    },
  };
}
