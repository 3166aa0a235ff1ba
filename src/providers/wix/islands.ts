/**
 * The islands have country codes of their own and are written as parts of the United States as well;
 * KiEX knows them by their country. reference/wix.md 3.2
 */
const asStates: Readonly<Record<string, string>> = {
  'US-GU': 'GU',
  'US-MP': 'MP',
  'US-PW': 'PW',
  'US-FM': 'FM',
  'US-MH': 'MH',
};
const islands = new Set(Object.values(asStates));

interface Place {
  country: unknown;
  subdivision: unknown;
}

const code = (raw: unknown) => (typeof raw === 'string' ? raw.trim().toUpperCase() : raw);

/** A place as KiEX compares it: Guam is one, whichever way it is written. [M5] */
export function canonicalPlace(place: Place): Place {
  const country = code(place.country);
  const subdivision = code(place.subdivision);
  const island = typeof subdivision === 'string' ? asStates[subdivision] : undefined;
  if (island && (!country || country === 'US' || country === island)) {
    return { country: island, subdivision: null };
  }
  return { country, subdivision };
}

/** The same place, as the site writes its islands. */
export function writtenPlace(
  { country, subdivision }: Place,
  { asState }: { asState: boolean },
): Place {
  const isIsland = typeof country === 'string' && islands.has(country);
  // These two alone are parts of the United States; of their own countries the parts are kept.
  if (!asState || !isIsland || subdivision || !['GU', 'MP'].includes(country)) {
    return { country, subdivision };
  }
  return { country: 'US', subdivision: `US-${country}` };
}
