import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';

/** Gives the present as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always later than the one before. [D][S] */
export type Stamp = () => string;

/** Microseconds come from chance; two stamps are never equal, so `updated_at` moves on every change. */
export function createStamps(clock: Clock, random: Random): Stamp {
  let last = 0n;
  return () => {
    const present = BigInt(clock.now().getTime()) * 1000n + BigInt(random.integer(1000));
    last = present > last ? present : last + 1n;
    return fromMicroseconds(last);
  };
}

function fromMicroseconds(microseconds: bigint): string {
  const seconds = new Date(Number(microseconds / 1000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(microseconds % 1_000_000n).padStart(6, '0')}Z`;
}

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads an instant in any spelling the service knows: `2027-01-12 08:00:00`, `2027-01-12T08:00:00Z`,
 * with an offset, with fractions, or a bare date (its midnight). Without a zone it is UTC.
 *
 * Returns  the kept form with six digits, or null when it is none of these.
 * Source   reference/manatal.md 6
 */
export function readInstant(text: string): string | null {
  const parts = INSTANT.exec(text.trim());
  if (!parts) return null;
  const [, date, minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] = parts;
  const instant = new Date(`${date}T${minutes}:${seconds}${zone}`);
  if (Number.isNaN(instant.getTime()) || !isRealDate(date ?? '')) return null;
  return `${instant.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0')}Z`;
}

/** True for a calendar day that exists, written `YYYY-MM-DD`. */
export function isRealDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** As the service writes it: whole seconds carry no fraction. */
export function showInstant(kept: string): string {
  return kept.replace('.000000Z', 'Z');
}
