import { type Row, seen, stages, type World } from './world.ts';

/** Where a row is shown; each place writes times in its own way. reference/manatal.md 6 */
type Place = 'list' | 'one' | 'echo';

/** Microseconds with Z in lists, without a zone elsewhere; some rows know whole seconds only. */
export function time(milliseconds: number, place: Place, id: number): string {
  const iso = new Date(milliseconds).toISOString();
  if (id % 7 === 0) return `${iso.slice(0, 19)}Z`;
  const micro = `${iso.slice(0, 23)}${String(id % 1000).padStart(3, '0')}`;
  return place === 'list' ? `${micro}Z` : micro;
}

/** Every third id travels as a string. reference/manatal.md 1.20 */
const loose = (id: unknown) => (typeof id === 'number' && id % 3 === 0 ? String(id) : id);

/** The name of a matching stage key differs from match to match, and so does what stands in it. */
function stageKeys(row: Row): Record<string, unknown> {
  const stage = stages.find(({ id }) => id === row.stage)!;
  const { id, name, rank } = stage;
  if (row.id % 3 === 0) return { stage: { id, name } };
  if (row.id % 3 === 1) return { job_pipeline_stages: { id: String(id), name, rank } };
  return { job_pipeline_stage: { id, name, rank, job_pipeline: { id: 41200, name: 'Flow' } } };
}

const hidden = new Set([
  'bytes',
  'id',
  'updatedAt',
  'createdAt',
  'before',
  'seenFrom',
  'stage',
  'at',
]);

/** A row as it is sent: keys missing where nothing is said, and keys nobody has heard of. */
export function shown(row: Row, place: Place): Record<string, unknown> {
  const now = seen(row);
  const fields = Object.entries(now).filter(
    ([name, value]) => !hidden.has(name) && !(value === null && now.id % 2 === 0),
  );
  const body: Record<string, unknown> = {
    ...Object.fromEntries(fields),
    id: loose(now.id),
    x_pinned: [{ deep: [null] }],
    created_at: time(now.createdAt, place, now.id),
    updated_at: time(now.updatedAt, place, now.id),
  };
  if ('organization' in now) body.organization = loose(now.organization);
  if ('stage' in now) Object.assign(body, stageKeys(now));
  return body;
}

/** The editor of the app rewrites notes: other tags, other entities, other white space. */
export const rewritten = (info: string) =>
  info
    .replaceAll('<p>', '<div>')
    .replaceAll('</p>', '</div>\n')
    .replaceAll('<br>', '<br/>')
    .replaceAll('<br />', '<br/>')
    .replaceAll("'", '&#x27;')
    .replaceAll('"', '&quot;')
    .replaceAll('&#39;', '&#x27;')
    .replaceAll('é', '&eacute;');

/** One page, each drawn from a slightly different order, with a count that cannot be trusted. */
export function envelope(
  rows: Row[],
  query: URLSearchParams,
  tools: { dice: () => number; otherHost: string; path: string },
): Record<string, unknown> | null {
  const asked = Number(query.get('page_size') ?? 10);
  const size = Math.min(100, asked);
  const page = Number(query.get('page') ?? 1);
  const sorted = rows.toSorted((a, b) => a.id - b.id);
  for (let swap = 0; swap < 2 && sorted.length > 2; swap++) {
    const at = Math.floor(tools.dice() * (sorted.length - 1));
    const [one, two] = [sorted[at]!, sorted[at + 1]!];
    sorted[at] = two;
    sorted[at + 1] = one;
  }
  const slice = sorted.slice((page - 1) * size, page * size);
  if (page < 1 || (page > 1 && slice.length === 0)) return null;
  const more = page * size < sorted.length;
  const old = tools.path.replace('/open/v3', '/open/v1');
  return {
    count: sorted.length + (tools.dice() < 0.2 ? 1 : 0),
    next: more ? `${tools.otherHost}${old}?page=${page + 1}&page_size=${asked}` : null,
    previous: null,
    results: slice.map((row) => shown(row, 'list')),
  };
}

/** Filters that are heeded. Others, `external_id` and `is_published` among them, are ignored. */
export function filtered(rows: Row[], query: URLSearchParams): Row[] {
  const since = query.get('updated_at__gte');
  const from = since ? Date.parse(`${since.replace(' ', 'T')}Z`) : 0;
  const status = query.get('status');
  const email = query.get('email');
  return rows
    .map(seen)
    .filter((row) => Math.floor(row.updatedAt / 1000) * 1000 >= from)
    .filter((row) => !status || !('status' in row) || row.status === status)
    .filter((row) => !email || row.email === email);
}

export const matchesOf = (world: World, candidate: number) =>
  [...world.matches.values()].filter((match) => match.candidate === candidate);
