import { readInstant } from './instants.ts';

type Kind = 'part' | 'exact' | 'integer' | 'boolean' | 'instant' | 'stageIn' | 'tags' | 'search';
interface Filter {
  kind: Kind;
  field: string;
}
export type Filters = Record<string, Filter>;

/** One filter per name, all of one kind, each reading the field of the same name. */
function each(kind: Kind, ...names: string[]): Filters {
  return Object.fromEntries(names.map((name) => [name, { kind, field: name }]));
}

/** Inclusive ranges: `created_at` gives `created_at__gte` and `created_at__lte`. */
function ranges(...fields: string[]): Filters {
  const pairs = fields.flatMap((field) =>
    ['gte', 'lte'].map((end) => [`${field}__${end}`, { kind: 'instant', field }] as const),
  );
  return Object.fromEntries(pairs);
}

/** Queries say `organization_id` where bodies say `organization`. [D] */
function keys(...names: string[]): Filters {
  const pairs = names.map((name) => [`${name}_id`, { kind: 'integer', field: name }] as const);
  return Object.fromEntries(pairs);
}

/** Every filter that exists, list by list; any other parameter is ignored. Source: 5.4 */
export const FILTERS: Record<string, Filters> = {
  candidates: {
    ...each('integer', 'id'),
    ...each('exact', 'external_id', 'email', 'phone_number', 'gender', 'source_type'),
    ...each('part', 'full_name', 'address', 'candidate_location', 'current_company'),
    ...each('part', 'current_position', 'description', 'latest_degree', 'latest_university'),
    ...keys('owner'),
    candidate_tags: { kind: 'tags', field: 'id' },
    ...ranges('birth_date', 'created_at', 'updated_at'),
  },
  jobs: {
    ...each('integer', 'id', 'headcount'),
    ...each('exact', 'external_id', 'status', 'contract_details', 'frequency'),
    ...each('part', 'position_name', 'address', 'city', 'state'),
    ...each('boolean', 'is_published', 'is_remote'),
    ...keys('organization', 'owner', 'creator'),
    ...ranges('open_at', 'close_at', 'created_at', 'updated_at'),
  },
  matches: {
    ...each('exact', 'external_id'),
    ...keys('job'),
    stage__in: { kind: 'stageIn', field: 'stage' },
    ...ranges('created_at', 'updated_at', 'submitted_at', 'interview_at', 'offer_at'),
    ...ranges('hired_at', 'dropped_at'),
  },
  organizations: {
    ...each('integer', 'id'),
    ...each('exact', 'external_id'),
    ...each('part', 'name', 'address', 'website'),
    ...each('boolean', 'is_public', 'is_visible'),
    ...keys('owner', 'creator'),
    ...ranges('created_at', 'updated_at'),
  },
  contacts: {
    ...each('integer', 'id'),
    ...each('exact', 'email', 'phone_number'),
    ...each('part', 'full_name', 'display_name'),
    ...keys('organization'),
    ...ranges('created_at', 'updated_at'),
  },
  users: { search: { kind: 'search', field: 'full_name' } },
  socialMedia: each('part', 'social_media'),
};

export type Keep = (row: object) => boolean;
export type Filtering =
  | { ok: true; keep: Keep | null }
  | { ok: false; errors: Record<string, string[]> };

/**
 * Turns query parameters into one test per row; null when nothing filters.
 *
 * tagIdsOf  the tag ids of a candidate, for the one filter that looks elsewhere.
 * Fails     a value of the wrong kind is refused as the framework's filters do. [I]
 */
export function readFilters(
  filters: Filters | undefined,
  query: URLSearchParams,
  options: { ignoreSubseconds: boolean; tagIdsOf: (id: number) => number[] },
): Filtering {
  const tests: Keep[] = [];
  const errors: Record<string, string[]> = {};
  for (const [name, value] of query) {
    const filter = filters && Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (!filter || value === '') continue;
    const test = testFor(filter, name, value, options);
    if (typeof test === 'string') errors[name] = [test];
    else tests.push(test);
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const keep = tests.length === 0 ? null : (row: object) => tests.every((test) => test(row));
  return { ok: true, keep };
}

type Options = Parameters<typeof readFilters>[2];

/** A test, or the framework's complaint about the value. */
function testFor(filter: Filter, name: string, value: string, options: Options): Keep | string {
  const read = (row: object) => (row as Record<string, unknown>)[filter.field];
  switch (filter.kind) {
    case 'exact':
      return (row) => read(row) === value;
    case 'part':
    case 'search': {
      const part = value.toLowerCase();
      return (row) =>
        String(read(row) ?? '')
          .toLowerCase()
          .includes(part);
    }
    case 'integer':
      return /^-?\d+$/.test(value) ? (row) => read(row) === Number(value) : 'Enter a number.';
    case 'boolean': {
      const wanted = /^(true|1)$/i.test(value) ? true : /^(false|0)$/i.test(value) ? false : null;
      return wanted === null ? () => true : (row) => read(row) === wanted;
    }
    case 'stageIn': {
      const ids = numbersOf(value);
      return ids ? (row) => ids.includes(Number(read(row))) : 'Enter a list of numbers.';
    }
    case 'tags': {
      const ids = numbersOf(value);
      if (!ids) return 'Enter a list of numbers.';
      return (row) => {
        const has = options.tagIdsOf(Number(read(row)));
        return ids.every((id) => has.includes(id));
      };
    }
    case 'instant':
      return rangeTest(filter.field, name, value, options);
  }
}

function rangeTest(field: string, name: string, value: string, options: Options): Keep | string {
  const cut = (instant: string) => (options.ignoreSubseconds ? instant.slice(0, 19) : instant);
  const bound = readInstant(value);
  if (!bound) return 'Enter a valid date/time.';
  const limit = cut(bound);
  const isLower = name.endsWith('__gte');
  return (row) => {
    const kept = (row as Record<string, unknown>)[field];
    if (typeof kept !== 'string') return false;
    // A bare date counts as its midnight.
    const instant = cut(kept.length === 10 ? `${kept}T00:00:00.000000Z` : kept);
    return isLower ? instant >= limit : instant <= limit;
  };
}

function numbersOf(value: string): number[] | null {
  const parts = value.split(',').map((part) => part.trim());
  return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : null;
}
