import type { Outcome } from './run.ts';

/** What many runs come to. */
export interface Tally {
  runs: number;
  violations: number;
  steps: number;
  providerDays: number;
  struck: Record<string, number>;
  coverage: Record<string, number>;
}

export const noTally = (): Tally => ({
  runs: 0,
  violations: 0,
  steps: 0,
  providerDays: 0,
  struck: {},
  coverage: {},
});

export function count(tally: Tally, outcome: Omit<Outcome, 'trace'>): void {
  tally.runs += 1;
  tally.violations += outcome.violations.length > 0 ? 1 : 0;
  tally.steps += outcome.steps;
  tally.providerDays += outcome.providerDays;
  addAll(tally.struck, outcome.struck);
  addAll(tally.coverage, outcome.coverage);
}

function addAll(sums: Record<string, number>, more: Record<string, number>): void {
  for (const [name, number] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + number;
}

/** One line while runs go on. */
export function progressLine(tally: Tally, of: { runs: number; seconds: number }): string {
  const { runs, providerDays, violations } = tally;
  const days = providerDays.toFixed(1);
  return `${runs} of ${of.runs} runs, ${days} provider-days, ${perMinute(tally, of.seconds)} a minute, ${violations} violations`;
}

/** The table at the end. */
export function tallyTable(tally: Tally, of: { first: number; seconds: number }): string {
  const rows: [string, string][] = [
    ['runs', String(tally.runs)],
    ['seeds', `${of.first} to ${of.first + tally.runs - 1}`],
    ['violations', String(tally.violations)],
    ['provider-days', tally.providerDays.toFixed(1)],
    ['provider-days a minute', perMinute(tally, of.seconds)],
    ['runs a minute', ((tally.runs / of.seconds) * 60).toFixed(0)],
    ['steps', String(tally.steps)],
    ['steps a second', (tally.steps / of.seconds).toFixed(0)],
    ...numbered('fault: ', tally.struck),
    ...numbered('', tally.coverage),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

const perMinute = ({ providerDays }: Tally, seconds: number) =>
  ((providerDays / seconds) * 60).toFixed(0);

const numbered = (before: string, numbers: Record<string, number>): [string, string][] =>
  Object.entries(numbers)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, number]) => [before + name, String(number)]);
