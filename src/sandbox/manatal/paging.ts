import type { Random } from '#src/platform/random.ts';

export const PAGE_SIZE_DEFAULT = 10;
export const PAGE_SIZE_MAX = 100;

export interface Page<Row> {
  count: number;
  next: string | null;
  previous: string | null;
  results: Row[];
}

/**
 * Cuts one page out of all rows.
 *
 * Returns  null when the page does not exist: 0, past the end, or not a number.
 * Source   reference/manatal.md 5.1: page_size is cut to 100 in silence while `next` echoes the
 *          number that was asked for and names another host.
 */
export function cutPage<Row>(
  rows: readonly Row[],
  url: URL,
  options: { nextHost: string; shuffle: Random | null },
): Page<Row> | null {
  const asked = positive(url.searchParams.get('page_size')) ?? PAGE_SIZE_DEFAULT;
  const size = Math.min(asked, PAGE_SIZE_MAX);
  const given = url.searchParams.get('page');
  const page = given === null || given === '' ? 1 : positive(given);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  if (page === null || page > pages) return null;
  const start = (page - 1) * size;
  return {
    count: rows.length,
    next: page < pages ? addressOf(url, page + 1, options.nextHost) : null,
    previous: page > 1 ? addressOf(url, page - 1, options.nextHost) : null,
    results: options.shuffle
      ? unstableSlice(rows, start, size, options.shuffle)
      : rows.slice(start, start + size),
  };
}

function positive(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** The address of another page, its parameters sorted by name as the service writes them. */
function addressOf(url: URL, page: number, nextHost: string): string {
  const address = new URL(url);
  if (nextHost !== 'same') {
    address.protocol = 'https:';
    address.host = nextHost;
    address.port = '';
  }
  address.searchParams.set('page', String(page));
  address.searchParams.sort();
  return address.toString();
}

/** How far a row may stray from its place when the order is unstable. */
const STRAY_ROWS = 3;

/**
 * A page drawn from an order in which neighbours have changed places: over several pages some rows
 * come twice and some never. [S1]
 */
function unstableSlice<Row>(
  rows: readonly Row[],
  start: number,
  size: number,
  random: Random,
): Row[] {
  const from = Math.max(0, start - STRAY_ROWS);
  const drawn = rows.slice(from, start + size + STRAY_ROWS);
  for (let index = 0; index + 1 < drawn.length; index += 1) {
    const other = Math.min(drawn.length - 1, index + random.integer(STRAY_ROWS + 1));
    const [one, two] = [drawn[index], drawn[other]];
    if (one === undefined || two === undefined) continue;
    drawn[index] = two;
    drawn[other] = one;
  }
  return drawn.slice(start - from, start - from + Math.min(size, rows.length - start));
}
