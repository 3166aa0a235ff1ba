import { type StatusWords, statusWords, type Tone } from './tones.ts';

// One shape per tone, so that a status reads without colour.
const SHAPES: Record<Tone, string> = {
  ok: 'M2 6.5 5 9.5 10 3',
  warn: 'M6 1.5 11 10.5H1ZM6 5v2.4',
  bad: 'm2.5 2.5 7 7m0-7-7 7',
  info: 'M6 1a5 5 0 1 0 .01 0M6 6v0',
  still: 'M2 6h8',
};

export function ToneShape({ tone }: { tone: Tone }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path
        d={SHAPES[tone]}
        fill="none"
        stroke="currentColor"
        strokeWidth={tone === 'warn' || tone === 'info' ? 1.4 : 2}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      {tone === 'info' && <circle cx="6" cy="6" r="1.9" fill="currentColor" />}
    </svg>
  );
}

export function Chip({ word, tone }: StatusWords) {
  return (
    <span className={`chip tone-${tone}`}>
      <ToneShape tone={tone} />
      {word}
    </span>
  );
}

/** The chip of a status, by the table that names it: APPLICATION_STATUS, RUN_STATE, … */
export function Status({ of, status }: { of: Record<string, StatusWords>; status: string }) {
  return <Chip {...statusWords(of, status)} />;
}
