/** How a status reads: its word and its tone. The shape follows from the tone. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'still';

export interface StatusWords {
  word: string;
  tone: Tone;
}

export const APPLICATION_STATUS: Record<string, StatusWords> = {
  sent: { word: 'Sent', tone: 'info' },
  in_review: { word: 'In review', tone: 'info' },
  interview: { word: 'Interview', tone: 'ok' },
  offer: { word: 'Offer', tone: 'ok' },
  hired: { word: 'Hired', tone: 'ok' },
  not_selected: { word: 'Not selected', tone: 'still' },
  withdrawn: { word: 'Withdrawn', tone: 'still' },
};

export const CONNECTION_STATE: Record<string, StatusWords> = {
  connected: { word: 'Connected', tone: 'ok' },
  degraded: { word: 'Degraded', tone: 'warn' },
  needs_attention: { word: 'Needs attention', tone: 'bad' },
  paused: { word: 'Paused', tone: 'still' },
  not_tested: { word: 'Not tested', tone: 'info' },
  disconnecting: { word: 'Disconnecting', tone: 'warn' },
  disconnected: { word: 'Disconnected', tone: 'still' },
};

/** A job's own state, as its employer's side sets it. Other words are shown as they are. [M7] */
export const JOB_STATUS: Record<string, StatusWords> = {
  open: { word: 'Open', tone: 'ok' },
  paused: { word: 'Paused', tone: 'still' },
  filled: { word: 'Filled', tone: 'still' },
  closed: { word: 'Closed', tone: 'still' },
  removed: { word: 'Removed', tone: 'still' },
};

export const RUN_STATE: Record<string, StatusWords> = {
  waiting: { word: 'Waiting', tone: 'still' },
  running: { word: 'Running', tone: 'info' },
  done: { word: 'Done', tone: 'ok' },
  problems: { word: 'Done with problems', tone: 'warn' },
  unbalanced: { word: 'Unbalanced', tone: 'bad' },
  partial: { word: 'Partial', tone: 'warn' },
  empty: { word: 'Empty, not believed', tone: 'bad' },
  implausible: { word: 'Not plausible', tone: 'bad' },
  asks: { word: 'Asks you', tone: 'warn' },
  refused: { word: 'Refused', tone: 'still' },
  interrupted: { word: 'Interrupted', tone: 'warn' },
  failed: { word: 'Failed', tone: 'bad' },
  held: { word: 'Held', tone: 'warn' },
};

/** A status we have no word for is shown as it is, never guessed. [M7] */
export function statusWords(table: Record<string, StatusWords>, status: string): StatusWords {
  return table[status] ?? { word: status.replace(/^other:/, ''), tone: 'still' };
}
