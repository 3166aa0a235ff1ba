/** How staff read the names that tables and providers use. A name we do not know is shown as it is. [M7] */
const RESOURCES: Record<string, { one: string; many: string }> = {
  jobs: { one: 'Job', many: 'Jobs' },
  organizations: { one: 'Organisation', many: 'Organisations' },
  applications: { one: 'Application', many: 'Applications' },
  candidates: { one: 'Candidate', many: 'Candidates' },
  resumes: { one: 'Resume', many: 'Resumes' },
  notes: { one: 'Note', many: 'Notes' },
  publicApplicants: { one: 'Other applicant', many: 'Other applicants' },
  contacts: { one: 'Contact', many: 'Contacts' },
  withdrawals: { one: 'Withdrawal', many: 'Withdrawals' },
  educations: { one: 'Education', many: 'Education' },
  experiences: { one: 'Experience', many: 'Experience' },
  skills: { one: 'Skill', many: 'Skills' },
  socialLinks: { one: 'Link', many: 'Links' },
};

export const resourceWords = (resource: string) => RESOURCES[resource]?.many ?? resource;
export const recordWords = (resource: string) => RESOURCES[resource]?.one ?? resource;

export { providerWords } from '#src/look/providerWords.ts';

const RUN_KINDS: Record<string, string> = {
  poll: 'Changes since last time',
  full: 'Everything, compared',
  backfill: 'First full read',
};

export const runKindWords = (kind: string) => RUN_KINDS[kind] ?? kind;

/** What a run is: what it reads, that it only looks, or that it carries out what a look found. */
export function runWords(run: { kind: string; mode: string; previewId: string | null }): string {
  if (run.previewId) return 'Preview carried out';
  const kind = runKindWords(run.kind);
  return run.mode === 'preview' ? `Preview of: ${kind.toLowerCase()}` : kind;
}

const TRIGGERS: Record<string, string> = {
  schedule: 'by schedule',
  webhook: 'after a webhook',
  manual: 'asked for by staff',
  command: 'asked for on the command line',
  connection: 'for the new connection',
};

export const triggerWords = (trigger: string) => TRIGGERS[trigger] ?? trigger;

/** What a state of a run means for whoever reads it. */
export interface RunAdvice {
  happened: string;
  /** What KiEX did not do because of it. */
  notDone: string;
  next: string;
}

const closedNothing =
  'Nothing was closed because of it, and it does not count as a full comparison. What it did show was stored.';

const RUN_ADVICE: Record<string, (provider: string) => RunAdvice> = {
  problems: () => ({
    happened: 'Some records did not pass.',
    notDone: 'They stay as they are on both sides; all others were stored.',
    next: 'Each is under “Needs you” on the dashboard, with what to do.',
  }),
  unbalanced: () => ({
    happened: 'The counts do not add up.',
    notDone: 'KiEX cannot say what became of every record it saw.',
    next: 'Choose “Compare everything” on the dashboard, and tell whoever looks after KiEX.',
  }),
  partial: (provider) => ({
    happened: `${provider} counts more records than it showed.`,
    notDone:
      'What was not shown may be missing here. Records KiEX knows were read one by one; none was closed for being missing from the list.',
    next: 'Choose “Compare everything” again later. If the same are missing, check their filters and rights there.',
  }),
  empty: (provider) => ({
    happened: 'The list is empty, where there were plenty.',
    notDone: closedNothing,
    next: `Look in ${provider}. If it really is empty, choose “Compare everything” again: a second answer like this is believed when a person asks.`,
  }),
  implausible: (provider) => ({
    happened: 'The list is far from what it usually shows.',
    notDone: closedNothing,
    next: `Look in ${provider}. If it is right, choose “Compare everything” again: a second answer like this is believed when a person asks.`,
  }),
  asks: () => ({
    happened: 'It would close many records at once.',
    notDone: 'None of them was closed. Everything else was stored, and polls go on.',
    next: 'Look at the list below, then close them or leave them open.',
  }),
  refused: () => ({
    happened: 'Somebody chose to leave the records open.',
    notDone: 'None of them was closed, and nobody is asked about the same again.',
    next: 'To be asked again, choose “Compare everything” on the dashboard.',
  }),
  interrupted: (provider) => ({
    happened: `${provider} could not be reached for too long.`,
    notDone: 'What it had not read yet was not compared. What it had read is stored.',
    next: 'Polls go on by themselves. Let this run go on from where it stands, when the other side works again.',
  }),
  failed: (provider) => ({
    happened: `${provider} gave an answer that KiEX cannot work with.`,
    notDone: 'What it had not read yet was not compared. What it had read is stored.',
    next: 'Test the connection in the settings, then let this run go on from where it stands.',
  }),
  held: () => ({
    happened: 'The connection does not work at present.',
    notDone: 'Nothing is read or sent; all that waits is kept.',
    next: 'It goes on by itself when the connection works again.',
  }),
};

/** Null: nothing needs explaining. */
export const runAdvice = (state: string, provider: string): RunAdvice | null =>
  RUN_ADVICE[state]?.(provider) ?? null;

const DOORS: Record<string, string> = {
  webhook: 'Webhook',
  poll: 'Poll',
  push: 'Push',
  manual: 'By hand',
  schedule: 'Schedule',
  staff: 'Staff',
};

export const doorWords = (door: string) => DOORS[door] ?? door;

const DIRECTIONS: Record<string, string> = { in: 'in', out: 'out', none: '' };

export const directionWords = (direction: string) => DIRECTIONS[direction] ?? direction;

/** 'not_changed' -> 'not changed', 'stageName' -> 'stage name': written by code and read by people. */
export const plainName = (name: string) =>
  name
    .replace(/Html$/, '')
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, (_both, before, after) => `${before} ${after.toLowerCase()}`);
