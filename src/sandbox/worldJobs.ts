import type { Random } from '#src/platform/random.ts';
import { writeDescription } from './jobText.ts';
import type { JobKind } from './worldKinds.ts';
import { PLACES, type Place, type PlaceName } from './worldPlaces.ts';

const DAY = 86_400_000;
const HOURS_A_YEAR = 2080;

/** What a job of the world is besides its kind. Left out: an open, published job with visible pay. */
export interface Listing {
  kind: string;
  place: PlaceName;
  status?: 'active' | 'on_hold' | 'won' | 'lost';
  unpublished?: true;
  hidesPay?: true;
  closesInDays?: number;
  /** Overrides what the kind says; null means not said. */
  remote?: boolean | null;
  headcount?: number;
  pinned?: true;
}

/** The body of a job as a recruiter posts it. */
export function jobBody(options: {
  listing: Listing;
  kind: JobKind;
  organization: { id: number; name: string };
  industry: number | undefined;
  pipeline: number | undefined;
  now: Date;
  random: Random;
}): Record<string, unknown> {
  const { listing, kind, organization, random, now } = options;
  const place: Place = PLACES[listing.place];
  const [low, high] = kind.pay.map((pay) => Math.max(place.payFloor, pay * place.payShare));
  const openedAt = new Date(now.getTime() - (1 + random.integer(30)) * DAY);
  return {
    organization: organization.id,
    position_name: kind.title,
    description: writeDescription(kind, { employer: organization.name, city: place.city }, random),
    headcount: listing.headcount ?? 1,
    salary_min: payIn(kind.per, low ?? 0),
    salary_max: payIn(kind.per, Math.max(high ?? 0, (low ?? 0) + 0.5)),
    currency: 'USD',
    frequency: kind.per,
    is_salary_visible: !listing.hidesPay,
    contract_details: kind.contract,
    status: listing.status ?? 'active',
    is_published: !listing.unpublished,
    is_pinned_in_career_page: listing.pinned ?? false,
    is_remote: listing.remote === undefined ? (kind.remote ?? false) : listing.remote,
    city: place.city,
    state: place.state,
    country: place.country,
    zipcode: place.zipcode,
    open_at: `${openedAt.toISOString().slice(0, 10)}T00:00:00Z`,
    close_at: deadline(listing, place, now),
    ...(options.industry ? { industry: options.industry } : {}),
    ...(options.pipeline ? { job_pipeline: options.pipeline } : {}),
  };
}

/** The last second of a day where the job is, not of a day in UTC. */
function deadline(listing: Listing, place: Place, now: Date): string | null {
  if (listing.closesInDays === undefined) return null;
  const day = new Date(now.getTime() + listing.closesInDays * DAY).toISOString().slice(0, 10);
  return `${day}T${place.dayEndsUtc}Z`;
}

function payIn(per: JobKind['per'], hourly: number): string {
  if (per === 'hour') return (Math.ceil(hourly * 4) / 4).toFixed(2);
  const yearly = hourly * HOURS_A_YEAR;
  return per === 'year'
    ? (Math.round(yearly / 500) * 500).toFixed(2)
    : (Math.round(yearly / 12 / 50) * 50).toFixed(2);
}
