export const CATEGORIES = [
  'name',
  'email',
  'phone',
  'address',
  'resume',
  'note',
  'answers',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Changes with the wording below: an agreement says which words a student agreed to. */
export const AGREEMENT_VERSION = 'share-application-1';

/** The sentence beside the box that a student ticks. */
export const agreementWords = (employer: string): string =>
  `Share these with ${employer} (kept in Manatal, the employer’s system for applicants)`;

/** What an application really shares: only what is there. */
export function categoriesShared(given: {
  phone: string | null;
  address: string | null;
  resumeId: string | null;
  note: string | null;
}): Category[] {
  const shared: Category[] = ['name', 'email'];
  if (given.phone) shared.push('phone');
  if (given.address) shared.push('address');
  if (given.resumeId) shared.push('resume');
  if (given.note) shared.push('note');
  return shared;
}
