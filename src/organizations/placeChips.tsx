import { Chip } from '#src/look/status.tsx';
import type { Tone } from '#src/look/tones.ts';
import type { OrganizationPlace } from './organizationPlaces.ts';

const WORDS: Record<OrganizationPlace['state'], { tone: Tone; words: (label: string) => string }> =
  {
    there: { tone: 'ok', words: (label) => `In ${label}` },
    waiting: { tone: 'info', words: (label) => `On its way to ${label}` },
    problem: { tone: 'bad', words: (label) => `Not taken by ${label}` },
    gone: { tone: 'warn', words: (label) => `No longer in ${label}` },
  };

/** Which accounts have an employer as KiEX says it. [F6] */
export function PlaceChips({ places }: { places: OrganizationPlace[] }) {
  if (places.length === 0) return <Chip word="Only in KiEX" tone="still" />;
  return places.map(({ label, theirId, state }) => (
    <Chip key={`${label} ${theirId}`} word={WORDS[state].words(label)} tone={WORDS[state].tone} />
  ));
}
