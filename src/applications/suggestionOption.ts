import { type Option, optionOf } from '#src/sync/options.ts';

/** Whether students are shown what recruiters wrote in place of what they gave; per connection. */
export const suggestionOption: Option = {
  name: 'suggestions',
  label: 'Details of an applicant that a recruiter changed',
  help: 'KiEX never overwrites them. Offered, a student who shares them with the employer sees the recruiter’s name, phone number or address on their own profile page, and uses it or keeps theirs. For that KiEX keeps the recruiter’s value until the student stops sharing it. Nothing else that a recruiter wrote is kept or shown.',
  choices: [
    { value: 'no', label: 'Do not offer' },
    { value: 'contact', label: 'Offer name, phone and address' },
  ],
  default: 'no',
  // What stands there already is offered too; and what was kept goes, once it is chosen otherwise.
  rereads: ['candidates'],
};

export const offersSuggestions = (settings: Readonly<Record<string, unknown>>) =>
  optionOf(settings, suggestionOption) === 'contact';
