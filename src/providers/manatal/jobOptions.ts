import { type Option, optionOf } from '#src/sync/options.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Publishing there may put the job on paid boards at once. reference/manatal.md 9.3, 15.6 */
const publishing: Option = {
  name: 'publishing',
  label: 'Publishing in Manatal',
  help: 'Publishing a job in Manatal puts it on its career page and may start paid job boards. Unless you allow it, publishing or unpublishing a job in KiEX changes what students see here, and nothing in Manatal.',
  choices: [
    { value: 'no', label: 'KiEX never publishes or unpublishes there' },
    { value: 'yes', label: 'Publishing in KiEX publishes there too' },
  ],
  default: 'no',
  rereads: ['jobs'],
};

const unpublished: Option = {
  name: 'unpublishedJobs',
  label: 'Jobs that are not published in Manatal',
  help: 'Brought in, they are seen by staff only, until they are published in Manatal or in KiEX.',
  choices: [
    { value: 'no', label: 'Leave them in Manatal' },
    { value: 'yes', label: 'Bring them in too' },
  ],
  default: 'no',
  rereads: ['jobs'],
};

/** What staff choose for the jobs of a connection. */
export const jobOptions: readonly Option[] = [publishing, unpublished];

export const mayPublishThere = (settings: Settings) => optionOf(settings, publishing) === 'yes';
export const takesUnpublished = (settings: Settings) => optionOf(settings, unpublished) === 'yes';
