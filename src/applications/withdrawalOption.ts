import type { Option } from '#src/sync/options.ts';

/** How an employer's side is told that a student took an application back; chosen per connection. */
export const withdrawalOption: Option = {
  name: 'withdrawal',
  label: 'When a student withdraws',
  help: 'KiEX shows it as withdrawn at once. This decides what happens in the employer’s system; it holds for withdrawals from now on.',
  choices: [
    { value: 'drop', label: 'Drop it there, with a note that the applicant withdrew' },
    { value: 'note', label: 'Only leave the note; the recruiter decides' },
    { value: 'nothing', label: 'Tell the employer’s system nothing' },
  ],
  default: 'drop',
};
