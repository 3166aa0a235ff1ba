/** How an issue of a kind reads: what it is, and what a person can do. One row per kind. */
const KINDS: Record<string, { title: string; next: string }> = {
  ambiguity: {
    title: 'It is not clear which records belong together',
    next: 'Look at the records by their ids there, and merge or mend them. KiEX keeps to its choice until then, and this closes by itself once only one fits.',
  },
  'applied again': {
    title: 'A student sent an application again that had ended',
    next: 'Look at it in the employer’s system. Re-open it there, or tell the applicant that it stays closed. This closes by itself once it is moved there.',
  },
  'unknown stages': {
    title: 'Applications stand in a stage that nobody here has looked at',
    next: 'KiEX guesses what it means. Open Stages on the connection’s card, read the stages again, and choose. This closes by itself.',
  },
  'missed events': {
    title: 'Webhooks that were due did not come',
    next: 'Nothing is lost: KiEX found the changes by asking. Look whether the provider’s webhooks for this connection are still on.',
  },
  'mass change': {
    title: 'Many records at once would be closed or untied',
    next: 'KiEX stopped before doing it. Look whether they are really gone there; then open the run that asks, under Recent runs, and close them or leave them open.',
  },
};

/** A kind without a row is shown by its own name, never hidden. [M7] */
export const issueWords = (kind: string) =>
  KINDS[kind] ?? { title: kind, next: 'Look at the record and its history.' };
