/** How staff read the names that tables and providers use. A name we do not know is shown as it is. [M7] */
const RESOURCES: Record<string, { one: string; many: string }> = {
  jobs: { one: 'Job', many: 'Jobs' },
  organizations: { one: 'Organisation', many: 'Organisations' },
  applications: { one: 'Application', many: 'Applications' },
  candidates: { one: 'Candidate', many: 'Candidates' },
  resumes: { one: 'Resume', many: 'Resumes' },
  notes: { one: 'Note', many: 'Notes' },
};

export const resourceWords = (resource: string) => RESOURCES[resource]?.many ?? resource;
export const recordWords = (resource: string) => RESOURCES[resource]?.one ?? resource;

const PROVIDERS: Record<string, string> = { manatal: 'Manatal', wix: 'Wix' };

export const providerWords = (provider: string) => PROVIDERS[provider] ?? provider;

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
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, (_both, before, after) => `${before} ${after.toLowerCase()}`);
