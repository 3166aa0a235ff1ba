import { type Address, TERRITORIES, territoryName, territoryOf } from '#src/platform/places.ts';
import { foldText } from '#src/platform/words.ts';

export const SORTS = ['match', 'newest', 'closing', 'pay'] as const;
export type Sort = (typeof SORTS)[number];

export const SORT_WORDS: Record<Sort, string> = {
  match: 'Best match',
  newest: 'Newest',
  closing: 'Closing soon',
  pay: 'Highest pay',
};

/** What a visitor looks for. It is the address of the board, so a search can be shared. */
export interface JobSearch {
  text: string;
  /** 'guam' or 'guam/tumon'; '' for everywhere. */
  place: string;
  employmentType: string;
  remote: boolean;
  sort: Sort;
  /** From 1. */
  page: number;
}

const TEXT_CHARACTERS_MAX = 200;
const PAGE_MAX = 500;

/** Reads the search from an address. Anything strange becomes the nearest sensible thing. */
export function readSearch(query: URLSearchParams): JobSearch {
  const word = (name: string) =>
    (query.get(name) ?? '')
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, TEXT_CHARACTERS_MAX);
  const text = word('q').replace(/\s+/g, ' ');
  const wanted = SORTS.find((sort) => sort === word('sort'));
  const page = Math.floor(Number(word('page')));
  return {
    text,
    place: word('place').toLowerCase(),
    employmentType: word('type'),
    remote: word('remote') === '1',
    // "Best match" means nothing without words to match.
    sort: wanted && (wanted !== 'match' || text) ? wanted : text ? 'match' : 'newest',
    page: page >= 1 ? Math.min(page, PAGE_MAX) : 1,
  };
}

/** Is anything asked for, besides an order and a page? */
export function isNarrowed(search: JobSearch): boolean {
  return Boolean(search.text || search.place || search.employmentType || search.remote);
}

export interface CountedPlace extends Address {
  city: string | null;
  state: string | null;
  country: string | null;
  zipcode: string | null;
  count: number;
}

/** One group of the place filter: a territory and its towns, each with its number of open jobs. */
export interface PlaceGroup {
  value: string;
  words: string;
  count: number;
  cities: { value: string; words: string; count: number }[];
}

const ELSEWHERE = { value: 'elsewhere', words: 'Elsewhere' };

/** The value of a place in the filter, from the address of a job: ['guam', 'guam/tumon']. */
export function placeValues(place: Address): [string, string | null] {
  const code = territoryOf(place);
  const territory = code ? hyphened(territoryName(code) ?? code) : ELSEWHERE.value;
  const city = place.city ? hyphened(place.city) : '';
  return [territory, city ? `${territory}/${city}` : null];
}

/** Groups the places of open jobs for the filter: the five territories in a fixed order, then elsewhere. */
export function groupPlaces(places: readonly CountedPlace[]): PlaceGroup[] {
  const order = [
    ...TERRITORIES.map(({ name }) => ({ value: hyphened(name), words: name })),
    ELSEWHERE,
  ];
  const groups = order.map((group) => ({ ...group, count: 0, cities: [] as PlaceGroup['cities'] }));
  for (const place of places) {
    if (!place.city && !place.state && !place.country && !place.zipcode) continue;
    const [territory, cityValue] = placeValues(place);
    const group = groups.find(({ value }) => value === territory);
    if (!group) continue;
    group.count += place.count;
    if (!cityValue || !place.city || cityValue === `${territory}/${territory}`) continue;
    const city = group.cities.find(({ value }) => value === cityValue);
    if (city) city.count += place.count;
    else group.cities.push({ value: cityValue, words: place.city.trim(), count: place.count });
  }
  for (const group of groups) group.cities.sort((a, b) => a.words.localeCompare(b.words, 'en'));
  return groups.filter(({ count }) => count > 0);
}

/** Those places a filter value means. */
export function placesMeant<P extends Address>(places: readonly P[], value: string): P[] {
  return places.filter((place) => placeValues(place).includes(value));
}

const hyphened = (text: string) => foldText(text).replaceAll(' ', '-');
