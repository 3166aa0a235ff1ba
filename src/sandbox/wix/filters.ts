import type { Refused } from './refusals.ts';
import type { Fields } from './siteRows.ts';
import { isObject } from './values.ts';

/** A field that a query may name. `read` gives a scalar, or a list of which any may fit. */
export interface Queryable<Row> {
  operators: readonly string[];
  sorts: boolean;
  /** How values are compared. */
  kind: 'text' | 'email' | 'instant' | 'plain';
  read: (row: Row) => unknown;
}
export type QueryableFields<Row> = (name: string) => Queryable<Row> | undefined;

export type FilterProblem =
  | { code: 'MALFORMED_FILTER'; text: string }
  | { code: 'UNSUPPORTED_FILTER_FIELD_UNKNOWN'; text: string }
  | { code: 'UNSUPPORTED_FILTER_OPERATOR'; text: string }
  | { code: 'UNSUPPORTED_FILTER_VALUE_TYPE'; text: string }
  | { code: 'UNSUPPORTED_SORT_FIELD'; text: string };

/** Whose fields they are, and how a breach is answered. */
export interface Grammar<Row> {
  fields: QueryableFields<Row>;
  complain: (problem: FilterProblem) => Refused;
  ignoresEmailCase: boolean;
}

export type Test<Row> = (row: Row) => boolean;

/**
 * Reads a filter: equality by a bare value, operators by an object, several keys and-ed, `$and`,
 * `$or`, `$not`. Throws what `complain` makes of a breach.
 * Source: reference/wix.md 2.2, 12.3
 */
export function compileFilter<Row>(grammar: Grammar<Row>, filter: unknown): Test<Row> {
  if (filter === undefined || filter === null) return () => true;
  if (!isObject(filter)) {
    throw grammar.complain({ code: 'MALFORMED_FILTER', text: 'the filter must be an object' });
  }
  const tests = Object.entries(filter).map(([name, wanted]) => compilePart(grammar, name, wanted));
  return (row) => tests.every((test) => test(row));
}

function compilePart<Row>(grammar: Grammar<Row>, name: string, wanted: unknown): Test<Row> {
  if (name === '$and' || name === '$or') {
    if (!Array.isArray(wanted)) {
      throw grammar.complain({ code: 'MALFORMED_FILTER', text: `${name} takes an array` });
    }
    const parts = wanted.map((part) => compileFilter(grammar, part));
    return name === '$and'
      ? (row) => parts.every((test) => test(row))
      : (row) => parts.some((test) => test(row));
  }
  if (name === '$not') {
    const inner = compileFilter(grammar, Array.isArray(wanted) ? wanted[0] : wanted);
    return (row) => !inner(row);
  }
  const field = grammar.fields(name);
  if (!field) {
    const text = `the field ${name} cannot be filtered`;
    throw grammar.complain({ code: 'UNSUPPORTED_FILTER_FIELD_UNKNOWN', text });
  }
  const conditions = isObject(wanted) ? Object.entries(wanted) : [['$eq', wanted] as const];
  const tests = conditions.map(([operator, value]) =>
    compileCondition(grammar, { name, field }, { operator, value }),
  );
  return (row) => tests.every((test) => test(row));
}

const LISTED = new Set(['$in', '$nin', '$hasSome', '$hasAll']);

function compileCondition<Row>(
  grammar: Grammar<Row>,
  { name, field }: { name: string; field: Queryable<Row> },
  { operator, value }: { operator: string; value: unknown },
): Test<Row> {
  // One newer page writes the prefix operator so. (c) 3.6
  const known = operator === '$begins' ? '$startsWith' : operator;
  if (!field.operators.includes(known)) {
    const text = `${operator} is not supported for the field ${name}`;
    throw grammar.complain({ code: 'UNSUPPORTED_FILTER_OPERATOR', text });
  }
  if (LISTED.has(known) !== Array.isArray(value)) {
    const text = `${operator} of ${name} has a value of the wrong type`;
    throw grammar.complain({ code: 'UNSUPPORTED_FILTER_VALUE_TYPE', text });
  }
  const bring = (one: unknown) => comparable(grammar, field.kind, one);
  const wanted = Array.isArray(value) ? value.map(bring) : bring(value);
  return (row) => fits(known, listOf(field.read(row)).map(bring), wanted);
}

function comparable<Row>(grammar: Grammar<Row>, kind: Queryable<Row>['kind'], value: unknown) {
  if (kind === 'instant' && typeof value === 'string') return Date.parse(value);
  if (kind === 'email' && typeof value === 'string' && grammar.ignoresEmailCase) {
    return value.toLowerCase();
  }
  return value;
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

function fits(operator: string, values: unknown[], wanted: unknown): boolean {
  const wantedList = Array.isArray(wanted) ? wanted : [wanted];
  switch (operator) {
    case '$eq':
      return wanted === null ? values.length === 0 : values.includes(wanted);
    case '$ne':
      return wanted === null ? values.length > 0 : !values.includes(wanted);
    case '$in':
    case '$hasSome':
      return wantedList.some((one) => values.includes(one));
    case '$nin':
      return !wantedList.some((one) => values.includes(one));
    case '$hasAll':
      return wantedList.every((one) => values.includes(one));
    case '$exists':
      return values.length > 0 === (wanted === true || wanted === 'true');
    case '$isEmpty':
      return (values.length === 0) === (wanted === true || wanted === 'true');
    case '$startsWith': {
      const start = String(wanted).toLowerCase();
      return values.some((value) => String(value).toLowerCase().startsWith(start));
    }
    default:
      return values.some((value) => compares(operator, compareValues(value, wanted)));
  }
}

function compares(operator: string, order: number): boolean {
  if (operator === '$gt') return order > 0;
  if (operator === '$gte') return order >= 0;
  return operator === '$lt' ? order < 0 : order <= 0;
}

/** A sort as it was asked for, with the values it compares. */
export interface Order<Row> {
  valuesOf: (row: Row) => unknown[];
  directions: number[];
}

/**
 * Reads a list of `{fieldName, order}`. An empty list keeps `fallback`.
 *
 * max  how many entries the service takes.
 */
export function compileSort<Row>(
  grammar: Grammar<Row>,
  sort: unknown,
  options: { max: number; fallback: Fields[] },
): Order<Row> {
  const asked = Array.isArray(sort) ? sort.filter(isObject) : [];
  if (asked.length > options.max) {
    const text = `at most ${options.max} sort fields are supported`;
    throw grammar.complain({ code: 'UNSUPPORTED_SORT_FIELD', text });
  }
  const entries = asked.length > 0 ? asked : options.fallback;
  const fields = entries.map(({ fieldName }) => {
    const field = grammar.fields(String(fieldName));
    if (!field?.sorts) {
      const text = `sorting by ${String(fieldName)} is not supported`;
      throw grammar.complain({ code: 'UNSUPPORTED_SORT_FIELD', text });
    }
    return field;
  });
  return {
    valuesOf: (row) =>
      fields.map((field) => comparable(grammar, field.kind, listOf(field.read(row))[0])),
    directions: entries.map(({ order }) => (String(order).toUpperCase() === 'DESC' ? -1 : 1)),
  };
}

/** What is not there comes first. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === undefined || a === null) return -1;
  if (b === undefined || b === null) return 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}

export function compareByOrder<Row>(order: Order<Row>, a: unknown[], b: unknown[]): number {
  for (const [at, direction] of order.directions.entries()) {
    const difference = compareValues(a[at], b[at]) * direction;
    if (difference !== 0) return difference;
  }
  return 0;
}
