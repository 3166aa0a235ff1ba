/** The five territories and states KiEX serves; the rest of the world is 'elsewhere'. */
export type Territory = 'GU' | 'MP' | 'PW' | 'FM' | 'MH';

/**
 * Source: ISO 3166-1 codes, IANA zones and postal prefixes; reference/channels.md 7.1, 7.2.
 * Zone names are kept as our own words: `Intl` writes some of them in their old spelling.
 */
export const TERRITORIES: readonly {
  code: Territory;
  name: string;
  zone: string;
  names: RegExp;
  zip: RegExp;
}[] = [
  {
    code: 'GU',
    name: 'Guam',
    zone: 'Pacific/Guam',
    names: /\b(guam|gum?)\b/i,
    zip: /^969([12]\d|3[12])/,
  },
  {
    code: 'MP',
    name: 'Northern Marianas',
    zone: 'Pacific/Saipan',
    names: /northern mariana|\b(cnmi|mnp|mp|saipan|tinian|rota)\b/i,
    zip: /^9695[012]/,
  },
  {
    code: 'PW',
    name: 'Palau',
    zone: 'Pacific/Palau',
    names: /\b(palau|belau|plw|pw)\b/i,
    zip: /^969(39|40)/,
  },
  {
    code: 'FM',
    name: 'Micronesia',
    zone: 'Pacific/Pohnpei',
    names: /micronesia|\b(fsm|fm|pohnpei|chuuk|yap|kosrae)\b/i,
    zip: /^9694[1-4]/,
  },
  {
    code: 'MH',
    name: 'Marshall Islands',
    zone: 'Pacific/Majuro',
    names: /marshall|\b(rmi|mhl|mh|majuro|ebeye|kwajalein)\b/i,
    zip: /^969[67]\d/,
  },
];

export interface Address {
  city?: string | null;
  state?: string | null;
  country?: string | null;
  zipcode?: string | null;
}

const UNITED_STATES = /^(us|usa|u\.s\.a?\.?|united states( of america)?)$/i;

/**
 * Which of the five an address lies in, or null.
 *
 * The country decides. Guam and the Northern Marianas are often written as a state of the US, so with
 * that country, or none, the state, city and ZIP are read too; with another, "MH" is not the Marshalls.
 */
export function territoryOf(address: Address): Territory | null {
  const country = address.country?.trim();
  const named = country && namedIn(country);
  if (named) return named;
  if (country && !UNITED_STATES.test(country)) return null;
  for (const text of [address.state, address.city]) {
    const found = text && namedIn(text);
    if (found) return found;
  }
  const zip = address.zipcode?.trim();
  return (zip && TERRITORIES.find((territory) => territory.zip.test(zip))?.code) || null;
}

const namedIn = (text: string) => TERRITORIES.find(({ names }) => names.test(text))?.code ?? null;

export function territoryName(code: string | null): string | null {
  return TERRITORIES.find((territory) => territory.code === code)?.name ?? null;
}

/** The zone an address keeps time by. Micronesia spans two, by state. Unknown places: Guam's. */
export function zoneOf(address: Address): string {
  const code = territoryOf(address);
  if (code === 'FM') {
    const text = `${address.state ?? ''} ${address.city ?? ''}`.toLowerCase();
    if (/chuuk|weno|yap|colonia/.test(text)) return 'Pacific/Chuuk';
    if (/kosrae|tofol/.test(text)) return 'Pacific/Kosrae';
  }
  return TERRITORIES.find((territory) => territory.code === code)?.zone ?? 'Pacific/Guam';
}

const ZONE_WORDS: Record<string, string> = {
  'Pacific/Guam': 'Guam time',
  'Pacific/Saipan': 'Saipan time',
  'Pacific/Palau': 'Palau time',
  'Pacific/Chuuk': 'Chuuk time',
  'Pacific/Truk': 'Chuuk time',
  'Pacific/Yap': 'Yap time',
  'Pacific/Pohnpei': 'Pohnpei time',
  'Pacific/Ponape': 'Pohnpei time',
  'Pacific/Kosrae': 'Kosrae time',
  'Pacific/Majuro': 'Marshall Islands time',
  'Pacific/Kwajalein': 'Kwajalein time',
  UTC: 'UTC',
};

/** 'Guam time' for Pacific/Guam, 'Berlin time' for Europe/Berlin. */
export function zoneWords(zone: string): string {
  return ZONE_WORDS[zone] ?? `${zone.split('/').at(-1)?.replaceAll('_', ' ')} time`;
}
