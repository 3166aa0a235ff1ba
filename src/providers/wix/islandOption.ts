import type { Option } from '#src/sync/options.ts';

/** Wix does not say which of the two it wants; both are read. reference/wix.md 3.2 */
export const islandOption: Option = {
  name: 'islands',
  label: 'Addresses on Guam and the Northern Marianas',
  help: 'How KiEX writes them on the website. Both ways are read, and an address that stands there is left as it is spelt.',
  choices: [
    { value: 'country', label: 'As a country: Guam' },
    { value: 'state', label: 'As a state: United States, Guam' },
  ],
  default: 'country',
};
