import { durationWords } from '#src/look/times.ts';
import type { PreviewShown } from './previews.ts';

const number = (value: number) => value.toLocaleString('en-US');
const records = (count: number) => `${number(count)} ${count === 1 ? 'record' : 'records'}`;

/** 'About 1,240 calls, 14 min at 90 a minute.' */
export function costWords({ calls, minutes, callsPerMinute }: PreviewShown['cost']): string {
  const about = `About ${number(calls)} ${calls === 1 ? 'call' : 'calls'}`;
  if (callsPerMinute <= 0) return `${about}.`;
  return `${about}, ${durationWords(minutes * 60_000)} at ${number(callsPerMinute)} a minute.`;
}

/** What would be done on each side, a line per kind; what would not be done has none. */
export function totalLines({ here, there, conflicts }: PreviewShown['totals']): string[] {
  const lines: [number, string][] = [
    [here.create, 'created in KiEX'],
    [here.update, 'changed in KiEX'],
    [here.link, 'tied to a record that KiEX has already'],
    [here.close, 'closed in KiEX, since gone there'],
    [there.create, 'created at the provider, or tied to one found there'],
    [there.update, 'changed at the provider'],
    [conflicts, 'with fields that both sides changed'],
  ];
  return lines.filter(([count]) => count > 0).map(([count, words]) => `${records(count)} ${words}`);
}
