import type { Territory } from '#src/platform/places.ts';

/** Where a student may live, in full, as the forms list it. */
export const TERRITORY_NAMES: Record<Territory, string> = {
  GU: 'Guam',
  MP: 'Northern Mariana Islands',
  PW: 'Palau',
  FM: 'Federated States of Micronesia',
  MH: 'Marshall Islands',
};

export const isTerritory = (text: unknown): text is Territory =>
  typeof text === 'string' && Object.hasOwn(TERRITORY_NAMES, text);
