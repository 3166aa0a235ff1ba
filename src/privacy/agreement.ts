/** `profile`: about oneself, education, experience, skills and links. */
export const CATEGORIES = [
  'name',
  'email',
  'phone',
  'address',
  'resume',
  'note',
  'answers',
  'profile',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Changes with the wording below: an agreement says which words a student agreed to. */
export const AGREEMENT_VERSION = 'share-application-2';

/** The sentence beside the box that a student ticks. */
export const agreementWords = (employer: string): string =>
  `Share these with ${employer} (kept in Manatal, the employer’s system for applicants), and what I change of them here later`;

/** The sentence beside the box for what need not be shared. */
export const profileWords = (employer: string): string =>
  `Share my profile with ${employer} too: about me, education, experience, skills and links, kept up to date`;

/** The same for being known on the website, which asks for nothing of an application. */
export const WEBSITE_AGREEMENT_VERSION = 'share-website-1';

/** What goes there: who somebody is, and how to reach them. */
export const WEBSITE_CATEGORIES: readonly Category[] = ['name', 'email', 'phone', 'address'];

export const websiteWords =
  'Share my name, e-mail, phone and address with the website of the people behind KiEX (kept in Wix, among its contacts), and what I change of them here later';

/** What an application really shares: only what is there. */
export function categoriesShared(given: {
  phone: string | null;
  address: string | null;
  resumeId: string | null;
  note: string | null;
  shareProfile?: boolean;
}): Category[] {
  const shared: Category[] = ['name', 'email'];
  if (given.phone) shared.push('phone');
  if (given.address) shared.push('address');
  if (given.resumeId) shared.push('resume');
  if (given.note) shared.push('note');
  if (given.shareProfile) shared.push('profile');
  return shared;
}
