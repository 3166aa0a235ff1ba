import type { Row } from './rows.ts';

/** Rows by id, in rising order of id, with look-ups by the fields named in `indexed`. */
export class Table<Kept extends Row> {
  #rows: Kept[] = [];
  #byId = new Map<number, Kept>();
  #indexes: Map<string, Map<unknown, Kept[]>>;

  constructor(indexed: readonly string[]) {
    this.#indexes = new Map(indexed.map((field) => [field, new Map()]));
  }

  /** All rows, by rising id. Not a copy: look, do not touch. */
  get rows(): readonly Kept[] {
    return this.#rows;
  }

  get(id: number): Kept | undefined {
    return this.#byId.get(id);
  }

  /** The rows whose `field` is `value`, by rising id. Throws when the field has no index. */
  where(field: string & keyof Kept, value: unknown): readonly Kept[] {
    const index = this.#indexes.get(field);
    if (!index) throw new Error(`no index on ${field}`);
    return index.get(value) ?? [];
  }

  put(row: Kept): void {
    const former = this.#byId.get(row.id);
    this.#byId.set(row.id, row);
    setById(this.#rows, row);
    for (const [field, index] of this.#indexes) {
      const value = valueIn(row, field);
      if (former && valueIn(former, field) !== value)
        dropFrom(index, valueIn(former, field), row.id);
      const rows = index.get(value);
      if (rows) setById(rows, row);
      else index.set(value, [row]);
    }
  }

  remove(id: number): Kept | undefined {
    const row = this.#byId.get(id);
    if (!row) return undefined;
    this.#byId.delete(id);
    removeById(this.#rows, id);
    for (const [field, index] of this.#indexes) dropFrom(index, valueIn(row, field), id);
    return row;
  }
}

function valueIn(row: Row, field: string): unknown {
  return (row as unknown as Record<string, unknown>)[field];
}

function dropFrom<Kept extends Row>(index: Map<unknown, Kept[]>, value: unknown, id: number): void {
  const rows = index.get(value);
  if (!rows) return;
  removeById(rows, id);
  if (rows.length === 0) index.delete(value);
}

function setById<Kept extends Row>(rows: Kept[], row: Kept): void {
  const at = placeOf(rows, row.id);
  const replaces = rows[at]?.id === row.id;
  rows.splice(at, replaces ? 1 : 0, row);
}

function removeById(rows: Row[], id: number): void {
  const at = placeOf(rows, id);
  if (rows[at]?.id === id) rows.splice(at, 1);
}

/** Where `id` is, or belongs: the first place whose id is not smaller. */
function placeOf(rows: readonly Row[], id: number): number {
  const last = rows.at(-1);
  // Most rows are new, and new ids are the greatest.
  if (!last || last.id < id) return rows.length;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
