/** Where the sandbox's jobs are. Source: reference/channels.md 7.1, 7.3 */
export interface Place {
  city: string;
  state: string | null;
  country: string;
  zipcode: string;
  /** Pay here as a share of pay on Guam. */
  payShare: number;
  /** Lowest hourly pay here, in USD. FSM and RMI rates vary; these are merely plausible. */
  payFloor: number;
  /** End of a working day here, as UTC time: deadlines end then. */
  dayEndsUtc: string;
}

const GUAM = {
  state: 'Guam',
  country: 'Guam',
  payShare: 1,
  payFloor: 9.25,
  dayEndsUtc: '13:59:59',
};
const CNMI = {
  state: 'CNMI',
  country: 'Northern Mariana Islands',
  payShare: 0.85,
  payFloor: 7.25,
  dayEndsUtc: '13:59:59',
};
const PALAU = { country: 'Palau', payShare: 0.55, payFloor: 4.25, dayEndsUtc: '14:59:59' };
const FSM = { country: 'Federated States of Micronesia', payShare: 0.42, payFloor: 2.65 };
const RMI = { country: 'Marshall Islands', payShare: 0.48, payFloor: 4, dayEndsUtc: '11:59:59' };

export const PLACES = {
  tumon: { city: 'Tumon', zipcode: '96913', ...GUAM },
  hagatna: { city: 'Hagåtña', zipcode: '96910', ...GUAM },
  dededo: { city: 'Dededo', zipcode: '96929', ...GUAM },
  mangilao: { city: 'Mangilao', zipcode: '96923', ...GUAM },
  piti: { city: 'Piti', zipcode: '96915', ...GUAM },
  garapan: { city: 'Garapan, Saipan', zipcode: '96950', ...CNMI },
  rota: { city: 'Songsong, Rota', zipcode: '96951', ...CNMI },
  tinian: { city: 'San Jose, Tinian', zipcode: '96952', ...CNMI },
  koror: { city: 'Koror', state: 'Koror', zipcode: '96940', ...PALAU },
  airai: { city: 'Airai', state: 'Airai', zipcode: '96940', ...PALAU },
  kolonia: { city: 'Kolonia', state: 'Pohnpei', zipcode: '96941', ...FSM, dayEndsUtc: '12:59:59' },
  weno: { city: 'Weno', state: 'Chuuk', zipcode: '96942', ...FSM, dayEndsUtc: '13:59:59' },
  colonia: { city: 'Colonia', state: 'Yap', zipcode: '96943', ...FSM, dayEndsUtc: '13:59:59' },
  tofol: { city: 'Tofol', state: 'Kosrae', zipcode: '96944', ...FSM, dayEndsUtc: '12:59:59' },
  majuro: { city: 'Majuro', state: null, zipcode: '96960', ...RMI },
  ebeye: { city: 'Ebeye', state: 'Kwajalein Atoll', zipcode: '96970', ...RMI },
} satisfies Record<string, Place>;

export type PlaceName = keyof typeof PLACES;
