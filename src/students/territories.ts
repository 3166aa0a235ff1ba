export const TERRITORY_CODES = ['GU', 'MP', 'PW', 'FM', 'MH'] as const;
export type TerritoryCode = (typeof TERRITORY_CODES)[number];

/** The places KiEX is for, with ISO 3166 codes. No daylight saving time anywhere. */
export interface Territory {
  code: TerritoryCode;
  name: string;
  /** The zone of most people there: in the Federated States it goes by the state. */
  timeZone: string;
}

export const TERRITORIES: readonly Territory[] = [
  { code: 'GU', name: 'Guam', timeZone: 'Pacific/Guam' },
  {
    code: 'MP',
    name: 'Northern Mariana Islands',
   
    timeZone: 'Pacific/Saipan',
  },
  { code: 'PW', name: 'Palau', timeZone: 'Pacific/Palau' },
  {
    code: 'FM',
    name: 'Federated States of Micronesia',
   
    timeZone: 'Pacific/Pohnpei',
  },
  { code: 'MH', name: 'Marshall Islands', timeZone: 'Pacific/Majuro' },
];

export const isTerritory = (text: unknown): text is TerritoryCode =>
  TERRITORY_CODES.includes(text as TerritoryCode);

export const territoryOf = (code: string | null): Territory | null =>
  TERRITORIES.find((territory) => territory.code === code) ?? null;
