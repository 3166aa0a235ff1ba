import { foldText, plainText } from '#src/platform/words.ts';

/** PostgreSQL refuses search vectors of more than a megabyte; no advertisement needs more than this. */
const SEARCH_CHARACTERS_MAX = 50_000;

/** What the search reads of a job. Whoever writes a job writes this with it. */
export function searchTextOf(job: {
  title: string;
  employerName: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  address: string | null;
  employmentType: string | null;
  descriptionHtml: string;
  /** 'Guam', 'Palau', … when known. */
  territory: string | null;
}): string {
  const type = job.employmentType?.replaceAll('_', ' ');
  const parts = [job.title, job.employerName, job.city, job.state, job.country, job.territory];
  const text = [...parts, job.address, type, plainText(job.descriptionHtml)];
  return foldText(text.filter(Boolean).join(' ')).slice(0, SEARCH_CHARACTERS_MAX);
}
