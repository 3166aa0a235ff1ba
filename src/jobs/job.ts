import { dateWords, exactWords } from '#src/look/times.ts';
import {
  type Address,
  territoryName,
  territoryOf,
  zoneOf,
  zoneWords,
} from '#src/platform/places.ts';

/** What a job pays, as the employer states it. Absent when the employer keeps it to themselves. */
export interface Pay {
  /** Decimal strings; null when not said. */
  min: string | null;
  max: string | null;
  /** ISO 4217 */
  currency: string | null;
  /** hour | day | week | month | year, or another word the provider uses. [M7] */
  period: string | null;
}

/** A job as it stands in a list. */
export interface JobCard extends Address {
  id: string;
  slug: string;
  title: string;
  employer: { name: string; slug: string } | null;
  city: string | null;
  state: string | null;
  country: string | null;
  zipcode: string | null;
  remote: boolean | null;
  employmentType: string | null;
  pay: Pay | null;
  postedAt: Date | null;
  closesAt: Date | null;
}

/** A job with everything its own page says. */
export interface Job extends JobCard {
  /** Sanitised on the way in. */
  descriptionHtml: string;
  address: string | null;
  headcount: number | null;
  status: string;
  published: boolean;
  updatedAt: Date;
}

/** May students apply now? */
export function isOpen(job: Pick<Job, 'status' | 'published' | 'closesAt'>, now: Date): boolean {
  return job.status === 'open' && job.published && (!job.closesAt || job.closesAt > now);
}

/** Why a job takes no applications, in a sentence; null while it does. */
export function closedWords(job: Job, now: Date): string | null {
  if (isOpen(job, now)) return null;
  if (job.status === 'filled') return 'This job has been filled.';
  if (job.status === 'closed' || job.status === 'removed') return 'This job is closed.';
  if (job.closesAt && job.closesAt <= now) {
    return `Applications closed on ${dateWords(job.closesAt, zoneOf(job), now)}.`;
  }
  if (job.status.startsWith('other:')) {
    // A word of theirs that we do not know is shown, and treated as a pause. [M7]
    return `The employer has set this job to “${job.status.slice('other:'.length)}”. It takes no applications at the moment.`;
  }
  return 'This job is paused. It takes no applications at the moment, but may open again.';
}

const EMPLOYMENT: Record<string, string> = {
  full_time: 'Full-time',
  part_time: 'Part-time',
  temporary: 'Temporary',
  freelance: 'Freelance',
  internship: 'Internship',
  apprenticeship: 'Apprenticeship',
  contractor: 'Contractor',
  consultancy: 'Consultancy',
};

/** 'Part-time'. A type we do not know is shown as it came, readably. [M7] */
export function employmentWords(type: string | null): string | null {
  if (!type) return null;
  return EMPLOYMENT[type] ?? capital(type.replace(/[_\s]+/g, ' ').trim());
}

/** 'Tumon, Guam'. Parts that repeat each other are said once; null when nothing is known. */
export function placeWords(place: Address): string | null {
  const territory = territoryName(territoryOf(place));
  const said = [place.city, place.state, territory ?? place.country];
  const parts: string[] = [];
  for (const part of said) {
    const text = part?.trim();
    if (!text) continue;
    // A territory's name stands once, whether it was written as a state, a country or both.
    if (territory && text !== territory && isNameOf(text, territory)) continue;
    if (parts.some((earlier) => earlier.toLowerCase() === text.toLowerCase())) continue;
    parts.push(text);
  }
  return parts.join(', ') || null;
}

function isNameOf(text: string, territory: string): boolean {
  const codes: Record<string, RegExp> = {
    Guam: /^(guam|gu|gum)$/i,
    'Northern Marianas': /^(mp|mnp|cnmi|.*northern mariana.*)$/i,
    Palau: /^(palau|belau|pw|plw)$/i,
    Micronesia: /^(fm|fsm|.*micronesia.*)$/i,
    'Marshall Islands': /^(mh|mhl|rmi|.*marshall islands.*)$/i,
  };
  return codes[territory]?.test(text) ?? false;
}

const PERIODS: Record<string, string> = {
  hour: 'an hour',
  day: 'a day',
  week: 'a week',
  month: 'a month',
  year: 'a year',
};

/** '$12.50 an hour', '$2,100 to $2,500 a month', 'From $12 an hour'. Null: not said or hidden. */
export function payWords(pay: Pay | null): string | null {
  if (!pay) return null;
  const [min, max] = [amount(pay.min), amount(pay.max)];
  const money = (value: number) => moneyWords(value, pay.currency);
  const period = pay.period && ` ${PERIODS[pay.period] ?? `(${pay.period.replaceAll('_', ' ')})`}`;
  const words =
    min && max && min < max
      ? `${money(min)} to ${money(max)}`
      : min && max
        ? money(max)
        : min
          ? `From ${money(min)}`
          : max
            ? `Up to ${money(max)}`
            : null;
  return words && `${words}${period ?? ''}`;
}

/** '$1,250.50', '€30', 'FJD 20': cents only where there are any. */
export function moneyWords(value: number, currency: string | null): string {
  const digits = Number.isInteger(value) ? 0 : 2;
  const known = currency && /^[A-Z]{3}$/.test(currency) ? currency : null;
  return new Intl.NumberFormat('en-US', {
    ...(known ? { style: 'currency', currency: known, currencyDisplay: 'narrowSymbol' } : {}),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** Zero is how providers write "not set". */
function amount(text: string | null): number | null {
  const value = Number(text);
  return text !== null && Number.isFinite(value) && value > 0 ? value : null;
}

/** 'Closes 30 Nov (Guam time)', by the clock of the place where the work is. */
export function closesWords(job: JobCard, now: Date): string | null {
  if (!job.closesAt) return null;
  const zone = zoneOf(job);
  return `Closes ${dateWords(job.closesAt, zone, now)} (${zoneWords(zone)})`;
}

/** The exact closing time, for a title. */
export function closesExactly(job: JobCard): string | null {
  return job.closesAt && exactWords(job.closesAt, zoneOf(job));
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
