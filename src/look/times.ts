import { zoneWords } from '#src/platform/places.ts';

/** Without a script the reader's zone is unknown; most readers keep Guam's or one an hour away. */
export const DEFAULT_ZONE = 'Pacific/Guam';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * '3 minutes ago', 'in 2 hours', 'yesterday'; further away than a week, the date.
 * Pure: the same instants and zone give the same words on the server and in the browser.
 */
export function relativeWords(at: Date, now: Date, zone = DEFAULT_ZONE): string {
  const past = now.getTime() - at.getTime();
  const distance = Math.abs(past);
  if (distance < 10_000) return 'just now';
  if (distance < MINUTE) return ago(Math.floor(distance / 1000), 'second', past);
  if (distance < HOUR) return ago(Math.floor(distance / MINUTE), 'minute', past);
  if (distance < 12 * HOUR) return ago(Math.floor(distance / HOUR), 'hour', past);
  const days = dayNumber(now, zone) - dayNumber(at, zone);
  if (days === 0) return ago(Math.floor(distance / HOUR), 'hour', past);
  if (days === 1) return 'yesterday';
  if (days === -1) return 'tomorrow';
  if (Math.abs(days) < 7) return ago(Math.abs(days), 'day', past);
  return dateWords(at, zone, now);
}

/** '30 Nov', with the year when it is not `now`'s. */
export function dateWords(at: Date, zone = DEFAULT_ZONE, now?: Date): string {
  const year = !now || parts(at, zone).year !== parts(now, zone).year;
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    ...(year ? { year: 'numeric' } : {}),
  }).format(at);
}

/** '22 Nov 2026, 14:02:11 (Guam time)' */
export function exactWords(at: Date, zone = DEFAULT_ZONE): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(at);
  return `${dateWords(at, zone)}, ${time} (${zoneWords(zone)})`;
}

/** '12 s', '3 min', '2 h 5 min', '4 days': how long something took or is old. */
export function durationWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}

function ago(count: number, unit: string, past: number): string {
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return past >= 0 ? `${words} ago` : `in ${words}`;
}

function parts(at: Date, zone: string): { year: number; month: number; day: number } {
  const found = new Intl.DateTimeFormat('en-US', { timeZone: zone }).formatToParts(at);
  const number = (type: string) => Number(found.find((part) => part.type === type)?.value);
  return { year: number('year'), month: number('month'), day: number('day') };
}

/** Counts calendar days in the zone, so that "yesterday" is the day before there. */
function dayNumber(at: Date, zone: string): number {
  const { year, month, day } = parts(at, zone);
  return Date.UTC(year, month - 1, day) / DAY;
}
