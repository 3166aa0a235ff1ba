import type { Canonical, Value, Values } from './canonical.ts';
import type { Flow, Policy } from './flow.ts';

/** One row of a mapping table: how a field of ours and a field of theirs belong together. */
export interface Field {
  ours: string;
  /** Their key, as printed in documentation and used to read the field; '' when it is worked out. */
  theirs: string;
  flow: Flow;
  /** The same where it depends on what staff chose for a connection. */
  flowBy?(settings: Readonly<Record<string, unknown>>): Flow;
  policy: Policy;
  /** Brings either side's value into the form in which both are compared. [M5] */
  canonical: Canonical;
  /** KiEX cannot do without it (it is found or shown by it): staff cannot switch it off. */
  needed?: boolean;
  /** An object of theirs: each of its keys is a value of its own, merged by itself, as 'ours.key'. */
  keyed?: boolean;
  /** Values that mean something here only: they never leave, and whatever stands there is followed. */
  oursOnly?: readonly Value[];
}

/** Reads a raw row through a mapping table: canonical values, or the first path that surprises. */
export function readFields(
  fields: readonly Field[],
  raw: Readonly<Record<string, unknown>>,
): { values: Record<string, Values[string]> } | { surprise: { path: string; detail: string } } {
  const values: Record<string, Values[string]> = {};
  for (const field of fields) {
    if (field.theirs === '') continue;
    for (const [name, path, value] of partsOf(field, raw[field.theirs])) {
      const read = field.canonical(value);
      if ('problem' in read) return { surprise: { path, detail: read.problem } };
      values[name] = read.value;
    }
  }
  return { values };
}

/** What a field of theirs holds: [our name, their path, raw value]; for a keyed one, key by key. */
function partsOf(field: Field, raw: unknown): [string, string, unknown][] {
  const isObject = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  if (!field.keyed) return [[field.ours, field.theirs, raw]];
  if (!isObject) return [];
  return Object.entries(raw).map(([key, value]) => [
    `${field.ours}.${key}`,
    `${field.theirs}.${key}`,
    value,
  ]);
}

/**
 * The same fields, each keyed one replaced by the keys of it that are among these names. In the order
 * of the alphabet, so that the same record always plans the same.
 */
export function spread<Of extends Field>(fields: readonly Of[], names: Iterable<string>): Of[] {
  if (!fields.some(({ keyed }) => keyed)) return [...fields];
  const known = [...new Set(names)].sort();
  return fields.flatMap((field) => {
    if (!field.keyed) return [field];
    const own = known.filter((name) => name.startsWith(`${field.ours}.`));
    return own.map((name) => {
      const one = { ...field, ours: name, keyed: false };
      return 'name' in field ? { ...one, name } : one;
    });
  });
}

/** Our row's values in canonical form; ours were checked on the way in, so a problem is our bug. */
export function canonicalOurs(
  fields: readonly Field[],
  raw: Readonly<Record<string, unknown>>,
): Values {
  const values: Record<string, Values[string]> = {};
  for (const field of spread(fields, Object.keys(raw))) {
    const read = field.canonical(raw[field.ours]);
    if ('problem' in read)
      throw new Error(`our own ${field.ours} is not readable: ${read.problem}`);
    values[field.ours] = read.value;
  }
  return values;
}
