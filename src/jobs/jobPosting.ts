import { territoryOf } from '#src/platform/places.ts';
import { isOpen, type Job } from './job.ts';

const EMPLOYMENT_TYPES: Record<string, string> = {
  full_time: 'FULL_TIME',
  part_time: 'PART_TIME',
  temporary: 'TEMPORARY',
  freelance: 'CONTRACTOR',
  contractor: 'CONTRACTOR',
  consultancy: 'CONTRACTOR',
  internship: 'INTERN',
  apprenticeship: 'OTHER',
};

const UNITS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'];

/**
 * The job as search engines read it (schema.org JobPosting). Null for a job that takes no applications,
 * or one without a description, a day or a country: half a posting is refused as a whole.
 *
 * Source  reference/channels.md 1.2 to 1.5
 */
export function jobPosting(job: Job, url: string, now: Date): Record<string, unknown> | null {
  const country = countryOf(job);
  if (!isOpen(job, now) || !job.descriptionHtml || !job.postedAt || !country) return null;
  const type = job.employmentType && (EMPLOYMENT_TYPES[job.employmentType] ?? 'OTHER');
  return {
    '@context': 'https://schema.org/',
    '@type': 'JobPosting',
    title: job.title,
    description: job.descriptionHtml,
    url,
    identifier: { '@type': 'PropertyValue', name: job.employer?.name ?? 'KiEX', value: job.id },
    datePosted: job.postedAt.toISOString(),
    // The literal word stands for an employer that is not named.
    hiringOrganization: { '@type': 'Organization', name: job.employer?.name ?? 'confidential' },
    jobLocation: { '@type': 'Place', address: postalAddress(job, country) },
    ...(job.closesAt && { validThrough: job.closesAt.toISOString() }),
    ...(type && { employmentType: type }),
    ...(job.headcount && { totalJobOpenings: job.headcount }),
    ...(job.remote && {
      jobLocationType: 'TELECOMMUTE',
      applicantLocationRequirements: { '@type': 'Country', name: country },
    }),
    ...salary(job),
    directApply: true,
  };
}

/** A two-letter code, or null when the country is written in a way we cannot be sure of. */
function countryOf(job: Job): string | null {
  const territory = territoryOf(job);
  if (territory) return territory;
  const written = job.country?.trim().toUpperCase() ?? '';
  if (/^[A-Z]{2}$/.test(written)) return written;
  return /^(USA|UNITED STATES( OF AMERICA)?)$/.test(written) ? 'US' : null;
}

function postalAddress(job: Job, country: string) {
  // Guam has no states; "GU" there would contradict the country.
  const region = country === 'GU' || country === 'MP' ? null : job.state;
  return {
    '@type': 'PostalAddress',
    ...(job.address && { streetAddress: job.address }),
    ...(job.city && { addressLocality: job.city }),
    ...(region && { addressRegion: region }),
    ...(job.zipcode && { postalCode: job.zipcode }),
    addressCountry: country,
  };
}

/** Only what the employer states and shows, with a unit the readers know. */
function salary({ pay }: Job) {
  const unitText = UNITS.find((unit) => unit === pay?.period?.toUpperCase());
  const [minValue, maxValue] = [Number(pay?.min), Number(pay?.max)];
  if (!pay?.currency || !unitText || !(minValue > 0 || maxValue > 0)) return {};
  const value =
    minValue > 0 && maxValue > minValue
      ? { minValue, maxValue }
      : { value: maxValue > 0 ? maxValue : minValue };
  return {
    baseSalary: {
      '@type': 'MonetaryAmount',
      currency: pay.currency,
      value: { '@type': 'QuantitativeValue', ...value, unitText },
    },
  };
}
