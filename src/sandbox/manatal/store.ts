import { type Journal, openJournal } from '../journal.ts';
import { FIRST_IDS, type Row, type TableName, type Tables } from './rows.ts';
import { Table } from './table.ts';

/** Rows that belong to no account: the accounts themselves, and the settings. */
export const SHARED = 0;

const INDEXES: Partial<Record<TableName, readonly string[]>> = {
  matches: ['job', 'candidate'],
  notes: ['parent'],
  attachments: ['parent'],
  resumes: ['parent'],
  activities: ['parent'],
  educations: ['parent'],
  experiences: ['parent'],
  socialMedia: ['parent'],
  candidateTags: ['parent'],
  candidateSkills: ['parent'],
  candidateNationalities: ['parent'],
};

/** One change: a row put, a row removed, or the next id of a table. */
type Entry =
  | { account: number; table: TableName; row: Row }
  | { account: number; table: TableName; removed: number }
  | { account: number; table: TableName | 'stages'; nextId: number };

/** All state of the simulator. Rows are never changed in place: a change puts a new row. */
export interface Store {
  table<Name extends TableName>(account: number, name: Name): Table<Tables[Name]>;
  put<Name extends TableName>(account: number, name: Name, row: Tables[Name]): void;
  remove(account: number, name: TableName, id: number): void;
  /** Takes the next id. Ids of removed rows are never given again. */
  nextId(account: number, name: TableName | 'stages'): number;
  /** Runs `work` and writes its changes to the journal in one go: for seeding thousands of rows. */
  batch<Result>(work: () => Result): Result;
  close(): void;
}

/** Opens the store; with a journal file, everything written before is there again. */
export function openStore(journalFile?: string): Store {
  const tables = new Map<string, Table<Row>>();
  const nextIds = new Map<string, number>();
  let journal: Journal<Entry> | null = null;
  let held: Entry[] | null = null;

  const tableOf = (account: number, name: TableName): Table<Row> => {
    const key = `${account}/${name}`;
    const known = tables.get(key);
    if (known) return known;
    const made = new Table<Row>(INDEXES[name] ?? []);
    tables.set(key, made);
    return made;
  };
  const peekId = (account: number, name: TableName | 'stages') =>
    nextIds.get(`${account}/${name}`) ?? FIRST_IDS[name];

  function apply(entry: Entry): void {
    if ('row' in entry) {
      tableOf(entry.account, entry.table).put(entry.row);
      reserve(entry.account, entry.table, entry.row.id + 1);
    } else if ('removed' in entry) tableOf(entry.account, entry.table).remove(entry.removed);
    else reserve(entry.account, entry.table, entry.nextId);
  }
  function reserve(account: number, name: TableName | 'stages', nextId: number): void {
    if (nextId > peekId(account, name)) nextIds.set(`${account}/${name}`, nextId);
  }
  function* snapshot(): Generator<Entry> {
    for (const [key, nextId] of nextIds) yield { ...splitKey(key), nextId };
    for (const [key, table] of tables)
      for (const row of table.rows) {
        const { account, table: name } = splitKey(key);
        yield { account, table: name as TableName, row };
      }
  }
  function record(entry: Entry): void {
    apply(entry);
    if (held) held.push(entry);
    else journal?.append([entry]);
  }

  if (journalFile) journal = openJournal<Entry>({ file: journalFile, replay: apply, snapshot });

  return {
    table: (account, name) => tableOf(account, name) as never,
    put: (account, name, row) => record({ account, table: name, row }),
    remove: (account, name, id) => record({ account, table: name, removed: id }),
    nextId(account, name) {
      const id = peekId(account, name);
      // Stages live inside pipelines, so no row of their own carries the number on.
      if (name === 'stages') record({ account, table: name, nextId: id + 1 });
      else reserve(account, name, id + 1);
      return id;
    },
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

function splitKey(key: string): { account: number; table: TableName | 'stages' } {
  const [account, table] = key.split('/');
  return { account: Number(account), table: table as TableName };
}
