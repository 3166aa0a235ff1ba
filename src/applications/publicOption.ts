import { type Option, optionOf } from '#src/sync/options.ts';

/** Whether those who came to a job another way than through KiEX are shown to its employer. */
export const publicOption: Option = {
  name: 'publicApplicants',
  label: 'Applicants who did not come through KiEX',
  help: 'Shown, KiEX keeps of each their number in Manatal, the job, the stage and its dates, to show them to the employer: no name, e-mail address, phone number or file. Nobody of them gets an account or a message, and no student sees them. Ignored again, they are shown no longer, and the full read that follows removes them from KiEX.',
  choices: [
    { value: 'ignore', label: 'Ignore them' },
    {
      value: 'show',
      label: 'Show them to the employer: who applied there, and how far they are',
    },
  ],
  default: 'ignore',
  rereads: ['publicApplicants'],
};

export const showsPublic = (settings: Readonly<Record<string, unknown>>) =>
  optionOf(settings, publicOption) === 'show';
